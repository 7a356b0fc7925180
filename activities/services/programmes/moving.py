"""Take a programme from phase to phase, stop it with the reason, and try it again."""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from activities.models import Phase, Programme, ProgrammePartner
from activities.models.programme_partner import Answer
from activities.services.lessons import create_lesson_draft
from activities.services.programmes.covenant import fix_covenant, unfix_covenant
from activities.workflow.programme import PROGRAMME
from governance.models import User
from nss_portal.core import workflow
from nss_portal.core.access import Actor, require
from nss_portal.core.editing import locked
from nss_portal.core.time import today


@transaction.atomic
def move_programme(
    *, actor: Actor, programme: Programme, step: str, reason: str = "", retry_on: date | None = None
) -> Programme:
    """Take a step of the life cycle; raises as `workflow.take` does, with all that is missing in its text.

    `retry_on` (only with 'stop') is the day on which it may be tried again: who leads it is reminded then.
    ValidationError when that day is not in the future.
    """
    require(actor, "programme", "change", programme)
    fresh = locked(programme)
    if retry_on is not None and retry_on <= today():
        raise ValidationError({"retry_on": _("Choose a day in the future.")})
    workflow.take(PROGRAMME, step, fresh, actor=actor, reason=reason.strip())
    if step == "sign":
        fix_covenant(actor, fresh)
    elif step == "reopen":
        unfix_covenant(actor, fresh)
    elif step == "execute":
        _start(fresh)
    elif step == "close":
        _keep_lesson(fresh)
    fresh.retry_on = retry_on if fresh.phase == Phase.STOPPED else None
    fresh.phase_since, fresh.changed_at = today(), timezone.now()
    fresh.save(update_fields=["phase_since", "retry_on", "starts_on", "ends_on", "changed_at"])
    return fresh


def _start(programme: Programme) -> None:
    """Let the programme run as its covenant says; partners who signed have joined."""
    covenant = programme.covenant
    programme.starts_on, programme.ends_on = covenant.starts_on, covenant.ends_on
    waiting = ProgrammePartner.objects.filter(
        programme=programme, answer=Answer.YES, left_on=None, joined_on=None, signature__isnull=False
    )
    waiting.update(joined_on=today())


def _keep_lesson(programme: Programme) -> None:
    """Offer what was learned as a draft lesson to who led it; the same programme offers it once."""
    closing = programme.closing
    create_lesson_draft(
        actor=User.objects.system(),
        organisation=programme.organisation,
        title=_("What we learned in {title}").format(title=programme.title),
        what_worked=closing.what_worked,
        what_failed=closing.what_failed,
        theme=programme.domain,
        origin_label=programme.title,
        origin_url=programme.get_absolute_url(),
        key=f"programme:{programme.public_id}",
    )
