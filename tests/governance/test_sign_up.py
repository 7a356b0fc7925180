"""An organisation arrives: the form, the confirmed address, the decision by its domain, and what is forgotten."""

import re
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from governance.models import Invitation, Organisation, OrganisationDomain, SignUp, SignUpState
from governance.models.organisation import Group
from governance.services import Refused
from governance.services import sign_up as services
from governance.services.sign_up_domains import Match, add_domain, end_domain, fit, is_free
from nss_portal.core.access import NotAllowed
from nss_portal.core.models import AuditEvent, OutgoingMail
from nss_portal.core.workflow import TransitionRefused
from tests.access.cast import PLACES, Cast, join, make_city, make_organisation, make_user

pytestmark = pytest.mark.django_db
FORM = "/sturing/organisaties/meedoen/"
QUEUE = "/sturing/organisaties/aanvragen/"
NEW = {
    "organisation": "new",
    "new_name": "Warmte Coöperatie",
    "new_group": "company",
    "new_website": "www.warmte.example",
    "name": "Een medewerker",
    "position": "Adviseur",
    "email": "Iemand@warmte.example",
    "motivation": "Wij leggen warmtenetten aan.",
    "fax": "",
}


@pytest.fixture(autouse=True)
def _empty_cache() -> None:
    cache.clear()


@pytest.fixture
def cast() -> Cast:
    return Cast()


def link_in(mail: OutgoingMail) -> str:
    return re.search(r"http\S+?(/sturing/organisaties/meedoen/link/\S+)", mail.text)[1]


def received(client: Client, **fields: str) -> SignUp:
    assert client.post(FORM, {**NEW, **fields}).status_code == 302
    return SignUp.objects.latest("pk")


def verified(client: Client, **fields: str) -> SignUp:
    request = received(client, **fields)
    return services.verify_address(actor=services.asker(request), request=request)


def test_nothing_reaches_a_coordinator_before_the_address_is_confirmed(client: Client, cast: Cast) -> None:
    coordinator = Client()
    coordinator.force_login(cast.person("coordinator").user)
    request = received(client)
    assert (request.email, request.state) == ("iemand@warmte.example", SignUpState.RECEIVED)
    assert "iemand@warmte.example" in client.get(f"{FORM}verstuurd/").content.decode().lower()
    assert "aanvraag voor een account" not in coordinator.get("/").content.decode()
    assert coordinator.get(f"{QUEUE}{request.public_id}/").status_code == 404
    [mail] = OutgoingMail.objects.all()
    url = link_in(mail)
    for _time in range(2):
        assert "Ja, adres bevestigen" in client.get(url).content.decode()
    request.refresh_from_db()
    assert request.verified_at is None, "mail programs open links by themselves"
    client.post(url)
    assert "Beslis over een aanvraag" in coordinator.get("/").content.decode()
    assert "Warmte Coöperatie" in coordinator.get(QUEUE).content.decode()


def test_one_click_makes_the_organisation_keeps_its_domain_and_invites_a_lead(client: Client, cast: Cast) -> None:
    request = verified(client)
    coordinator = Client()
    coordinator.force_login(cast.person("coordinator").user)
    address = f"{QUEUE}{request.public_id}/"
    page = coordinator.get(address).content.decode()
    assert "het domein van de website" in page
    assert coordinator.post(address, {"step": "confirm", "reason": ""}).status_code == 302
    made = Organisation.objects.get(name="Warmte Coöperatie")
    assert (made.group, [d.domain for d in made.domains.all()]) == (Group.COMPANY, ["warmte.example"])
    invitation = Invitation.objects.get()
    assert (invitation.email, invitation.is_lead, invitation.position) == (request.email, True, "Adviseur")
    assert OutgoingMail.objects.filter(subject__contains="Uitnodiging").exists()
    again = coordinator.post(address, {"step": "decline", "reason": "Toch niet"})
    assert again.status_code == 409
    assert "Toch niet" in again.content.decode(), "nothing typed is lost"


def test_where_somebody_leads_that_lead_decides_and_the_newcomer_does_not_lead(client: Client, cast: Cast) -> None:
    lead = cast.person("partner", leads=True)
    add_domain(actor=lead.user, organisation=lead.own, domain="bedrijf.example")
    request = verified(client, organisation=lead.own.public_id, new_name="", email="a@klimaat.bedrijf.example")
    assert services.fit_of(request).match == Match.KNOWN
    other = Client()
    other.force_login(cast.person("coordinator").user)
    assert "aanvraag voor een account" not in other.get("/").content.decode()
    client.force_login(lead.user)
    assert "Beslis over een aanvraag" in client.get("/").content.decode()
    services.confirm_sign_up(actor=lead.user, request=request)
    assert not Invitation.objects.get().is_lead


def test_another_domain_stands_out_and_is_kept_only_when_asked(client: Client, cast: Cast) -> None:
    coordinator = cast.person("coordinator").user
    known = make_organisation(Group.KNOWLEDGE)
    add_domain(actor=coordinator, organisation=known, domain="instituut.example")
    chosen = {"organisation": known.public_id, "new_name": ""}
    for email, step in (("a@elders.example", {}), ("b@campus.example", {"keep_domain": "on"})):
        request = verified(client, email=email, **chosen)
        mine = Client()
        mine.force_login(coordinator)
        assert "instituut.example" in mine.get(f"{QUEUE}{request.public_id}/").content.decode()
        mine.post(f"{QUEUE}{request.public_id}/", {"step": "confirm", "reason": "", **step})
    assert set(known.domains.values_list("domain", flat=True)) == {"instituut.example", "campus.example"}


def test_declining_asks_a_reason_that_is_mailed(client: Client, cast: Cast) -> None:
    request = verified(client)
    coordinator = cast.person("coordinator").user
    with pytest.raises(TransitionRefused, match="reden"):
        services.decline_sign_up(actor=coordinator, request=request, reason=" ")
    services.decline_sign_up(actor=coordinator, request=request, reason="Meld je bij het loket")
    assert "Meld je bij het loket" in OutgoingMail.objects.latest("pk").text
    assert not Organisation.objects.filter(name="Warmte Coöperatie").exists()


@pytest.mark.parametrize("role", [role for role in PLACES if role != "coordinator"])
def test_others_do_not_decide(client: Client, cast: Cast, role: str) -> None:
    request = verified(client)
    person = cast.person(role, leads=True).user
    with pytest.raises(NotAllowed):
        services.confirm_sign_up(actor=person, request=request)
    client.force_login(person)
    assert client.get(f"{QUEUE}{request.public_id}/").status_code == 404


def test_the_page_tells_nobody_who_has_an_account(client: Client, cast: Cast) -> None:
    known = make_user("bekend@warmte.example", name="Bekend")
    first = client.post(FORM, {**NEW, "email": known.email}, follow=True)
    second = Client().post(FORM, NEW, follow=True)
    assert first.redirect_chain == second.redirect_chain
    strip = re.compile(r"\w+@warmte.example|nonce-\S+|csrf\S+|value=\"\S+\"", re.IGNORECASE)
    assert strip.sub("", first.content.decode()) == strip.sub("", second.content.decode())
    assert [request.email for request in SignUp.objects.all()] == ["iemand@warmte.example"]
    assert "hebt er al een" in OutgoingMail.objects.get(recipient=known.email).text


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"email": "iemand@gmail.com"}, "Iedereen kan een adres bij gmail.com hebben"),
        ({"email": "geen adres"}, "e-mailadres"),
        ({"new_name": ""}, "Vul de naam van de organisatie in"),
        ({"new_group": ""}, "wat voor organisatie"),
        ({"fax": "123"}, "leeg"),
    ],
)
def test_bad_input_gets_a_clear_word_and_loses_nothing(
    client: Client, cast: Cast, fields: dict[str, str], words: str
) -> None:
    answer = client.post(FORM, {**NEW, **fields})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert words in page
    assert NEW["motivation"] in page
    assert not SignUp.objects.exists()
    assert not OutgoingMail.objects.exists()


def test_a_name_that_is_known_is_that_organisation_and_municipalities_ask_elsewhere(
    client: Client, cast: Cast
) -> None:
    known = make_organisation(Group.COMPANY, name="Bekend bedrijf")
    city = make_city(name="Gemeente Ergens")
    page = client.get(FORM).content.decode()
    assert "Bekend bedrijf" in page
    assert "Gemeente Ergens" not in page
    assert received(client, new_name="bekend BEDRIJF").organisation == known
    assert client.post(FORM, {**NEW, "organisation": city.public_id}).status_code == 422


def test_who_asks_often_waits(client: Client, cast: Cast) -> None:
    assert received(client).pk == received(client).pk, "twice is one request"
    assert OutgoingMail.objects.count() == 1
    for number in range(2):
        received(client, new_name=f"Bedrijf {number}")
    answer = client.post(FORM, {**NEW, "new_name": "Nog een"})
    assert "vandaag vaak" in answer.content.decode()
    for number in range(20):
        answer = client.post(FORM, {**NEW, "email": f"a{number}@warmte.example"})
    assert answer.status_code == 429


def test_the_link_is_the_right_and_the_asker_takes_it_back(client: Client, cast: Cast) -> None:
    request = received(client)
    other = SignUp.objects.create(new_name="Ander", new_group="company", name="x", email="x@ander.example")
    with pytest.raises(NotAllowed):
        services.verify_address(actor=services.asker(other), request=request)
    with pytest.raises(TransitionRefused):
        services.confirm_sign_up(actor=cast.person("coordinator").user, request=request)
    assert client.get(f"{FORM}link/verzonnen/").status_code == 404
    client.post(link_in(OutgoingMail.objects.get()), {"withdraw": "yes"})
    request.refresh_from_db()
    assert request.state == SignUpState.WITHDRAWN


def test_what_came_to_nothing_is_forgotten_after_some_weeks(client: Client, cast: Cast) -> None:
    coordinator = cast.person("coordinator").user
    received(client, email="stil@warmte.example")
    declined = verified(client, email="nee@warmte.example")
    services.decline_sign_up(actor=coordinator, request=declined, reason="Nee")
    verified(client, email="wacht@warmte.example")
    now = timezone.now()
    assert services.forget_old_sign_ups(now=now + timedelta(days=13)) == 0
    assert services.forget_old_sign_ups(now=now + timedelta(days=15)) == 1
    assert services.forget_old_sign_ups(now=now + timedelta(weeks=7)) == 1
    assert [request.email for request in SignUp.objects.all()] == ["wacht@warmte.example"]
    labels = set(AuditEvent.objects.filter(object_type="governance.signup").values_list("object_label", flat=True))
    assert labels == {"Warmte Coöperatie"}, "the log keeps no name of who came to nothing"


def test_domains_are_dated_and_say_something() -> None:
    cast = Cast()
    lead = cast.person("partner", leads=True)
    assert is_free("iemand@HOTMAIL.nl")
    assert not is_free("iemand@mijngmail.com")
    with pytest.raises(Refused, match="zegt niets"):
        add_domain(actor=lead.user, organisation=lead.own, domain="gmail.com")
    with pytest.raises(NotAllowed):
        add_domain(actor=lead.user, organisation=cast.other, domain="elders.example")
    made = add_domain(actor=lead.user, organisation=lead.own, domain="Bedrijf.example")
    assert made.domain == "bedrijf.example"
    assert add_domain(actor=lead.user, organisation=lead.own, domain="bedrijf.example") is None
    end_domain(actor=lead.user, domain=made)
    assert OrganisationDomain.objects.get().valid_to is not None
    for known, website, match in (
        (("a.nl",), "", Match.KNOWN),
        (("b.nl",), "https://www.a.nl", Match.WEBSITE),
        ((), "https://www.rijksoverheid.nl/x", Match.UNKNOWN),
        (("b.nl",), "", Match.OTHER),
        (("xa.nl", "nl"[:1]), "", Match.OTHER),
    ):
        assert fit(address="x@sub.a.nl", known=known, website=website).match == match


@pytest.mark.parametrize("number", [1, 3])
def test_the_list_takes_the_same_queries(
    client: Client, cast: Cast, number: int, django_assert_num_queries
) -> None:
    for each in range(number):
        verified(client, email=f"{each}@warmte.example", new_name=f"Bedrijf {each}")
        somebody = join(make_user(), make_organisation())
        verified(
            client, email=f"k{each}@warmte.example", organisation=somebody.organisation.public_id, new_name=""
        )
    client.force_login(cast.person("coordinator").user)
    client.get(QUEUE)
    with django_assert_num_queries(6):
        assert client.get(QUEUE).content.decode().count("@warmte.example") == 2 * number


def test_a_lead_keeps_the_domains_of_the_organisation(client: Client, cast: Cast) -> None:
    lead = cast.person("partner", leads=True)
    address = f"/sturing/organisaties/{lead.own.public_id}/domeinen/"
    client.force_login(lead.user)
    for typed, words in (("gmail.com", "zegt niets"), ("geen domein", "Dit is geen domein")):
        answer = client.post(address, {"domain": typed})
        assert answer.status_code == 422
        assert words in answer.content.decode()
        assert typed in answer.content.decode(), "nothing typed is lost"
    client.post(address, {"domain": "Iemand@Bedrijf.example"})
    [kept] = OrganisationDomain.objects.all()
    assert "bedrijf.example" in client.get(address).content.decode()
    client.post(f"{address}{kept.pk}/weg/")
    kept.refresh_from_db()
    assert kept.valid_to is not None
    client.force_login(cast.person("team", leads=True).user)
    assert client.get(address).status_code == 404
