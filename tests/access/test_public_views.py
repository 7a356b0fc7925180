"""Login is required by default: the list of public views is pinned, and every address is tried as a visitor."""

from collections.abc import Iterator
from itertools import product

import pytest
from django.conf import settings
from django.contrib.admin import site
from django.test import Client
from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, resolve, reverse

from nss_portal.core.access.middleware import PUBLIC_NAMESPACES, PUBLIC_VIEWS, is_public
from nss_portal.core.admin_site import ReadOnlyAdmin
from tests.access.cast import make_user

# What is tried in the place of a parameter, until the address fits its pattern; none of it exists.
SAMPLES = ("bbbbbb", "999999", "geen", "GM9999", "2099", "opnieuw", "governance")
# Views that a visitor may open. Whoever adds a line means it.
PUBLIC = {
    "accessibility",
    "account_inactive",
    "account_login",
    "account_logout",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key",
    "account_reset_password_from_key_done",
    "activities:activity",
    "activities:activity_short",
    "activities:agenda",
    "activities:period",
    "activities:period_version",
    "activities:periods",
    "activities:desk",
    "activities:desk_ask",
    "activities:desk_asked",
    "activities:desk_directory",
    "activities:desk_directory_csv",
    "activities:desk_calls",
    "activities:desk_entry",
    "activities:desk_link",
    "activities:desk_link_step",
    "activities:desk_question",
    "activities:desk_questions",
    "activities:desk_suggest",
    "activities:desk_times",
    "activities:lesson",
    "activities:lesson_versions",
    "activities:lessons",
    "activities:pilot",
    "activities:pilots",
    "activities:pilots_for",
    "activities:programme",
    "activities:programme_covenant",
    "activities:programme_short",
    "activities:publication",
    "activities:lessons_csv",
    "activities:news",
    "activities:news_item",
    "activities:product",
    "activities:products",
    "activities:year",
    "activities:year_now",
    "activities:programmes",
    "cities:bottleneck",
    "cities:bottleneck_themes",
    "cities:bottleneck_themes_download",
    "cities:bottlenecks",
    "cities:bottlenecks_csv",
    "cities:bottlenecks_xlsx",
    "cities:compare",
    "cities:compare_csv",
    "cities:eoi",
    "cities:eoi_analysis",
    "cities:eoi_analysis_file",
    "cities:eoi_call",
    "cities:eoi_option",
    "cities:eoi_words",
    "cities:municipalities",
    "cities:municipalities_csv",
    "cities:municipality",
    "cities:proposition",
    "cities:propositions",
    "cities:request_link",
    "cities:request_received",
    "cities:roadmap",
    "cities:roadmap_city",
    "cities:roadmap_similar",
    "cities:roadmap_similar_mine",
    "cities:roadmap_step",
    "cities:signal",
    "cities:signal_times",
    "cities:signals",
    "cities:signals_csv",
    "cities:signals_xlsx",
    "cities:take_part",
    "cities:take_part_for",
    "components",
    "components_confirm",
    "contracts:country",
    "contracts:detail",
    "contracts:emissions",
    "contracts:emissions_compare",
    "contracts:emissions_compare_csv",
    "contracts:emissions_csv",
    "contracts:emissions_xlsx",
    "contracts:indicator",
    "contracts:indicators",
    "contracts:indicators_csv",
    "contracts:list",
    "contracts:measure",
    "contracts:measures",
    "contracts:measures_xlsx",
    "contracts:list_csv",
    "contracts:pathway",
    "contracts:pathway_case",
    "contracts:reflection",
    "contracts:review",
    "contracts:scenario",
    "contracts:scenarios",
    "contracts:standard",
    "contracts:standard_changes",
    "contracts:standard_json",
    "contracts:standard_version",
    "contracts:standard_versions",
    "contracts:standard_xlsx",
    "contracts:content",
    "contracts:section",
    "contracts:table",
    "contracts:table_xlsx",
    "contracts:version_json",
    "contracts:version_xlsx",
    "contracts:demand",
    "contracts:demand_item",
    "contracts:version",
    "contracts:version_comparison",
    "contracts:version_comparison_start",
    "contracts:version_data",
    "demo_mailbox",
    "demo_message",
    "governance:assessment",
    "governance:assessment_link",
    "governance:assessment_link_autosave",
    "governance:assessment_link_receipt",
    "governance:assessments",
    "governance:bodies",
    "governance:body",
    "governance:contribution",
    "governance:contributions",
    "governance:contributions_csv",
    "governance:contributions_xlsx",
    "governance:decision",
    "governance:decisions",
    "governance:decisions_csv",
    "governance:ecosystem",
    "governance:evaluation",
    "governance:index",
    "governance:meeting",
    "governance:organisation",
    "governance:organisation_short",
    "governance:organisations",
    "governance:alignment",
    "governance:choices",
    "governance:countries",
    "governance:ministries",
    "governance:position",
    "governance:sign_up",
    "governance:sign_up_link",
    "governance:sign_up_received",
    "governance:variant_proposal",
    "governance:variants",
    "healthz",
    "home",
    "invitation",
    "kind_feed",
    "mfa_authenticate",
    "mfa_login_webauthn",
    "openid_connect_callback",
    "openid_connect_login",
    "organisation_logged_out",
    "organisation_newcomer",
    "personal_feed",
    "privacy",
    "privacy_copy_link",
    "privacy_terms",
    "public_feed",
    "reports:check",
    "reports:detail",
    "reports:file",
    "reports:list",
    "stored_file",
}


def addresses() -> Iterator[tuple[str, str]]:
    """Give (view name, address) of every pattern in the portal, in Dutch."""
    yield from _below(get_resolver(), ())


def _below(resolver: URLResolver, namespaces: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            yield from _below(pattern, (*namespaces, pattern.namespace) if pattern.namespace else namespaces)
        elif pattern.name:
            yield ":".join([*namespaces, pattern.name]), _address(pattern, namespaces)


def _address(pattern: URLPattern, namespaces: tuple[str, ...]) -> str:
    """Give an address that fits a pattern, whatever its parameters are called."""
    name = ":".join([*namespaces, pattern.name])
    for count in range(5):  # some parameters stand in the include around the pattern
        for values in product(SAMPLES, repeat=count):
            try:
                return reverse(name, args=values)
            except NoReverseMatch:
                continue
    raise AssertionError(f"no sample fits {name}")


ALL = sorted(set(addresses()))


def test_the_walk_finds_the_portal() -> None:
    names = {name for name, _url in ALL}
    assert {"home", "account", "invitation", "governance:people", "admin:index", "demo:login"} <= names
    assert len(names) > 60


def test_the_public_views_are_the_ones_meant() -> None:
    assert set(PUBLIC_VIEWS) == PUBLIC
    assert set(PUBLIC_NAMESPACES) == {"demo", "review_link"}


def test_every_public_view_exists() -> None:
    assert set(PUBLIC_VIEWS) <= {name for name, _url in ALL}


@pytest.mark.django_db
@pytest.mark.parametrize(("name", "url"), [pytest.param(*pair, id=pair[0]) for pair in ALL])
def test_a_visitor_is_sent_to_the_login_from_everything_else(client: Client, name: str, url: str) -> None:
    answer = client.get(url)
    to_login = answer.status_code == 302 and answer["Location"].startswith(reverse(settings.LOGIN_URL))
    if name == "mfa_authenticate":
        assert to_login, "without the first step there is no second"
    else:
        assert to_login != is_public(resolve(url).view_name), f"{url}: {answer.status_code}"


@pytest.mark.django_db
def test_the_login_goes_on_to_the_page_that_was_asked_for(client: Client) -> None:
    assert client.get("/account/?x=1")["Location"] == "/account/inloggen/?next=/account/%3Fx%3D1"
    assert client.get("/en/account/")["Location"] == "/en/account/inloggen/?next=/en/account/"


@pytest.mark.django_db
def test_an_address_that_does_not_exist_is_not_found_for_a_visitor(client: Client) -> None:
    assert client.get("/bestaat-niet/").status_code == 404


@pytest.mark.django_db
def test_the_admin_is_for_staff_only(client: Client) -> None:
    client.force_login(make_user())
    assert client.get("/beheer/").status_code == 302
    assert client.get("/beheer/", follow=True).status_code == 403
    client.force_login(make_user(is_staff=True, is_superuser=True))
    assert client.get("/beheer/").status_code == 200


def test_the_admin_only_shows() -> None:
    assert {model._meta.label for model in site._registry} >= {"governance.User"}
    assert [kind for kind in site._registry.values() if not isinstance(kind, ReadOnlyAdmin)] == []


@pytest.mark.django_db
def test_what_saves_itself_is_told_that_the_session_ended(client: Client) -> None:
    path = "/account/gegevens/"
    said = client.post(path, headers={"x-requested-with": "autosave"})
    assert said.status_code == 401
    assert "niet bewaard" in said.json()["message"]
    part = client.get(path, headers={"hx-request": "true"})
    assert (part.status_code, part.content) == (401, b"")
    assert client.get(path).status_code == 302


@pytest.mark.django_db
def test_an_address_behind_a_button_says_so_when_it_is_opened(client: Client) -> None:
    page = client.get("/demo/inloggen/")
    assert page.status_code == 405
    assert page["Allow"] == "POST"
    assert "hoort bij een knop" in page.content.decode()
