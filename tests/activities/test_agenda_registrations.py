"""What the agenda adds to my work, the news and the pages of the floors below."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from activities.models import Activity, Agreement, Outcome, Participation
from activities.registrations import agenda as registrations
from activities.registrations.carrying import ActivityLinks
from activities.services.demo_agenda import ACTIVITIES, load_demo
from cities.services.reference import load_reference
from nss_portal.core.time import today
from tests.access.cast import Cast, Person, make_user
from tests.activities.matrix_activity import make_activity, take_part
from tests.activities.test_agenda import step
from tests.cities.matrix import make_bottleneck

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return Cast()


@pytest.fixture
def team(cast: Cast) -> Person:
    return cast.person("team")


def asked(person: Person) -> list[str]:
    sources = (
        registrations.agreed,
        registrations.invitations,
        registrations.questions_of_capacity,
        registrations.drafts_to_finish,
        registrations.held_to_round_off,
        registrations.places_to_decide,
    )
    return [str(item.title) for source in sources for item in source(person.user)]


def test_my_work_asks_what_is_mine_and_nothing_else(team: Person, cast: Cast) -> None:
    table = make_activity(cast.other, kind="case_table")
    Agreement.objects.create(activity=table, text="Borg regelen", owner=team.own, due_on=today())
    Agreement.objects.create(
        activity=table, text="Van een ander", owner=team.own, owner_user=make_user(), due_on=today()
    )
    take_part(make_activity(cast.other, title="Genodigd"), team.user, team.own, "invited")
    take_part(make_activity(cast.other, kind="reflection", title="Volgen"), team.user, team.own)
    make_activity(team.own, "draft", title="Half", created_by=team.user)
    past = make_activity(team.own, title="Voorbij")
    Activity.objects.filter(pk=past.pk).update(
        starts_at=timezone.now() - timedelta(days=2), ends_at=timezone.now() - timedelta(days=1)
    )
    full = make_activity(team.own, title="Gevraagd", needs_approval=True)
    for _each in range(2):
        one = cast.person("team")
        take_part(full, one.user, one.own, "requested")
    found = asked(team)
    for words in ("Borg regelen", "Genodigd", "Volgen", "Half", "Voorbij", "2 vragen een plaats bij 'Gevraagd'"):
        assert any(words in title for title in found), words
    assert len(found) == 6
    assert asked(cast.person("team")) == []
    assert asked(cast.person("visitor")) == []


def test_news_tells_what_one_may_see(team: Person, cast: Cast) -> None:
    now = timezone.now()
    shown = make_activity(cast.other, audience="cop", published_at=now, title="Nieuw")
    dive = make_activity(cast.other, "held", kind="deep_dive", audience="cop", title="Duik")
    Outcome.objects.create(activity=dive, possible="x", published_at=now)
    since = now - timedelta(days=1)
    told = [
        item
        for source in (registrations.new_on_the_agenda, registrations.published_outcomes)
        for item in source(team.user, since)
    ]
    assert [item.url for item in told] == [shown.get_absolute_url(), dive.get_absolute_url() + "#uitkomst"]
    outside = cast.person("member").user
    assert list(registrations.new_on_the_agenda(outside, since)) == []
    assert list(registrations.published_outcomes(outside, since)) == []


def test_pages_of_other_apps_show_it(client: Client, team: Person) -> None:
    bottleneck = make_bottleneck(team.own, "published")
    dive = make_activity(team.own, kind="deep_dive", audience="everybody", title="Duik in het net")
    dive.bottlenecks.add(bottleneck)
    dive.steps.add(step())
    Outcome.objects.create(activity=dive, possible="Slim laden kan nu al", published_at=timezone.now())
    for address in (bottleneck.get_absolute_url(), team.own.municipality.get_absolute_url(), "/"):
        assert "Duik in het net" in client.get(address).content.decode(), address
    section = registrations.outcomes_at(None, step())
    assert section is not None
    assert section.context["activities"] == [dive]
    assert registrations.coming_at(None, step()) is not None


def test_links_move_along_with_a_bottleneck(team: Person) -> None:
    source, target = make_bottleneck(team.own, "network"), make_bottleneck(team.own, "network")
    one, both = make_activity(team.own), make_activity(team.own)
    one.bottlenecks.add(source)
    both.bottlenecks.add(source, target)
    moved = ActivityLinks().move(source=source, target=target)
    assert moved == [one.pk]
    assert (list(one.bottlenecks.all()), both.bottlenecks.count()) == ([target], 2)
    ActivityLinks().move_back(source=source, target=target, moved=moved)
    assert list(one.bottlenecks.all()) == [source]


def test_who_leaves_hands_over(team: Person) -> None:
    table = make_activity(team.own, kind="case_table", created_by=team.user)
    Agreement.objects.create(
        activity=table, text="Borg regelen", owner=team.own, owner_user=team.user, due_on=today()
    )
    successor = make_user()
    for held in registrations.held_by(team.user, team.own):
        assert len(held.titles) == 1
        held.move(successor, team.user)
    assert Agreement.objects.get().owner_user == successor
    assert Activity.objects.get().created_by == successor


def test_the_demonstration_shows_each_kind_and_state(cast: Cast) -> None:
    load_reference()
    person = cast.person("team")
    make_bottleneck(person.own, "published")
    load_demo("small", 1)
    load_demo("small", 1)
    found = Activity.objects.all()
    assert found.count() == ACTIVITIES["small"]
    assert not found.filter(is_illustrative=False).exists()
    assert len(set(found.values_list("kind", flat=True))) == 7
    assert len(set(found.values_list("state", flat=True))) == 6
    assert Participation.objects.exists()
