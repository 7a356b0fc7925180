"""What the pages of pilots and twinnings read."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import get_language

from activities.models import Pilot, PilotPart, Twinning
from activities.models.pilot import ENDED, PilotPartState
from activities.models.twinning import TwinningState
from governance.models.organisation import Group
from nss_portal.core.access import Actor, granted
from nss_portal.core.time import today

AGREED = (TwinningState.AGREED, TwinningState.FINISHED, TwinningState.ENDED)


def listed(pilots: QuerySet[Pilot]) -> QuerySet[Pilot, dict[str, Any]]:
    """Give what a list says of each pilot: with how many cities take part and how many follow."""
    joined = PilotPart.objects.filter(
        pilot=OuterRef("pk"), state=PilotPartState.JOINED, organisation__group=Group.MUNICIPALITY
    )
    following = Twinning.objects.filter(pilot=OuterRef("pk"), state__in=AGREED)
    label = "label_en" if get_language() == "en" else "label_nl"
    found: QuerySet[Pilot, dict[str, Any]] = pilots.annotate(
        cities=_number(joined, "pilot"), followers=_number(following, "pilot")
    ).values(
        "public_id",
        "title",
        "state",
        "sharing",
        "ends_on",
        "is_illustrative",
        "takes_followers",
        "cities",
        "followers",
        "organisation__name",
        "organisation__short_name",
        f"theme__{label}",
    )
    return found


def _number(rows: QuerySet[Any], by: str) -> Coalesce:
    counted = rows.order_by().values(by).annotate(number=Count("pk")).values("number")
    return Coalesce(Subquery(counted), 0)


def parts_of(pilot: Pilot) -> list[PilotPart]:
    """Give who takes part or is asked, cities first. One query."""
    rows = pilot.parts.exclude(state=PilotPartState.LEFT).select_related("organisation")
    return sorted(rows, key=lambda part: part.organisation.group != Group.MUNICIPALITY)


def twinnings_of(pilot: Pilot) -> list[Twinning]:
    """Give the twinnings of a pilot that were agreed or wait, with both cities. One query."""
    shown = (*AGREED, TwinningState.ASKED)
    return list(pilot.twinnings.filter(state__in=shown).select_related("follower", "city").order_by("pk"))


def with_city(pilots: QuerySet[Pilot], organisations: Iterable[int]) -> QuerySet[Pilot]:
    """Keep the pilots in which one of these organisations takes part, or that it follows by agreement."""
    keys = list(organisations)
    parts = PilotPart.objects.filter(organisation__in=keys, state=PilotPartState.JOINED)
    following = Twinning.objects.filter(follower__in=keys, state__in=AGREED)
    return pilots.filter(
        Q(pk__in=parts.order_by().values("pilot")) | Q(pk__in=following.order_by().values("pilot"))
    )


def parts_waiting(actor: Actor) -> QuerySet[PilotPart]:
    """Give where an own organisation is asked to take part in a pilot."""
    own = granted(actor, "pilot", "join").get("own", frozenset())
    asked = PilotPart.objects.filter(organisation__in=own, state=PilotPartState.ASKED)
    return asked.exclude(pilot__state__in=ENDED).order_by("since", "pk")


def twinnings_to_decide(actor: Actor) -> QuerySet[Twinning]:
    """Give where a city asks an own city to learn from it."""
    own = granted(actor, "twinning", "decide").get("giving", frozenset())
    return Twinning.objects.filter(city__in=own, state=TwinningState.ASKED).order_by("created_at", "pk")


def to_look_back(actor: Actor) -> QuerySet[Twinning]:
    """Give the twinnings of which an own city is asked what it learned and applied."""
    own = granted(actor, "twinning", "report").get("following", frozenset())
    asked = Twinning.objects.filter(follower__in=own, state__in=AGREED, ask_on__lte=today())
    return asked.order_by("ask_on", "pk")
