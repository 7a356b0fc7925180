"""A first draft out of the approach, through the pages: known things filled in, wrong input said, made once."""

from decimal import Decimal

import pytest
from django.test import Client

from contracts.models import ContractVersion, MeasureUse, StandardStart, StandardUse, StandardVersion
from contracts.services.standard.starting import begin, keep
from governance.models.organisation import Group
from nss_portal.core.access import NotAllowed
from tests.access.cast import Cast, Person, make_organisation
from tests.contracts.make import make_figure, make_series, make_source
from tests.contracts.make_standard import make_measure, make_standard_version

pytestmark = pytest.mark.django_db
BASIS = {
    "title": "Klimaatcontract",
    "target_year": "2040",
    "base_year": "2022",
    "kt_mobility": "40",
    "kt_built": "",
}


@pytest.fixture
def member(client: Client) -> Person:
    person = Cast().person("member")
    person.own.municipality.population = 30_000
    person.own.municipality.save()
    client.force_login(person.user)
    return person


def started(member: Person) -> StandardStart:
    make_standard_version()
    return begin(actor=member.user, municipality=member.own.municipality)


def page(start: StandardStart, screen: str) -> str:
    return f"/aanpak/beginnen/{start.public_id}/{screen}/"


def test_from_nothing_to_a_draft(client: Client, member: Person) -> None:
    series = make_series(make_source(label="Klimaatmonitor"), municipality=member.own.municipality)
    make_figure(series, 2022, "40", sector="mobility")
    make_figure(series, 2022, "60", sector="total")
    version = make_standard_version("draft")
    make_measure(version, "groot", title_nl="Voor grote steden", people_from=100_000)
    StandardVersion.objects.update(state="published")
    company = make_organisation(Group.COMPANY, name="Netbeheerder Noord")
    went = client.post("/aanpak/beginnen/", {"gemeente": member.own.municipality.code})
    start = StandardStart.objects.get()
    assert went["Location"] == page(start, "basis")
    first = client.get(page(start, "basis")).content.decode()
    assert "Klimaatmonitor" in first
    assert 'value="40"' in first

    client.post(page(start, "basis"), {**BASIS, "version": "0"})
    second = client.get(page(start, "maatregelen")).content.decode()
    assert second.count(" checked") == 1  # the one that fits the size
    client.post(page(start, "maatregelen"), {"codes": ["zone"], "version": "1"})
    assert "De bibliotheek zegt: 4 kt, 8 miljoen euro." in client.get(page(start, "acties")).content.decode()
    client.post(
        page(start, "acties"), {"kt_zone": "5,5", "meur_zone": "", "sure_zone": "expected", "version": "2"}
    )
    parties = {
        "organisations": [company.public_id],
        "name_1": "Buurtcoöperatie",
        "group_1": "civil",
        "version": "3",
    }
    client.post(page(start, "partijen"), parties)
    texts = client.get(page(start, "teksten")).content.decode()
    assert f"De gemeente {member.own.municipality} wil in 2040 klimaatneutraal zijn." in texts
    client.post(page(start, "teksten"), {"text_opgave": "Eigen tekst", "text_geld": "", "version": "4"})
    assert "Buurtcoöperatie" in client.get(page(start, "nakijken")).content.decode()
    made = client.post(page(start, "nakijken"))
    again = client.post(page(start, "nakijken"))
    draft = ContractVersion.objects.get()
    assert made["Location"] == draft.get_absolute_url()
    assert again["Location"] == draft.contract.get_absolute_url()
    action = draft.actions.get()
    assert (action.effect_kt, action.certainty, action.responsible.name) == (
        Decimal("5.5"),
        "expected",
        company.name,
    )
    assert not action.investments.exists()
    assert [text.text for text in draft.texts.all()] == ["Eigen tekst"]
    assert [promise.title for promise in draft.commitments.all()] == ["Maakt een eigen plan"]
    assert (draft.base_year, draft.target_year, draft.contract.standard.code) == (2022, 2040, "nl-1")
    assert StandardUse.objects.get().follows == version
    assert MeasureUse.objects.get().measure_code == "zone"
    assert "Eigen tekst" in client.get(draft.get_absolute_url()).content.decode()


@pytest.mark.parametrize(
    ("screen", "sent", "said", "kept"),
    [
        ("basis", {**BASIS, "target_year": "2029"}, "2030", "Klimaatcontract"),
        ("basis", {**BASIS, "kt_mobility": "veel"}, "Vul een getal in", "veel"),
        ("maatregelen", {"codes": []}, "Kies minstens één maatregel", "Nul-emissiezone"),
        ("acties", {"kt_zone": "-1", "sure_zone": "expected"}, "Nul-emissiezone: Daling in het doeljaar", "-1"),
        ("partijen", {"name_1": "Buurtcoöperatie"}, "Kies wat voor partij", "Buurtcoöperatie"),
    ],
)
def test_wrong_input_is_said_and_kept(
    client: Client, member: Person, screen: str, sent: dict[str, str], said: str, kept: str
) -> None:
    start = started(member)
    answer = client.post(page(start, screen), {**sent, "version": "0"})
    text = answer.content.decode()
    assert answer.status_code == 422
    assert said in text
    assert kept in text


def test_saved_by_itself_and_beside_a_colleague(client: Client, member: Person) -> None:
    start = started(member)
    saved = client.post(f"{page(start, 'basis')}bewaren/", {**BASIS, "target_year": "1", "version": "0"}).json()
    assert (saved["version"], "Doeljaar" in saved["saved_at"]) == (1, True)
    keep(actor=member.user, start=start, screen="basis", values={"title": "Van een collega"}, revision=1)
    answer = client.post(page(start, "basis"), {**BASIS, "title": "Van mij", "version": "1"})
    assert answer.status_code == 409
    assert "Van mij" in answer.content.decode()
    assert client.post(page(start, "basis"), {**BASIS, "title": "Van mij", "version": "2"}).status_code == 302


def test_of_another_municipality_it_does_not_exist(client: Client, member: Person) -> None:
    start = started(member)
    other = member.cast.person("member")
    with pytest.raises(NotAllowed):
        begin(actor=other.user, municipality=member.own.municipality)
    client.force_login(other.user)
    assert client.get(page(start, "basis")).status_code == 404
    assert client.post(f"{page(start, 'basis')}bewaren/", BASIS).status_code == 404
    client.force_login(member.cast.person("publisher").user)
    assert client.get("/aanpak/beginnen/").status_code == 403


def test_without_a_version_or_figures(client: Client, member: Person) -> None:
    assert "Er is nog geen versie" in client.get("/aanpak/beginnen/").content.decode()
    start = started(member)
    client.post(page(start, "maatregelen"), {"codes": ["zone"], "version": "0"})
    assert client.post(page(start, "nakijken")).status_code == 302
    assert ContractVersion.objects.get().actions.get().effect_kt is None


def test_without_figures_the_library_says_that_one_is_missing(client: Client, member: Person) -> None:
    start = started(member)
    client.post(page(start, "basis"), {**BASIS, "kt_mobility": "", "version": "0"})
    client.post(page(start, "maatregelen"), {"codes": ["zone"], "version": "1"})
    html = client.get(page(start, "acties")).content.decode()
    assert "er ontbreekt een cijfer" in html
    assert "– kt, –" not in html
