"""The desk of 20,000 questions. Required: at most 15 queries and 60 ms a page, and 8 times a bare view."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django.plugin import DjangoDbBlocker

from activities.models import DeskQuestion, DirectoryEntry
from activities.selectors.desk_calls import deadlines_for
from governance.models import Membership, User
from governance.models.organisation import Duty
from nss_portal.core.time import today
from tests.bench.measure import MOST_MILLISECONDS, MOST_QUERIES, measure, queries_of, timed
from tests.bench.pages import person
from tests.figures import Figures

pytestmark = pytest.mark.django_db
EVERYBODY = ("visitor", "team", "coordinator", "desk")
ROUNDS = 9


def _at(name: str, query: str = "") -> Callable[[], str]:
    return lambda: f"{reverse(f'activities:{name}')}{query}"


def _question() -> str:
    return DeskQuestion.objects.published().order_by("pk")[0].get_absolute_url()


def _call() -> str:
    return DirectoryEntry.objects.filter(code="demo-wijkwarmte")[0].get_absolute_url()


PAGES: dict[str, Callable[[], str]] = {
    "desk": _at("desk"),
    "desk, searched": _at("desk", "?q=warmtenet+subsidie"),
    "questions": _at("desk_questions"),
    "questions, searched": _at("desk_questions", "?q=subsidie+warmtenet"),
    "questions, by theme and state": _at("desk_questions", "?thema=energy-heat&stand=closed&sort=ontvangen"),
    "questions, late": _at("desk_questions", "?welke=te-laat"),
    "question": _question,
    "response times": _at("desk_times"),
    "directory": _at("desk_directory"),
    "subsidies and calls": _at("desk_calls"),
    "call": _call,
}


def who_keeps_the_desk() -> User:
    """Give an account of who keeps the desk."""
    staff = Membership.objects.current(today()).filter(organisation__duty=Duty.DESK).order_by("pk")
    return staff.select_related("user")[0].user


@pytest.mark.parametrize("who", EVERYBODY)
@pytest.mark.parametrize("name", list(PAGES))
def test_page(name: str, who: str, national: None, django_db_blocker: DjangoDbBlocker, figures: Figures) -> None:
    with django_db_blocker.unblock():
        assert DeskQuestion.objects.count() >= 20_000
        client = Client()
        if who != "visitor":
            client.force_login(who_keeps_the_desk() if who == "desk" else person(who))
        measure(figures, f"{name} as {who}", client, PAGES[name]())


def test_suggestions(national: None, django_db_blocker: DjangoDbBlocker, figures: Figures) -> None:
    """What comes while somebody types is a part of a page, and new with every word."""
    address = f"{reverse('activities:desk_suggest')}?title=Welke+subsidie+past+bij+een+warmtenet"
    with django_db_blocker.unblock():
        client = Client()
        figures.record("what is known already: queries", queries_of(client, address), "", at_most=MOST_QUERIES)
        spent = sorted(timed(lambda: client.get(address))[0] for _ in range(ROUNDS))
    figures.record("what is known already: time", spent[ROUNDS // 2], "ms", at_most=MOST_MILLISECONDS)


def test_deadlines(national: None, django_db_blocker: DjangoDbBlocker, figures: Figures) -> None:
    with django_db_blocker.unblock():
        user, day = person("team"), today()
        spent = sorted(
            timed(lambda: deadlines_for(user, day, day + timedelta(days=365)))[0] for _ in range(ROUNDS)
        )
    figures.record("deadlines of a year for a team: time", spent[ROUNDS // 2], "ms", at_most=MOST_MILLISECONDS)
