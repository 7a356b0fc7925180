"""The year at a glance: what is known of a year, how sure it is, and when to lobby."""

from datetime import date

import pytest
from django.test import Client

from activities.models import RhythmDate
from activities.selectors.year import lobbies, months_of, years
from activities.services.rhythm import load_rhythm
from nss_portal.core.time import today
from tests.access.cast import Cast, make_organisation
from tests.activities.matrix_activity import make_activity

pytestmark = pytest.mark.django_db


def test_reference_dates_are_added_once_and_never_overwritten() -> None:
    assert load_rhythm()[0] == "dates of the year added 25"
    RhythmDate.objects.filter(code="nzc-d1-9").update(title_nl="Anders")
    again = load_rhythm()
    assert again[0] == "dates of the year added 0"
    assert len(again) == 2
    assert "nzc-d1-9 title_nl: portal Anders" in again[1]


def test_lobbying_begins_twelve_months_before() -> None:
    load_rhythm()
    found = {bar.record.code: bar for bar in lobbies(2026)}
    provinces = found["election-provincial-councils-2027-03-17"]
    assert (provinces.months, provinces.election) == (frozenset(range(3, 13)), None)
    councils = found["election-municipal-councils-2026-03-18"]
    assert (councils.months, councils.election) == (frozenset({1, 2}), 3)
    assert {bar.record.code for bar in lobbies(2028)} == {"election-european-parliament-2029-06"}
    assert not lobbies(2021)[1:]


def test_a_year_counts_sessions_and_lists_days() -> None:
    load_rhythm()
    year = today().year
    everybody = make_activity(make_organisation(), audience="everybody")
    make_activity(make_organisation(), audience="cop")
    make_activity(make_organisation(), "cancelled", audience="everybody")
    month = everybody.starts_at.month
    for actor, number in ((None, 1), (Cast().person("coordinator").user, 2)):
        found = months_of(actor, everybody.starts_at.year)
        assert found[month - 1].sessions == number
    names = [entry.title for one in months_of(None, 2027) for entry in one.entries]
    assert "Verkiezing: Waterschappen" in names
    assert years()[0] <= year < years()[1]


def test_the_page_says_how_sure_a_date_is(client: Client) -> None:
    load_rhythm()
    page = client.get("/agenda/jaar/2029/").content.decode()
    assert "de Raad van de EU stelt de dag vast; niet nagekeken" in page
    assert "in juni" in page
    assert client.get("/en/agenda/jaar/2029/").content.decode().count("not checked") == 1
    assert client.get("/agenda/jaar/1999/").status_code == 404
    assert client.get("/agenda/jaar/").url.endswith(f"/agenda/jaar/{today().year}/")


@pytest.mark.parametrize("number", [1, 3])
def test_a_year_asks_as_much_for_three_as_for_one(client: Client, number: int, django_assert_num_queries) -> None:
    for count in range(number):
        RhythmDate.objects.create(
            code=f"d{count}",
            kind="election",
            title_nl="Verkiezing",
            title_en="Election",
            starts_on=date(2027, 3, 17),
            ends_on=date(2027, 3, 17),
            precision="day",
            source="test",
        )
        make_activity(make_organisation(), audience="everybody")
    client.get("/agenda/jaar/2027/")
    with django_assert_num_queries(7):
        client.get("/agenda/jaar/2027/")
