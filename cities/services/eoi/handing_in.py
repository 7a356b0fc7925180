"""Hand in an Expression of Interest, and choose who reads it."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cities.models import EoiSubmission, EoiVersion
from cities.models.bottleneck import Sharing
from cities.models.eoi_submission import SHARINGS, VersionState
from cities.selectors_eoi import questions_of, screens_of
from cities.services.eoi.drafts import require_open
from cities.services.eoi.errors import AnswerRefused, EoiRefused
from cities.workflow import EOI_VERSION
from nss_portal.core import audit, workflow
from nss_portal.core.access import Actor, require
from nss_portal.core.editing import locked
from nss_portal.core.models.audit import Event


@transaction.atomic
def submit_version(*, actor: Actor, version: EoiVersion, sharing: Sharing) -> EoiVersion:
    """Hand in a draft: from now on it stays as it is. The same one twice is one.

    Raises NotAllowed, EoiRefused (closed), AnswerRefused (an update with a screen that says neither changed nor
    unchanged), TransitionRefused (nothing filled in, or a question that has to be answered is not).
    """
    submission = EoiSubmission.objects.select_related("call", "organisation").get(pk=version.submission_id)
    require(actor, "eoi_submission", "change", submission)
    fresh = locked(submission)
    current = locked(version)
    current.submission = submission
    if current.state == VersionState.SUBMITTED:
        return current
    require_open(current)
    _require_told(current)
    now = timezone.now()
    current.submitted_at = current.changed_at = now
    current.submitted_by_label = str(actor)[:200]
    current.prefilled = {}
    current.save()
    workflow.take(EOI_VERSION, "submit", current, actor=actor)
    fresh.submitted_at = now
    fresh.sharing = _sharing(sharing)
    fresh.save(update_fields=["submitted_at", "sharing"])
    audit.record(
        actor=actor,
        event=Event.SUBMITTED,
        obj=fresh,
        changes={"number": current.number, "year": current.year, "sharing": fresh.sharing},
        on_behalf_of=submission.organisation,
    )
    return current


def _require_told(version: EoiVersion) -> None:
    if not version.is_update:
        return
    open_ones = [
        screen.title
        for screen in screens_of(questions_of(version.submission.call))
        if screen.key not in version.sections
    ]
    if open_ones:
        text = _("Say of these parts whether they have changed: {names}.")
        raise AnswerRefused({"changed": text.format(names=", ".join(open_ones))})


def _sharing(sharing: str) -> Sharing:
    if sharing not in SHARINGS:
        raise ValidationError({"sharing": _("Choose one of the answers.")})
    return Sharing(sharing)


@transaction.atomic
def share_submission(*, actor: Actor, submission: EoiSubmission, sharing: Sharing) -> EoiSubmission:
    """Share what was handed in with the network, or with nobody else. Raises NotAllowed, EoiRefused (a draft)."""
    require(actor, "eoi_submission", "change", submission)
    fresh = locked(submission)
    if fresh.submitted_at is None:
        raise EoiRefused(_("Nothing was handed in yet."))
    chosen = _sharing(sharing)
    if fresh.sharing != chosen:
        changes = {"sharing": [fresh.sharing, str(chosen)]}
        fresh.sharing = chosen
        fresh.save(update_fields=["sharing"])
        audit.record(actor=actor, event=Event.CHANGED, obj=fresh, changes=changes, on_behalf_of=fresh.organisation)
    return fresh
