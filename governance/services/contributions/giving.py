"""What who leads an organisation says of its contribution: a pledge, once a year what it became, a correction."""

from dataclasses import dataclass
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from governance.models import Contribution, ContributionEntry, ContributionSharing, Organisation
from governance.models.contribution import MOST_EUROS, MOST_HOURS
from governance.services import Refused
from nss_portal.core import audit
from nss_portal.core.access import Actor, NotAllowed, granted, standing_of
from nss_portal.core.editing import EditConflict
from nss_portal.core.formats import format_date, format_number
from nss_portal.core.models.audit import Event
from nss_portal.core.time import today

Kind = ContributionEntry.Kind
# So many years ahead one can pledge, and so many years back one can still confirm.
YEARS_AHEAD, YEARS_BACK = 3, 5


@dataclass(frozen=True)
class Given:
    """What is pledged or was given: whole euros and hours (None where nothing is said), other things in words."""

    euros: int | None = None
    hours: int | None = None
    in_kind: str = ""

    @property
    def is_something(self) -> bool:
        """Say whether any of it is said."""
        return self.euros is not None or self.hours is not None or bool(self.in_kind)

    @property
    def is_nothing(self) -> bool:
        """Say whether it comes to nothing."""
        return not (self.euros or self.hours or self.in_kind)

    def __eq__(self, other: object) -> bool:
        """Nothing said and zero come to the same."""
        if not isinstance(other, Given):
            return NotImplemented
        return self._plain == other._plain

    def __hash__(self) -> int:
        return hash(self._plain)

    @property
    def _plain(self) -> tuple[int, int, str]:
        return self.euros or 0, self.hours or 0, self.in_kind


def pledged(contribution: Contribution) -> Given:
    """Give what was pledged."""
    return Given(contribution.pledged_euros, contribution.pledged_hours, contribution.pledged_in_kind)


def given(contribution: Contribution) -> Given:
    """Give what was confirmed."""
    return Given(contribution.given_euros, contribution.given_hours, contribution.given_in_kind)


def may_speak_for(actor: Actor, organisation: Organisation) -> bool:
    """Say whether somebody pledges and confirms for an organisation: who leads it."""
    leads = granted(actor, "contribution", "confirm").get("own-lead", frozenset())
    return standing_of(actor).is_system or organisation.pk in leads


def require_voice(actor: Actor, organisation: Organisation) -> None:
    """Raise NotAllowed, with the reason, for whoever does not lead the organisation."""
    if not may_speak_for(actor, organisation):
        raise NotAllowed(_("Only who leads {name} says what it contributes.").format(name=organisation))


def years_to_pledge(day: date | None = None) -> range:
    """Give the years for which one can pledge: this one and a few to come."""
    first = (day or today()).year
    return range(first, first + YEARS_AHEAD + 1)


def years_to_confirm(day: date | None = None) -> range:
    """Give the years that are over and of which one can still say what was given."""
    this = (day or today()).year
    return range(this - YEARS_BACK, this)


def _check(figures: Given) -> None:
    errors = {}
    for field, value, most in (("euros", figures.euros, MOST_EUROS), ("hours", figures.hours, MOST_HOURS)):
        if value is not None and not 0 <= value <= most:
            errors[field] = _("Give a number from 0 to {most}.").format(most=format_number(most))
    if errors:
        raise ValidationError(errors)


def _row(organisation: Organisation, year: int) -> Contribution:
    """Give the row of a year under a lock, made when it is not there."""
    Contribution.objects.get_or_create(organisation=organisation, year=year)
    return Contribution.objects.select_for_update(of=("self",)).get(organisation=organisation, year=year)


def _say(actor: Actor, row: Contribution, kind: Kind, figures: Given, reason: str, event: Event) -> None:
    """Save a row that changed, with an entry of its history and an event in the log."""
    row.version += 1
    row.save()
    ContributionEntry.objects.create(
        contribution=row,
        kind=kind,
        euros=figures.euros,
        hours=figures.hours,
        in_kind=figures.in_kind,
        reason=reason,
        by_id=getattr(actor, "pk", None),
        by_label=str(actor)[:200],
    )
    audit.record(
        actor=actor,
        event=event,
        obj=row,
        changes={"kind": kind.value, "euros": figures.euros, "hours": figures.hours, "in_kind": figures.in_kind},
        reason=reason,
        on_behalf_of=row.organisation,
    )


@transaction.atomic
def pledge(
    *,
    actor: Actor,
    organisation: Organisation,
    year: int,
    figures: Given,
    purpose: str = "",
    sharing: ContributionSharing | None = None,
    version: int | None = None,
) -> Contribution:
    """Say what an organisation will bring in a year, or change that while the year is not over.

    Zero is an answer, saying nothing is not. The same pledge twice is one. Raises NotAllowed, ValidationError (a
    year over or too far off, figures that cannot be, nothing said), EditConflict when a colleague was first.
    """
    require_voice(actor, organisation)
    if year not in years_to_pledge():
        first, last = years_to_pledge()[0], years_to_pledge()[-1]
        text = _("One pledges for a year from {first} to {last}. Of a year that is over you say what was given.")
        raise ValidationError(text.format(first=first, last=last))
    _check(figures)
    if not figures.is_something:
        raise ValidationError(_("Fill in euros, hours or something in kind; or say that it is nothing this year."))
    purpose = purpose.strip()[:300]
    row = _row(organisation, year)
    wanted = sharing or ContributionSharing(row.sharing)
    same = row.pledged_at and pledged(row) == figures and row.purpose == purpose and row.sharing == wanted
    if same:
        return row
    if version is not None and row.version != version:
        raise EditConflict(row)
    is_first = row.pledged_at is None
    row.pledged_at = timezone.now()
    row.pledged_euros, row.pledged_hours, row.pledged_in_kind = figures.euros, figures.hours, figures.in_kind
    row.purpose, row.sharing = purpose, wanted
    _say(actor, row, Kind.PLEDGED if is_first else Kind.CHANGED, figures, "", Event.CHANGED)
    return row


def _require_over(year: int) -> None:
    if year >= today().year:
        raise ValidationError(_("{year} is not over yet. Confirm it after New Year.").format(year=year))
    if year not in years_to_confirm():
        text = _("{year} is too long ago: one confirms at most {number} years back.")
        raise ValidationError(text.format(year=year, number=YEARS_BACK))


@transaction.atomic
def confirm(
    *,
    actor: Actor,
    organisation: Organisation,
    year: int,
    figures: Given | None = None,
    reason: str = "",
    version: int | None = None,
) -> Contribution:
    """Say what an organisation brought in a year that is over; without `figures` it is what was pledged.

    A reason goes with figures that are otherwise. Who pledged nothing can still say what was given. The same twice
    is once; what differs after that is a correction. Raises NotAllowed, ValidationError, EditConflict, and Refused
    for a year that is confirmed already.
    """
    require_voice(actor, organisation)
    _require_over(year)
    _check(figures or Given())
    row = _row(organisation, year)
    promised, reason = pledged(row), reason.strip()[:500]
    if figures is None and row.pledged_at is None:
        raise ValidationError(_("Nothing was pledged for {year}: say what was given.").format(year=year))
    told = figures or promised
    if row.confirmed_at is not None:
        if given(row) == told:
            return row
        text = _("{year} was confirmed on {day}. Correct it if that was wrong.")
        raise Refused(text.format(year=year, day=format_date(row.confirmed_at)))
    if version is not None and row.version != version:
        raise EditConflict(row)
    _require_reason(row, promised, told, reason)
    row.confirmed_at, row.reason = timezone.now(), reason
    row.given_euros, row.given_hours, row.given_in_kind = told.euros, told.hours, told.in_kind
    _say(actor, row, Kind.CONFIRMED, told, reason, Event.STATE)
    return row


def _require_reason(row: Contribution, promised: Given, told: Given, reason: str) -> None:
    if not told.is_something:
        raise ValidationError(_("Fill in what was given; 0 is an answer too."))
    if row.pledged_at is not None and told != promised and not reason:
        raise ValidationError({"reason": _("Say in a few words why it was otherwise than pledged.")})


@transaction.atomic
def correct(
    *, actor: Actor, contribution: Contribution, version: int | None, figures: Given, reason: str
) -> Contribution:
    """Change figures that were confirmed, with the reason; what stood there stays in the history.

    Raises NotAllowed, ValidationError, EditConflict, and Refused for a year that was not confirmed yet.
    """
    require_voice(actor, contribution.organisation)
    _check(figures)
    row = _row(contribution.organisation, contribution.year)
    if row.confirmed_at is None:
        raise Refused(_("{year} was not confirmed yet.").format(year=row.year))
    if given(row) == figures:
        return row
    if version is not None and row.version != version:
        raise EditConflict(row)
    if not figures.is_something:
        raise ValidationError(_("Fill in what was given; 0 is an answer too."))
    if not reason.strip():
        raise ValidationError({"reason": _("Say why the figures change.")})
    row.reason = reason.strip()[:500]
    row.given_euros, row.given_hours, row.given_in_kind = figures.euros, figures.hours, figures.in_kind
    row.confirmed_at = timezone.now()
    _say(actor, row, Kind.CORRECTED, figures, row.reason, Event.CHANGED)
    return row


@transaction.atomic
def share(*, actor: Actor, contribution: Contribution, sharing: ContributionSharing) -> Contribution:
    """Say who sees the figures of a year; raises NotAllowed. The same twice is once."""
    require_voice(actor, contribution.organisation)
    row = _row(contribution.organisation, contribution.year)
    before = row.sharing
    if before != sharing:
        row.sharing, row.version = sharing, row.version + 1
        row.save(update_fields=["sharing", "version"])
        audit.record(
            actor=actor,
            event=Event.CHANGED,
            obj=row,
            changes={"sharing": [before, sharing.value]},
            on_behalf_of=row.organisation,
        )
    return row
