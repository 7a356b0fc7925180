"""What the agenda, programmes and news have besides at national scale: rooms, twinning, votes, the newsletter."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django.plugin import DjangoDbBlocker

from activities.models import (
    Activity,
    AgendaPeriod,
    DatePoll,
    KnowledgeProduct,
    Newsletter,
    Participation,
    PollGuest,
    Programme,
    Twinning,
    Workspace,
)
from activities.selectors.insiders import users_of
from activities.services import newsletter
from governance.models import Membership, User
from governance.models.organisation import Duty
from nss_portal.core.time import today
from tests.bench.measure import measure
from tests.bench.pages import person
from tests.figures import Figures

pytestmark = pytest.mark.django_db
At = tuple[User | None, str]


def _staff(**lookups: Any) -> User:
    return Membership.objects.filter(user__is_active=True, **lookups).order_by("pk")[0].user


def _coordinator(name: str, *args: object) -> At:
    return person("coordinator"), reverse(f"activities:{name}", args=args)


def _guest() -> At:
    guest = PollGuest.objects.filter(user__isnull=False, poll__state="open").order_by("pk")[0]
    return guest.user, guest.poll.get_absolute_url()


def _choosing() -> At:
    """Give the poll with most answers, for who looks for the date."""
    poll = max(DatePoll.objects.select_related("activity"), key=lambda one: one.guests.count())
    return _staff(organisation=poll.activity.organisation), poll.get_absolute_url()


def _room(kind: str) -> At:
    rooms = Workspace.objects.filter(**{f"{kind}__isnull": False}).order_by("pk")
    room = max(rooms, key=lambda one: one.points.count() + one.notes.count())
    return users_of(room)[0], room.get_absolute_url()


def _fullest() -> Activity:
    rows = Participation.objects.values_list("activity", flat=True).order_by()
    counted: dict[int, int] = {}
    for key in rows:
        counted[key] = counted.get(key, 0) + 1
    return Activity.objects.get(pk=max(counted, key=lambda key: counted[key]))


def _voting() -> At:
    period = AgendaPeriod.objects.order_by("-starts_on")[0]
    return person("team"), period.get_absolute_url()


def _newcomer() -> At:
    programme = Programme.objects.filter(phase="execution").order_by("pk")[0]
    return person("coordinator"), reverse("activities:programme_newcomer", args=[programme.public_id])


def _letter() -> Newsletter:
    return newsletter.begin(actor=_staff(organisation__duty=Duty.PUBLISHER))


def _year() -> str:
    return reverse("activities:year", args=[today().year])


def _draft() -> At:
    return _staff(organisation__duty=Duty.PUBLISHER), reverse("activities:newsletter", args=[_letter().public_id])


def _twinning() -> At:
    twinning = Twinning.objects.select_related("follower").order_by("pk")[0]
    return _staff(organisation=twinning.follower), reverse("activities:twinning", args=[twinning.public_id])


PAGES: dict[str, Callable[[], At]] = {
    "date poll, for who is asked": _guest,
    "date poll, for who chooses": _choosing,
    "workspace of a programme": lambda: _room("programme"),
    "workspace of a working group": lambda: _room("group"),
    "people of an activity": lambda: _coordinator("activity_people", _fullest().public_id),
    "periods": lambda: _coordinator("periods"),
    "agenda of a period, for who votes": _voting,
    "the year, for a visitor": lambda: (None, _year()),
    "the year, for a team": lambda: (person("team"), _year()),
    "the year, for a coordinator": lambda: (person("coordinator"), _year()),
    "newcomers of a programme": _newcomer,
    "twinning": _twinning,
    "newsletters": lambda: (_staff(organisation__duty=Duty.PUBLISHER), reverse("activities:newsletters")),
    "newsletter, the draft": _draft,
    "news": lambda: (None, reverse("activities:news")),
    "knowledge product": lambda: (
        person("team"),
        KnowledgeProduct.objects.filter(state="published").order_by("pk")[0].get_absolute_url(),
    ),
}


@pytest.mark.parametrize("name", list(PAGES))
def test_page(name: str, national: None, django_db_blocker: DjangoDbBlocker, figures: Figures) -> None:
    with django_db_blocker.unblock():
        user, address = PAGES[name]()
        client = Client()
        if user is not None:
            client.force_login(user)
        measure(figures, name, client, address)
