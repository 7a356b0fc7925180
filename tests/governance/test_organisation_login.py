"""Logging in through an organisation's own OpenID Connect, with a real provider on a local port."""

from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialToken
from django.core.cache import cache
from django.core.exceptions import ImproperlyConfigured
from django.test import Client

from governance.models import Membership, User
from governance.models.membership import Function
from governance.services.invitations import invite, withdraw_invitation
from governance.services.people import make_account
from nss_portal.core.models import AuditEvent, OutgoingMail
from nss_portal.core.models.audit import Event
from nss_portal.settings.oidc import providers
from tests.access.cast import Cast, join, make_city
from tests.governance.oidc_provider import PERSON, Provider, running

pytestmark = pytest.mark.django_db
PASSWORD = "een zin die alleen ik ken"
START = "/account/organisatie/stad/inloggen/"
BACK = "/account/organisatie/stad/terug/"
STRONG = "https://refeds.org/profile/mfa"


@pytest.fixture
def provider(settings) -> Iterator[Provider]:
    cache.clear()
    with running() as found:
        settings.NSS_BASE_URL = "http://testserver"
        settings.SOCIALACCOUNT_PROVIDERS = found.settings()
        yield found
    cache.clear()


@pytest.fixture
def member() -> User:
    return make_account(email="jij@stad.example", name="Jij van de Stad", password=PASSWORD)


def leave(client: Client, url: str = START, **data: str) -> str:
    """Press the button; gives the address of the provider to which the page goes on by itself."""
    page = client.post(url, data)
    assert page.status_code == 200, page.status_code
    away = page.context["url"]
    assert f'content="0; url={away.replace("&", "&amp;")}"' in page.content.decode()
    return away


def answer(away: str) -> str:
    """Log in at the provider; gives where it sends the browser back to, as the test client takes it."""
    back = requests.get(away, allow_redirects=False, timeout=5).headers["Location"]
    assert back.startswith(f"http://testserver{BACK}"), back
    return back.removeprefix("http://testserver")


def come_in(client: Client, url: str = START, **data: str):
    return client.get(answer(leave(client, url, **data)))


def is_in(client: Client) -> bool:
    return client.get("/account/").status_code == 200


def shows(page, words: str, status: int = 403) -> bool:
    text = page.content.decode()
    assert page.status_code == status, (page.status_code, page.get("Location"), text[-1500:])
    assert words in text, text[text.index("<main") : text.index("</main")]
    return True


def test_a_member_comes_in_and_is_told_the_first_time(client: Client, provider: Provider, member: User) -> None:
    page = client.get("/account/inloggen/?next=/account/sessies/").content.decode()
    assert f'action="{START}"' in page
    assert "Inloggen via Stad" in page
    away = leave(client, next="/account/sessies/")
    asked = parse_qs(urlsplit(away).query)
    assert asked["code_challenge_method"] == ["S256"]
    assert set(asked["scope"][0].split()) == {"openid", "profile", "email"}
    assert len(asked["nonce"][0]) > 30
    assert len(asked["state"][0]) >= 16
    assert asked["redirect_uri"] == [f"http://testserver{BACK}"]
    assert client.get(answer(away))["Location"] == "/account/sessies/"
    assert is_in(client)
    connection = SocialAccount.objects.get(user=member)
    assert (connection.provider, connection.uid) == ("stad", "1001")
    assert connection.extra_data == {"email": "jij@stad.example", "name": "Jij van de Stad"}, (
        "no more than is shown"
    )
    assert not SocialToken.objects.exists()
    login = AuditEvent.objects.filter(event=Event.LOGIN).latest("pk")
    assert login.changes == {"second_factor": False, "provider": "stad"}
    assert AuditEvent.objects.filter(changes={"security": "account_connected", "provider": "stad"}).count() == 1
    assert (
        OutgoingMail.objects.get(recipient=member.email).subject
        == "Inloggen via Stad is aan je account gekoppeld."
    )
    out = client.post("/account/uitloggen/")
    assert out["Location"] == "/account/organisatie/stad/uitgelogd/"
    assert f"{provider.issuer}/uitloggen?client_id=portaal" in client.get(out["Location"]).content.decode()
    assert come_in(client)["Location"] == "/"
    assert OutgoingMail.objects.count() == 1, "told once"


def test_the_button_is_a_form_and_links_do_nothing(client: Client, provider: Provider) -> None:
    assert client.get(START).status_code == 405
    assert client.post("/account/organisatie/ander/inloggen/").status_code == 404
    assert not provider.asked
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(START).status_code == 403
    page = client.post("/en/account/organisatie/stad/inloggen/")
    assert "form-action 'self'" in page["Content-Security-Policy"]
    assert parse_qs(urlsplit(page.context["url"]).query)["redirect_uri"] == [f"http://testserver{BACK}"]


def test_the_language_comes_back_with_the_person(client: Client, provider: Provider) -> None:
    page = come_in(client, "/en/account/organisatie/stad/inloggen/")
    assert shows(page, "There is no account for you yet")


@pytest.mark.parametrize(
    ("changes", "person", "words"),
    [
        ({"nonce": "van een ander"}, {}, "Het antwoord van Stad klopt niet"),
        ({"nonce": None}, {}, "Het antwoord van Stad klopt niet"),
        ({"iss": "https://ander.example"}, {}, "Het antwoord van Stad klopt niet"),
        ({"aud": "een ander portaal"}, {}, "Het antwoord van Stad klopt niet"),
        ({"azp": "een ander portaal"}, {}, "Het antwoord van Stad klopt niet"),
        ({"exp": 1_700_000_000}, {}, "Het antwoord van Stad klopt niet"),
        ({"sub": None}, {}, "Het antwoord van Stad klopt niet"),
        ({}, {"email_verified": False}, "Je e-mailadres is niet bevestigd"),
        ({}, {"email_verified": "false"}, "Je e-mailadres is niet bevestigd"),
        ({}, {"email_verified": None}, "Je e-mailadres is niet bevestigd"),
        ({}, {"email": None}, "Je e-mailadres is niet bevestigd"),
        ({}, {"email": "jij@ander.example"}, "Dit adres hoort niet bij Stad"),
        ({}, {"email": "jij@stad.example.ander.example"}, "Dit adres hoort niet bij Stad"),
        ({}, {"email": "onbekend@stad.example"}, "Er is nog geen account voor je"),
    ],
)
def test_what_does_not_come_in(
    client: Client, provider: Provider, member: User, changes: dict, person: dict, words: str
) -> None:
    make_account(email="jij@ander.example", name="Iemand anders", password=PASSWORD)
    provider.changes, provider.person = changes, {**PERSON, **person}
    if person.get("email", "") is None:
        provider.userinfo_changes = {"email": None}
    assert shows(come_in(client), words)
    assert not is_in(client)
    assert not SocialAccount.objects.exists()
    assert User.objects.count() == 2, "no account comes by itself"


def test_a_signature_by_another_key_does_not_count(client: Client, provider: Provider, member: User) -> None:
    provider.signs_wrongly = True
    assert shows(come_in(client), "Het antwoord van Stad klopt niet")
    assert not is_in(client)


def test_the_issuer_is_the_one_of_the_settings(client: Client, provider: Provider, member: User) -> None:
    provider.said_issuer = "https://ander.example"
    assert shows(client.post(START), "Het antwoord van Stad klopt niet")
    provider.said_issuer = provider.issuer
    back = answer(leave(client))
    assert shows(client.get(f"{back}&iss=https://ander.example"), "Het antwoord van Stad klopt niet")
    assert not is_in(client)


def test_an_attempt_counts_once_in_the_browser_where_it_began(
    client: Client, provider: Provider, member: User
) -> None:
    back = answer(leave(client))
    elsewhere = Client()
    assert shows(elsewhere.get(back), "Opnieuw starten", 400)
    assert shows(client.get(back.replace("state=", "state=x")), "Opnieuw starten", 400)
    assert client.get(back).status_code == 302
    client.post("/account/uitloggen/")
    assert shows(client.get(back), "Opnieuw starten", 400)


def test_a_stolen_code_is_worth_nothing_without_its_verifier(
    client: Client, provider: Provider, member: User
) -> None:
    thief, owner = Client(), client
    stolen = parse_qs(urlsplit(answer(leave(owner))).query)["code"][0]
    state = parse_qs(urlsplit(leave(thief)).query)["state"][0]
    page = thief.get(BACK, {"code": stolen, "state": state})
    assert shows(page, "Stad antwoordt niet", 502)
    assert not is_in(thief)


def test_who_stops_at_the_provider_is_back_where_it_began(client: Client, provider: Provider) -> None:
    state = parse_qs(urlsplit(leave(client)).query)["state"][0]
    page = client.get(BACK, {"error": "access_denied", "state": state})
    assert shows(page, "Je bent niet ingelogd", 400)


def test_a_provider_that_is_away(client: Client, provider: Provider, member: User) -> None:
    back = answer(leave(client))
    provider.stop()  # type: ignore[attr-defined]
    assert shows(client.get(back), "De login van Stad is nu niet bereikbaar", 502)
    cache.clear()
    assert shows(client.post(START), "De login van Stad is nu niet bereikbaar", 502)
    assert "Inloggen via Stad" in client.get("/account/inloggen/").content.decode(), "other ways stay open"
    assert "Ook uitloggen bij" not in client.get("/account/organisatie/stad/uitgelogd/").content.decode()


def test_a_closed_account_stays_closed(client: Client, provider: Provider, member: User) -> None:
    User.objects.filter(pk=member.pk).update(is_active=False)
    assert come_in(client)["Location"] == "/account/afgesloten/"
    assert not is_in(client)
    assert not SocialAccount.objects.exists()


def test_an_address_that_went_to_somebody_else_opens_nothing(
    client: Client, provider: Provider, member: User
) -> None:
    come_in(client)
    client.post("/account/uitloggen/")
    provider.person["sub"] = "2002"
    assert shows(come_in(client), "hoort een andere login van Stad")
    assert not is_in(client)


def test_staff_of_the_admin_connects_first(client: Client, provider: Provider, member: User) -> None:
    User.objects.filter(pk=member.pk).update(is_staff=True)
    assert shows(come_in(client), "Koppel eerst je account")


def test_email_and_name_may_come_by_the_user_info(client: Client, provider: Provider, member: User) -> None:
    provider.tells_by_userinfo = True
    assert come_in(client).status_code == 302
    other = Client()
    provider.userinfo_changes = {"sub": "9999"}
    assert shows(come_in(other), "Het antwoord van Stad klopt niet")


def test_a_provider_that_says_nothing_of_addresses_is_believed_where_the_settings_say_so(
    client: Client, provider: Provider, member: User, settings
) -> None:
    settings.SOCIALACCOUNT_PROVIDERS = provider.settings(trusts_email=True)
    provider.person["email_verified"] = None
    assert come_in(client).status_code == 302
    other = Client()
    provider.person.update(email_verified=False, sub="2002", email="nieuw@stad.example")
    assert shows(come_in(other), "Je e-mailadres is niet bevestigd")


def test_too_low_an_acr_is_refused_and_the_demanded_one_is_the_second_factor(
    client: Client, provider: Provider, member: User, settings
) -> None:
    settings.NSS_SECOND_FACTOR = True
    settings.SOCIALACCOUNT_PROVIDERS = provider.settings(acr_values=[STRONG])
    join(member, make_city(), Function.SIGNATORY)
    for acr in ("https://refeds.org/profile/sfa", None):
        provider.changes = {"acr": acr}
        assert shows(come_in(client), "Log bij Stad in met een tweede stap")
        assert not is_in(client)
    provider.changes = {"acr": STRONG}
    away = leave(client)
    assert parse_qs(urlsplit(away).query)["acr_values"] == [STRONG]
    client.get(answer(away))
    assert is_in(client), "nothing has to be set up"
    assert AuditEvent.objects.filter(event=Event.LOGIN).latest("pk").changes["second_factor"] is True
    TOTP.activate(member, generate_totp_secret())
    again = Client()
    assert come_in(again)["Location"] == "/", "the code is not asked for as well"


def test_without_a_demanded_acr_the_portal_asks_for_its_own_second_step(
    client: Client, provider: Provider, member: User, settings
) -> None:
    settings.NSS_SECOND_FACTOR = True
    join(member, make_city(), Function.SIGNATORY)
    provider.changes = {"acr": STRONG}
    come_in(client)
    assert client.get("/account/")["Location"] == "/account/tweede-stap/instellen/"
    TOTP.activate(member, generate_totp_secret())
    again = Client()
    assert come_in(again)["Location"] == "/account/tweede-stap/code/"
    assert not is_in(again)


def test_somebody_who_was_invited_accepts_with_the_login_of_work(
    client: Client, provider: Provider, django_capture_on_commit_callbacks
) -> None:
    cast = Cast()
    lead = cast.person("team", leads=True)
    coordinator = cast.person("coordinator").user
    invite(actor=lead.user, email="Jij@stad.example", organisation=lead.own, function=Function.TEAM)
    invite(actor=coordinator, email="jij@stad.example", organisation=cast.other)
    gone = come_in(client)
    assert gone["Location"] == "/account/organisatie/uitnodiging/"
    page = client.get(gone["Location"])
    assert shows(page, "jij@stad.example van jou is", 200)
    assert page.context["form"].initial["name"] == "Jij van de Stad"
    assert not User.objects.filter(email="jij@stad.example").exists(), "looking makes nothing"
    assert client.post(gone["Location"], {"name": ""}).status_code == 422
    assert client.post(gone["Location"], {"name": "Jij"})["Location"] == "/"
    user = User.objects.get(email="jij@stad.example")
    assert (user.name, user.has_usable_password()) == ("Jij", False)
    assert Membership.objects.filter(user=user).count() == 2
    assert is_in(client)
    assert (
        AuditEvent.objects.filter(event=Event.LOGIN, actor_id=user.pk).latest("pk").changes["provider"] == "stad"
    )
    other = Client()
    assert other.get(gone["Location"]).status_code == 410
    assert come_in(other)["Location"] == "/"


def test_an_invitation_that_went_meanwhile_gives_nothing(client: Client, provider: Provider) -> None:
    lead = Cast().person("team", leads=True)
    found = invite(actor=lead.user, email="jij@stad.example", organisation=lead.own)
    url = come_in(client)["Location"]
    withdraw_invitation(actor=lead.user, invitation=found)
    assert client.post(url, {"name": "Jij"}).status_code == 410
    assert not User.objects.filter(email="jij@stad.example").exists()


def test_a_password_is_proved_before_one_connects_and_the_last_way_in_stays(
    client: Client, provider: Provider
) -> None:
    user = make_account(email="iemand@anders.example", name="Iemand", password=PASSWORD)
    client.force_login(user)
    User.objects.filter(pk=user.pk).update(last_login="2026-01-01T00:00Z")
    assert "Stad koppelen" in client.get("/account/organisatie/").content.decode()
    first = client.post(START)
    assert first["Location"].startswith("/account/bevestigen/")
    resumed = client.post(first["Location"], {"password": PASSWORD})
    assert client.get(answer(resumed.context["url"]))["Location"] == "/account/organisatie/"
    connection = SocialAccount.objects.get(user=user)
    page = client.get("/account/organisatie/").content.decode()
    assert "Vanaf nu kun je via je organisatie inloggen" in page
    assert "jij@stad.example" in page
    other = Client()
    assert come_in(other)["Location"] == "/", "by its subject, whatever its address"
    user.set_unusable_password()
    user.save()
    client.force_login(user)
    assert (
        "Kies eerst een wachtwoord"
        in client.post("/account/organisatie/", {"account": connection.pk}).content.decode()
    )
    assert SocialAccount.objects.exists()
    user.set_password(PASSWORD)
    user.save()
    client.force_login(user)
    client.post("/account/organisatie/", {"account": connection.pk})
    assert not SocialAccount.objects.exists()
    assert AuditEvent.objects.filter(changes={"security": "account_disconnected", "provider": "stad"}).exists()


def test_a_login_that_belongs_to_somebody_else_is_not_taken_over(
    client: Client, provider: Provider, member: User
) -> None:
    come_in(Client())
    other = make_account(email="iemand@anders.example", name="Iemand", password=PASSWORD)
    client.post("/account/inloggen/", {"login": other.email, "password": PASSWORD})
    client.get(answer(leave(client)))
    assert "hoort al bij een ander account" in client.get("/account/organisatie/").content.decode()
    assert SocialAccount.objects.get().user == member


def test_providers_come_from_the_settings_only(client: Client, settings) -> None:
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": []}}
    SocialApp.objects.create(provider="openid_connect", provider_id="boef", name="Boef", client_id="x")
    assert client.post("/account/organisatie/boef/inloggen/").status_code == 404
    assert "Via je organisatie" not in client.get("/account/inloggen/").content.decode()


def test_the_environment_names_providers(monkeypatch) -> None:
    values = {
        "OIDC_PROVIDERS": "den-haag,rvo",
        "OIDC_DEN_HAAG_ISSUER": "https://login.denhaag.example/",
        "OIDC_DEN_HAAG_CLIENT_ID": "nss",
        "OIDC_DEN_HAAG_CLIENT_SECRET": "geheim",
        "OIDC_DEN_HAAG_LABEL": "Den Haag",
        "OIDC_DEN_HAAG_DOMAINS": "denhaag.example, @Haag.example",
        "OIDC_DEN_HAAG_ACR_VALUES": f"{STRONG},phrh",
        "OIDC_RVO_ISSUER": "https://rvo.example",
        "OIDC_RVO_CLIENT_ID": "nss",
        "OIDC_RVO_CLIENT_SECRET": "geheim",
    }
    for name, value in values.items():
        monkeypatch.setenv(name, value)
    first, second = providers()
    assert (first["provider_id"], first["name"], second["name"]) == ("den-haag", "Den Haag", "Rvo")
    assert first["settings"]["server_url"] == "https://login.denhaag.example/.well-known/openid-configuration"
    assert first["settings"]["issuer"] == "https://login.denhaag.example/", "an issuer counts to the letter"
    assert first["settings"]["domains"] == ["denhaag.example", "haag.example"]
    assert first["settings"]["acr_values"] == [STRONG, "phrh"]
    assert second["settings"]["domains"] == []
    for name, value, words in (
        ("OIDC_RVO_ISSUER", "http://rvo.example", "https"),
        ("OIDC_RVO_CLIENT_SECRET", "", "OIDC_RVO_CLIENT_SECRET"),
        ("OIDC_PROVIDERS", "Den Haag", "Den Haag"),
        ("OIDC_PROVIDERS", "rvo,rvo", "twice"),
    ):
        with monkeypatch.context() as changed:
            changed.setenv(name, value)
            with pytest.raises(ImproperlyConfigured, match=words):
                providers()
