"""What questions to the desk add to the pages that compose all apps, and to other parts."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from activities.models.desk_question import OPEN_STATES, DeskInvite, DeskQuestion
from activities.selectors.desk_questions import asked_keys
from activities.selectors.desk_work import asked_along, to_answer, to_react_on
from activities.services.desk.demo import load_demo
from activities.services.desk.handing import give_asked, give_handled
from activities.services.desk.reference import load_routes
from activities.services.desk.voices import held_by_actor
from governance.models import Organisation, User
from nss_portal.core.access import granted
from nss_portal.core.carrying import Carried
from nss_portal.core.gathering import Rows, Several
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
def questions_to_do(user: Any) -> Iterable[WorkItem]:
    """Ask for answers to what lies with the own organisation, for experience of the own city, for reactions."""
    held, asked = held_by_actor(user), asked_keys(user)
    holders = held | granted(user, "desk_question", "answer").get("all", frozenset())
    name = ("public_id", "title")
    parts: list[Rows[WorkItem]] = []
    if holders:
        holder = ("holder__short_name", "holder__name")
        parts.append(Rows(to_answer(SHOWN, holders=holders), *name, "due_on", *holder, each=_to_answer))
    if held:
        of_question = [f"question__{field}" for field in name]
        parts.append(Rows(asked_along(SHOWN, own=held), *of_question, each=_asked_along))
    if asked:
        parts.append(Rows(to_react_on(SHOWN, own=asked, user=user.pk), *name, each=_to_react_on))
    return Several(*parts)


def _to_answer(question: DeskQuestion) -> WorkItem:
    holder = question.holder
    return replace(
        _item(question, _("Answer the question '{title}'"), _("Look at the question"), 15),
        due=question.due_on,
        on_behalf_of=(holder.short_name or holder.name) if holder else "",
    )


def _asked_along(invite: DeskInvite) -> WorkItem:
    return _item(invite.question, _("Has your city done this? '{title}'"), _("Tell what you know"), 5)


def _to_react_on(question: DeskQuestion) -> WorkItem:
    return _item(question, _("Your question waits for your reaction: '{title}'"), _("React"), 5)


def _item(question: DeskQuestion, text: str, action: str, minutes: int) -> WorkItem:
    return WorkItem(
        title=text.format(title=question.title),
        url=reverse("activities:desk_question", args=[question.public_id]),
        action_label=action,
        minutes=minutes,
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
