"""What date polls add to 'my work', and what goes along with a merger."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from activities.models import DatePoll, PollGuest
from activities.selectors.polls import choosing, to_choose, waiting_for
from activities.services.demo_polls import load_demo
from activities.services.poll_handing import give_invitations, held_invitations
from governance.models import Organisation, User
from nss_portal.core.access import may, standing_of
from nss_portal.core.carrying import Carried
from nss_portal.core.gathering import Rows, prepared
from nss_portal.core.handing import Held
from nss_portal.core.registry import WorkItem, demo_loaders, hand_over_handlers, merger_handlers, work_items
from nss_portal.core.time import today

SHOWN = 10
PAGE = ("poll__public_id", "poll__closes_on", "poll__activity__title")


# After the activities, which are registered before this file is read.
demo_loaders.register(load_demo)


@work_items.register
def dates_to_answer(user: Any) -> Iterable[WorkItem]:
    """Ask when one can come."""
    standing = standing_of(user)
    if standing.user_id is None:
        return ()
    waiting = _waiting(user=standing.user_id, own=standing.organisations, day=today())
    return Rows(waiting, *PAGE, "user", "organisation__name", each=_asked)


@prepared
def _waiting(user: Any, own: Any, day: Any) -> QuerySet[PollGuest]:
    return waiting_for(user, own, day)[:SHOWN]


def _asked(guest: PollGuest) -> WorkItem:
    return WorkItem(
        title=_("When can you come to '{title}'?").format(title=guest.poll.activity.title),
        url=guest.poll.get_absolute_url(),
        action_label=_("Say when you can"),
        minutes=2,
        due=guest.poll.closes_on,
        on_behalf_of="" if guest.user_id else guest.organisation.name,
    )


@work_items.register
def dates_to_choose(user: Any) -> Iterable[WorkItem]:
    """Ask who looked for a date to choose one, once all have answered or the last day is over."""
    if not may(user, "activity", "change"):
        return ()
    found = _to_choose(own=choosing(user), day=today())
    return Rows(found, "public_id", "activity__title", "activity__organisation__name", each=_chosen)


@prepared
def _to_choose(own: Any, day: Any) -> QuerySet[DatePoll]:
    return to_choose(own, day)[:SHOWN]


def _chosen(poll: DatePoll) -> WorkItem:
    return WorkItem(
        title=_("Choose the date of '{title}'").format(title=poll.activity.title),
        url=poll.get_absolute_url(),
        action_label=_("Choose a moment"),
        minutes=2,
        on_behalf_of=poll.activity.organisation.name,
    )


@hand_over_handlers.register
def invitations_of(user: User, organisation: Organisation) -> Iterator[Held]:
    """Give the open date polls in which somebody is asked. One query."""
    yield Held(
        "date_polls",
        gettext_lazy("Date polls that ask when one can come"),
        list(held_invitations(user, organisation).values_list("poll__activity__title", flat=True)),
        lambda successor, actor: give_invitations(
            user=user, successor=successor, organisation=organisation, actor=actor
        ),
        gettext_lazy("Your colleague is asked instead, and answers anew."),
    )


@merger_handlers.register
def carried() -> Iterator[Carried]:
    """Say what of date polls goes along with a municipality."""
    yield Carried(
        "activities.PollGuest",
        "organisation",
        gettext_lazy("questions when one can come to an activity"),
        only=Q(),
        stays=gettext_lazy("the successor is asked already"),
    )
