"""Illustrative contributions, marked as made up: pledged, confirmed, otherwise than pledged, and not yet."""

from collections.abc import Iterable
from datetime import datetime
from random import Random

from django.db import transaction
from django.utils import timezone

from governance.models import Contribution, ContributionEntry, Organisation, User
from governance.models.organisation import Group
from governance.selectors import TEAM_LEVELS, levels_of
from governance.services.contributions.asking import ask_for_pledges
from nss_portal.core import audit
from nss_portal.core.models.audit import Event
from nss_portal.core.time import today

Kind = ContributionEntry.Kind
# Years back for which there are contributions, and how many organisations take part at most.
YEARS = {"small": 3, "national": 5}
MOST = {"small": 60, "national": 600}
HOURS = (40, 60, 80, 120, 160, 240, 320)
EUROS = (2_500, 5_000, 10_000, 15_000, 25_000, 50_000)
IN_KIND = (
    "Vergaderruimte en lunch",
    "Een rekenmodel dat anderen mogen gebruiken",
    "Data over de gebouwde omgeving",
)
REASONS = ("Een collega ging weg en werd laat vervangen.", "Er kwam een Deep Dive bij.", "De zaal bleek gratis.")
SHARING = ("own", "network", "network", "published", "published")
WITH_MONEY = {Group.MINISTRY, Group.PROVINCE, Group.FINANCIAL, Group.COMPANY, Group.UMBRELLA}


@transaction.atomic
def load_demo(scale: str, seed: int) -> list[str]:
    """Add contributions where there are none yet."""
    if Contribution.objects.exists():
        return []
    dice, this = Random(f"contributions {seed}"), today().year  # noqa: S311 - no secret
    years = range(this - YEARS.get(scale, 3), this + 1)
    rows = [
        _row(dice, one, year, this)
        for one in _organisations(scale)
        for year in years
        if dice.random() < 0.9 or year == this - 1
    ]
    Contribution.objects.bulk_create(rows, batch_size=2000)
    ContributionEntry.objects.bulk_create(
        (entry for row in rows for entry in _entries(row, this)), batch_size=2000
    )
    system = User.objects.system()
    audit.record(actor=system, event=Event.CREATED, obj=system, changes={"demo_contributions": len(rows)})
    return [f"demo: contributions {len(rows)}, asked {ask_for_pledges(today())}"]


def _organisations(scale: str) -> Iterable[Organisation]:
    there = list(Organisation.objects.existing_on(today()).filter(successor=None).order_by("pk"))
    if scale == "national":
        return there[: MOST["national"]]
    levels = levels_of({one.pk for one in there if one.group == Group.MUNICIPALITY})
    cities = [one for one in there if levels.get(one.pk, "") in TEAM_LEVELS]
    others = [one for one in there if one.group != Group.MUNICIPALITY]
    return [*cities, *others][: MOST["small"]]


def _moment(year: int, month: int, day: int) -> datetime:
    return timezone.make_aware(datetime(year, month, day, 10))  # noqa: DTZ001 - made aware here


def _row(dice: Random, one: Organisation, year: int, this: int) -> Contribution:
    hours = dice.choice(HOURS)
    euros = dice.choice(EUROS) if one.group in WITH_MONEY and dice.random() < 0.7 else None
    row = Contribution(
        organisation=one,
        year=year,
        sharing=dice.choice(SHARING),
        pledged_at=_moment(year, 1, dice.randint(5, 28)),
        pledged_hours=hours,
        pledged_euros=euros,
        pledged_in_kind=dice.choice(IN_KIND) if dice.random() < 0.15 else "",
        version=1,
        is_illustrative=True,
    )
    # Of last year some have not confirmed yet.
    if year < this and (year < this - 1 or dice.random() < 0.75):
        row.given_hours, row.given_euros, row.given_in_kind = hours, euros, row.pledged_in_kind
        if dice.random() < 0.3:
            row.given_hours = max(8, hours + dice.choice((-40, -20, 20, 60)))
            row.reason = dice.choice(REASONS)
        row.confirmed_at, row.version = _moment(year + 1, 1, dice.randint(5, 28)), 2
    if year < this:
        row.confirm_asked_at = _moment(year + 1, 1, 2)
    return row


def _entries(row: Contribution, this: int) -> Iterable[ContributionEntry]:
    label = "Voorbeeld"
    yield ContributionEntry(
        contribution=row,
        kind=Kind.PLEDGED,
        euros=row.pledged_euros,
        hours=row.pledged_hours,
        in_kind=row.pledged_in_kind,
        at=row.pledged_at or timezone.now(),
        by_label=label,
    )
    if row.confirmed_at:
        yield ContributionEntry(
            contribution=row,
            kind=Kind.CONFIRMED,
            euros=row.given_euros,
            hours=row.given_hours,
            in_kind=row.given_in_kind,
            reason=row.reason,
            at=row.confirmed_at,
            by_label=label,
        )
