"""The frame of every page: navigation by role, the other language, menus, error pages."""

import pytest
from django.urls import reverse

from nss_portal.core.registry import NavigationItem, navigation
from tests.access.cast import Cast


@pytest.fixture
def extra():
    """Register entries of the navigation for one test."""

    def entries():
        yield NavigationItem("Alleen leden", "privacy", 5, members_only=True)
        yield NavigationItem("Alleen coördinatie", "components", 6, roles=frozenset({"coordinator"}))

    navigation.register(entries)
    yield
    navigation._functions = {key: value for key, value in navigation._functions.items() if value is not entries}


def labels(response):
    return [str(link.label) for link in response.context["navigation"]]


@pytest.mark.django_db
def test_a_visitor_sees_what_is_for_everybody(client, extra):
    shown = labels(client.get("/toegankelijkheid/"))
    assert "Gemeenten" in shown
    assert not {"Alleen leden", "Alleen coördinatie"} & set(shown)


@pytest.mark.django_db
def test_a_member_sees_more_and_a_coordinator_most(client, extra):
    cast = Cast()
    client.force_login(cast.person("team").user)
    assert labels(client.get("/toegankelijkheid/"))[:2] == ["Mijn werk", "Alleen leden"]
    client.force_login(cast.person("coordinator").user)
    assert labels(client.get("/toegankelijkheid/"))[1:3] == ["Alleen leden", "Alleen coördinatie"]


@pytest.mark.django_db
def test_the_part_one_is_in_is_marked_once(client):
    response = client.get("/gemeenten/")
    assert [(str(link.label), link.current) for link in response.context["navigation"] if link.current] == [
        ("Gemeenten", "page")
    ]
    inside = client.get("/gemeenten/meedoen/")
    assert [link.current for link in inside.context["navigation"] if link.current] == ["true"]


@pytest.mark.django_db
def test_what_belongs_together_shares_an_entry_and_shows_in_a_second_row(client):
    client.force_login(Cast().person("coordinator").user)
    response = client.get(reverse("contracts:rounds"))
    assert "Jaarlijkse herijkingen" not in labels(response)
    (head,) = [link for link in response.context["navigation"] if link.current]
    assert (str(head.label), head.current) == ("Klimaatcontracten", "true")
    assert str(head.parts[0].label) == "Klimaatcontracten"
    assert [str(part.label) for part in head.parts if part.current] == ["Jaarlijkse herijkingen"]
    assert 'aria-label="Klimaatcontracten"' in response.content.decode()


@pytest.mark.django_db
def test_an_entry_under_one_that_is_not_shown_stands_by_itself(client):
    def entries():
        yield NavigationItem("Alleen dit", "privacy", 5, under="home")

    navigation.register(entries)
    try:
        assert "Alleen dit" in labels(client.get("/toegankelijkheid/"))
        client.force_login(Cast().person("team").user)
        assert "Alleen dit" not in labels(client.get("/toegankelijkheid/"))
    finally:
        navigation._functions = {
            key: value for key, value in navigation._functions.items() if value is not entries
        }


@pytest.mark.django_db
def test_the_other_language_is_the_same_page_with_the_same_questions(client):
    assert [link.url for link in client.get("/privacy/?van=1").context["languages"]] == ["/en/privacy/?van=1"]
    assert [link.url for link in client.get("/en/privacy/?van=1").context["languages"]] == ["/privacy/?van=1"]


@pytest.mark.django_db
def test_coordinators_find_their_tools_in_the_menu(client):
    cast = Cast()
    client.force_login(cast.person("coordinator").user)
    assert reverse("jobs") in client.get("/privacy/").content.decode()
    client.force_login(cast.person("team").user)
    assert reverse("jobs") not in client.get("/privacy/").content.decode()


@pytest.mark.django_db
def test_the_frame_asks_no_questions_of_the_database_for_a_visitor(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        client.get("/privacy/")


@pytest.mark.django_db
def test_an_unknown_address_answers_404_as_a_page(client):
    response = client.get("/nergens/")
    assert response.status_code == 404
    assert "Deze pagina is er niet" in response.content.decode()


@pytest.mark.django_db
def test_outside_demo_mode_the_components_are_for_coordinators(client, settings):
    settings.NSS_DEMO = False
    address = reverse("components")
    assert client.get(address).status_code == 404
    cast = Cast()
    client.force_login(cast.person("team").user)
    assert client.get(address).status_code == 404
    client.force_login(cast.person("coordinator").user)
    assert client.get(address).status_code == 200


@pytest.mark.django_db
def test_the_marks_of_the_demonstration_stand_only_there(client, settings):
    assert "Illustratieve gegevens" in client.get("/privacy/").content.decode()
    settings.NSS_DEMO = False
    assert "Illustratieve gegevens" not in client.get("/privacy/").content.decode()
