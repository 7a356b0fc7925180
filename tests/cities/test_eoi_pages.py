"""The pages of an Expression of Interest, from begin to receipt, and of the calls."""

import json
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from cities.models import EoiCall, EoiOption, EoiSubmission, EoiUpdate, EoiVersion, Municipality
from cities.registrations import eoi
from nss_portal.core.time import today
from tests.access.cast import Cast, Person, make_city
from tests.cities.eoi import make_call, make_submission, make_version, usual_call

pytestmark = pytest.mark.django_db

INDEX_QUERIES = 3
CALL_QUERIES = 10
RECORD_QUERIES = 9


@pytest.fixture
def person() -> Person:
    return Cast().person("team")


@pytest.fixture
def team(client: Client, person: Person) -> Client:
    client.force_login(person.user)
    return client


@pytest.fixture
def cast() -> Cast:
    return Cast()


@pytest.fixture
def desk(client: Client, cast: Cast) -> Client:
    client.force_login(cast.person("coordinator").user)
    return client


def begun(team: Client, person: Person, **fields: object) -> EoiVersion:
    call = usual_call(**fields)
    team.post(f"/gemeenten/eoi/oproep/{call.code}/beginnen/", {"organisation": person.own.pk})
    return EoiVersion.objects.get(submission__call=call)


def at(version: EoiVersion, part: str) -> str:
    return f"/gemeenten/eoi/{version.submission.public_id}/{part}"


def test_from_beginning_to_receipt(team: Client, person: Person) -> None:
    Municipality.objects.filter(organisation=person.own).update(population=34_000)
    version = begun(team, person)
    assert "Begin" in team.get(at(version, "invullen/")).content.decode()
    page = team.get(at(version, "invullen/3/")).content.decode()
    assert "Ingevuld uit de cijfers van het CBS" in page
    assert 'value="34000"' in page
    first = team.post(
        at(version, "invullen/1/"), {"version": 0, "c-needs": ["money", "rules"], "c-most": "people"}
    )
    assert first["Location"] == at(version, "invullen/2/")
    later = team.post(at(version, "invullen/2/"), {"version": 0, "t-risks": "PFAS", "then": "later"})
    assert later["Location"] == at(version, "invullen/")
    last = team.post(
        at(version, "invullen/3/"), {"version": 0, "t-people": "34.500,5", "c-signed": "yes", "t-words": "Plan"}
    )
    assert last["Location"] == at(version, "controleren/")
    summary = team.get(at(version, "controleren/")).content.decode()
    for words in ("Antwoord money", "PFAS", "34500,5 inwoners", "Ja", "Plan"):
        assert words in summary, words
    done = team.post(at(version, "controleren/"), {"sharing": "network"}, follow=True).content.decode()
    assert "de Expression of Interest is binnen" in done
    version.refresh_from_db()
    assert version.choices == {"needs": ["money", "rules"], "most": ["people"], "signed": ["yes"]}
    assert version.texts == {"risks": "PFAS", "people": "34500.5", "words": "Plan"}
    assert team.get(at(version, "invullen/1/"))["Location"] == at(version, "")
    assert "Antwoord money" in team.get(at(version, "")).content.decode()


def test_typing_saves_by_itself_and_says_what_is_not_right_yet(team: Client, person: Person) -> None:
    version = begun(team, person)
    answer = team.post(at(version, "bewaren/3/"), {"version": 0, "t-words": "Half", "t-people": "veel"})
    assert answer.json()["version"] == 1
    assert "Vraag people" in answer.json()["saved_at"]
    version.refresh_from_db()
    assert version.texts == {"words": "Half"}
    late = team.post(at(version, "bewaren/3/"), {"version": 0, "t-words": "Anders"})
    assert (late.status_code, "collega" in late.json()["message"]) == (409, True)


def test_both_texts_stand_side_by_side_after_a_colleague_was_first(team: Client, person: Person) -> None:
    version = begun(team, person)
    team.post(at(version, "invullen/2/"), {"version": 0, "c-risks": ["law"], "t-risks": "Van de collega"})
    mine = {"version": 0, "c-risks": ["grid"], "t-risks": "Van mij"}
    response = team.post(at(version, "invullen/2/"), mine)
    text = response.content.decode()
    assert response.status_code == 409
    for words in ("Van de collega", "Van mij", "Antwoord law", str(person.user)):
        assert words in text, words
    again = response.context["form"]["version"].value()
    team.post(at(version, "invullen/2/"), {**mine, "version": again})
    version.refresh_from_db()
    assert (version.choices, version.texts) == ({"risks": ["grid"]}, {"risks": "Van mij"})


def test_after_closing_the_typed_text_is_kept_with_the_reason(team: Client, person: Person) -> None:
    version = begun(team, person)
    EoiCall.objects.update(closes_on=today() - timedelta(days=1))
    response = team.post(at(version, "invullen/3/"), {"version": 0, "t-words": "Mijn lange tekst"})
    text = response.content.decode()
    assert response.status_code == 409
    assert "Deze oproep sloot op" in text
    assert "Mijn lange tekst" in text
    auto = team.post(at(version, "bewaren/3/"), {"version": 0, "t-words": "Mijn lange tekst"})
    assert (auto.status_code, "sloot op" in auto.json()["message"]) == (409, True)
    refused = team.post(at(version, "controleren/"), {"sharing": "network"})
    assert (refused.status_code, "sloot op" in refused.content.decode()) == (409, True)
    assert "sloot op" in team.get(at(version, "invullen/")).content.decode()


@pytest.mark.parametrize(
    ("number", "data"),
    [
        (1, {"c-needs": ["weg"]}),
        (1, {"c-most": "weg"}),
        (3, {"t-people": "twaalf"}),
        (3, {"t-people": "1.2.3"}),
        (3, {"t-words": "x" * 10_001}),
        (3, {"c-signed": "misschien"}),
    ],
)
def test_bad_input_is_named_and_stays_in_the_form(
    team: Client, person: Person, number: int, data: dict[str, object]
) -> None:
    version = begun(team, person)
    response = team.post(at(version, f"invullen/{number}/"), {"version": 0, **data})
    assert response.status_code == 422
    assert list(response.context["form"].errors) == list(data)
    assert 'id="error-summary"' in response.content.decode()
    version.refresh_from_db()
    assert version.saves == {}


def test_hints_that_coordinators_write_are_no_markup(team: Client, person: Person) -> None:
    version = begun(team, person)
    version.submission.call.questions.update(help_nl="<script>alert(1)</script>")
    text = team.get(at(version, "invullen/1/")).content.decode()
    assert "&lt;script&gt;alert(1)" in text
    assert "<script>alert" not in text


@pytest.mark.parametrize("part", ["invullen/4/", "invullen/0/", "bewaren/9/", "versies/7/"])
def test_what_is_not_there_is_not_found(team: Client, person: Person, part: str) -> None:
    version = begun(team, person)
    assert team.post(at(version, part), {"version": 0}).status_code == 404


def test_others_read_what_is_shared_and_never_the_draft(client: Client) -> None:
    cast = Cast()
    shared = make_submission(cast.other, sharing="network", texts={"words": "Dit mag je lezen"})
    make_version(shared, 2, today().year, submitted=False, texts={"words": "Geheim concept"})
    kept = make_submission(cast.other)
    client.force_login(cast.person("ministry").user)
    text = client.get(shared.get_absolute_url()).content.decode()
    assert "Dit mag je lezen" in text
    assert "concept" not in text.lower()
    assert client.get(kept.get_absolute_url()).status_code == 404
    version = shared.versions.get(number=2)
    for part in ("invullen/", "invullen/1/", "controleren/", "ingediend/", "weggooien/"):
        assert client.get(at(version, part)).status_code == 403, part
    assert client.post(at(version, "bijwerken/")).status_code == 403
    assert client.get(f"/gemeenten/eoi/{shared.public_id}/versies/2/").status_code == 404
    client.logout()
    assert client.get(shared.get_absolute_url()).status_code == 302


def test_nobody_begins_for_another_city(team: Client, person: Person) -> None:
    call = usual_call()
    for organisation in (person.cast.other.pk, "", "x", "9" * 20):
        address = f"/gemeenten/eoi/oproep/{call.code}/beginnen/"
        assert team.post(address, {"organisation": organisation}).status_code == 404
    assert not EoiSubmission.objects.exists()


def updated(person: Person) -> EoiSubmission:
    call = usual_call("closed", year=today().year - 1)
    submission = make_submission(person.own, call, choices={"needs": ["money"]}, texts={"words": "Plan"})
    EoiUpdate.objects.create(call=call, year=today().year, due_on=today())
    return submission


def test_the_yearly_update_is_a_few_presses(team: Client, person: Person) -> None:
    submission = updated(person)
    (item,) = eoi.asked_of_cities(person.user)
    assert (item.url, item.minutes, item.due) == (submission.get_absolute_url(), 10, today())
    team.post(f"{submission.get_absolute_url()}bijwerken/")
    version = submission.versions.get(number=2)
    asked = team.post(at(version, "invullen/1/"), {"version": 0, "c-needs": ["money"]})
    assert list(asked.context["form"].errors) == ["changed"]
    team.post(at(version, "invullen/1/"), {"version": 0, "changed": "changed", "c-needs": ["rules"]})
    rest = team.post(at(version, "ongewijzigd/"))
    assert rest["Location"] == at(version, "controleren/")
    team.post(at(version, "controleren/"), {"sharing": "network"})
    text = team.get(submission.get_absolute_url()).content.decode()
    assert "Antwoord rules" in text
    assert "Anders dan in de vorige versie" in text
    old = team.get(f"{submission.get_absolute_url()}versies/1/").content.decode()
    assert "Antwoord money" in old
    assert list(eoi.asked_of_cities(person.user)) == []


def test_a_city_is_asked_while_the_call_is_open_and_no_longer(person: Person) -> None:
    assert list(eoi.asked_of_cities(person.user)) == []
    call = usual_call()
    (item,) = eoi.asked_of_cities(person.user)
    assert (item.url, item.minutes, item.due) == (call.get_absolute_url(), 30, call.closes_on)
    draft = make_submission(person.own, call, submitted=False)
    (item,) = eoi.asked_of_cities(person.user)
    assert item.url == f"{draft.get_absolute_url()}invullen/"
    assert list(eoi.asked_of_cities(person.cast.person("ministry").user)) == []
    assert list(eoi.asked_of_cities(person.cast.person("coordinator").user)) == []
    EoiCall.objects.update(closes_on=today() - timedelta(days=1))
    assert list(eoi.asked_of_cities(person.user)) == []


def test_news_and_the_page_of_the_city_tell_who_may_read(client: Client) -> None:
    cast = Cast()
    shared, kept = make_submission(cast.other, sharing="network"), make_submission(make_city("eoi"))
    since = timezone.now() - timedelta(hours=1)
    team = cast.person("team").user
    assert [item.url for item in eoi.handed_in(team, since)] == [shared.get_absolute_url()]
    assert len(list(eoi.handed_in(cast.person("coordinator").user, since))) == 2
    assert list(eoi.handed_in(cast.person("partner").user, since)) == []
    client.force_login(team)
    page = client.get(cast.other.municipality.get_absolute_url()).content.decode()
    assert shared.get_absolute_url() in page
    assert (
        kept.get_absolute_url()
        not in client.get(kept.organisation.municipality.get_absolute_url()).content.decode()
    )


def test_number_of_queries(client: Client, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    cast = Cast()
    call = usual_call()
    first = make_submission(cast.other, call, sharing="network")
    with django_assert_num_queries(INDEX_QUERIES):
        client.get("/gemeenten/eoi/")
    user = cast.person("ministry").user
    client.force_login(user)
    client.get("/gemeenten/eoi/")
    with django_assert_num_queries(CALL_QUERIES):
        client.get(call.get_absolute_url())
    with django_assert_num_queries(RECORD_QUERIES):
        client.get(first.get_absolute_url())
    for _more in range(2):
        make_submission(make_city(), call, sharing="network")
        usual_call()
    for number in (2, 3):
        make_version(first, number, call.year)
    with django_assert_num_queries(CALL_QUERIES):
        client.get(call.get_absolute_url())
    with django_assert_num_queries(RECORD_QUERIES):
        client.get(first.get_absolute_url())
    client.logout()
    with django_assert_num_queries(INDEX_QUERIES):
        client.get("/gemeenten/eoi/")


def test_a_draft_call_is_the_coordinator_s(client: Client, desk: Client) -> None:
    call = make_call("draft", name_nl="Nog geheim")
    assert desk.get(call.get_absolute_url()).status_code == 200
    assert Client().get(call.get_absolute_url()).status_code == 404
    assert "Nog geheim" not in Client().get("/gemeenten/eoi/").content.decode()


PARTS = (
    "bewerken/",
    "stap/close/",
    "publiceren/",
    "bijwerking/",
    "merktekens/",
    "bestand/",
    "vragen/",
    "vraag-toevoegen/",
    "vragen/needs/",
    "vragen/needs/optie-toevoegen/",
    "vragen/needs/opties/money/bewerken/",
)


@pytest.mark.parametrize("part", PARTS)
def test_only_the_coordination_team_opens_the_pages_of_a_call(desk: Client, cast: Cast, part: str) -> None:
    call = usual_call()
    assert desk.get(f"{call.get_absolute_url()}{part}").status_code == 200
    other = Client()
    other.force_login(cast.person("team").user)
    assert other.get(f"{call.get_absolute_url()}{part}").status_code == 403


def test_the_next_call_is_prepared_edited_and_opened_without_code(desk: Client) -> None:
    last = usual_call("closed")
    facts = {"name_nl": "Nieuw", "year": today().year + 1, "opens_on": "2027-01-01", "closes_on": "2026-01-01"}
    bad = desk.post("/gemeenten/eoi/oproep-voorbereiden/", {**facts, "version": 1})
    assert list(bad.context["form"].errors) == ["closes_on"]
    good = {**facts, "opens_on": today().isoformat(), "closes_on": today().isoformat(), "version": 1}
    made = desk.post("/gemeenten/eoi/oproep-voorbereiden/", good)
    call = EoiCall.objects.exclude(pk=last.pk).get()
    assert made["Location"] == call.get_absolute_url()
    base = call.get_absolute_url()
    assert call.questions.count() == last.questions.count()
    new = {"code": "extra", "kind": "multiple_choice", "label_nl": "En verder?", "version": 1}
    assert desk.post(f"{base}vraag-toevoegen/", {**new, "code": "Fout!"}).status_code == 422
    desk.post(f"{base}vraag-toevoegen/", new)
    again = desk.post(f"{base}vraag-toevoegen/", {**new, "version": 2})
    assert list(again.context["form"].errors) == ["code"]
    for version, code in ((2, "een"), (3, "twee")):
        option = {"code": code, "label_nl": code, "version": version}
        desk.post(f"{base}vragen/extra/optie-toevoegen/", option)
    desk.post(f"{base}vragen/extra/opties/twee/verplaatsen/omhoog/", {"version": 4})
    desk.post(f"{base}vragen/extra/opties/een/bewerken/", {"label_nl": "Eén", "version": 5})
    desk.post(f"{base}vragen/needs/verplaatsen/intrekken/", {"version": 6})
    stale = desk.post(f"{base}vragen/most/verplaatsen/omhoog/", {"version": 6}, follow=True).content.decode()
    assert "Een collega heeft de vragenlijst intussen gewijzigd" in stale
    options = list(EoiOption.objects.filter(question__call=call, question__code="extra").values_list("label_nl"))
    assert options == [("twee",), ("Eén",)]
    conflict = desk.post(
        f"{base}vragen/most/", {"label_nl": "Mijn opschrift", "kind": "single_choice", "version": 1}
    )
    assert conflict.status_code == 409
    assert "Mijn opschrift" in conflict.content.decode()
    desk.post(f"{base}stap/open/")
    call.refresh_from_db()
    assert (call.state, call.takes_answers) == ("open", True)
    assert desk.post(f"{base}stap/close/", {"reason": ""}).status_code == 422
    desk.post(f"{base}stap/close/", {"reason": "Klaar"})
    desk.post(f"{base}publiceren/")
    call.refresh_from_db()
    assert (call.state, call.analysis_published) == ("closed", True)


def test_a_file_with_faults_names_them_on_the_page(desk: Client) -> None:
    call = usual_call("draft")
    bad = {"questions": [{"code": "a", "kind": "free_text"}, {"code": "a", "kind": "x", "label_nl": "A"}]}
    file = SimpleUploadedFile("vragen.json", json.dumps(bad).encode())
    response = desk.post(f"{call.get_absolute_url()}bestand/", {"file": file, "version": 1})
    text = response.content.decode()
    assert response.status_code == 422
    for words in ("vraag 1 (a): het opschrift ontbreekt", "onbekende soort", "staat al bij vraag 1"):
        assert words in text, words
    good = {"questions": [{"code": "a", "kind": "free_text", "label_nl": "A"}]}
    file = SimpleUploadedFile("vragen.json", json.dumps(good).encode())
    desk.post(f"{call.get_absolute_url()}bestand/", {"file": file, "version": 1})
    assert list(call.questions.values_list("code", flat=True)) == ["a"]


def test_marks_and_the_update_are_set_on_their_pages(desk: Client) -> None:
    call = usual_call("closed", year=today().year - 1)
    money = EoiOption.objects.get(question__call=call, question__code="needs", code="money")
    base = call.get_absolute_url()
    desk.post(f"{base}merktekens/", {"version": 1, "nzc": [money.pk], "nl": [money.pk, "x"]})
    money.refresh_from_db()
    assert (money.nzc_covers, money.asks_translation) == (True, True)
    stale = desk.post(f"{base}merktekens/", {"version": 1})
    assert stale.status_code == 409
    bad = desk.post(f"{base}bijwerking/", {"year": today().year, "due_on": "2020-01-01"})
    assert list(bad.context["form"].errors) == ["due_on"]
    desk.post(f"{base}bijwerking/", {"year": today().year, "due_on": today().isoformat()})
    assert call.updates.get().takes_answers
