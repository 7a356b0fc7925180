"""What the desk adds to everybody's 'my work' and news: one query each, whatever there is."""

from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import CharField, DateField, DateTimeField, F, Q, Value
from django.db.models.functions import Cast, Coalesce, NullIf
from django.utils.translation import get_language

from activities.models.desk import DirectoryEntry
from activities.models.desk_call import (
    ApplicationParty,
    ApplicationState,
    CallInterest,
    JointApplication,
    PartyState,
)
from activities.models.desk_question import (
    OPEN_STATES,
    DeskInvite,
    DeskQuestion,
    InviteState,
    QuestionState,
)
from activities.selectors.desk_questions import asked_keys
from activities.services.desk.voices import held_by_actor
from nss_portal.core.access import Actor, Role, granted, standing_of
from nss_portal.core.time import today

# Kind, public identifier, title, day, in whose name.
Waits = tuple[str, str, str, date | None, str]


def _text(expression: Any) -> Any:
    return Cast(expression, CharField())


def _kind(kind: str) -> Any:
    return Value(kind, output_field=CharField())


def _short(path: str) -> Any:
    return _text(Coalesce(NullIf(F(f"{path}__short_name"), Value("")), F(f"{path}__name")))


def _together(parts: list[Any]) -> list[Any]:
    """Give the rows of several queries by one."""
    if not parts:
        return []
    return list(parts[0].union(*parts[1:], all=True))


def questions_that_wait(user: Any, limit: int) -> list[Waits]:
    """Give questions to answer, questions to a city, and own questions that wait for a reaction. One query."""
    held, asked = held_by_actor(user), asked_keys(user)
    keeping = granted(user, "desk_question", "answer").get("all", frozenset())
    no_day, nobody = Value(None, output_field=DateField()), _kind("")
    parts: list[Any] = []
    if held or keeping:
        mine = DeskQuestion.objects.with_holder().filter(holder__in=held | keeping).order_by("due_on", "pk")
        parts.append(mine.values_list(_kind("answer"), "public_id", "title", "due_on", _short("holder"))[:limit])
    if held:
        invites = DeskInvite.objects.filter(
            organisation__in=held, state=InviteState.ASKED, question__state__in=OPEN_STATES
        ).order_by("pk")
        parts.append(
            invites.values_list(_kind("city"), "question__public_id", "question__title", no_day, nobody)[:limit]
        )
    if asked:
        waiting = DeskQuestion.objects.filter(organisation__in=asked, state=QuestionState.WAITING, asked_by=user)
        ordered = waiting.order_by("waiting_since", "pk")
        parts.append(ordered.values_list(_kind("react"), "public_id", "title", no_day, nobody)[:limit])
    return _together(parts)


def calls_that_wait(user: Any, limit: int, days: int) -> list[Waits]:
    """Give deadlines of what a city looks at, and joint applications that wait for it. One query."""
    if not is_of_city(user):
        return []
    own, day = asked_keys(user), today()
    interests = CallInterest.objects.filter(
        organisation__in=own, entry__state="listed", entry__deadline__range=(day, day + timedelta(days=days))
    ).order_by("entry__deadline", "pk")
    forming = JointApplication.objects.filter(state=ApplicationState.FORMING).order_by("submit_by", "pk")
    asked = ApplicationParty.objects.filter(organisation__in=own, state=PartyState.ASKED).order_by()
    nobody = _kind("")
    row = ("public_id", "title", "submit_by")
    return _together(
        [
            interests.values_list(
                _kind("call"), "entry__public_id", "entry__name", "entry__deadline", _short("organisation")
            )[:limit],
            forming.filter(organisation__in=own).values_list(_kind("lead"), *row, _short("organisation"))[:limit],
            forming.filter(pk__in=asked.values("application")).values_list(_kind("party"), *row, nobody)[:limit],
        ]
    )


def is_of_city(actor: Actor) -> bool:
    """Say whether somebody works for a municipality. No query."""
    return standing_of(actor).has(Role.MEMBER, Role.TEAM)


def desk_news(user: Any, since: datetime, limit: int) -> list[tuple[str, str, str, datetime, str]]:
    """Give what was answered for the own organisation, what became public, and new calls. One query.

    Each as (kind, public identifier, title, moment, whose).
    """
    asked = asked_keys(user)
    answered = DeskQuestion.objects.filter(organisation__in=asked, answered_at__gt=since)
    public = DeskQuestion.objects.filter(~Q(organisation__in=asked) | Q(organisation=None), published_at__gt=since)
    calls = DirectoryEntry.objects.money().open_on(today()).filter(created_at__gt=since, deadline__isnull=False)
    name = Coalesce(NullIf(F("name_en"), Value("")), F("name")) if get_language() == "en" else F("name")
    moment = DateTimeField()
    parts = [
        public.order_by("-published_at", "-pk").values_list(
            _kind("answered"), "public_id", _text("public_title"), Cast("published_at", moment), _short("holder")
        )[:limit],
        calls.order_by("-created_at", "-pk").values_list(
            _kind("call"), "public_id", _text(name), Cast("created_at", moment), _text("run_by")
        )[:limit],
    ]
    if asked:
        mine = answered.order_by("-answered_at", "-pk")
        parts.append(
            mine.values_list(
                _kind("answered"), "public_id", _text("title"), Cast("answered_at", moment), _short("holder")
            )[:limit]
        )
    return _together(parts)
