"""Home and my work: what is shown, to whom, in which order."""

from datetime import date, timedelta

import pytest
from django.test import Client
from django.utils import translation

from governance.models import User
from nss_portal.core.access import Role
from nss_portal.core.registry import NewsItem, WorkItem, news_items, work_items
from nss_portal.core.time import today
from nss_portal.pages.work import Work, news_of, number_word, work_of
from tests.access.cast import Cast

pytestmark = pytest.mark.django_db


def item(title: str, due: date | None = None, minutes: int = 5, done: bool = False) -> WorkItem:
    return WorkItem(title=title, url="/x/", action_label="Doen", minutes=minutes, due=due, done=done)


@pytest.fixture
def user() -> User:
    return User.objects.create_user("lid@gemeente.example", name="Lid")


@pytest.fixture
def asked():
    """Let an app ask three things of everybody, for the duration of a test."""
    things = [
        item("Later", today() + timedelta(days=20), 10),
        item("Ooit", None, 5),
        item("Eerst", today() + timedelta(days=3), 25),
        item("Klaar", today(), 5, done=True),
    ]

    def source(_user: User) -> list[WorkItem]:
        return things

    work_items.register(source)
    yield things
    work_items._functions.pop(f"{source.__module__}.{source.__qualname__}")


def test_work_is_in_order_of_date_and_done_things_stand_apart(user: User, asked: list[WorkItem]) -> None:
    work = work_of(user)
    assert [str(i.title) for i in work.open if i in asked] == ["Eerst", "Later", "Ooit"]
    assert [str(i.title) for i in work.done] == ["Klaar"]
    assert work.minutes == 40


def test_what_can_wait_folds_away() -> None:
    soon = [item(f"nu {number}", today() + timedelta(days=28), 10) for number in range(6)]
    rest = [item(f"straks {number}", today() + timedelta(days=29), 4) for number in range(3)]
    work = Work([*soon, *rest], [])
    assert (work.now, work.later) == (soon, rest)
    assert (work.minutes, work.later_minutes) == (60, 12)
    with translation.override("nl"):
        assert work.heading == "Zes dingen vragen iets van je"
    # Two more are no reason to hide them, and with little asked soon the next ones stand open as well.
    assert Work([*soon, *rest[:2]], []).later == []
    assert Work([*soon[:2], *rest, *rest, *rest], []).later == [*rest, *rest]
    assert Work([], []).now == []


def test_heading_counts_in_words() -> None:
    with translation.override("nl"):
        assert Work([item("a")], []).heading == "Eén ding vraagt iets van je"
        assert Work([item("a")] * 4, []).heading == "Vier dingen vragen iets van je"
        assert Work([item("a", today())] * 13, []).heading == "13 dingen vragen iets van je"
        assert Work([], []).heading == "Er wordt nu niets van je gevraagd"
    with translation.override("en"):
        assert number_word(12) == "Twelve"


def test_news_is_newest_first(user: User) -> None:
    def source(_user: User, _since: object) -> list[NewsItem]:
        return [NewsItem(date(2027, 3, d), f"op {d}", "/x/") for d in (1, 3, 2)]

    news_items.register(source)
    try:
        found = [n for n in news_of(user, since=user.date_joined) if n.when.year == 2027]
    finally:
        news_items._functions.pop(f"{source.__module__}.{source.__qualname__}")
    assert [n.when.day for n in found] == [3, 2, 1]


def test_a_visitor_reads_what_this_is(client: Client) -> None:
    page = client.get("/").content.decode()
    assert "Zeven steden klimaatneutraal in 2030" in page
    assert "Mijn werk" not in page


def test_english_has_its_own_address(client: Client) -> None:
    assert "Seven cities climate neutral in 2030" in client.get("/en/").content.decode()


def test_a_member_sees_what_is_asked(client: Client, user: User, asked: list[WorkItem]) -> None:
    client.force_login(user)
    page = client.get("/").content.decode()
    assert "Drie dingen vragen iets van je" in page
    assert "Samen ongeveer 40 minuten" in page
    assert page.index("Eerst") < page.index("Later") < page.index("Ooit")
    assert "1 ding is klaar" in page


def test_a_member_of_whom_nothing_is_asked_finds_a_way_on(client: Client, user: User) -> None:
    client.force_login(user)
    page = client.get("/").content.decode()
    assert "Er wordt nu niets van je gevraagd" in page
    assert "Bekijk de gemeenten" in page


@pytest.mark.parametrize("role", [role for role in Role if role != Role.VISITOR])
def test_home_asks_few_queries_of_everybody(client, role, django_assert_max_num_queries) -> None:
    client.force_login(Cast().person(role).user)
    with django_assert_max_num_queries(15):
        assert client.get("/").status_code == 200
