"""Going through a proposed version, section by section, in the name of a city."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from contracts.models import GoingThrough, StandardSection, StandardVersion
from contracts.models.standard import StandardState
from contracts.models.standard_change import Verdict
from contracts.services.errors import Refused
from contracts.services.standard.changes import label_of_actor
from governance.models import Organisation
from governance.models.organisation import Group
from governance.services.ownership import require_for
from nss_portal.core import audit
from nss_portal.core.access import Actor, NotAllowed
from nss_portal.core.editing import EditConflict
from nss_portal.core.models.audit import Event

LONGEST = 5000


@transaction.atomic
def save_answer(
    *,
    actor: Actor,
    version: StandardVersion,
    organisation: Organisation,
    section: StandardSection,
    verdict: str,
    text: str,
    revision: int,
    final: bool = True,
) -> GoingThrough:
    """Keep what a city says of a section; a draft (`final` off) may lack the words that a verdict asks for.

    Raises NotAllowed (another organisation, no municipality, a version that one does not see), Refused (not open
    for it, words are missing), EditConflict when a colleague was first.
    """
    require_for(actor, "contract_standard", "comment", organisation)
    if organisation.group != Group.MUNICIPALITY:
        raise NotAllowed(_("Municipalities go through a version; others can comment on its parts."))
    if not StandardVersion.objects.visible_to(actor).filter(pk=version.pk).exists():
        raise NotAllowed(_("You can only go through a version that you may see."))
    fresh = StandardVersion.objects.select_for_update(of=("self",)).get(pk=version.pk)
    if fresh.state != StandardState.PROPOSED or section.version_id != fresh.pk:
        raise Refused(_("This version is not open for going through at present."))
    if verdict and verdict not in Verdict.values:
        raise Refused(_("Choose one of the three answers."))
    if final and not verdict:
        raise Refused(_("Choose whether this section works for you."))
    if final and verdict != Verdict.WORKS and not text.strip():
        raise Refused(_("Say what would have to change, or why it does not work. One sentence is enough."))
    return _write(actor, fresh, organisation, section, verdict, text.strip()[:LONGEST], revision)


def _write(
    actor: Actor,
    version: StandardVersion,
    organisation: Organisation,
    section: StandardSection,
    verdict: str,
    text: str,
    revision: int,
) -> GoingThrough:
    found = GoingThrough.objects.filter(version=version, organisation=organisation, code=section.code).first()
    answer = found or GoingThrough(version=version, organisation=organisation, code=section.code)
    same = (answer.verdict, answer.text) == (verdict, text)
    if same and answer.seen == section.revision and found is not None:
        return answer
    if found is not None and not same and answer.revision != revision:
        raise EditConflict(answer)
    changes: dict[str, object] = {"section": section.code, "verdict": [answer.verdict, verdict]}
    answer.verdict, answer.text, answer.seen = verdict, text, section.revision
    answer.revision += 1
    answer.changed_at, answer.changed_by_label = timezone.now(), label_of_actor(actor)
    answer.full_clean()
    answer.save()
    event = Event.CHANGED if found else Event.CREATED
    audit.record(actor=actor, event=event, obj=answer, changes=changes, on_behalf_of=organisation)
    return answer
