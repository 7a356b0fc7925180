"""Subsidies and calls: matched to cities with the reason, interest, joint applications, deadlines."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from activities.models import ApplicationParty, CallInterest, DirectoryEntry, JointApplication
from activities.registrations import desk_calls as registrations
from activities.selectors.desk_calls import deadlines_for
from activities.services.desk import calls as services
from cities.models import Municipality
from nss_portal.core.access import NotAllowed
from nss_portal.core.calendar import dates_of
from nss_portal.core.editing import EditConflict
from nss_portal.core.mail import OutgoingMail
from nss_portal.core.time import today
from nss_portal.core.workflow import TransitionRefused
from tests.access.cast import Cast, Person, join, make_city, make_user
from tests.activities.desk import make_entry, make_theme
from tests.cities.matrix import make_bottleneck

pytestmark = pytest.mark.django_db

SOON, LATER = today() + timedelta(days=20), today() + timedelta(days=400)
LIST_QUERIES = 6
RECORD_QUERIES = 7
VALUES = {"title": " Samen warm ", "text": "", "is_open": True, "submit_by": None}


@pytest.fixture
def cast() -> Cast:
    return Cast()


@pytest.fixture
def team(cast: Cast) -> Person:
    return cast.person("team")


def make_call(**fields: object) -> DirectoryEntry:
    fields = {"kind": "call", "name": "Oproep warme wijken", "deadline": SOON, **fields}
    return make_entry(**fields)  # type: ignore[arg-type]


def begin(person: Person, entry: DirectoryEntry, **more: object) -> JointApplication:
    return services.begin_application(
        actor=person.user,
        entry=entry,
        organisation=person.own,  # type: ignore[arg-type]
        values={**VALUES, **more},
    )


def colleague(organisation: object) -> object:
    user = make_user()
    join(user, organisation, "team")  # type: ignore[arg-type]
    return user


def test_a_city_sees_what_fits_and_why(client: Client, team: Person) -> None:
    theme = make_theme()
    Municipality.objects.filter(organisation=team.own).update(population=120_000)
    make_bottleneck(team.own, "published", theme=theme)
    make_call(name="Voor iedereen")
    fits = make_call(name="Past goed", levels=["mission"], min_population=100_000, deadline=LATER)
    fits.themes.add(theme)
    make_call(name="Te klein", max_population=50_000)
    make_call(name="Ander niveau", levels=["interested"])
    make_call(name="Voorbij", deadline=today() - timedelta(days=1))
    client.force_login(team.user)
    page = client.get("/loket/oproepen/").content.decode()
    assert page.index("Past goed") < page.index("Voor iedereen")
    for reason in ("voor missiestad", "vanaf 100.000 inwoners", "heeft knelpunten op warmte"):
        assert reason in page
    for wrong in ("Te klein", "Ander niveau", "Voorbij"):
        assert wrong not in page
    section = registrations.calls_for_city(team.user, team.own.municipality)  # type: ignore[union-attr]
    assert section is not None
    assert [row["name"] for row in section.context["rows"]] == ["Past goed"]
    client.logout()
    page = client.get("/loket/oproepen/?q=oproep").content.decode()
    assert "heeft knelpunten" not in page
    assert "Te klein" in client.get("/loket/oproepen/").content.decode()


@pytest.mark.parametrize("number", [1, 3])
def test_the_list_asks_the_same_for_any_number(
    client: Client, team: Person, django_assert_num_queries: DjangoAssertNumQueries, number: int
) -> None:
    for _one in range(number):
        make_call()
    client.force_login(team.user)
    with django_assert_num_queries(LIST_QUERIES):
        page = client.get("/loket/oproepen/").content.decode()
    assert page.count("Oproep warme wijken") == number


def test_interest_is_shown_once_and_taken_back(team: Person) -> None:
    entry = make_call()
    for note in ("Voor de haven", "Voor het centrum"):
        services.show_interest(actor=team.user, entry=entry, organisation=team.own, note=note)  # type: ignore[arg-type]
    interest = CallInterest.objects.get()
    assert interest.note == "Voor het centrum"
    with pytest.raises(NotAllowed):
        services.show_interest(actor=team.user, entry=entry, organisation=team.cast.other)
    with pytest.raises(NotAllowed):
        services.drop_interest(actor=team.cast.person("team").user, interest=interest)
    titles = [item.title for item in registrations.calls_to_do(team.user)]
    assert titles == ["Aanvragen: Oproep warme wijken?"]
    services.drop_interest(actor=team.user, interest=interest)
    assert not CallInterest.objects.exists()


@pytest.mark.parametrize(
    "fields",
    [{"deadline": today() - timedelta(days=1)}, {"state": "ended"}, {"kind": "network", "deadline": None}],
)
def test_what_is_over_takes_no_interest(team: Person, fields: dict[str, object]) -> None:
    entry = make_call(**fields)
    with pytest.raises(ValidationError):
        services.show_interest(actor=team.user, entry=entry, organisation=team.own)  # type: ignore[arg-type]
    with pytest.raises(ValidationError):
        begin(team, entry)


def test_cities_find_each_other_and_apply_together(cast: Cast, team: Person) -> None:
    entry, city = make_call(), make_city("mission", name="Buurstad")
    neighbour, third = colleague(city), make_city("mission")
    other = colleague(third)
    services.show_interest(actor=neighbour, entry=entry, organisation=city)
    application = begin(team, entry)
    assert OutgoingMail.objects.get().subject == "Samen aanvragen? Samen warm"
    services.take_part(actor=neighbour, application=application, organisation=city, brings="Een wijk")
    services.ask_party(actor=team.user, application=application, organisation=third)
    assert [item.title for item in registrations.calls_to_do(other)] == ["Mee aanvragen? 'Samen warm'"]
    party = ApplicationParty.objects.get(organisation=third)
    services.leave(actor=other, party=party)
    with pytest.raises(NotAllowed):
        services.move_application(actor=neighbour, application=application, step="submit")
    services.move_application(actor=team.user, application=application, step="submit")
    with pytest.raises(ValidationError):
        services.take_part(actor=neighbour, application=application, organisation=city, brings="Meer")
    with pytest.raises(TransitionRefused):
        services.move_application(actor=team.user, application=application, step="grant", reason=" ")
    services.move_application(actor=team.user, application=application, step="grant", reason="Twee miljoen")
    application.refresh_from_db()
    assert (application.state, application.result) == ("granted", "Twee miljoen")
    assert application.submitted_on == application.decided_on == today()


def test_a_closed_application_is_seen_by_its_parties_and_the_desk(cast: Cast, team: Person) -> None:
    entry = make_call()
    application = begin(team, entry, is_open=False)
    member = cast.person("member")
    visible = JointApplication.objects.visible_to
    assert not visible(member.user).exists()
    assert not visible(None).exists()
    with pytest.raises(NotAllowed):
        services.take_part(actor=member.user, application=application, organisation=member.own)  # type: ignore[arg-type]
    services.ask_party(actor=team.user, application=application, organisation=member.own)  # type: ignore[arg-type]
    assert visible(member.user).exists()
    assert visible(cast.person("desk").user).exists()
    assert visible(cast.person("coordinator").user).exists()
    for role in ("partner", "ministry", "team"):
        assert not visible(cast.person(role).user).exists()


@pytest.mark.parametrize(
    "role", ["visitor", "advisor", "signatory", "ministry", "desk", "publisher", "coordinator"]
)
def test_who_leads_no_application(cast: Cast, role: str) -> None:
    person = cast.person(role)
    with pytest.raises(NotAllowed):
        services.begin_application(
            actor=person.user, entry=make_call(), organisation=person.own or cast.other, values=VALUES
        )


def test_what_does_not_agree_is_refused(team: Person) -> None:
    entry = make_call()
    with pytest.raises(ValidationError, match="sluitingsdatum"):
        begin(team, entry, submit_by=LATER)
    with pytest.raises(ValidationError):
        begin(team, entry, title=" ")
    application = begin(team, entry)
    with pytest.raises(ValidationError):
        services.ask_party(actor=team.user, application=application, organisation=team.own)  # type: ignore[arg-type]
    services.change_application(
        actor=team.user, application=application, version=1, values={**VALUES, "title": "Anders"}
    )
    with pytest.raises(EditConflict):
        services.change_application(
            actor=team.user, application=application, version=1, values={**VALUES, "title": "Nog anders"}
        )


def test_deadlines_for_a_visitor_and_for_a_city(team: Person) -> None:
    theme = make_theme()
    make_bottleneck(team.own, "published", theme=theme)
    fits, looked_at, neither = make_call(name="A"), make_call(name="B"), make_call(name="C")
    fits.themes.add(theme)
    make_call(name="Later", deadline=LATER)
    services.show_interest(actor=team.user, entry=looked_at, organisation=team.own)  # type: ignore[arg-type]
    application = begin(team, looked_at, submit_by=today())
    found = deadlines_for(team.user, today(), SOON)
    assert [(one.uid, bool(one.why)) for one in found] == [
        (f"aanvraag-{application.public_id}", True),
        (f"loket-{fits.public_id}", True),
        (f"loket-{looked_at.public_id}", True),
    ]
    everybody = deadlines_for(None, today(), SOON)
    assert [one.uid for one in everybody] == [f"loket-{one.public_id}" for one in (fits, looked_at, neither)]
    assert not any(one.why for one in everybody)


def test_calendars_hold_each_deadline_once(team: Person) -> None:
    looked_at, neither = make_call(name="B"), make_call(name="C")
    services.show_interest(actor=team.user, entry=looked_at, organisation=team.own)  # type: ignore[arg-type]
    own = {entry.key: entry for entry in dates_of(team.user, today(), SOON)}
    assert list(own) == [f"loket-{looked_at.public_id}"], "the work that it asks is no second entry"
    assert own[f"loket-{looked_at.public_id}"].mine
    everybody = dates_of(None, today(), SOON)
    assert {entry.key for entry in everybody} == {f"loket-{one.public_id}" for one in (looked_at, neither)}
    assert not any(entry.mine or entry.alarm for entry in everybody)
    page = year_page(f"/agenda/jaar/{SOON.year}/")
    assert "Sluitingsdatum: B" in page


def year_page(address: str) -> str:
    return Client().get(address).content.decode()


def test_home_and_news_name_what_closes(team: Person) -> None:
    assert registrations.closes_soon(None) is None
    make_call()
    section = registrations.closes_soon(None)
    assert section is not None
    assert section.context["rows"][0]["name"] == "Oproep warme wijken"
    assert len(list(registrations.news_of_the_desk(team.user, timezone.now() - timedelta(hours=1)))) == 1


def test_the_pages_of_a_call_and_its_application(client: Client, cast: Cast, team: Person) -> None:
    entry = make_call()
    assert "Wie hiernaar kijkt" not in client.get(entry.get_absolute_url()).content.decode()
    assert client.get(f"{entry.get_absolute_url()}belangstelling/").status_code == 302
    client.force_login(team.user)
    organisation = str(team.own.pk)  # type: ignore[union-attr]
    address = entry.get_absolute_url()
    client.post(f"{address}belangstelling/", {"organisation": organisation, "note": "Voor de haven"})
    assert "Voor de haven" in client.get(address).content.decode()
    client.post(f"{address}geen-belangstelling/", {"welke": str(CallInterest.objects.get().pk)})
    assert client.post(f"{address}geen-belangstelling/", {"welke": "onzin"}).status_code == 404
    sent = {"organisation": organisation, "title": "Samen warm", "submit_by": LATER.isoformat(), "is_open": "on"}
    page = client.post(f"{address}samen/", sent).content.decode()
    assert "na de sluitingsdatum" in page
    assert "Samen warm" in page
    answer = client.post(f"{address}samen/", {**sent, "submit_by": ""})
    application = JointApplication.objects.get()
    assert answer["Location"] == application.get_absolute_url()
    address = application.get_absolute_url()
    for part in ("", "bewerken/", "vragen/", "stap/submit/", "stap/call_off/"):
        assert client.get(f"{address}{part}").status_code == 200, part
    client.post(f"{address}vragen/", {"organisation": cast.other.public_id})
    late = client.post(f"{address}bewerken/", {**VALUES, "title": "X", "submit_by": "", "version": 9})
    assert (late.status_code, "nu bewaard: Samen warm" in late.content.decode()) == (409, True)
    assert 'value="X"' in late.content.decode()
    assert client.get(f"{address}stap/grant/").status_code == 404
    other = colleague(cast.other)
    client.force_login(other)  # type: ignore[arg-type]
    for part in ("bewerken/", "vragen/", "stap/submit/"):
        assert client.get(f"{address}{part}").status_code == 403, part
    client.post(f"{address}meedoen/", {"organisation": str(cast.other.pk), "brings": "Een wijk"})
    party = ApplicationParty.objects.get()
    assert party.state == "joined"
    client.post(f"{address}niet-meedoen/{party.pk}/")
    client.force_login(cast.person("partner").user)
    assert client.get(address).status_code == 404
    client.force_login(cast.person("desk").user)
    assert client.get(entry.get_absolute_url()).status_code == 200


@pytest.mark.parametrize("number", [1, 3])
def test_an_application_asks_the_same_for_any_number_of_parties(
    client: Client, team: Person, django_assert_num_queries: DjangoAssertNumQueries, number: int
) -> None:
    application = begin(team, make_call())
    for _one in range(number):
        ApplicationParty.objects.create(application=application, organisation=make_city(), since=today())
    client.force_login(team.user)
    with django_assert_num_queries(RECORD_QUERIES):
        client.get(application.get_absolute_url())
