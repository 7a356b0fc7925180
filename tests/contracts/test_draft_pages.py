"""Making a contract through the pages, with what goes wrong on the way: the text stays, the message is clear."""

from datetime import date, timedelta

import pytest
from django.test import Client

from contracts.models import ClimateContract, ContractVersion, FigureNote
from contracts.pages import figures_for
from contracts.selectors.contract import contract_for_page
from nss_portal.core.time import today
from tests.access.cast import Cast, Person, join, make_organisation, make_user
from tests.contracts.make import (
    make_contract,
    make_figure,
    make_party,
    make_published,
    make_series,
    make_source,
    make_standard,
    make_version,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def lead(client: Client) -> Person:
    """A lead of a transition team, logged in."""
    person = Cast().person("team", leads=True)
    client.force_login(person.user)
    return person


def url(version: ContractVersion, rest: str = "") -> str:
    return f"{version.get_absolute_url()}{rest}"


def said(client: Client, address: str) -> str:
    return " ".join(client.get(address).content.decode().split())


def test_from_nothing_to_published(client: Client, lead: Person) -> None:
    standard = make_standard()
    form = {"municipality": lead.own.municipality.pk, "title": "Klimaatcontract", "standard": standard.pk}
    made = client.post("/klimaatcontracten/nieuw/", {**form, "target_year": "2035"})
    version = ContractVersion.objects.get()
    assert made["Location"] == version.get_absolute_url()

    client.post(url(version, "partijen/nieuw/"), {"name": "Warmtebedrijf", "group": "company", "revision": 0})
    party = version.parties.get(name="Warmtebedrijf")
    action = {
        "title": "Warmtenet",
        "sector": "energy",
        "responsible": party.pk,
        "effect_kt": "12,5",
        "revision": 0,
    }
    client.post(url(version, "acties/nieuw/"), {**action, "amount_meur": "1.060,4", "payer": "companies"})
    client.post(url(version, "afspraken/nieuw/"), {"party": party.pk, "title": "Open boeken", "revision": 0})
    page = said(client, url(version))
    for text in ("Warmtebedrijf", "Warmtenet", "12,5", "1.060,4", "Open boeken", "Voor interne toets aanbieden"):
        assert text in page

    client.post(url(version, "stap/submit/"))
    assert "Deze versie vaststellen" in said(client, url(version))
    client.post(url(version, "stap/adopt/"), {"adopted_on": today().isoformat()})
    paper = {"signed_on": today().isoformat(), "reason": "Beide partijen tekenden op papier"}
    client.post(url(version, "stap/sign/"), paper)
    client.post(url(version, "stap/publish/"))
    version.refresh_from_db()
    assert version.state == "published"
    client.logout()
    page = said(client, url(version))
    assert "Warmtenet" in page
    assert version.digest in page
    assert "Wijzigen" not in page


def test_only_municipalities_make_one(client: Client) -> None:
    client.force_login(Cast().person("partner").user)
    response = client.get("/klimaatcontracten/nieuw/")
    assert response.status_code == 403
    assert "Alleen gemeenten maken hier een klimaatcontract" in response.content.decode()
    assert "/klimaatcontracten/nieuw/" not in client.get("/klimaatcontracten/").content.decode()


def test_a_visitor_is_sent_to_the_login(client: Client) -> None:
    contract = make_published(Cast().other)
    version = contract.versions.get()
    for address in ("/klimaatcontracten/nieuw/", url(version, "basis/"), url(version, "stap/publish/")):
        response = client.get(address)
        assert (response.status_code, "inloggen" in response["Location"]) == (302, True)


BAD = {
    "acties/nieuw/": (
        {"title": "Warmtenet", "sector": "energy", "effect_kt": "veel", "payer": "unknown"},
        "Warmtenet",
    ),
    "partijen/nieuw/": ({"name": "Warmtebedrijf", "group": "onzin"}, "Warmtebedrijf"),
    "afspraken/nieuw/": ({"title": "Open boeken", "due_on": "ooit"}, "Open boeken"),
    "basis/": ({"target_year": "1990", "summary": "Kort en goed"}, "Kort en goed"),
}


@pytest.mark.parametrize("page", BAD)
def test_bad_input_is_named_and_the_text_kept(client: Client, lead: Person, page: str) -> None:
    version = make_version(make_contract(lead.own))
    values, typed = BAD[page]
    response = client.post(url(version, page), {**values, "revision": 0})
    text = response.content.decode()
    assert response.status_code == 422
    assert typed in text
    assert 'class="error-summary' in text or "error-summary" in text
    assert (version.actions.count(), version.parties.count(), version.commitments.count()) == (1, 1, 1)


def test_a_name_that_is_taken_is_said_at_the_form(client: Client, lead: Person) -> None:
    version = make_version(make_contract(lead.own))
    name = version.parties.get().name
    response = client.post(
        url(version, "partijen/nieuw/"), {"name": name, "group": "company", "revision": 0, "contact_position": "x"}
    )
    assert response.status_code == 422
    assert version.parties.count() == 1
    assert name in response.content.decode()


def test_a_text_of_a_megabyte_is_refused_and_nothing_saved(client: Client, lead: Person) -> None:
    version = make_version(make_contract(lead.own))
    values = {"target_year": "2030", "summary": "x" * 1_000_000, "revision": 0}
    response = client.post(url(version, "basis/"), values)
    assert response.status_code == 422
    assert "4000" in response.content.decode().replace(".", "")
    version.refresh_from_db()
    assert version.summary == ""


def test_a_form_that_a_colleague_has_overtaken_shows_both_texts(client: Client, lead: Person) -> None:
    version = make_version(make_contract(lead.own))
    action = version.actions.get()
    address = url(version, f"acties/{action.pk}/")
    values = {
        "title": "Van de collega",
        "sector": "mobility",
        "effect_kt": "49",
        "payer": "unknown",
        "revision": 0,
    }
    assert client.post(address, values).status_code == 302

    mine = {**values, "title": "Van mij"}
    response = client.post(address, mine)
    text = response.content.decode()
    assert response.status_code == 409
    assert "Van de collega" in text
    assert "Van mij" in text
    assert version.actions.get().title == "Van de collega"
    assert 'name="revision" value="1"' in text, "saving again goes on top of the colleague's text"
    assert client.post(address, {**mine, "revision": 1}).status_code == 302
    assert version.actions.get().title == "Van mij"


def test_an_adopted_version_has_no_forms(client: Client, lead: Person) -> None:
    version = make_version(make_contract(lead.own), "adopted")
    action, party = version.actions.get(), version.parties.get()
    for page in ("basis/", f"acties/{action.pk}/", f"partijen/{party.pk}/", f"acties/{action.pk}/weghalen/"):
        response = client.get(url(version, page))
        assert response.status_code == 403
        assert "vastgesteld en verandert niet" in response.content.decode()
    values = {"contact_email": "iemand@gemeente.example", "contact_position": "adviseur", "revision": 0}
    assert client.post(url(version, f"partijen/{party.pk}/contact/"), values).status_code == 302
    assert version.parties.get().contact_email == "iemand@gemeente.example"
    assert "iemand@gemeente.example" not in said(client, url(version))


def test_who_may_see_but_not_change_gets_a_403_with_the_reason(client: Client) -> None:
    cast = Cast()
    contract = make_published(cast.other)
    version = contract.versions.get()
    client.force_login(cast.person("team").user)
    for page in ("basis/", "partijen/nieuw/", "stap/sign/", "weggooien/"):
        expected = 404 if page == "stap/sign/" else 403
        assert client.get(url(version, page)).status_code == expected, page
    assert client.post(f"{contract.get_absolute_url()}versies/nieuw/").status_code == 403
    assert client.post(f"{contract.get_absolute_url()}delen/", {"sharing": "network"}).status_code == 403
    assert "Nieuwe versie" not in said(client, contract.get_absolute_url())


def test_a_member_who_is_no_lead_sees_no_button_to_adopt(client: Client) -> None:
    person = Cast().person("team")
    client.force_login(person.user)
    version = make_version(make_contract(person.own), "internal_review")
    assert "Deze versie vaststellen" not in said(client, url(version))
    assert client.post(url(version, "stap/adopt/"), {"adopted_on": today().isoformat()}).status_code == 403


def test_a_day_in_the_future_is_refused_at_the_form(client: Client, lead: Person) -> None:
    version = make_version(make_contract(lead.own), "internal_review")
    response = client.post(url(version, "stap/adopt/"), {"adopted_on": (today() + timedelta(days=1)).isoformat()})
    assert "kan niet in de toekomst liggen" in response.content.decode()
    version.refresh_from_db()
    assert version.state == "internal_review"
    assert client.get(url(version, "stap/supersede/")).status_code == 404


def test_taking_out_asks_first(client: Client, lead: Person) -> None:
    version = make_version(make_contract(lead.own))
    action = version.actions.get()
    address = url(version, f"acties/{action.pk}/weghalen/")
    assert "weghalen?" in said(client, address)
    assert version.actions.exists()
    client.post(address)
    assert not version.actions.exists()
    client.post(url(version, f"partijen/{version.parties.get().pk}/weghalen/"))
    assert version.parties.exists(), "the owner stays"
    client.post(url(version, f"afspraken/{version.commitments.get().pk}/weghalen/"))
    assert not version.commitments.exists()


def test_rows_of_another_version_are_not_found(client: Client, lead: Person) -> None:
    version = make_version(make_contract(lead.own))
    stranger = make_version(make_contract(lead.cast.other))
    assert client.get(url(version, f"acties/{stranger.actions.get().pk}/")).status_code == 404
    assert client.get(url(version, f"partijen/{stranger.parties.get().pk}/")).status_code == 404
    assert client.get(url(version, f"afspraken/{stranger.commitments.get().pk}/")).status_code == 404


def test_a_new_version_and_throwing_it_away(client: Client, lead: Person) -> None:
    version = make_version(make_contract(lead.own), "adopted")
    contract = version.contract
    response = client.post(f"{contract.get_absolute_url()}versies/nieuw/")
    draft = contract.versions.get(number=2)
    assert response["Location"] == draft.get_absolute_url()
    client.post(f"{contract.get_absolute_url()}versies/nieuw/")
    assert contract.versions.count() == 2
    assert "gaan mee" in said(client, url(draft, "weggooien/"))
    client.post(url(draft, "weggooien/"))
    assert list(contract.versions.all()) == [version]


def test_sharing_with_the_network(client: Client, lead: Person) -> None:
    contract = make_version(make_contract(lead.own), "adopted").contract
    assert "Delen met het netwerk" in said(client, contract.get_absolute_url())
    client.post(f"{contract.get_absolute_url()}delen/", {"sharing": "network"})
    assert ClimateContract.objects.get().sharing == "network"
    client.post(f"{contract.get_absolute_url()}delen/", {"sharing": "published"})
    assert ClimateContract.objects.get().sharing == "draft", "publishing is a step of its own"


def test_a_party_adds_its_own_promise(client: Client) -> None:
    cast = Cast()
    version = make_version(make_contract(cast.other))
    partner = cast.person("partner")
    party = make_party(version, partner.own)
    ContractVersion.objects.filter(pk=version.pk).update(state="internal_review")
    client.force_login(partner.user)
    page = said(client, url(version))
    assert "Afspraak toevoegen" in page
    assert "Actie toevoegen" not in page
    form = said(client, url(version, "afspraken/nieuw/"))
    assert f">{cast.other.name}</option>" not in form
    client.post(
        url(version, "afspraken/nieuw/"),
        {"party": party.pk, "title": "Wij leveren warmte", "due_on": "2028-01-01", "revision": 0},
    )
    assert version.commitments.get(party=party).due_on == date(2028, 1, 1)
    assert (
        client.get(url(version, f"afspraken/{version.commitments.exclude(party=party).get().pk}/")).status_code
        == 403
    )


def test_the_team_explains_two_numbers_that_differ(client: Client, lead: Person) -> None:
    source = make_source()
    contract = make_published(lead.own, publication=source)
    make_figure(make_series(source, "tabel 1", contract=contract), 1990, "23200")
    make_figure(make_series(source, "tekst", contract=contract), 1990, "23700")
    loaded = contract_for_page(lead.user).get()
    key = figures_for(loaded, contract.versions.get()).findings[0].key
    address = f"{contract.get_absolute_url()}uitleg/"

    assert client.get(address, {"verschil": "onzin"}).status_code == 404
    form = said(client, f"{address}?verschil={key}")
    assert "23.200 kt" in form
    assert "23.700 kt" in form
    client.post(f"{address}?verschil={key}", {"text": "De tekst is ouder.", "revision": 0})
    note = FigureNote.objects.get()
    page = said(client, contract.get_absolute_url())
    assert "De tekst is ouder." in page
    assert f"Uitleg van {lead.user}" in page

    FigureNote.objects.filter(pk=note.pk).update(text="Van de collega", revision=2)
    late = client.post(f"{address}?verschil={key}", {"text": "Van mij", "revision": 1})
    assert late.status_code == 409
    assert "Van de collega" in late.content.decode()
    assert "Van mij" in late.content.decode()
    client.force_login(lead.cast.person("coordinator").user)
    assert client.get(address, {"verschil": key}).status_code == 403


def test_a_party_of_the_portal_is_chosen_from_its_organisations(client: Client, lead: Person) -> None:
    version = make_version(make_contract(lead.own))
    partner = make_organisation(name="Warmtebedrijf Noord")
    values = {"name": "Warmtebedrijf", "group": "company", "organisation": partner.pk, "revision": 0}
    client.post(url(version, "partijen/nieuw/"), values)
    assert version.parties.get(organisation=partner).name == "Warmtebedrijf"
    leading = version.parties.get(is_leading=True)
    hijack = {"name": "Anders", "group": "company", "organisation": partner.pk, "revision": 0}
    client.post(url(version, f"partijen/{leading.pk}/"), hijack)
    leading.refresh_from_db()
    assert (leading.organisation, leading.group) == (lead.own, "municipality"), "the owner stays the owner"
    colleague = make_user()
    join(colleague, partner)
    client.force_login(colleague)
    assert client.get(url(version)).status_code == 404, "a draft is the city's own until internal review"
