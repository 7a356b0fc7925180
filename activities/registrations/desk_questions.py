"""What questions to the desk add to the pages that compose all apps, and to other parts."""

from collections.abc import Iterator
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from activities.models.desk_question import OPEN_STATES, DeskQuestion
from activities.selectors.desk_work import questions_that_wait
from activities.services.desk.demo import load_demo
from activities.services.desk.handing import give_asked, give_handled
from activities.services.desk.reference import load_routes
from governance.models import Organisation, User
from nss_portal.core.carrying import Carried
from nss_portal.core.handing import Held
from nss_portal.core.registry import (
    NavigationItem,
    WorkItem,
    demo_loaders,
    hand_over_handlers,
    merger_handlers,
    navigation,
    reference_loaders,
    work_items,
)

SHOWN = 5

reference_loaders.register(load_routes)
demo_loaders.register(load_demo)


@navigation.register
def entries() -> list[NavigationItem]:
    """Questions stand under the desk."""
    label = gettext_lazy("Questions")
    return [NavigationItem(label=label, url_name="activities:desk_questions", order=51, under="activities:desk")]


@work_items.register
def questions_to_do(user: Any) -> Iterator[WorkItem]:
    """Ask for answers to what lies with the own organisation, for experience of the own city, for reactions.

    One query, none for who belongs to no organisation.
    """
    texts = {
        "answer": (_("Answer the question '{title}'"), _("Look at the question"), 15),
        "city": (_("Has your city done this? '{title}'"), _("Tell what you know"), 5),
        "react": (_("Your question waits for your reaction: '{title}'"), _("React"), 5),
    }
    for kind, code, title, due, holder in questions_that_wait(user, SHOWN):
        text, action, minutes = texts[kind]
        yield WorkItem(
            title=text.format(title=title),
            url=reverse("activities:desk_question", args=[code]),
            action_label=action,
            minutes=minutes,
            due=due,
            on_behalf_of=holder,
        )


@merger_handlers.register
def carried() -> Iterator[Carried]:
    """Say what of the questions goes along with a municipality."""
    yield Carried("activities.DeskQuestion", "organisation", gettext_lazy("questions to the desk"))
    yield Carried("activities.DeskQuestion", "holder", gettext_lazy("questions that the municipality answers"))
    yield Carried(
        "activities.DeskInvite",
        "organisation",
        gettext_lazy("questions in which the municipality was asked along"),
        only=Q(),
        stays=gettext_lazy("the successor was asked already"),
    )
    yield Carried("activities.DeskRoute", "organisation", gettext_lazy("themes of which it gets the questions"))
    for field in ("organisation", "referred_to"):
        yield Carried(
            "activities.DeskMessage",
            field,
            gettext_lazy("what was said about a question"),
            stays=gettext_lazy("what was said is never changed, nor by whom"),
        )


@hand_over_handlers.register
def questions_of(user: User, organisation: Organisation) -> Iterator[Held]:
    """Give the questions that somebody handles or asked for an organisation. Two queries."""
    handled = DeskQuestion.objects.filter(handler=user, holder=organisation, state__in=OPEN_STATES)
    yield Held(
        "desk_handled",
        gettext_lazy("Questions at the desk that you handle"),
        list(handled.order_by("pk").values_list("title", flat=True)),
        lambda successor, actor: give_handled(
            user=user, successor=successor, organisation=organisation, actor=actor
        ),
    )
    asked = DeskQuestion.objects.filter(asked_by=user, organisation=organisation, state__in=OPEN_STATES)
    yield Held(
        "desk_asked",
        gettext_lazy("Questions to the desk that you asked"),
        list(asked.order_by("pk").values_list("title", flat=True)),
        lambda successor, actor: give_asked(
            user=user, successor=successor, organisation=organisation, actor=actor
        ),
    )
