"""Calendar feeds: read by a parser that is not the writer's; who reads what; when nothing changed."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.test import Client
from ical.calendar import Calendar
from ical.calendar_stream import IcsCalendarStream

from activities.services.rhythm import load_rhythm
from governance.services.calendar import keep_calendar
from nss_portal.core.calendar import icalendar
from nss_portal.core.registry import CalendarEntry
from nss_portal.core.time import today
from tests.access.cast import Cast, make_organisation
from tests.activities.matrix_activity import make_activity, take_part

pytestmark = pytest.mark.django_db


def read(client: Client, url: str) -> Calendar:
    answer = client.get(url)
    assert answer.status_code == 200
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    return IcsCalendarStream.calendar_from_ics(answer.content.decode())


def titles(calendar: Calendar) -> set[str]:
    return {event.summary for event in calendar.events}


def entry(**fields: object) -> CalendarEntry:
    values: dict[str, object] = {
        "key": "x-1",
        "title": "Warmte, samen; \\ en verder",
        "starts": datetime(2027, 3, 28, 9, 0, tzinfo=UTC),
        "ends": datetime(2027, 3, 28, 11, 0, tzinfo=UTC),
        "url": "/agenda/",
        "kind": "training",
        "changed_at": datetime(2026, 1, 1, tzinfo=UTC),
    }
    return CalendarEntry(**{**values, **fields})  # type: ignore[arg-type]


def test_another_parser_reads_what_was_written() -> None:
    day = entry(key="x-2", starts=date(2027, 3, 17), ends=date(2027, 3, 18), alarm=timedelta(days=7))
    text = icalendar([entry(version=3, place="Zaal 2, Delft", detail="één\ntwee"), day], name="Agenda")
    first, second = sorted(IcsCalendarStream.calendar_from_ics(text.decode()).events, key=lambda e: e.uid)
    assert first.summary == "Warmte, samen; \\ en verder"
    assert (first.dtstart, first.dtend) == (entry().starts, entry().ends)
    assert (first.sequence, first.location) == (3, "Zaal 2, Delft")
    assert first.description.startswith("één\ntwee\n\nhttp")
    assert (second.dtstart, second.dtend) == (date(2027, 3, 17), date(2027, 3, 19))
    assert second.alarm[0].trigger == -timedelta(days=7)
    assert first.uid != second.uid
    assert all(len(line) <= 75 for line in text.split(b"\r\n"))


def test_the_same_entries_give_the_same_bytes() -> None:
    assert icalendar([entry()], name="Agenda") == icalendar([entry()], name="Agenda")


def test_what_is_cancelled_says_so_and_rings_no_bell() -> None:
    text = icalendar([entry(cancelled=True, alarm=timedelta(days=1))], name="Agenda").decode()
    assert "STATUS:CANCELLED" in text
    assert "VALARM" not in text


def test_the_public_feed_holds_what_everybody_may_see_and_no_more(client: Client) -> None:
    organiser = make_organisation()
    load_rhythm()
    for title, sharing in (("Open dag", "published"), ("Alleen wij", "audience")):
        make_activity(organiser, title=title, sharing=sharing, online_url="https://geheim.example/x")
    # Also for who is logged in: the address is passed on.
    client.force_login(Cast().person("coordinator").user)
    found = read(client, "/agenda.ics")
    assert "Open dag" in titles(found)
    assert "Alleen wij" not in titles(found)
    assert any(title.startswith("Verkiezing: ") for title in titles(found))
    assert "geheim.example" not in client.get("/agenda.ics").content.decode()


def test_a_kind_has_a_feed_of_its_own(client: Client) -> None:
    organiser = make_organisation()
    make_activity(organiser, title="Les", kind="training", sharing="published")
    make_activity(organiser, title="Tafel", kind="case_table", sharing="published")
    assert titles(read(client, "/agenda/soort/training.ics")) == {"Les"}
    assert client.get("/agenda/soort/onzin.ics").status_code == 404
    assert client.get("/agenda/soort/deadline.ics").status_code == 200


def test_ones_own_feed_holds_places_and_what_is_asked(client: Client) -> None:
    cast = Cast()
    person = cast.person("team")
    organiser = make_organisation()
    sure, waiting, _other = (
        make_activity(organiser, title=title, audience="cop") for title in ("Zeker", "Wachtlijst", "Ander")
    )
    take_part(sure, person.user, person.own)
    take_part(waiting, person.user, person.own, "waiting")
    token = keep_calendar(actor=person.user, content="mine").token
    found = {event.summary: event for event in read(client, f"/agenda/mijn/{token}.ics").events}
    assert found.keys() >= {"Zeker", "Wachtlijst"}
    assert "Ander" not in found
    assert (found["Zeker"].status, found["Wachtlijst"].status) == ("CONFIRMED", "TENTATIVE")
    assert len(found["Zeker"].alarm) == 1
    keep_calendar(actor=person.user, content="all")
    assert "Ander" in titles(read(client, f"/agenda/mijn/{token}.ics"))


def test_a_changed_and_a_cancelled_activity_keep_their_uid(client: Client) -> None:
    activity = make_activity(make_organisation(), title="Eerst", sharing="published")
    (before,) = read(client, "/agenda.ics").events
    activity.title, activity.state, activity.cancel_reason = "Later", "cancelled", "Zaal dicht"
    activity.version += 1
    activity.save()
    (after,) = read(client, "/agenda.ics").events
    assert (after.uid, after.summary, after.status) == (before.uid, "Later", "CANCELLED")
    assert after.sequence == before.sequence + 1


def test_nothing_is_sent_when_nothing_changed(client: Client, settings) -> None:
    activity = make_activity(make_organisation(), sharing="published")
    first = client.get("/agenda.ics")
    again = client.get("/agenda.ics", headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again["ETag"] == first["ETag"]
    type(activity).objects.filter(pk=activity.pk).update(title="Anders")
    assert client.get("/agenda.ics", headers={"If-None-Match": first["ETag"]}).status_code == 200


def test_an_address_of_a_leaver_says_what_to_do_and_nothing_else(client: Client) -> None:
    person = Cast().person("team")
    token = keep_calendar(actor=person.user, content="all").token
    person.user.memberships.update(valid_to=today() - timedelta(days=1))
    answer = client.get(f"/agenda/mijn/{token}.ics")
    assert answer.status_code == 410
    assert "werkt niet meer" in answer.content.decode()
    assert client.get("/agenda/mijn/nooit-geweest.ics").status_code == 410
    assert client.post("/agenda.ics").status_code == 405


@pytest.mark.parametrize("number", [1, 3])
def test_the_feed_asks_as_much_for_three_as_for_one(
    client: Client, number: int, django_assert_num_queries
) -> None:
    organiser = make_organisation()
    for _time in range(number):
        make_activity(organiser, sharing="published")
    client.get("/agenda.ics")
    with django_assert_num_queries(5):
        client.get("/agenda.ics")
