"""The directory of the desk: kept, checked, searched; and its pages."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from activities.models import DirectoryEntry
from activities.registrations import desk as registrations
from activities.services.desk import directory as services
from activities.services.desk.reference import load_directory
from cities.models import Theme
from nss_portal.core.access import NotAllowed
from nss_portal.core.editing import EditConflict
from nss_portal.core.models import AuditEvent
from nss_portal.core.time import today
from nss_portal.core.workflow import TransitionRefused
from tests.access.cast import Cast, Person
from tests.activities.desk import make_entry

pytestmark = pytest.mark.django_db

LIST_QUERIES = 3
RECORD_QUERIES = 4
OLD = today() - timedelta(days=200)


def values(**more: object) -> dict[str, object]:
    return {
        "kind": "subsidy",
        "scope": "nl",
        "name": " Warmtegeld ",
        "run_by": "RVO",
        "url": "",
        "contact": "",
        "name_en": "",
        "description_nl": "Geld.",
        "description_en": "",
        "themes": [],
        "levels": [],
        **more,
    }


def form(**more: object) -> dict[str, object]:
    plain = {"kind": "subsidy", "scope": "nl", "name": "Warmtegeld", "run_by": "RVO", "description_nl": "Geld."}
    return {**plain, "is_checked": "on", "version": 1, **more}


@pytest.fixture
def desk() -> Person:
    return Cast().person("desk")


@pytest.fixture
def at_desk(client: Client, desk: Person) -> Client:
    client.force_login(desk.user)
    return client


def test_the_desk_adds_an_entry_for_anybody(desk: Person) -> None:
    entry = services.add_entry(actor=desk.user, organisation=None, values=values())
    assert (entry.name, entry.certainty, entry.checked_on) == ("Warmtegeld", "confirmed", today())
    assert entry.checked_by == desk.own
    assert AuditEvent.objects.filter(object_type="activities.directoryentry", event="created").count() == 1


@pytest.mark.parametrize("role", ["ministry", "partner"])
def test_others_add_and_change_their_own(role: str) -> None:
    person = Cast().person(role)
    with pytest.raises(NotAllowed):
        services.add_entry(actor=person.user, organisation=None, values=values())
    with pytest.raises(NotAllowed):
        services.add_entry(actor=person.user, organisation=person.cast.other, values=values())
    entry = services.add_entry(actor=person.user, organisation=person.own, values=values(), is_checked=False)
    assert (entry.certainty, entry.checked_on) == ("unconfirmed", None)
    changed = services.change_entry(
        actor=person.user, entry=entry, version=1, organisation=person.own, values=values(name="Anders")
    )
    assert (changed.name, changed.version, changed.checked_on) == ("Anders", 2, today())
    with pytest.raises(NotAllowed, match="loket"):
        services.change_entry(actor=person.user, entry=entry, version=2, organisation=None, values=values())


@pytest.mark.parametrize("role", ["visitor", "member", "team", "advisor", "signatory", "steering"])
def test_who_keeps_no_entries(role: str) -> None:
    person = Cast().person(role)
    entry = make_entry(person.own)
    with pytest.raises(NotAllowed):
        services.add_entry(actor=person.user, organisation=person.own, values=values())
    with pytest.raises(NotAllowed):
        services.change_entry(actor=person.user, entry=entry, version=1, organisation=None, values=values())
    with pytest.raises(NotAllowed):
        services.mark_checked(actor=person.user, entry=entry)
    with pytest.raises(NotAllowed):
        services.move_entry(actor=person.user, entry=entry, step="end", reason="weg")


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"name": "  "}, "name"),
        ({"run_by": ""}, "run_by"),
        ({"opens_on": date(2030, 2, 1), "deadline": date(2030, 1, 1)}, "deadline"),
        ({"min_population": 50_000, "max_population": 1_000}, "max_population"),
        ({"kind": "call"}, "deadline"),
    ],
)
def test_what_does_not_agree_is_refused(desk: Person, wrong: dict[str, object], field: str) -> None:
    with pytest.raises(ValidationError) as refused:
        services.add_entry(actor=desk.user, organisation=None, values=values(**wrong))
    assert list(refused.value.message_dict) == [field]
    assert not DirectoryEntry.objects.exists()


def test_what_is_no_money_keeps_no_deadline(desk: Person) -> None:
    entry = services.add_entry(
        actor=desk.user, organisation=None, values=values(kind="network", deadline=today(), levels=["eoi"])
    )
    assert (entry.deadline, entry.levels) == (None, [])


def test_a_change_in_between_is_noticed(desk: Person) -> None:
    entry = make_entry()
    services.change_entry(actor=desk.user, entry=entry, version=1, organisation=None, values=values())
    with pytest.raises(EditConflict):
        services.change_entry(actor=desk.user, entry=entry, version=1, organisation=None, values=values(name="X"))


def test_checked_today_is_noted_once(desk: Person) -> None:
    entry = make_entry(checked_on=OLD, certainty="partly", certainty_note_nl="De website")
    for _again in range(2):
        services.mark_checked(actor=desk.user, entry=entry)
    entry.refresh_from_db()
    assert (entry.certainty, entry.certainty_note_nl, entry.checked_on) == ("confirmed", "", today())
    assert AuditEvent.objects.filter(object_id=str(entry.pk), event="changed").count() == 1


def test_an_entry_ends_with_a_reason_and_comes_back(desk: Person) -> None:
    entry = make_entry()
    with pytest.raises(TransitionRefused):
        services.move_entry(actor=desk.user, entry=entry, step="end", reason=" ")
    services.move_entry(actor=desk.user, entry=entry, step="end", reason="Gestopt")
    assert not DirectoryEntry.objects.listed().exists()
    with pytest.raises(NotAllowed):
        services.mark_checked(actor=desk.user, entry=entry)
    services.move_entry(actor=desk.user, entry=entry, step="list_again", reason="Toch niet")
    assert DirectoryEntry.objects.listed().exists()


def test_reference_data_is_added_once_and_says_how_sure_it_is() -> None:
    assert load_directory()[0] == "entries of the directory added 53"
    DirectoryEntry.objects.filter(code="sde").update(name="SDE", certainty="confirmed")
    lines = load_directory()
    assert lines[0] == "entries of the directory added 0"
    assert [line for line in lines if "differs" in line] == ["  differs: sde name: portal 'SDE', table 'SDE++'"]
    sure = dict(DirectoryEntry.objects.values_list("code", "certainty"))
    assert sure["emissieregistratie"] == "confirmed"
    assert sure["capacities"] == "partly"
    assert sure["life"] == "unconfirmed"


def test_my_work_asks_who_keeps_old_entries() -> None:
    person = Cast().person("ministry")
    make_entry(person.own), make_entry(person.own, checked_on=OLD), make_entry(person.own, checked_on=today())
    make_entry(person.cast.other)
    assert [item.title for item in registrations.entries_to_check(person.user)] == [
        "2 vermeldingen in de wegwijzer nakijken"
    ]
    assert not list(registrations.entries_to_check(person.cast.person("team").user))


@pytest.mark.parametrize("number", [1, 3])
def test_the_list_asks_the_same_for_any_number(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries, number: int
) -> None:
    for _one in range(number):
        make_entry()
    with django_assert_num_queries(LIST_QUERIES):
        answer = client.get("/loket/wegwijzer/")
    assert answer.content.decode().count("Warmtesubsidie") == number


def test_the_list_is_searched_and_filtered(client: Client) -> None:
    theme = Theme.objects.create(code="heat", label_nl="Warmte", label_en="Heat")
    found = make_entry(name="Warmtenetten in de wijk", checked_on=today(), certainty="confirmed")
    found.themes.add(theme)
    make_entry(name="Fietsnetwerk", kind="network", scope="eu", description_nl="Fietsen.", checked_on=OLD)
    make_entry(name="Voorbij", state="ended", description_nl="Weg.")
    for query in (
        "q=warmtenet",
        "soort=subsidy",
        "vanuit=nl",
        "thema=heat",
        "zeker=confirmed",
        "nagekeken=onlangs",
    ):
        page = client.get(f"/loket/wegwijzer/?{query}").content.decode()
        assert ("Warmtenetten in de wijk" in page, "Fietsnetwerk" in page, "Voorbij" in page) == (
            True,
            False,
            False,
        ), query
    assert "Fietsnetwerk" in client.get("/loket/wegwijzer/?nagekeken=lang-geleden").content.decode()
    assert "Voorbij" in client.get("/loket/wegwijzer/?stand=beeindigd").content.decode()
    assert "Warmtenetten" in client.get("/loket/?q=warmtenetten").content.decode()
    assert "Fietsnetwerk" in client.get("/loket/wegwijzer.csv?soort=network").content.decode()


@pytest.mark.parametrize("q", ["de", "'", "a & !", "\\", "%", "x" * 99, "<script>alert(1)</script>"])
def test_odd_words_find_nothing_and_break_nothing(client: Client, q: str) -> None:
    make_entry()
    for page in ("/loket/", "/loket/wegwijzer/"):
        answer = client.get(page, {"q": q})
        assert answer.status_code == 200
        assert "<script>alert" not in answer.content.decode()


def test_an_entry_says_how_sure_it_is(client: Client, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    load_directory()
    entry = DirectoryEntry.objects.get(code="life")
    with django_assert_num_queries(RECORD_QUERIES):
        page = client.get(entry.get_absolute_url()).content.decode()
    assert "nog niet bevestigd" in page
    assert "Uit algemene kennis" in page
    assert "Vandaag nagekeken" not in page
    assert "From general knowledge" in client.get(f"/en{entry.get_absolute_url()}").content.decode()


def test_one_click_says_that_it_was_checked(at_desk: Client) -> None:
    entry = make_entry(checked_on=OLD)
    assert "Vandaag nagekeken" in at_desk.get("/loket/wegwijzer/nakijken/").content.decode()
    address = f"{entry.get_absolute_url()}nagekeken/"
    answer = at_desk.post(address, {"terug": "/loket/wegwijzer/nakijken/"})
    assert (answer.status_code, answer["Location"]) == (302, "/loket/wegwijzer/nakijken/")
    answer = at_desk.post(address, {"terug": "https://elders.example/"})
    assert answer["Location"] == entry.get_absolute_url()
    entry.refresh_from_db()
    assert entry.checked_on == today()


def test_the_form_keeps_what_was_typed_and_says_what_is_wrong(at_desk: Client) -> None:
    answer = at_desk.post("/loket/wegwijzer/nieuw/", form(kind="call", url="javascript:alert(1)"))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Een oproep heeft een sluitingsdatum" in page
    assert "Warmtegeld" in page
    assert not DirectoryEntry.objects.exists()
    answer = at_desk.post("/loket/wegwijzer/nieuw/", form(kind="call", deadline="2030-01-01"))
    entry = DirectoryEntry.objects.get()
    assert answer["Location"] == entry.get_absolute_url()
    address = f"{entry.get_absolute_url()}bewerken/"
    assert "Warmtegeld" in at_desk.get(address).content.decode()
    assert at_desk.post(address, form(name="Anders")).status_code == 302
    answer = at_desk.post(address, form(name="Nog anders"))
    assert answer.status_code == 409
    assert "Nog anders" in answer.content.decode()


def test_ending_an_entry_asks_why(at_desk: Client) -> None:
    entry = make_entry()
    address = f"{entry.get_absolute_url()}stap/end/"
    assert "Bestaat niet meer" in at_desk.get(address).content.decode()
    at_desk.post(address, {"reason": "Gestopt"})
    assert "Gestopt" in at_desk.get(entry.get_absolute_url()).content.decode()
    assert at_desk.get(address).status_code == 404


def test_who_may_not_change_gets_a_reason(client: Client) -> None:
    person = Cast().person("ministry")
    entry = make_entry(person.cast.other)
    assert client.get(f"{entry.get_absolute_url()}bewerken/").status_code == 302
    client.force_login(person.user)
    for part in ("bewerken/", "stap/end/"):
        assert client.get(f"{entry.get_absolute_url()}{part}").status_code == 403
    assert client.post(f"{entry.get_absolute_url()}nagekeken/").status_code == 403
    client.force_login(person.cast.person("team").user)
    assert client.get("/loket/wegwijzer/nieuw/").status_code == 403
    assert client.get("/loket/wegwijzer/nakijken/").status_code == 404
    assert client.get("/loket/wegwijzer/bbbbbb/").status_code == 404
