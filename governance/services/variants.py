"""Which variant is in force: setting the first, or the next, period."""

from datetime import date, timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from governance.models import GovernanceVariant, Membership, Organisation, User, VariantPeriod
from governance.models.membership import Function
from governance.services import Refused
from governance.services.staying import staying
from nss_portal.core import audit
from nss_portal.core.access import Actor, NotAllowed, granted, standing_of
from nss_portal.core.models.audit import Event
from nss_portal.core.time import today


@transaction.atomic
def start_variant(
    *,
    actor: Actor,
    variant: GovernanceVariant,
    coordinating_organisation: Organisation,
    valid_from: date,
    reason: str,
    proposed_by: User | None = None,
) -> VariantPeriod:
    """Bring a variant into force from a day, with the organisation that coordinates; the period before ends.

    A member of the steering group decides what somebody else proposed; the system sets up the first period.
    Raises NotAllowed for others, Refused when the day lies before the present period or, for a person, in the
    past, when the reason is missing, or when the organisation has nobody to coordinate.
    """
    is_system = standing_of(actor).is_system
    if not is_system:
        _require_two(actor, proposed_by)
        require_ready(coordinating_organisation, valid_from)
    if not reason.strip():
        raise Refused(_("Give a reason."))
    last = VariantPeriod.objects.select_for_update().order_by("-valid_from").first()
    if last is not None:
        _refuse_same(last, variant, coordinating_organisation)
        _end(last, valid_from)
    period = VariantPeriod.objects.create(
        variant=variant,
        coordinating_organisation=coordinating_organisation,
        valid_from=valid_from,
        reason=reason.strip(),
        evaluate_on=a_year_after(valid_from),
        proposed_by=proposed_by,
        decided_by=actor if isinstance(actor, User) and not is_system else None,
    )
    audit.record(
        actor=actor,
        event=Event.STATE,
        obj=period,
        changes={
            "variant": [last and last.variant.code, variant.code],
            "coordinating_organisation": [
                last and str(last.coordinating_organisation),
                str(coordinating_organisation),
            ],
            "from": valid_from.isoformat(),
        },
        on_behalf_of=coordinating_organisation,
        reason=period.reason,
    )
    return period


def a_year_after(day: date) -> date:
    """Give the day on which a variant is looked at again, unless the steering group chooses another one."""
    return day + timedelta(days=365)


def _require_two(actor: Actor, proposed_by: User | None) -> None:
    """Somebody proposes, somebody else decides."""
    if "decide" not in granted(actor, "governance_variant", "change"):
        raise NotAllowed(_("The steering group decides on the variant."))
    if proposed_by is None or "propose" not in granted(proposed_by, "governance_variant", "change"):
        raise Refused(
            _("A variant is proposed first, by a team, a signatory, a ministry or the coordination team.")
        )
    if proposed_by == actor:
        raise Refused(_("Whoever proposes a variant does not decide on it too."))


def require_ready(organisation: Organisation, day: date) -> None:
    """Make sure that a variant can begin on a day, and that somebody coordinates from then on.

    Counts who may log in and has no last day: whoever leaves before or soon after would lock everybody out.
    Raises Refused for a day in the past, and where nobody could coordinate.
    """
    if day < today():
        raise Refused(_("A variant cannot begin in the past."))
    if not ready_to_coordinate(organisation).exists():
        raise Refused(
            _("Nobody in {organisation} is in a coordination team yet. Invite somebody first.").format(
                organisation=organisation
            )
        )


def ready_to_coordinate(organisation: Organisation) -> QuerySet[Membership]:
    """Give who would coordinate for an organisation: in its coordination team, may log in, without a last day."""
    return staying(organisation).filter(function=Function.COORDINATION)


def require_free(variant: GovernanceVariant, organisation: Organisation, day: date) -> None:
    """Raise Refused when nothing would change, or when a variant begins on or after this day already."""
    last = VariantPeriod.objects.select_related("variant").order_by("-valid_from").first()
    if last is not None:
        _refuse_same(last, variant, organisation)
        _refuse_before(last, day)


def _refuse_same(last: VariantPeriod, variant: GovernanceVariant, organisation: Organisation) -> None:
    """Refuse the variant that is in force, or comes into force last, with who coordinates in it."""
    if (
        last.variant_id == variant.pk
        and last.coordinating_organisation_id == organisation.pk
        and last.valid_to is None
    ):
        raise Refused(
            _("'{variant}' with {organisation} is in force already, from {day}. Nothing would change.").format(
                variant=variant, organisation=organisation, day=date_format(last.valid_from, "j F Y")
            )
        )


def _refuse_before(last: VariantPeriod, day: date) -> None:
    if day <= last.valid_from:
        raise Refused(
            _("'{variant}' begins on {day} already: choose a later day.").format(
                variant=last.variant, day=date_format(last.valid_from, "j F Y")
            )
        )


def _end(period: VariantPeriod, next_begins: date) -> None:
    _refuse_before(period, next_begins)
    if period.valid_to is None or period.valid_to >= next_begins:
        period.valid_to = next_begins - timedelta(days=1)
        period.save(update_fields=["valid_to"])


def why_it_stays(period: VariantPeriod) -> str:
    """Say why a decided period can no longer be dropped: it began, or another one follows; '' when it can."""
    if period.valid_from <= today():
        return _("'{variant}' began on {day}. Propose another variant instead.").format(
            variant=period.variant, day=date_format(period.valid_from, "j F Y")
        )
    if VariantPeriod.objects.filter(valid_from__gt=period.valid_from).exists():
        return _("Another change follows this one. Take that one back first.")
    return ""


@transaction.atomic
def drop_period(*, actor: User, period: VariantPeriod, reason: str) -> None:
    """Take a period away that has not begun; the one before it goes on, without a last day.

    Raises NotAllowed for who does not decide on variants; Refused when it began, when another period follows, when
    none goes before, or when nobody could go on coordinating.
    """
    if "decide" not in granted(actor, "governance_variant", "change"):
        raise NotAllowed(_("The steering group decides on the variant."))
    periods = VariantPeriod.objects.select_for_update(of=("self",)).select_related(
        "variant", "coordinating_organisation"
    )
    fresh = periods.get(pk=period.pk)
    problem = why_it_stays(fresh)
    before = periods.filter(valid_from__lt=fresh.valid_from).order_by("-valid_from").first()
    if not problem and before is None:
        problem = _("No variant goes before this one: nothing would be in force.")
    if problem or before is None:
        raise Refused(problem)
    require_ready(before.coordinating_organisation, fresh.valid_from)
    audit.record(
        actor=actor,
        event=Event.WITHDRAWN,
        obj=fresh,
        changes={
            "variant": [fresh.variant.code, before.variant.code],
            "coordinating_organisation": [
                str(fresh.coordinating_organisation),
                str(before.coordinating_organisation),
            ],
            "from": fresh.valid_from.isoformat(),
        },
        on_behalf_of=before.coordinating_organisation,
        reason=reason,
    )
    # It never was in force, and what was decided is kept in its proposal: no row is left that could give rights.
    fresh.delete()
    before.valid_to = None
    before.save(update_fields=["valid_to"])
