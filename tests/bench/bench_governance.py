"""Every page of governance at national scale; of an assessment with 5,000 answers too."""

from collections.abc import Callable, Iterator

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django.plugin import DjangoDbBlocker

from governance.models import (
    Assessment,
    AssessmentState,
    Decision,
    Meeting,
    MeetingState,
    Organisation,
    VariantEvaluation,
)
from governance.models.design import DesignPosition
from governance.models.organisation import Group
from nss_portal.core.time import today
from tests.bench.governing import fill
from tests.bench.measure import MOST_TIMES, measure
from tests.bench.pages import person
from tests.figures import Figures

pytestmark = pytest.mark.django_db
MANY = 5000
# What was asked for: of every page, and of an assessment with 5,000 answers.
MOST_QUERIES = 12
MOST, OF_MANY = 60.0, 150.0
EVERYBODY = ("visitor", "team", "steering", "coordinator")
COORDINATOR = ("coordinator",)


def _large() -> Assessment:
    return Assessment.objects.filter(state=AssessmentState.CLOSED, result__answers__gte=MANY).latest("closes_on")


def _of_programme() -> Assessment:
    found = Assessment.objects.filter(subject_kind="programme", result__isnull=False, sharing="published")
    return found.earliest("closes_on")


def _running() -> str:
    return Assessment.objects.filter(state=AssessmentState.OPEN).latest("pk").public_id


def _planned() -> str:
    return Meeting.objects.filter(state=MeetingState.PLANNED).earliest("pk").public_id


def _ministry() -> Organisation:
    return Organisation.objects.filter(group=Group.MINISTRY).existing_on(today()).order_by("pk")[0]


def _at(name: str, *args: object) -> Callable[[], str]:
    return lambda: reverse(f"governance:{name}", args=args)


def _with(name: str, *args: Callable[[], object]) -> Callable[[], str]:
    return lambda: reverse(f"governance:{name}", args=[give() for give in args])


PAGES: dict[str, tuple[Callable[[], str], tuple[str, ...]]] = {
    "governance": (_at("index"), EVERYBODY),
    "variants": (_at("variants"), EVERYBODY),
    "evaluation of the variant": (lambda: _evaluation().get_absolute_url(), EVERYBODY),
    "ecosystem": (_at("ecosystem"), EVERYBODY),
    "ecosystem on a theme": (lambda: f"{reverse('governance:ecosystem')}?thema=energy-heat", EVERYBODY),
    "ecosystem of an organisation": (
        lambda: f"{reverse('governance:ecosystem')}?organisatie={_ministry().public_id}",
        EVERYBODY,
    ),
    "change an organisation": (_with("organisation_change", lambda: _ministry().public_id), COORDINATOR),
    "another name": (_with("organisation_rename", lambda: _ministry().public_id), COORDINATOR),
    "hand a task over": (_with("organisation_handover", lambda: _ministry().public_id), COORDINATOR),
    "choices": (_at("choices"), EVERYBODY),
    "a position": (lambda: reverse("governance:position", args=[_position().public_id]), EVERYBODY),
    "countries": (_at("countries"), EVERYBODY),
    "alignment": (_at("alignment"), EVERYBODY),
    "ministries": (_at("ministries"), EVERYBODY),
    "organisations": (_at("organisations"), EVERYBODY),
    "organisations, searched": (lambda: f"{reverse('governance:organisations')}?q=e", EVERYBODY),
    "organisation": (lambda: _ministry().get_absolute_url(), EVERYBODY),
    "people": (_with("people", lambda: _ministry().public_id), COORDINATOR),
    "invite": (_with("invite", lambda: _ministry().public_id), COORDINATOR),
    "log": (lambda: reverse("governance:log"), COORDINATOR),
    "bodies": (_at("bodies"), EVERYBODY),
    "body": (_at("body", "stuurgroep"), EVERYBODY),
    "meeting": (lambda: Meeting.objects.filter(is_published=True).latest("pk").get_absolute_url(), EVERYBODY),
    "plan a meeting": (_at("meeting_plan"), COORDINATOR),
    "add a seat": (_at("seat_new", "stuurgroep"), COORDINATOR),
    "name a figurehead": (_at("figurehead_new"), COORDINATOR),
    "change a meeting": (_with("meeting_edit", _planned), COORDINATOR),
    "minutes": (_with("minutes", _planned), COORDINATOR),
    "write a decision down": (_with("decision_new", _planned), COORDINATOR),
    "decisions": (_at("decisions"), EVERYBODY),
    "decision": (lambda: Decision.objects.published().latest("pk").get_absolute_url(), EVERYBODY),
    "assessments": (_at("assessments"), EVERYBODY),
    "assessment of a programme": (lambda: _of_programme().get_absolute_url(), EVERYBODY),
    "assessment that is open": (_with("assessment", _running), ("steering", "coordinator")),
    "assessment with 5,000 answers": (lambda: _large().get_absolute_url(), EVERYBODY),
    "hold an assessment": (_at("assessment_new"), COORDINATOR),
    "whom to ask": (_with("assessment_invite", _running), COORDINATOR),
    "conversation": (_with("assessment_conversation", lambda: _large().public_id), COORDINATOR),
    "add a point": (_with("assessment_point_new", lambda: _large().public_id), COORDINATOR),
    "propose a variant": (_at("variant_propose"), ("team", "coordinator")),
    "propose a position": (_at("position_propose", 4), ("team", "coordinator")),
}


# Drawn anew each time, with what the record holds now: beside the bare view they may cost somewhat more.
FORM_TIMES = 10.0
FORMS = frozenset(
    {
        "a position",
        "assessment that is open",
        *(
            name
            for name, (_address, roles) in PAGES.items()
            if "visitor" not in roles and name not in ("people", "log")
        ),
    }
)


def _evaluation() -> VariantEvaluation:
    return VariantEvaluation.objects.filter(is_concluded=True).latest("pk")


def _position() -> DesignPosition:
    return DesignPosition.objects.order_by("pk")[0]


@pytest.fixture(scope="module")
def filled(national: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Add to the national data what governance is measured with."""
    with django_db_blocker.unblock():
        fill()
        yield


@pytest.mark.parametrize(("name", "who"), [(name, who) for name, (_, roles) in PAGES.items() for who in roles])
def test_page(name: str, who: str, filled: None, django_db_blocker: DjangoDbBlocker, figures: Figures) -> None:
    with django_db_blocker.unblock():
        client = Client()
        if who != "visitor":
            client.force_login(person(who))
        most = OF_MANY if "5,000" in name else MOST
        address = PAGES[name][0]()
        times = FORM_TIMES if name in FORMS else MOST_TIMES
        measure(
            figures,
            f"{name} as {who}",
            client,
            address,
            most_queries=MOST_QUERIES,
            most_milliseconds=most,
            most_times=times,
        )
