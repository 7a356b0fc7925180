"""What the clock does: ask owners for a pledge in autumn, open the confirmation after New Year, remind."""

from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone

from governance.models import Contribution, User
from governance.services.contributions.letters import Letter, write
from governance.services.contributions.parts import asked_organisations
from nss_portal.core import audit
from nss_portal.core.models.audit import Event

# Month and day from which owners are asked for next year, and by which they answer in that year.
PLEDGES_FROM, PLEDGE_BY = (11, 1), (1, 31)
# The day by which a year is confirmed, in the next one.
CONFIRM_BY = (3, 1)
# So many days before the last one people are reminded, who were asked longer ago than that.
STAGES = (14, 2)


def pledge_by(year: int) -> date:
    """Give the day by which a pledge for a year is asked."""
    return date(year, *PLEDGE_BY)


def confirm_by(year: int) -> date:
    """Give the day by which a year is confirmed."""
    return date(year + 1, *CONFIRM_BY)


def _note(number: int, what: str) -> None:
    if number:
        system = User.objects.system()
        audit.record(actor=system, event=Event.CHANGED, obj=system, changes={what: number})


@transaction.atomic
def ask_for_pledges(day: date) -> int:
    """Ask the owners of the cooperation, from the first of November, for next year; gives how many were asked.

    Each of them once: who has pledged already is left alone.
    """
    if (day.month, day.day) < PLEDGES_FROM:
        return 0
    year, now = day.year + 1, timezone.now()
    there = set(Contribution.objects.filter(year=year).values_list("organisation", flat=True))
    wanted = [one for one in asked_organisations(day) if one.pk not in there]
    rows = [Contribution(organisation=one, year=year, asked_at=now) for one in wanted]
    Contribution.objects.bulk_create(rows, ignore_conflicts=True)
    keys = [one.pk for one in wanted]
    asked = Contribution.objects.filter(year=year, asked_at=now, organisation__in=keys)
    made = list(asked.select_related("organisation").order_by("pk"))
    write(made, Letter.PLEDGE, pledge_by(year), day)
    _note(len(made), "contributions_asked")
    return len(made)


@transaction.atomic
def open_confirmation(day: date) -> int:
    """Open the confirmation of last year for who pledged; gives for how many. A second time adds none."""
    waiting = Contribution.objects.to_confirm(day.year - 1).filter(confirm_asked_at=None)
    made = list(waiting.select_for_update(of=("self",)).select_related("organisation").order_by("pk"))
    Contribution.objects.filter(pk__in=[one.pk for one in made]).update(confirm_asked_at=timezone.now())
    write(made, Letter.CONFIRM, confirm_by(day.year - 1), day)
    _note(len(made), "contributions_to_confirm")
    return len(made)


def remind(day: date) -> int:
    """Write to who was asked and has not answered, once per stage; gives to how many."""
    pledges = Contribution.objects.filter(year=day.year, pledged_at=None, confirmed_at=None)
    confirmations = Contribution.objects.to_confirm(day.year - 1)
    count = 0
    for letter, rows, field, due in (
        (Letter.PLEDGE, pledges, "asked_at", pledge_by(day.year)),
        (Letter.CONFIRM, confirmations, "confirm_asked_at", confirm_by(day.year - 1)),
    ):
        stage = next((one for one in sorted(STAGES) if 0 <= (due - day).days <= one), None)
        if stage is None:
            continue
        long_ago = due - timedelta(days=stage)
        waiting = rows.filter(**{f"{field}__date__lt": long_ago}).select_related("organisation").order_by("pk")
        with transaction.atomic():
            count += write(waiting, letter, due, day, str(stage))
    return count
