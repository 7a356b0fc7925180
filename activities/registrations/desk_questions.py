"""What questions to the desk add to the pages that compose all apps, and to other parts."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from activities.models.desk_question import OPEN_STATES, DeskInvite, DeskQuestion, InviteState, QuestionState
from activities.selectors.desk_questions import asked_keys, with_us
from activities.services.desk.handing import give_asked, give_handled
from activities.services.desk.reference import load_routes
from activities.services.desk.voices import held_by_actor
from governance.models import Organisation, User
from nss_portal.core.carrying import Carried
from nss_portal.core.handing import Held
from nss_portal.core.registry import (
    NavigationItem,
    NewsItem,
    WorkItem,
    hand_over_handlers,
    merger_handlers,
    navigation,
    news_items,
    reference_loaders,
    work_items,
)

SHOWN = 5

reference_loaders.register(load_routes)


@navigation.register
def entries() -> list[NavigationItem]:
    """Questions stand under the desk."""
    label = gettext_lazy("Questions")
    return [NavigationItem(label=label, url_name="activities:desk_questions", order=51, under="activities:desk")]


@work_items.register
def questions_with_us(user: Any) -> Iterator[WorkItem]:
    """Ask for answers to what lies with the own organisation, the most urgent first. At most one query."""
    if not held_by_actor(user) and not asked_keys(user):
        return
    fields = ("public_id", "title", "due_on", "holder__short_name", "holder__name")
    for code, title, due, short, name in with_us(user).values_list(*fields)[:SHOWN]:
        yield WorkItem(
            title=_("Answer the question '{title}'").format(title=title),
            url=reverse("activities:desk_question", args=[code]),
            action_label=_("Look at the question"),
            minutes=15,
            due=due,
            on_behalf_of=short or name,
        )


@work_items.register
def questions_to_cities(user: Any) -> Iterator[WorkItem]:
    """Ask a city whether it has done this, and an asker for a reaction. At most two queries."""
    held = held_by_actor(user)
    if held:
        invites = DeskInvite.objects.filter(
            organisation__in=held, state=InviteState.ASKED, question__state__in=OPEN_STATES
        ).order_by("pk")
        for code, title in invites.values_list("question__public_id", "question__title")[:SHOWN]:
            yield WorkItem(
                title=_("Has your city done this? '{title}'").format(title=title),
                url=reverse("activities:desk_question", args=[code]),
                action_label=_("Tell what you know"),
                minutes=5,
            )
    asked = asked_keys(user)
    if not asked:
        return
    waiting = DeskQuestion.objects.filter(organisation__in=asked, state=QuestionState.WAITING, asked_by=user)
    for code, title in waiting.order_by("waiting_since", "pk").values_list("public_id", "title")[:SHOWN]:
        yield WorkItem(
            title=_("Your question waits for your reaction: '{title}'").format(title=title),
            url=reverse("activities:desk_question", args=[code]),
            action_label=_("React"),
            minutes=5,
        )


@news_items.register
def answered_questions(user: Any, since: datetime) -> Iterator[NewsItem]:
    """Tell which questions of the own organisation were answered, and which answers became public. One query."""
    asked = asked_keys(user)
    mine = Q(organisation__in=asked, answered_at__gt=since) if asked else Q(pk__in=[])
    found = DeskQuestion.objects.filter(mine | Q(published_at__gt=since)).select_related("holder")
    for question in found.order_by("-changed_at", "-pk")[:SHOWN]:
        is_ours = question.organisation_id in asked
        moment = question.answered_at if is_ours and question.answered_at else question.published_at
        title = question.title if is_ours else question.public_title
        yield NewsItem(
            when=timezone.localdate(moment),
            subject=question.holder.short_name or question.holder.name,
            text=_("answered the question '{title}'").format(title=title),
            url=question.get_absolute_url(),
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
