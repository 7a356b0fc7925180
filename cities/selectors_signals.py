"""Reads across signals: who holds an addressed task today, who may act for whom, response times."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import (
    Aggregate,
    Case,
    CharField,
    Count,
    DurationField,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
    Window,
)
from django.db.models.functions import Coalesce, JSONObject, NullIf, RowNumber, TruncDate

from cities.models import Bottleneck, Involvement, NamingDuty, Signal, SignalAddressee, SignalCosigner, SignalEntry
from cities.models.bottleneck import BottleneckState
from cities.models.involvement import Level
from cities.models.signal import OPEN_STATES, AddresseeTask, CosignState, SignalQuerySet, SignalState
from governance.models import Organisation, OrganisationName
from governance.models.organisation import Group
from nss_portal.core.access import Actor, granted, standing_of
from nss_portal.core.time import today

# To whom a signal can be addressed: ministries, provinces and the EU.
ADDRESSED_GROUPS = (Group.MINISTRY, Group.PROVINCE, Group.EUROPEAN)
# Bottlenecks that are in the register.
CHOOSABLE = (BottleneckState.OPEN, BottleneckState.SOLVED)
# Whoever has one of these levels has a team that can send signals.
SENDING_LEVELS = (Level.MISSION, Level.EOI)


def passed_on_q(day: date) -> Q:
    """Say that an addressed organisation handed its task over between the addressing and this day."""
    return Q(
        organisation__successor__isnull=False,
        organisation__succeeded_on__gt=F("addressed_on"),
        organisation__succeeded_on__lte=day,
    )


def held_q(organisations: Iterable[int], day: date) -> Q:
    """Give the addressees whose task these organisations hold on a day: addressed themselves, or successor since.

    A task is followed over two successions; reference data has one.
    """
    keys, passed = list(organisations), passed_on_q(day)
    on = Q(organisation__successor__successor__isnull=False, organisation__successor__succeeded_on__lte=day)
    first = Q(organisation__successor__in=keys) & ~on
    second = Q(organisation__successor__successor__in=keys) & on
    return (Q(organisation__in=keys) & ~passed) | (passed & (first | second))


def holder_of(addressee: SignalAddressee, day: date | None = None) -> Organisation:
    """Give the organisation that holds an addressee's task on a day, with its organisations loaded."""
    day = day or today()
    return holder_on(addressee.organisation, addressee.addressed_on or day, day)


def holder_on(organisation: Organisation, since: date, day: date) -> Organisation:
    """Give who has on `day` the task that an organisation had on the day `since`; its successors are loaded."""
    found, seen = organisation, set[int]()
    while (
        found.successor is not None
        and found.succeeded_on is not None
        and since < found.succeeded_on <= day
        and found.pk not in seen
    ):
        seen.add(found.pk)
        since, found = found.succeeded_on, found.successor
    return found


def naming_duty(day: date) -> tuple[Organisation, int] | None:
    """Give who names an owner where none is known, and in how many days; None where nobody has that duty."""
    duty = (
        NamingDuty.objects.filter(valid_from__lte=day)
        .select_related("organisation__successor__successor")
        .order_by("-valid_from")
        .first()
    )
    if duty is None:
        return None
    since_then = SignalAddressee(organisation=duty.organisation, addressed_on=duty.valid_from)
    return holder_of(since_then, day), duty.days


def addressable(day: date | None = None) -> QuerySet[Organisation]:
    """Give the organisations of today to which a signal can be addressed, by group and name."""
    day = day or today()
    return (
        Organisation.objects.existing_on(day)
        .filter(group__in=ADDRESSED_GROUPS)
        .exclude(successor__isnull=False, succeeded_on__lte=day, valid_to__isnull=False)
        .order_by("group", "name", "pk")
    )


def sending_cities() -> QuerySet[Organisation]:
    """Give the organisations of mission and EoI cities: they have a team that can send and co-sign."""
    levels = Involvement.objects.filter(level__in=SENDING_LEVELS, valid_to__isnull=True)
    return Organisation.objects.filter(pk__in=levels.values("municipality__organisation")).order_by("name", "pk")


def sender_keys(actor: Actor) -> frozenset[int]:
    """Give the organisations (primary keys) in whose name the actor may write, co-sign and send. No query."""
    return frozenset().union(*granted(actor, "signal", "send").values())


def answering_keys(actor: Actor) -> frozenset[int]:
    """Give the organisations (primary keys) in whose name the actor may answer. No query."""
    return granted(actor, "signal", "respond").get("addressed", frozenset())


def writes(actor: Actor, signal: Signal) -> bool:
    """Say whether the actor writes and sends this signal: it is of an organisation in whose name they may."""
    return standing_of(actor).is_system or signal.organisation_id in sender_keys(actor)


def choosable_bottlenecks(actor: Actor) -> QuerySet[Bottleneck]:
    """Give the bottlenecks out of which the actor may make a signal: those they see that are in the register."""
    return Bottleneck.objects.visible_to(actor).filter(state__in=CHOOSABLE)


_CHAIN = ("organisation", "organisation__successor", "organisation__successor__successor")
# What is read of an organisation that is only named, and of an addressee with those that took its task over.
NAMING = ("short_name", "name", "name_en", "successor", "succeeded_on")
ADDRESSEE_FIELDS = (
    "signal",
    "task",
    "is_lead",
    "addressed_on",
    "due_on",
    "answered_on",
    "until",
    *(f"{path}__{name}" for path in _CHAIN for name in NAMING),
)


def addressees(*, history: bool = False) -> QuerySet[SignalAddressee]:
    """Give addressees with their organisation, its successors and `name_then`; with `history` past ones too."""
    day = Coalesce("addressed_on", today())
    names = OrganisationName.objects.filter(
        Q(valid_to__isnull=True) | Q(valid_to__gte=OuterRef("on")),
        organisation=OuterRef("organisation"),
        valid_from__lte=OuterRef("on"),
    )
    found = SignalAddressee.objects.annotate(on=day, name_then=Subquery(names.values("name")[:1]))
    found = found.select_related("organisation__successor__successor").only(*ADDRESSEE_FIELDS)
    return found if history else found.filter(until__isnull=True)


def present_addressees(signal: Signal) -> QuerySet[SignalAddressee]:
    """Give the addressees of one signal today with all that is known of them and of who took their task over."""
    return signal.addressees.filter(until__isnull=True).select_related("organisation__successor__successor")


def entries_of(signal: Signal) -> QuerySet[SignalEntry]:
    """Give what was said about a signal, oldest first, with `name_then`: what who said it was called that day."""
    day = TruncDate("at")
    names = OrganisationName.objects.filter(
        Q(valid_to__isnull=True) | Q(valid_to__gte=OuterRef("on")),
        organisation=OuterRef("organisation"),
        valid_from__lte=OuterRef("on"),
    )
    found = SignalEntry.objects.filter(signal=signal).annotate(
        on=day, name_then=Subquery(names.values("name")[:1])
    )
    of_organisations = [
        f"{one}__{name}" for one in ("organisation", "referred_to") for name in ("name", "name_en")
    ]
    said: tuple[str, ...] = (
        "kind",
        "text",
        "experiment",
        "conditions",
        "verdict",
        "at",
        "by_label",
        *of_organisations,
    )
    return found.select_related("organisation", "referred_to").only(*said)


def with_people_of(signals: SignalQuerySet, *, history: bool = False) -> SignalQuerySet:
    """Add sender, `signed` (key and name of co-signers) and addressees; two queries for any number of signals."""
    name = Coalesce(NullIf("organisation__short_name", Value("")), "organisation__name")
    signed = SignalCosigner.objects.filter(signal=OuterRef("pk"), state=CosignState.SIGNED)
    each = signed.order_by("organisation__name").values(each=JSONObject(key="organisation", name=name))
    return (
        signals.select_related("organisation")
        .annotate(signed=ArraySubquery(each))
        .prefetch_related(Prefetch("addressees", queryset=addressees(history=history)))
    )


def signed_by(signal: Signal) -> dict[int, str]:
    """Give who co-signed a signal from `with_people_of`: primary key and short name."""
    return {one["key"]: one["name"] for one in getattr(signal, "signed", [])}


def late_q(day: date, prefix: str = "") -> Q:
    """Say that an addressee in the lead has let its date pass."""
    return Q(
        **{
            f"{prefix}until__isnull": True,
            f"{prefix}is_lead": True,
            f"{prefix}answered_on__isnull": True,
            f"{prefix}due_on__lt": day,
        }
    )


def overdue(signals: SignalQuerySet, day: date | None = None) -> SignalQuerySet:
    """Keep the signals to which no answer came on the day that was asked for."""
    late = SignalAddressee.objects.filter(late_q(day or today()), signal=OuterRef("pk"))
    return signals.waiting().filter(Exists(late))


def newest_by_column(
    signals: SignalQuerySet, states: Iterable[SignalState], *, late: str, most: int
) -> dict[str, list[int]]:
    """Give the newest signals per state (its value), by primary key; under `late` those without their answer.

    Of what is late the one that waits longest comes first. One query.
    """
    is_late = Q(pk__in=overdue(signals).order_by().values("pk"))
    column = Case(When(is_late, then=Value(late)), default=F("state"), output_field=CharField())
    waits_since = [Case(When(column=late, then=F(name))) for name in ("answer_by", "pk")]
    place = Window(RowNumber(), partition_by=F("column"), order_by=[*waits_since, "-sent_on", "-pk"])
    asked = signals.filter(state__in=list(states)).annotate(column=column).annotate(place=place)
    found: dict[str, list[int]] = {}
    for name, pk in asked.filter(place__lte=most).order_by("place").values_list("column", "pk"):
        found.setdefault(name, []).append(pk)
    return found


class Median(Aggregate):
    """PostgreSQL's median."""

    function = "PERCENTILE_CONT"
    template = "%(function)s(0.5) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = DurationField()


@dataclass(frozen=True)
class ResponseTime:
    """How soon an organisation answers: signals that went to it in the lead, or to whom it followed.

    `median_days` and `in_time` (a share from 0 to 1) are None where nothing was answered.
    """

    organisation: Organisation
    answered: int
    median_days: float | None
    in_time: float | None
    waiting: int
    overdue: int


def response_times(actor: Actor, day: date | None = None) -> list[ResponseTime]:
    """Give response times per organisation of today, over the signals that the actor may see; two queries.

    A referral counts as an answer of whoever refers; withdrawn signals do not count. Answered in time is on the
    due day at the latest. What was addressed to a predecessor counts for who holds the task now.
    """
    day = day or today()
    signals = Signal.objects.visible_to(actor).exclude(state__in=[SignalState.DRAFT, SignalState.WITHDRAWN])
    passed = passed_on_q(day)
    holder = Case(When(passed, then=F("organisation__successor")), default=F("organisation"))
    answered = Q(answered_on__isnull=False)
    waiting = Q(answered_on__isnull=True, until__isnull=True, signal__state__in=OPEN_STATES)
    rows = (
        SignalAddressee.objects.filter(signal__in=signals, is_lead=True, task=AddresseeTask.ANSWER)
        .annotate(holder=holder, days=_days("answered_on", "addressed_on"))
        .order_by()
        .values("holder")
        .annotate(
            answered=Count("pk", filter=answered),
            median=Median("days", filter=answered),
            in_time=Count("pk", filter=answered & Q(answered_on__lte=F("due_on"))),
            waiting=Count("pk", filter=waiting),
            overdue=Count("pk", filter=waiting & Q(due_on__lt=day)),
        )
    )
    found = {row["holder"]: row for row in rows}
    organisations = Organisation.objects.in_bulk(found)
    return sorted(
        (_response_time(organisations[pk], row) for pk, row in found.items()),
        key=lambda one: (one.organisation.group != Group.MINISTRY, str(one.organisation)),
    )


def _days(later: str, earlier: str) -> Any:
    return ExpressionWrapper(F(later) - F(earlier), output_field=DurationField())


def _response_time(organisation: Organisation, row: Mapping[str, Any]) -> ResponseTime:
    answered, median = row["answered"], row["median"]
    return ResponseTime(
        organisation=organisation,
        answered=answered,
        median_days=None if median is None else median / timedelta(days=1),
        in_time=row["in_time"] / answered if answered else None,
        waiting=row["waiting"],
        overdue=row["overdue"],
    )
