"""Reads of Expressions of Interest: screens of a questionnaire, answers, versions, what a city is asked for."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from django.db.models import Prefetch, QuerySet

from cities.models import EoiCall, EoiOption, EoiQuestion, EoiSubmission, EoiUpdate, EoiVersion
from cities.models.eoi_submission import VersionState
from nss_portal.core.access import Actor
from nss_portal.core.time import today


@dataclass(frozen=True)
class Answer:
    """What was answered to one question: codes that were ticked, and own words or a number as text."""

    chosen: tuple[str, ...] = ()
    text: str = ""

    @property
    def is_empty(self) -> bool:
        """Say whether nothing was answered."""
        return not self.chosen and not self.text


@dataclass(frozen=True)
class Screen:
    """One theme of a questionnaire: the questions that are asked together. `number` counts from 1."""

    number: int
    questions: tuple[EoiQuestion, ...]

    @property
    def key(self) -> str:
        """The code of its first question."""
        return self.questions[0].code

    @property
    def title(self) -> str:
        """The theme, or the question where it has none."""
        return self.questions[0].theme or self.questions[0].label


def questions_of(call: EoiCall) -> list[EoiQuestion]:
    """Give the questions that are asked, with their options that are offered: two queries."""
    options = Prefetch("options", queryset=EoiOption.objects.filter(is_withdrawn=False))
    return list(EoiQuestion.objects.filter(call=call, is_withdrawn=False).prefetch_related(options))


def screens_of(questions: Iterable[EoiQuestion]) -> list[Screen]:
    """Put questions that follow each other with one theme on one screen."""
    grouped: list[tuple[EoiQuestion, ...]] = []
    for theme, group in groupby(questions, key=lambda question: question.theme_nl):
        held = tuple(group)
        grouped += [held] if theme else [(question,) for question in held]
    return [Screen(number, held) for number, held in enumerate(grouped, start=1)]


def answer_of(version: EoiVersion, code: str) -> Answer:
    """Give what a version answers to a question."""
    return Answer(tuple(version.choices.get(code, ())), str(version.texts.get(code, "")))


def saves_of(version: EoiVersion, screen: Screen) -> int:
    """Give how often a screen was saved: the number that its form carries."""
    return sum(version.saves.get(question.code, {}).get("n", 0) for question in screen.questions)


def latest_submitted(submission: EoiSubmission) -> EoiVersion | None:
    """Give the version that counts: the last one that was handed in."""
    return submission.versions.filter(state=VersionState.SUBMITTED).order_by("-number").first()


def draft_of(submission: EoiSubmission) -> EoiVersion | None:
    """Give the draft that is being written, if there is one."""
    return submission.versions.filter(state=VersionState.DRAFT).first()


def open_update(call: EoiCall) -> EoiUpdate | None:
    """Give the yearly update of a call that takes answers today."""
    return call.updates.filter(opens_on__lte=today(), due_on__gte=today()).order_by("-year").first()


def visible_submissions(actor: Actor) -> QuerySet[EoiSubmission]:
    """Give the submissions that the actor may see, with call and organisation."""
    return EoiSubmission.objects.visible_to(actor).select_related("call", "organisation")


def differing(questions: Sequence[EoiQuestion], one: EoiVersion, other: EoiVersion) -> list[EoiQuestion]:
    """Give the questions that two versions answer differently."""
    return [q for q in questions if answer_of(one, q.code) != answer_of(other, q.code)]
