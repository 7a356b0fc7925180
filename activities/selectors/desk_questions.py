"""What the pages about questions read."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import BooleanField, Count, DurationField, ExpressionWrapper, F, Q
from django.db.models import Value as V
from django.utils import timezone

from activities.models.desk_question import (
    OPEN_STATES,
    WITH_HOLDER,
    DeskInvite,
    DeskMessage,
    DeskQuestion,
    MessageKind,
    QuestionQuerySet,
    QuestionState,
)
from activities.selectors.desk_search import NOTHING, words_q
from activities.services.desk.voices import held_by_actor, keeps_desk
from cities.models import Theme
from cities.selectors_bottlenecks import AsQuery, Matches, likeness_of, quoted, rare_enough, words_of
from cities.selectors_signals import Median
from governance.models import Organisation
from nss_portal.core.access import Actor, granted
from nss_portal.core.formats import format_date
from nss_portal.core.time import today

QUESTION_TONES = {
    QuestionState.NEW: "attention",
    QuestionState.HANDLING: "info",
    QuestionState.REFERRED: "info",
    QuestionState.WAITING: "neutral",
    QuestionState.ANSWERED: "good",
    QuestionState.CLOSED: "neutral",
    QuestionState.REOPENED: "attention",
}
LEAST_LIKENESS = 0.25
MOST_CANDIDATES = 300
# Response times look back this far.
DAYS_BACK = 365


def asked_keys(actor: Actor) -> frozenset[int]:
    """Give the organisations (primary keys) whose questions somebody reads whole."""
    return granted(actor, "desk_question", "ask").get("own", frozenset())


def whole_q(actor: Actor) -> Q:
    """Give the questions that somebody reads in the asker's own words, as a condition."""
    if keeps_desk(actor):
        return Q(verified_at__isnull=False) | Q(organisation__in=asked_keys(actor))
    asked, held = asked_keys(actor), held_by_actor(actor)
    found = Q(organisation__in=asked) if asked else NOTHING
    if held:
        invited = DeskInvite.objects.filter(organisation__in=held).order_by()
        with_them = Q(holder__in=held) | Q(pk__in=invited.values("question"))
        found |= Q(verified_at__isnull=False) & with_them
    return found


def sees_whole(actor: Actor, question: DeskQuestion) -> bool:
    """Say whether somebody reads a question in the asker's own words. At most one query."""
    return DeskQuestion.objects.filter(whole_q(actor), pk=question.pk).exists()


def with_question_words(questions: QuestionQuerySet, actor: Actor, text: str) -> QuestionQuerySet:
    """Keep the questions with all words of a text: in the asker's words where somebody reads those.

    Else in what everybody reads; a search would otherwise tell what a question says to who may not read it.
    """
    if not text.strip():
        return questions
    own, public = words_q(text, "search"), words_q(text, "public_search")
    if own is None or public is None:
        return questions.none()
    if keeps_desk(actor):
        return questions.filter(own | public)
    return questions.filter((whole_q(actor) & own) | (Q(published_at__isnull=False) & public))


ROW = (
    *("public_id", "title", "public_title", "state", "received_at", "due_on", "is_illustrative", "published_at"),
    *("holder__short_name", "holder__name", "theme", "reads_whole", "joined_to"),
)


def question_rows(questions: QuestionQuerySet, actor: Actor, themes: dict[int, str]) -> list[dict[str, Any]]:
    """Give what lists show of questions, in words. One query; `themes` are their labels by primary key."""
    condition = whole_q(actor)
    reads = V(False) if condition == NOTHING else ExpressionWrapper(condition, output_field=BooleanField())
    states = {state.value: (str(state.label), QUESTION_TONES[state]) for state in QuestionState}
    day, rows = today(), []
    for values in questions.annotate(reads_whole=reads).values(*ROW):
        state, due = values["state"], values["due_on"]
        whole = values["reads_whole"]
        waits = state in WITH_HOLDER and not values["joined_to"]
        rows.append(
            {
                "public_id": values["public_id"],
                "title": values["title"] if whole else values["public_title"],
                "state": states[state][0],
                "tone": states[state][1],
                "holder": values["holder__short_name"] or values["holder__name"],
                "theme": themes.get(values["theme"], ""),
                "received": format_date(timezone.localdate(values["received_at"])),
                "due": format_date(due) if due and waits and whole else "",
                "late": bool(whole and waits and due and due < day),
                "is_public": values["published_at"] is not None,
                "made_up": values["is_illustrative"],
            }
        )
    return rows


def theme_labels() -> dict[int, str]:
    """Give the labels of all themes by primary key. One query."""
    return {theme.pk: str(theme) for theme in Theme.objects.all()}


def messages_of(question: DeskQuestion, *, with_notes: bool) -> list[DeskMessage]:
    """Give what was said about a question, the first first; notes only to those who handle it. One query."""
    found = DeskMessage.objects.filter(question=question).select_related("organisation", "referred_to")
    return list(found if with_notes else found.exclude(kind=MessageKind.NOTE))


def published_like(text: str, limit: int = 5) -> list[DeskQuestion]:
    """Give the published questions that a text resembles most, most alike first. Four queries at most."""
    return _like(DeskQuestion.objects.published(), text, "public_search", limit)


def open_like(actor: Actor, question: DeskQuestion, limit: int = 3) -> list[DeskQuestion]:
    """Give open questions that are perhaps the same as one that somebody handles. Four queries at most."""
    open_ones = DeskQuestion.objects.visible_to(actor).verified().filter(state__in=OPEN_STATES)
    others = open_ones.filter(whole_q(actor), joined_to__isnull=True).exclude(pk=question.pk)
    return _like(others, f"{question.title} {question.text[:300]}", "search", limit)


def _like(questions: QuestionQuerySet, text: str, vector: str, limit: int) -> list[DeskQuestion]:
    words = words_of(text)
    if not words:
        return []
    query = AsQuery(V(" | ".join(map(quoted, rare_enough(words)))))
    keys = list(
        questions.filter(Matches(F(vector), query)).order_by("-pk").values_list("pk", flat=True)[:MOST_CANDIDATES]
    )
    ranked = (
        DeskQuestion.objects.filter(pk__in=keys)
        .annotate(likeness=likeness_of(words, vector))
        .order_by("-likeness", "-pk")[:limit]
    )
    return [one for one in ranked if getattr(one, "likeness") >= LEAST_LIKENESS]  # noqa: B009 - annotated


@dataclass(frozen=True)
class AnswerTime:
    """How soon questions are answered: of an organisation, or on a theme."""

    label: str
    answered: int
    median_days: float | None
    in_time: float | None
    waiting: int
    overdue: int


def answer_times(by: str) -> list[AnswerTime]:
    """Give how soon questions of the last year were answered, by 'holder' or by 'theme'. Two queries.

    All received questions count, published or not: a number says nothing of whom it is about. In time is on the
    due day at the latest; what was reopened counts with its first answer.
    """
    since = timezone.now() - timedelta(days=DAYS_BACK)
    day = today()
    took = ExpressionWrapper(F("answered_at") - F("verified_at"), output_field=DurationField())
    waiting = Q(state__in=WITH_HOLDER, joined_to__isnull=True)
    answered = Q(answered_at__isnull=False)
    rows = (
        DeskQuestion.objects.filter(Q(verified_at__gte=since) | waiting, verified_at__isnull=False)
        .annotate(took=took)
        .order_by()
        .values(by)
        .annotate(
            answered=Count("pk", filter=answered),
            median=Median("took", filter=answered),
            in_time=Count("pk", filter=answered & Q(took__lte=timedelta(days=14))),
            waiting=Count("pk", filter=waiting),
            overdue=Count("pk", filter=waiting & Q(due_on__lt=day)),
        )
    )
    names = _names(by, rows)
    found = [_time(names.get(row[by], ""), row) for row in rows]
    return sorted(found, key=lambda one: (not one.label, -one.answered, one.label))


def _names(by: str, rows: Iterable[dict[str, Any]]) -> dict[int, str]:
    if by == "theme":
        return theme_labels()
    keys = [row[by] for row in rows]
    return dict(Organisation.objects.filter(pk__in=keys).values_list("pk", "name"))


def _time(label: str, row: dict[str, Any]) -> AnswerTime:
    answered, median = row["answered"], row["median"]
    return AnswerTime(
        label=label,
        answered=answered,
        median_days=None if median is None else median / timedelta(days=1),
        in_time=100 * row["in_time"] / answered if answered else None,
        waiting=row["waiting"],
        overdue=row["overdue"],
    )
