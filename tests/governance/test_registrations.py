"""What governance shows elsewhere: contact persons on a municipality's page, news, accounts at national scale."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import Client, RequestFactory
from django.utils import timezone

from cities.services.reference import load_reference as load_cities
from governance.models import Membership, User
from governance.models.membership import Function
from governance.registrations.organisations import new_colleagues, new_variant, whom_to_call
from governance.services.demo import load_demo
from governance.services.demo_national import load_national
from governance.services.memberships import start_membership
from governance.services.reference import load_reference
from governance.services.variants import start_variant
from nss_portal.core.audit import client_address
from nss_portal.core.gathering import sections
from nss_portal.core.time import today
from tests.access.cast import Cast, join, make_organisation, make_user, make_variant

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return Cast()


def test_a_municipality_s_page_says_whom_to_call_to_those_who_may_know(client: Client, cast: Cast) -> None:
    municipality = cast.other.municipality
    contact = join(make_user(name="Contactpersoon"), cast.other, Function.TEAM)
    assert whom_to_call(AnonymousUser(), municipality) is None
    member, team = cast.person("member"), cast.person("team")
    assert sections([whom_to_call(member.user, municipality)]) == [], "shared with the network only"
    (section,) = sections([whom_to_call(team.user, municipality)])
    assert section.context["people"] == [contact]
    client.force_login(team.user)
    assert "Contactpersoon" in client.get(municipality.get_absolute_url()).content.decode()


def test_coordination_invites_from_a_municipality_s_page(client: Client, cast: Cast) -> None:
    client.force_login(cast.person("coordinator").user)
    page = client.get(cast.other.municipality.get_absolute_url()).content.decode()
    assert f"/sturing/organisaties/{cast.other.public_id}/mensen/" in page


@pytest.mark.parametrize("contacts", [1, 3])
def test_the_section_takes_the_same_queries(cast: Cast, contacts: int, django_assert_num_queries) -> None:
    for _number in range(contacts):
        join(make_user(), cast.other, Function.TEAM)
    actor, municipality = cast.person("team").user, cast.other.municipality
    assert actor.standing
    assert municipality.organisation
    with django_assert_num_queries(1):
        (section,) = sections([whom_to_call(actor, municipality)])
        assert [str(member.user) for member in section.context["people"]]


def test_new_colleagues_are_news_to_the_others(cast: Cast) -> None:
    lead = cast.person("partner", leads=True)
    newcomer = make_user(name="Nieuwe Collega")
    start_membership(actor=newcomer, user=newcomer, organisation=lead.own, function=Function.STAFF)
    since = timezone.now() - timedelta(days=7)
    assert [str(item.subject) for item in new_colleagues(lead.user, since)] == ["Nieuwe Collega"]
    assert list(new_colleagues(newcomer, since)) == []
    assert list(new_colleagues(lead.user, timezone.now())) == []
    assert list(new_colleagues(cast.person("partner").user, since)) == []


def test_a_new_variant_is_news_to_everybody(cast: Cast) -> None:
    organisation = make_organisation(name="Nieuwe organisatie")
    start_variant(
        actor=User.objects.system(),
        variant=make_variant("independent-lead"),
        coordinating_organisation=organisation,
        valid_from=today(),
        reason="Nieuw",
    )
    items = list(new_variant(cast.person("partner").user, timezone.now() - timedelta(days=3)))
    assert [str(item.subject) for item in items] == ["Nieuwe organisatie"]


@pytest.mark.slow
def test_three_thousand_accounts_once() -> None:
    load_reference()
    load_cities()
    assert load_national("small", 1) == []
    load_demo("national", 1)
    for _time in range(2):
        assert load_national("national", 1) == ["demo accounts at national scale: 3000"]
    assert User.objects.filter(is_demo=True, memberships=None).count() == 0
    leads = Membership.objects.filter(is_lead=True, user__email__startswith="p.1.")
    assert leads.values("organisation").distinct().count() == leads.count() > 342


@pytest.mark.parametrize(
    ("proxies", "forwarded", "expected"),
    [
        (0, "1.1.1.1", "127.0.0.1"),
        (1, "1.1.1.1, 2.2.2.2", "2.2.2.2"),
        (2, "1.1.1.1, 2.2.2.2", "1.1.1.1"),
        (2, "2.2.2.2", "127.0.0.1"),
        (1, "", "127.0.0.1"),
    ],
)
def test_an_event_s_origin_believes_as_many_proxies_as_are_trusted(
    settings, proxies: int, forwarded: str, expected: str
) -> None:
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = proxies
    assert client_address(RequestFactory().get("/", headers={"x-forwarded-for": forwarded})) == expected
