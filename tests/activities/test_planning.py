"""The planning board, another day, the hours that are asked of a city, and the limit to them."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from activities.models import Activity, ActivitySession, HoursLimit
from activities.presenting.board import name_of, quarter_named, shifted
from activities.registrations import planning as registrations
from activities.selectors.board import asked_cities, clashes, clashes_on, lines_between
from activities.selectors.hours import hours_of_cities
from activities.selectors.overview import asked_of_cities
from activities.services.hours_limit import set_limit
from activities.services.moving import move_to
from governance.models import Organisation
from nss_portal.core.access import NotAllowed
from nss_portal.core.editing import EditConflict
from nss_portal.core.mail import OutgoingMail
from nss_portal.core.models import AuditEvent
from nss_portal.core.time import today
from tests.access.cast import Cast, Person, make_city
from tests.activities.matrix_activity import make_activity, take_part

pytestmark = pytest.mark.django_db

HERE = ZoneInfo("Europe/Amsterdam")
BOARD_QUERIES = 14
BOARD = "/agenda/bord/"


@pytest.fixture
def cast() -> Cast:
    return Cast()


def on(day: date, organisation: Organisation, state: str = "published", **more: object) -> Activity:
    starts = datetime(day.year, day.month, day.day, 10, tzinfo=HERE)
    return make_activity(organisation, state, starts_at=starts, ends_at=starts + timedelta(hours=2), **more)


def this_year(month: int = 6, day: int = 15) -> date:
    return date(today().year, month, day)


def test_what_counts_as_asked_of_a_city(cast: Cast) -> None:
    eoi, outside = make_city("eoi"), make_city("eoi")
    lead = make_city("interested")
    on(this_year(), lead, audience="nop", preparation_hours=4)
    only_cop = on(this_year(7), lead, audience="cop", preparation_hours="2.5")
    invited = on(this_year(8), lead, "planned", audience="cop", preparation_hours=1)
    invited.invited.add(eoi)
    for state in ("draft", "cancelled"):
        on(this_year(9), lead, state, audience="nop", preparation_hours=100)
    on(date(today().year - 1, 6, 1), lead, "closed", audience="nop", preparation_hours=100)
    make_activity(lead, "planned", audience="nop", preparation_hours=100, starts_at=None)
    # Of a series over the turn of the year: preparation where it begins, each session in its own year.
    series = on(date(today().year - 1, 12, 20), lead, audience="nop", is_series=True, preparation_hours=100)
    begins = datetime(today().year, 1, 5, 10, tzinfo=HERE)
    ActivitySession.objects.create(activity=series, starts_at=begins, ends_at=begins + timedelta(hours=3))
    Activity.objects.filter(pk=series.pk).update(ends_at=begins + timedelta(hours=3))
    person = cast.person("team")
    take_part(only_cop, person.user, eoi)
    found = {city.organisation: city for city in asked_of_cities(today().year)}
    # 4 + 2 hours for all; 3 of the series; 2.5 + 2 for mission cities and who is registered; 1 + 2 likewise.
    assert found[eoi.pk].asked == Decimal("16.5")
    assert (found[outside.pk].asked, found[outside.pk].taken_on) == (Decimal("9.0"), 0)
    assert (found[eoi.pk].taken_on, found[eoi.pk].activities) == (Decimal("4.5"), 1)
    assert found[cast.other.pk].asked == Decimal("16.5")
    assert lead.pk not in found
    in_sql = dict(hours_of_cities().values_list("municipality__organisation_id", "asked"))
    assert in_sql == {key: city.asked for key, city in found.items()}


@pytest.mark.parametrize(
    ("hours", "days", "words"),
    [
        ("0", 0, "meer dan 0"),
        ("-3", 0, "getal in van 0 of meer"),
        ("9000", 0, "8760"),
        ("90", -1, "toekomst"),
    ],
)
def test_limits_that_cannot_be(cast: Cast, client: Client, hours: str, days: int, words: str) -> None:
    steering, day = cast.person("steering").user, today() + timedelta(days=days)
    with pytest.raises(ValidationError):
        set_limit(actor=steering, hours=Decimal(hours), valid_from=day, reason="x")
    client.force_login(steering)
    posted = {"hours": hours, "valid_from": day.isoformat(), "reason": "Blijft staan"}
    text = client.post("/agenda/urengrens/", posted).content.decode()
    assert words in text
    assert "Blijft staan" in text
    assert not HoursLimit.objects.exists()


def test_the_steering_group_sets_the_limit_from_a_day(cast: Cast, client: Client) -> None:
    for role in ("team", "coordinator", "member"):
        person = cast.person(role).user
        with pytest.raises(NotAllowed):
            set_limit(actor=person, hours=Decimal(10), valid_from=today(), reason="x")
        client.force_login(person)
        assert client.post("/agenda/urengrens/", {"hours": "10"}).status_code == 403
    steering = cast.person("steering").user
    set_limit(actor=steering, hours=Decimal(120), valid_from=today(), reason="Eerst")
    set_limit(actor=steering, hours=Decimal(80), valid_from=today() + timedelta(days=30), reason="Minder")
    assert (HoursLimit.on(today()), HoursLimit.on(today() + timedelta(days=31))) == (120, 80)
    assert AuditEvent.objects.filter(object_type="activities.hourslimit", reason="Minder").exists()


def test_a_city_sees_its_hours_with_the_limit(cast: Cast, client: Client) -> None:
    team = cast.person("team")
    on(this_year(), cast.other, audience="cop", preparation_hours=8)
    HoursLimit.objects.create(hours=5, valid_from=this_year(1, 1), reason="x")
    page = team.own.municipality.get_absolute_url()
    for user, address in ((team.user, page), (team.user, "/"), (cast.person("coordinator").user, page)):
        client.force_login(user)
        text = client.get(address).content.decode()
        assert "10 uur in" in text, address
        assert "boven de grens" in text
    for role in ("member", "partner"):
        client.force_login(cast.person(role).user)
        assert "boven de grens" not in client.get(page).content.decode()
    assert registrations.hours_of_mine(cast.person("visitor").user) is None


def test_days_that_ask_a_city_twice(cast: Cast) -> None:
    coordinator, eoi = cast.person("coordinator").user, make_city("eoi")
    day = this_year()
    one = on(day, cast.other, audience="nop", title="Een")
    two = on(day, cast.other, "planned", audience="cop", title="Twee")
    on(day + timedelta(days=1), cast.other, audience="nop", title="Een dag later")
    on(day, cast.other, "cancelled", audience="nop", title="Gaat niet door")
    lines = lines_between(coordinator, day, day + timedelta(days=2))
    asked = asked_cities({line.activity: line.audience for line in lines})
    assert (eoi.pk in asked[one.pk], eoi.pk in asked[two.pk]) == (True, False)
    found = clashes(lines, asked)
    assert set(found) == {(one.pk, day), (two.pk, day)}
    assert (found[one.pk, day].titles, found[one.pk, day].cities) == (("Twee",), len(asked[two.pk]))
    assert [line.title for line in clashes_on(coordinator, two, day)] == ["Een"]
    two.invited.add(eoi)
    assert eoi.pk in asked_cities({two.pk: "cop"})[two.pk]


def test_another_day_keeps_the_times_over_the_change_of_clock(cast: Cast, client: Client) -> None:
    team, guest = cast.person("team"), cast.person("team")
    day = date(today().year + 1, 3, 20)
    activity = on(day, team.own, audience="cop")
    take_part(activity, guest.user, guest.own)
    begins = activity.starts_at + timedelta(days=1)
    ActivitySession.objects.create(activity=activity, starts_at=begins, ends_at=begins + timedelta(hours=2))
    address = f"/agenda/{activity.public_id}/verplaatsen/"
    client.force_login(guest.user)
    assert client.get(address).status_code == 403
    client.force_login(team.user)
    new = date(today().year + 1, 4, 10)
    looked = client.post(address, {"day": new.isoformat(), "version": "1", "look": "yes"})
    assert "Niets anders vraagt" in looked.content.decode()
    assert client.post(address, {"day": new.isoformat(), "version": "1"}).status_code == 302
    found = [one.starts_at.astimezone(HERE) for one in activity.sessions.order_by("starts_at")]
    assert [(one.date(), one.hour) for one in found] == [(new, 10), (new + timedelta(days=1), 10)]
    assert OutgoingMail.objects.get().recipient == guest.user.email
    with pytest.raises(EditConflict):
        move_to(actor=team.user, activity=activity, version=1, day=day)
    with pytest.raises(ValidationError):
        move_to(actor=team.user, activity=activity, version=2, day=today() - timedelta(days=1))
    Activity.objects.update(starts_at=timezone.now() - timedelta(hours=1))
    with pytest.raises(NotAllowed):
        move_to(actor=team.user, activity=activity, version=2, day=day)
    wrong = client.post(address, {"day": "2027-02-31", "version": "2"})
    assert wrong.status_code == 422


def test_who_sees_the_board(cast: Cast, client: Client) -> None:
    leader, other = cast.person("team"), cast.person("team")
    on(today() + timedelta(days=2), leader.own, audience="cop", title="Van ons")
    for person, status in ((leader, 200), (cast.person("steering"), 200), (other, 403)):
        client.force_login(person.user)
        assert client.get(BOARD).status_code == status
    client.force_login(leader.user)
    assert "verplaatsen" in client.get(f"{BOARD}?kwartaal={name_of(today() + timedelta(days=2))}").content.decode()
    client.force_login(cast.person("steering").user)
    assert "verplaatsen" not in client.get(BOARD).content.decode()


@pytest.mark.parametrize("text", ["", "onzin", "2027-9", "0000-1", "99999999999-1", "٢٠٢٧-1"])
def test_a_quarter_that_is_none_is_the_present_one(text: str) -> None:
    assert quarter_named(text, date(2026, 11, 21)) in (date(2026, 10, 1), date(2027, 1, 1))
    assert (name_of(date(2027, 12, 5)), shifted(date(2026, 10, 1), 1)) == ("2027-4", date(2027, 1, 1))


def test_number_of_queries(cast: Cast, client: Client, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    person: Person = cast.person("coordinator")
    client.force_login(person.user)
    HoursLimit.objects.create(hours=5, valid_from=this_year(1, 1), reason="x")
    for number in (1, 3):
        while Activity.objects.filter(starts_at__isnull=False).count() < number:
            on(today(), make_city("eoi"), "planned", audience="nop", preparation_hours=9)
            make_activity(make_city(), "planned", starts_at=None, title="Ooit")
        for query in ("", "?als=tabel&per=trekker"):
            with django_assert_num_queries(BOARD_QUERIES):
                text = client.get(f"{BOARD}{query}").content.decode()
            assert "boven de grens" in text
            assert "Ooit" in text
    assert "worden deze dag twee keer gevraagd" in text
