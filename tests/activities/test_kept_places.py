"""A place in an activity is a person's: what pages keep shows it to no colleague with the same roles."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from cities.models import Bottleneck
from governance.models import User
from tests.access.cast import Cast, join, make_user
from tests.activities.matrix_activity import make_activity, take_part
from tests.activities.test_proposals import make_proposal

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def keeping(settings):
    """Pages keep what they worked out, as in the portal."""
    settings.NSS_KEEP_PAGES = True
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def cast() -> Cast:
    return Cast()


@pytest.fixture
def colleagues(cast: Cast) -> tuple[User, User]:
    """Two people with the same roles in one interested municipality."""
    organisation = cast.person("member").own
    found = make_user(), make_user()
    for user in found:
        join(user, organisation)
    return found


def test_a_page_that_names_activities_shows_ones_own_to_oneself(cast: Cast, colleagues: tuple[User, User]) -> None:
    organisation = colleagues[0].memberships.get().organisation
    bottleneck = Bottleneck.objects.create(
        organisation=organisation, title="Knelpunt", state="open", sharing="published"
    )
    activity = make_activity(cast.other, title="Alleen voor wie erbij is", audience="cop")
    activity.bottlenecks.add(bottleneck)
    take_part(activity, colleagues[0], organisation)
    assert seen(colleagues, bottleneck.get_absolute_url(), activity.title) == [True, False]


def test_the_year_counts_what_one_may_see_oneself(cast: Cast, colleagues: tuple[User, User]) -> None:
    starts = timezone.now() + timedelta(days=1)
    activity = make_activity(cast.other, audience="cop", starts_at=starts, ends_at=starts + timedelta(hours=2))
    take_part(activity, colleagues[0], colleagues[0].memberships.get().organisation)
    url = f"/agenda/jaar/{timezone.localdate(starts).year}/"
    assert seen(colleagues, url, "1 bijeenkomst op de agenda") == [True, False]


def test_what_came_of_a_proposal_shows_to_who_may_see_it(cast: Cast, colleagues: tuple[User, User]) -> None:
    activity = make_activity(cast.other, title="Alleen voor wie erbij is", audience="cop")
    take_part(activity, colleagues[0], colleagues[0].memberships.get().organisation)
    proposal = make_proposal(cast.other, "taken_up", activity=activity)
    assert seen(colleagues, proposal.get_absolute_url(), activity.title) == [True, False]


def seen(people: tuple[User, ...], url: str, words: str) -> list[bool]:
    """Tell for each person, one after the other, whether the page holds the words."""
    found = []
    for user in people:
        client = Client()
        client.force_login(user)
        answer = client.get(url)
        assert answer.status_code == 200
        found.append(words in answer.content.decode())
    return found
