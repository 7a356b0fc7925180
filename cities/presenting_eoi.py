"""What pages of Expressions of Interest say, in words and lists for the components."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from cities.forms.eoi import ScreenForm, write_number
from cities.models import EoiCall, EoiQuestion, EoiSubmission, EoiUpdate, EoiVersion
from cities.models.eoi import CallState, Kind
from cities.models.eoi_submission import VersionState
from cities.selectors_eoi import Answer, Screen, answer_of
from governance.models import Organisation
from nss_portal.core.access import Actor, NotAllowed, granted, may
from nss_portal.core.time import today


@dataclass(frozen=True)
class Mark:
    """A state in a word, with its tone."""

    label: str
    tone: str


def call_mark(call: EoiCall) -> Mark:
    """Say where a call stands, seen from today."""
    if call.state == CallState.DRAFT:
        return Mark(_("draft"), "neutral")
    if call.takes_answers:
        return Mark(_("open"), "attention")
    if call.state == CallState.OPEN and not call.has_begun:
        return Mark(_("opens later"), "info")
    return Mark(_("closed"), "neutral")


def call_days(call: EoiCall) -> str:
    """Say from when to when a call takes answers."""
    days = {"first": date_format(call.opens_on, "j F Y"), "last": date_format(call.closes_on, "j F Y")}
    return _("{first} up to and including {last}").format(**days)


def answer_words(question: EoiQuestion, answer: Answer) -> list[str]:
    """Give an answer as lines of text: labels of what was ticked, then the own words."""
    if question.kind == Kind.YES_NO:
        labels = {"yes": _("Yes"), "no": _("No")}
    else:
        labels = {option.code: option.label for option in question.options.all()}
    lines = [labels.get(code, code) for code in answer.chosen]
    if question.kind == Kind.NUMBER and answer.text:
        lines.append(f"{write_number(answer.text)} {question.unit}".strip())
    elif answer.text:
        lines.append(answer.text)
    return lines


@dataclass(frozen=True)
class Line:
    """One question with its answer, as pages show it."""

    question: EoiQuestion
    answer: Answer
    is_changed: bool = False

    @property
    def label(self) -> str:
        return self.question.label

    @property
    def chosen(self) -> list[str]:
        return answer_words(self.question, Answer(self.answer.chosen))

    @property
    def text(self) -> str:
        words = answer_words(self.question, Answer((), self.answer.text))
        return words[0] if words else ""

    @property
    def is_empty(self) -> bool:
        return self.answer.is_empty


@dataclass(frozen=True)
class Part:
    """One screen with its answers; `state` is 'changed', 'unchanged' or '' in an update."""

    screen: Screen
    lines: Sequence[Line]
    state: str
    is_update: bool
    is_prefilled: bool = False

    @property
    def title(self) -> str:
        return self.screen.title

    @property
    def is_done(self) -> bool:
        """Say whether nothing is asked of it any more: answered, or of an update told."""
        if self.is_update:
            return bool(self.state)
        return not self.is_prefilled and any(not line.is_empty for line in self.lines)

    @property
    def mark(self) -> Mark:
        """Give the state in a word."""
        if self.is_update:
            words = {"changed": Mark(_("changed"), "info"), "unchanged": Mark(_("unchanged"), "good")}
            return words.get(self.state, Mark(_("to look at"), "attention"))
        if self.is_prefilled:
            return Mark(_("filled in for you, to look at"), "attention")
        if all(line.is_empty for line in self.lines):
            return Mark(_("nothing filled in"), "neutral")
        return Mark(_("filled in"), "good")


def parts_of(screens: Iterable[Screen], version: EoiVersion, before: EoiVersion | None = None) -> list[Part]:
    """Give all screens of a version with its answers; `before` is the version that changes are seen from."""
    return [
        Part(
            screen=screen,
            lines=[
                Line(
                    question=question,
                    answer=answer_of(version, question.code),
                    is_changed=before is not None
                    and answer_of(version, question.code) != answer_of(before, question.code),
                )
                for question in screen.questions
            ],
            state=version.sections.get(screen.key, ""),
            is_update=version.is_update,
            is_prefilled=any(question.code in version.prefilled for question in screen.questions),
        )
        for screen in screens
    ]


def beside(screen: Screen, form: ScreenForm, theirs: EoiVersion) -> list[dict[str, str]]:
    """Give the answers that differ, mine and theirs, for conflict.html."""
    rows = []
    for question in screen.questions:
        mine = form.answers().get(question.code)
        saved = answer_of(theirs, question.code)
        if mine is not None and mine != saved:
            rows.append(
                {
                    "label": question.label,
                    "mine": "\n".join(answer_words(question, mine)) or _("nothing"),
                    "theirs": "\n".join(answer_words(question, saved)) or _("nothing"),
                }
            )
    return rows


def saved_by(screen: Screen, version: EoiVersion) -> str:
    """Name who saved a screen last."""
    saves = [version.saves[q.code] for q in screen.questions if q.code in version.saves]
    return str(max(saves, key=lambda each: each["n"])["by"]) if saves else ""


def version_history(versions: Iterable[EoiVersion]) -> list[dict[str, Any]]:
    """Give what was handed in, the latest first, for history.html."""
    handed_in = [version for version in versions if version.state == VersionState.SUBMITTED]
    rows = []
    for version in sorted(handed_in, key=lambda each: each.number, reverse=True):
        if version.is_update:
            text = _("Update of {year}").format(year=version.year)
        elif version.number == 1:
            text = _("Handed in")
        else:
            text = _("Handed in anew")
        rows.append({"text": text, "when": version.submitted_at, "who": version.submitted_by_label, "reason": ""})
    return rows


@dataclass(frozen=True)
class Ask:
    """What a call asks of one city now: to begin, to go on, to look again, or nothing."""

    call: EoiCall
    organisation: Organisation
    submission: EoiSubmission | None
    draft: EoiVersion | None
    update: EoiUpdate | None
    year: int

    @property
    def is_update(self) -> bool:
        """Say whether it is the yearly update that is asked for."""
        return self.update is not None and self.submission is not None and self.year < self.update.year

    @property
    def is_asked(self) -> bool:
        """Say whether something is asked now."""
        if self.is_update:
            return True
        return self.call.takes_answers and (self.submission is None or self.submission.submitted_at is None)

    @property
    def due(self) -> Any:
        """The last day."""
        return self.update.due_on if self.is_update and self.update else self.call.closes_on

    @property
    def label(self) -> str:
        """What the button says."""
        if self.draft is not None:
            return _("Go on with the draft")
        return _("Look whether it has changed") if self.is_update else _("Begin")

    @property
    def sentence(self) -> str:
        """What is asked, in a sentence."""
        day = date_format(self.due, "j F Y")
        if self.is_update:
            return _("Has the Expression of Interest of {year} changed? Tell it by {date}.").format(
                year=self.year, date=day
            )
        return _("Hand in the Expression of Interest by {date}.").format(date=day)

    @property
    def minutes(self) -> int:
        """About how long it takes: longer from the beginning, shorter for a light update."""
        if self.is_update:
            return 10
        return 20 if self.draft else 30

    @property
    def url(self) -> str:
        """Where it goes on: the draft, the submission, or the call."""
        if self.draft is not None and self.submission is not None:
            return reverse("cities:eoi_fill", args=[self.submission.public_id])
        return self.submission.get_absolute_url() if self.submission else self.call.get_absolute_url()


def asks_of(actor: Actor, organisations: Iterable[Organisation], calls: Iterable[EoiCall]) -> list[Ask]:
    """Give what calls ask of organisations now: three queries, none without calls."""
    held = list(calls)
    owners = list(organisations)
    if not held or not owners:
        return []
    updates = {
        update.call_id: update
        for update in EoiUpdate.objects.filter(call__in=held, opens_on__lte=today(), due_on__gte=today())
    }
    found = {
        (submission.call_id, submission.organisation_id): submission
        for submission in EoiSubmission.objects.visible_to(actor).filter(call__in=held, organisation__in=owners)
    }
    versions: dict[int, list[EoiVersion]] = {}
    kept = EoiVersion.objects.filter(submission__in=found.values()).defer("texts", "choices")
    for version in kept if found else ():
        versions.setdefault(version.submission_id, []).append(version)
    asks = []
    for call in held:
        for organisation in owners:
            submission = found.get((call.pk, organisation.pk))
            own = versions.get(submission.pk, []) if submission else []
            asks.append(
                Ask(
                    call=call,
                    organisation=organisation,
                    submission=submission,
                    draft=next((v for v in own if v.state == VersionState.DRAFT), None),
                    update=updates.get(call.pk),
                    year=max((v.year for v in own if v.state == VersionState.SUBMITTED), default=call.year),
                )
            )
    return asks


def own_organisations(actor: Actor) -> frozenset[int]:
    """Give the primary keys of the organisations in whose own name the actor writes (without mandates)."""
    return granted(actor, "eoi_submission", "change").get("own", frozenset())


def asking_calls() -> list[EoiCall]:
    """Give the calls that ask something today: open ones, and those with a yearly update."""
    day = today()
    open_now = Q(state=CallState.OPEN, opens_on__lte=day, closes_on__gte=day)
    updated = Q(updates__opens_on__lte=day, updates__due_on__gte=day, state=CallState.CLOSED)
    return list(EoiCall.objects.filter(open_now | updated).distinct())


def calls_with_numbers(actor: Actor) -> list[dict[str, Any]]:
    """Give the calls that the actor sees, with how many cities handed in. One query."""
    handed_in = Count("submissions", filter=Q(submissions__submitted_at__isnull=False))
    calls = EoiCall.objects.visible_to(actor).annotate(handed_in=handed_in).order_by("-year", "-opens_on", "-pk")
    return [{"call": call, "mark": call_mark(call), "days": call_days(call)} for call in calls]


def sees_draft(actor: Actor, submission: EoiSubmission) -> bool:
    """Say whether the actor reads a draft: of the own city, or with its mandate."""
    held = granted(actor, "eoi_submission", "view").get("own", frozenset())
    return submission.organisation_id in held or may(actor, "eoi_submission", "change", submission)


def require_calls_manager(actor: Actor) -> None:
    """Raise NotAllowed, with the reason, for whoever does not run calls."""
    if not may(actor, "eoi_call", "manage"):
        raise NotAllowed(_("Only the coordination team runs the calls."))
