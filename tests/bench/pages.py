"""The pages that are measured: who opens them, and where they are at national scale."""

from collections.abc import Callable
from dataclasses import dataclass

from django.urls import reverse

from activities.models import Lesson
from activities.models.lesson import LessonState
from cities.models import Bottleneck, Municipality
from cities.models.bottleneck import BottleneckState
from contracts.models import AnnualReview, ClimateContract, ReviewRound
from governance.models import Membership, User
from governance.models.membership import Function

EVERYBODY = ("visitor", "team", "coordinator")
MEMBERS = ("team", "coordinator")
COORDINATORS = ("coordinator",)
FUNCTIONS = {"team": Function.TEAM, "steering": Function.STEERING, "coordinator": Function.COORDINATION}


@dataclass(frozen=True)
class Page:
    """A page with who opens it; `address` gives where it is."""

    name: str
    who: tuple[str, ...]
    address: Callable[[], str]


def person(who: str) -> User:
    """Give the demo account that opens a page as `who`."""
    return User.objects.filter(is_demo=True, memberships__function=FUNCTIONS[who]).order_by("pk")[0]


def _of_team() -> int:
    """Give the organisation (primary key) of the team that opens the pages."""
    return Membership.objects.filter(user=person("team"), function=Function.TEAM)[0].organisation_id


def _published_contract() -> ClimateContract:
    return ClimateContract.objects.filter(title__contains="Eindhoven").order_by("pk")[0]


def _made_up_contract() -> ClimateContract:
    return ClimateContract.objects.filter(is_illustrative=True).order_by("pk")[5]


def _review() -> str:
    """Give the team's own newest review: the one that is under way, where there is one."""
    reviews = AnnualReview.objects.filter(contract__municipalities__organisation=_of_team())
    return reviews.order_by("-round__year")[0].get_absolute_url()


def _closed_review() -> str:
    reviews = AnnualReview.objects.filter(contract=_published_contract(), state="closed")
    return reviews.order_by("-round__year")[0].get_absolute_url()


def _reflection() -> str:
    closed = ReviewRound.objects.filter(state="closed").order_by("-year")
    return reverse("contracts:reflection", args=[closed.values_list("year", flat=True)[0]])


def _bottleneck() -> str:
    found = Bottleneck.objects.filter(sharing="published", state=BottleneckState.OPEN)
    return found.order_by("pk")[0].get_absolute_url()


def _lesson() -> str:
    return Lesson.objects.filter(state=LessonState.PUBLISHED).order_by("pk")[0].get_absolute_url()


def _organisation() -> str:
    return Municipality.objects.get(code="GM0772").organisation.get_absolute_url()


def _people() -> str:
    return reverse("governance:people", args=[Municipality.objects.get(code="GM0772").organisation.public_id])


def _round() -> str:
    return ReviewRound.objects.order_by("-year")[0].get_absolute_url()


def _at(name: str, *args: object) -> Callable[[], str]:
    return lambda: reverse(name, args=args)


PAGES = (
    Page("home", EVERYBODY, _at("home")),
    Page("municipalities", EVERYBODY, _at("cities:municipalities")),
    Page("municipality", EVERYBODY, lambda: reverse("cities:municipality", args=["GM0772"])),
    Page("contracts", EVERYBODY, _at("contracts:list")),
    Page("published contract", EVERYBODY, lambda: _published_contract().get_absolute_url()),
    Page("made-up contract", EVERYBODY, lambda: _made_up_contract().get_absolute_url()),
    Page("version", EVERYBODY, lambda: _made_up_contract().versions.order_by("number")[0].get_absolute_url()),
    Page("own review", ("team",), _review),
    Page("closed review", EVERYBODY, _closed_review),
    Page("reflection", EVERYBODY, _reflection),
    Page("signals", EVERYBODY, _at("cities:signals")),
    Page("roadmap", EVERYBODY, _at("cities:roadmap")),
    Page("rounds", COORDINATORS, _at("contracts:rounds")),
    Page("round", COORDINATORS, _round),
    Page("bottlenecks", EVERYBODY, _at("cities:bottlenecks")),
    Page("bottleneck", EVERYBODY, _bottleneck),
    Page("lessons", EVERYBODY, _at("activities:lessons")),
    Page("lesson", EVERYBODY, _lesson),
    Page("governance", EVERYBODY, _at("governance:index")),
    Page("variants", EVERYBODY, _at("governance:variants")),
    Page("standard approach", EVERYBODY, _at("contracts:standard")),
    Page("measures", EVERYBODY, _at("contracts:measures")),
    Page("a measure", EVERYBODY, _at("contracts:measure", "warmte-infrastructuur")),
    Page("what changed in the approach", MEMBERS, _at("contracts:standard_changes", 2)),
    Page("what cities say of the approach", MEMBERS, _at("contracts:standard_outcome", 2)),
    Page("proposals for the approach", MEMBERS, _at("contracts:standard_change_list")),
    Page("organisations", EVERYBODY, _at("governance:organisations")),
    Page("organisation", EVERYBODY, _organisation),
    Page("people", COORDINATORS, _people),
    Page("account", MEMBERS, _at("account")),
    Page("where logged in", MEMBERS, _at("usersessions_list")),
    Page("reports", EVERYBODY, _at("reports:list")),
    Page("requests to take part", COORDINATORS, _at("cities:requests")),
    Page("jobs", COORDINATORS, _at("jobs")),
    Page("mails", COORDINATORS, _at("mails")),
    Page("log", MEMBERS, _at("governance:log")),
    Page("privacy", EVERYBODY, _at("privacy")),
)
