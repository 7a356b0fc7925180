"""The pages of 'we have this too', of similar ones before a new one is added, and of merging."""

import pytest
from django.test import Client

from cities.models import Bottleneck, BottleneckJoin, BottleneckMerge
from cities.services.bottleneck_groups import merge_bottlenecks
from tests.access.cast import Cast, Person, make_city
from tests.cities.matrix import make_bottleneck, make_theme

pytestmark = pytest.mark.django_db

NEW = "/knelpunten/nieuw/"


@pytest.fixture
def person() -> Person:
    return Cast().person("team")


@pytest.fixture
def team(client: Client, person: Person) -> Client:
    client.force_login(person.user)
    return client


@pytest.fixture
def desk(person: Person) -> Client:
    """A coordinator at work."""
    client = Client()
    client.force_login(person.cast.person("coordinator").user)
    return client


def address(bottleneck: Bottleneck, part: str = "") -> str:
    return f"/knelpunten/{bottleneck.public_id}/{part}"


def answers(person: Person, title: str, **more: object) -> dict[str, object]:
    make_theme()
    return {"organisation": person.own.pk, "title": title, "theme": "energy-heat", "severity": "small", **more}


def test_similar_ones_are_shown_before_a_new_one_is_added(team: Client, person: Person) -> None:
    there = make_bottleneck(person.cast.other, "network", title="Netcongestie")
    typed = answers(person, "Congestie & <b>stilstand</b>", open="yes")
    asked = team.post(NEW, typed)
    text = asked.content.decode()
    assert "Bedoel je een van deze?" in text
    assert address(there, "ook-wij/?woorden=Congestie+%26+") in text
    assert 'value="Congestie &amp; &lt;b&gt;stilstand&lt;/b&gt;"' in text
    assert Bottleneck.objects.count() == 1
    back = team.post(NEW, {**typed, "back": "yes"})
    assert back.context["form"]["title"].value() == typed["title"]
    assert Bottleneck.objects.count() == 1
    team.post(NEW, {**typed, "seen": there.public_id})
    assert Bottleneck.objects.filter(state="open", organisation=person.own).count() == 1


def test_a_draft_is_saved_without_a_question(team: Client, person: Person) -> None:
    make_bottleneck(person.cast.other, "network", title="Netcongestie")
    team.post(NEW, answers(person, "Netcongestie", draft="yes"))
    draft = Bottleneck.objects.get(organisation=person.own)
    edit = {
        "title": "Netcongestie",
        "theme": "energy-heat",
        "severity": "small",
        "sharing": "network",
        "version": 1,
    }
    asked = team.post(address(draft, "bewerken/"), {**edit, "open": "yes"})
    assert "Bedoel je een van deze?" in asked.content.decode()
    assert f'action="{address(draft, "bewerken/")}"' in asked.content.decode()
    draft.refresh_from_db()
    assert draft.state == "draft"
    team.post(address(draft, "bewerken/"), {**edit, "open": "yes", "seen": asked.context["seen"]})
    draft.refresh_from_db()
    assert draft.state == "open"


def test_suggestions_come_while_somebody_types(team: Client, person: Person) -> None:
    there = make_bottleneck(person.cast.other, "network", title="Netcongestie")
    own = make_bottleneck(person.own, title="Netcongestie")
    hidden = make_bottleneck(person.cast.advised, title="Netcongestie geheim")
    text = team.get(f"/knelpunten/vergelijkbaar/?title=congestie&self={own.public_id}").content.decode()
    assert f'name="join" value="{there.public_id}"' in text
    assert "1 knelpunt in het register lijkt hierop." in text
    assert f'name="seen" value="{there.public_id}"' in text
    assert own.public_id not in text
    assert hidden.public_id not in text
    assert "<h2>" not in team.get("/knelpunten/vergelijkbaar/?title=de").content.decode()


def test_a_suggestion_takes_the_typed_words_along(team: Client, person: Person) -> None:
    there, draft = make_bottleneck(person.cast.other, "network"), make_bottleneck(person.own)
    for page in (NEW, address(draft, "bewerken/")):
        moved = team.post(page, {"title": "Bij ons & nu", "join": there.public_id})
        assert moved["Location"] == address(there, "ook-wij/?woorden=Bij+ons+%26+nu")
    hidden = make_bottleneck(person.cast.advised)
    assert team.post(NEW, {"title": "x", "join": hidden.public_id}).status_code == 404


def test_suggestions_are_for_those_who_write(person: Person) -> None:
    client = Client()
    assert client.get("/knelpunten/vergelijkbaar/?title=x").status_code == 302
    client.force_login(person.cast.person("ministry").user)
    assert client.get("/knelpunten/vergelijkbaar/?title=x").status_code == 403


def test_a_city_joins_changes_its_words_and_leaves(team: Client, person: Person) -> None:
    there = make_bottleneck(person.cast.other, "network")
    page = team.get(address(there, "ook-wij/?woorden=Bij+ons+ook"))
    assert page.context["form"]["words"].value() == "Bij ons ook"
    said = {"organisation": person.own.pk, "severity": "blocking", "words": "Twee wijken", "sharing": "network"}
    team.post(address(there, "ook-wij/"), said)
    text = team.get(address(there)).content.decode()
    assert "Twee wijken" in text
    assert str(person.own) in text
    assert "2 steden" in text
    stale = {**said, "version": 1}
    team.post(address(there, "ook-wij/"), {**stale, "words": "Van de collega"})
    both = team.post(address(there, "ook-wij/"), {**stale, "words": "Van mij"})
    assert both.status_code == 409
    assert "Van de collega" in both.content.decode()
    assert both.context["form"]["words"].value() == "Van mij"
    team.post(address(there, "ook-wij/"), {"leave": "yes"})
    assert not BottleneckJoin.objects.exists()


@pytest.mark.parametrize(
    ("field", "value"), [("severity", ""), ("severity", "erg"), ("words", "x" * 10_001), ("sharing", "draft")]
)
def test_bad_input_of_a_join_is_named_and_kept(team: Client, person: Person, field: str, value: str) -> None:
    there = make_bottleneck(person.cast.other, "network")
    said = {"organisation": person.own.pk, "severity": "small", "words": "Bewaard", "sharing": "network"}
    refused = team.post(address(there, "ook-wij/"), {**said, field: value})
    assert list(refused.context["form"].errors) == [field]
    assert 'id="error-summary"' in refused.content.decode()
    assert refused.context["form"]["words"].value() == (value if field == "words" else "Bewaard")
    assert not BottleneckJoin.objects.exists()


def test_who_may_not_join_hears_why(person: Person) -> None:
    there, own = make_bottleneck(person.cast.other, "network"), make_bottleneck(person.own, "network")
    client = Client()
    client.force_login(person.cast.person("ministry").user)
    assert "Wij hebben dit ook" not in client.get(address(there)).content.decode()
    assert client.get(address(there, "ook-wij/")).status_code == 403
    client.force_login(person.user)
    assert client.get(address(own, "ook-wij/")).status_code == 403
    assert client.get(address(make_bottleneck(person.cast.other), "ook-wij/")).status_code == 404


def test_a_coordinator_merges_and_the_old_address_leads_on(desk: Client, person: Person) -> None:
    into = make_bottleneck(person.cast.other, "network", title="Netcongestie in de stad")
    gone = make_bottleneck(person.cast.advised, "published", title="Netcongestie in de wijk")
    hidden = make_bottleneck(person.cast.advised, title="Netcongestie geheim")
    page = desk.get(address(into, "samenvoegen/"))
    assert [key for key, _label in page.context["form"].fields["bottlenecks"].choices] == [gone.public_id]
    found = desk.get(address(into, "samenvoegen/?q=wijk"))
    assert [key for key, _label in found.context["form"].fields["bottlenecks"].choices] == [gone.public_id]
    refused = desk.post(address(into, "samenvoegen/"), {"bottlenecks": [gone.public_id], "reason": ""})
    assert list(refused.context["form"].errors) == ["reason"]
    assert "checked" in refused.content.decode()
    chosen = {"bottlenecks": [gone.public_id, hidden.public_id], "reason": "Zelfde"}
    assert desk.post(address(into, "samenvoegen/"), chosen).status_code == 404
    itself = desk.post(address(into, "samenvoegen/"), {"bottlenecks": [into.public_id], "reason": "Zelfde"})
    assert "niet met zichzelf" in itself.content.decode()
    assert not BottleneckMerge.objects.exists()

    desk.post(address(into, "samenvoegen/"), {"bottlenecks": [gone.public_id], "reason": "Zelfde"})
    moved = desk.get(address(gone))
    assert (moved.status_code, moved["Location"], moved["Cache-Control"]) == (301, address(into), "no-store")
    assert Client().get(address(gone)).status_code == 404
    text = desk.get(address(into)).content.decode()
    assert "Netcongestie in de wijk" in text
    undo = address(into, f"samenvoegen/{BottleneckMerge.objects.get().public_id}/terugdraaien/")
    assert undo in text
    assert desk.get(undo).status_code == 200
    desk.post(undo)
    assert desk.get(address(gone)).status_code == 200
    assert Client().get(address(gone)).status_code == 200
    assert desk.get(undo).status_code == 404


def test_who_may_not_merge_sees_no_button_and_hears_why(team: Client, person: Person) -> None:
    one, two = make_bottleneck(person.cast.other, "network"), make_bottleneck(person.cast.advised, "network")
    assert "samenvoegen/" not in team.get(address(one)).content.decode()
    assert team.get(address(one, "samenvoegen/")).status_code == 403
    assert team.get(address(make_bottleneck(person.cast.other), "samenvoegen/")).status_code == 404
    system = person.cast.person("coordinator").user
    done = merge_bottlenecks(actor=system, into=one, bottlenecks=[two], reason="x")
    assert "terugdraaien" not in team.get(address(one)).content.decode()
    assert team.post(address(one, f"samenvoegen/{done.public_id}/terugdraaien/")).status_code == 403
    own = make_bottleneck(person.own, "network")
    chosen = {"bottlenecks": [one.public_id], "reason": "x"}
    assert team.post(address(own, "samenvoegen/"), chosen).status_code == 403
    two.refresh_from_db()
    assert two.state == "merged"


def test_a_merged_draft_stays_with_its_own_city(team: Client, person: Person) -> None:
    into = make_bottleneck(person.own, "published")
    draft = make_bottleneck(person.own, title="Alleen voor ons", description="Geheim")
    merge_bottlenecks(actor=person.user, into=into, bottlenecks=[draft], reason="x")
    assert "Alleen voor ons" in team.get(address(into)).content.decode()
    assert "Geheim" not in Client().get(address(into)).content.decode()
    assert Client().get(address(draft)).status_code == 404


def test_an_empty_offer_says_so(desk: Client) -> None:
    alone = make_bottleneck(make_city(), "network", title="Uniek")
    assert "Niets lijkt op dit knelpunt" in desk.get(address(alone, "samenvoegen/")).content.decode()
    assert "past bij deze woorden" in desk.get(address(alone, "samenvoegen/?q=onvindbaar")).content.decode()
