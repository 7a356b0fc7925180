"""Teams, who's who by theme, and the briefing for whoever arrives."""

from datetime import timedelta

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from cities.models import ContactTheme, Theme
from cities.selectors_team import SHOWN_OF_GROUP
from cities.services.merging import plan_merger
from cities.services.teams import set_contact_themes
from governance.models import Membership, Organisation, User
from governance.models.membership import ContactSharing, Function
from governance.models.organisation import Group
from nss_portal.core.access import NotAllowed
from nss_portal.core.models import AuditEvent
from nss_portal.core.time import today
from tests.access.cast import Cast, Person, join, make_city, make_organisation, make_user
from tests.cities.matrix import make_bottleneck

pytestmark = pytest.mark.django_db

LIST_QUERIES = 8
TEAM_QUERIES = 8


@pytest.fixture
def cast() -> Cast:
    return Cast()


@pytest.fixture
def theme() -> Theme:
    return Theme.objects.create(code="finance", label_nl="Geld", label_en="Money")


def contact(
    organisation: Organisation, *themes: Theme, name: str, sharing: ContactSharing = ContactSharing.NETWORK
) -> Membership:
    membership = join(make_user(name=name), organisation)
    membership.sharing = sharing
    membership.save()
    for theme in themes:
        ContactTheme.objects.create(membership=membership, theme=theme)
    return membership


def seen(client: Client, person: Person, query: str = "") -> list[str]:
    client.force_login(person.user)
    return [str(member.user) for member in client.get(f"/wie-is-wie/{query}").context["page_obj"]]


def test_everybody_sees_whom_the_matrix_lets_them_see(client: Client, cast: Cast, theme: Theme) -> None:
    bank = make_organisation(Group.FINANCIAL)
    contact(bank, theme, name="Gedeeld met netwerk")
    contact(bank, theme, name="Alleen eigen", sharing=ContactSharing.OWN)
    contact(bank, theme, name="Voor iedereen", sharing=ContactSharing.PUBLISHED)
    query = "?thema=finance"
    assert seen(client, cast.person("member"), query) == ["Voor iedereen"]
    for role in ("team", "ministry", "partner", "desk", "publisher", "signatory", "advisor"):
        assert seen(client, cast.person(role), query) == ["Gedeeld met netwerk", "Voor iedereen"], role
    for role in ("steering", "coordinator"):
        assert len(seen(client, cast.person(role), query)) == 3, role
    client.logout()
    assert client.get("/wie-is-wie/").status_code == 302


def test_search_theme_and_kind_narrow_the_list(client: Client, cast: Cast, theme: Theme) -> None:
    person = cast.person("team")
    bank, ministry = make_organisation(Group.FINANCIAL, name="De Bank"), make_organisation(Group.MINISTRY)
    contact(bank, theme, name="Relatiebeheerder")
    contact(ministry, name="Beleidsadviseur")
    assert seen(client, person, "?thema=finance") == ["Relatiebeheerder"]
    assert seen(client, person, "?q=de+bank") == ["Relatiebeheerder"]
    assert seen(client, person, "?q=beleids") == ["Beleidsadviseur"]
    assert "Relatiebeheerder" in seen(client, person, "?soort=financial")
    assert "Beleidsadviseur" not in seen(client, person, "?soort=financial")
    assert "Niemand past" in client.get("/wie-is-wie/?q=bestaatniet").content.decode()


@pytest.mark.parametrize("number", [1, 3])
def test_queries_of_the_list(
    client: Client, cast: Cast, theme: Theme, number: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for count in range(number):
        contact(make_organisation(), theme, name=f"Contact {count}")
    client.force_login(cast.person("team").user)
    client.get("/wie-is-wie/?thema=finance")
    with django_assert_num_queries(LIST_QUERIES):
        client.get("/wie-is-wie/?thema=finance")


def test_an_organisation_keeps_its_own_themes(client: Client, cast: Cast, theme: Theme) -> None:
    ministry = cast.person("ministry", leads=True)
    assert ministry.own is not None
    mine = contact(ministry.own, name="Contactpersoon")
    set_contact_themes(actor=ministry.user, membership=mine, themes=[theme])
    assert list(mine.contact_themes.values_list("theme__code", flat=True)) == ["finance"]
    assert AuditEvent.objects.filter(object_type="governance.membership", object_id=str(mine.pk)).exists()
    client.force_login(ministry.user)
    client.post(f"/wie-is-wie/{mine.pk}/themas/", {"themes": []})
    assert not mine.contact_themes.exists()
    for other in (cast.person("team", leads=True), cast.person("ministry")):
        with pytest.raises(NotAllowed):
            set_contact_themes(actor=other.user, membership=mine, themes=[theme])
        client.force_login(other.user)
        assert client.get(f"/wie-is-wie/{mine.pk}/themas/").status_code == 403
    hidden = contact(make_organisation(), name="Alleen eigen", sharing=ContactSharing.OWN)
    assert client.get(f"/wie-is-wie/{hidden.pk}/themas/").status_code == 404


def test_from_a_bottleneck_to_whom_to_call(client: Client, cast: Cast, theme: Theme) -> None:
    person = cast.person("team")
    assert person.own is not None
    contact(person.own, theme, name="Eigen collega")
    contact(make_organisation(Group.MINISTRY), theme, name="Beleidsadviseur")
    bottleneck = make_bottleneck(person.own, "network", theme=theme)
    client.force_login(person.user)
    page = client.get(bottleneck.get_absolute_url()).content.decode()
    assert "Beleidsadviseur" in page
    assert "Eigen collega" not in page
    assert "/wie-is-wie/?thema=finance" in page
    published = make_bottleneck(make_city(), "published", theme=theme)
    client.logout()
    assert "Beleidsadviseur" not in client.get(published.get_absolute_url()).content.decode()


def test_the_team_with_roles_and_who_was_in_before(client: Client, cast: Cast) -> None:
    person = cast.person("team", leads=True)
    assert person.own is not None
    advisor, former = make_user(name="Adviseur"), make_user(name="Eerder lid")
    join(advisor, person.own, Function.ADVISOR)
    join(make_user(name="Wethouder"), person.own, Function.SIGNATORY)
    past = join(former, person.own, Function.TEAM)
    Membership.objects.filter(pk=past.pk).update(valid_to=today() - timedelta(days=5))
    client.force_login(person.user)
    answer = client.get(f"/gemeenten/{person.own.municipality.code}/team/")
    team = answer.context["team"]
    assert [str(m.user) for m in team.advisors] == ["Adviseur"]
    assert [str(m.user) for m in team.signatories] == ["Wethouder"]
    assert [str(m.user) for m in team.past] == ["Eerder lid"]
    assert [m.user for m in team.leads] == [person.user]
    assert "Collega uitnodigen" in answer.content.decode()
    client.force_login(cast.person("team").user)
    other = client.get(f"/gemeenten/{person.own.municipality.code}/team/").content.decode()
    assert "Wethouder" in other
    assert "Collega uitnodigen" not in other


@pytest.mark.parametrize("number", [1, 3])
def test_queries_of_the_team(
    client: Client, cast: Cast, number: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    person = cast.person("team", leads=True)
    assert person.own is not None
    for count in range(number):
        join(make_user(name=f"Lid {count}"), person.own, Function.TEAM)
    client.force_login(person.user)
    url = f"/gemeenten/{person.own.municipality.code}/team/"
    client.get(url)
    with django_assert_num_queries(TEAM_QUERIES):
        client.get(url)


def test_the_briefing_is_for_the_own_people(client: Client, cast: Cast) -> None:
    person = cast.person("team")
    assert person.own is not None
    make_bottleneck(person.own, title="Netaansluiting duurt")
    url = f"/gemeenten/{person.own.municipality.code}/welkom/"
    client.force_login(person.user)
    page = client.get(url).content.decode()
    assert "Welkom, dit speelt er" in page
    assert "Netaansluiting duurt" in page
    for other in ("team", "ministry", "coordinator", "member"):
        client.force_login(cast.person(other).user)
        assert client.get(url).status_code == 404


def test_whoever_is_new_is_asked_to_read_it_for_two_weeks(client: Client, cast: Cast) -> None:
    person = cast.person("team")
    assert isinstance(person.user, User)
    client.force_login(person.user)
    assert "Welkom! Lees" not in client.get("/").content.decode()
    Membership.objects.filter(user=person.user).update(valid_from=today() - timedelta(days=13))
    assert "Welkom! Lees" in client.get("/").content.decode()


def test_themes_go_along_in_a_merger(cast: Cast, theme: Theme) -> None:
    old, new = make_city(), make_city()
    contact(old, theme, name="Contactpersoon")
    plan_merger(actor=cast.person("coordinator").user, old=old.municipality, new=new.municipality, on=today())
    held = ContactTheme.objects.filter(membership__organisation=new)
    assert [str(row.membership.user) for row in held] == ["Contactpersoon"]


def test_everybody_stands_by_kind_of_organisation_a_few_of_each(client: Client, cast: Cast, theme: Theme) -> None:
    bank, ministry = make_organisation(Group.FINANCIAL), make_organisation(Group.MINISTRY)
    for number in range(SHOWN_OF_GROUP + 2):
        contact(bank, theme, name=f"Bankier {number:02}")
    contact(ministry, theme, name="Beleidsadviseur")
    client.force_login(cast.person("team").user)
    groups = client.get("/wie-is-wie/").context["groups"]
    found = {group.group: (len(group.people), group.number) for group in groups}
    assert found["financial"] == (SHOWN_OF_GROUP, SHOWN_OF_GROUP + 2)
    assert groups[0].group == "ministry"
    page = client.get("/wie-is-wie/?thema=finance")
    assert [group.group for group in page.context["groups"]] == ["ministry", "financial"]
