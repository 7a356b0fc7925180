"""Write a draft: begin, save screen by screen, begin a new version of what was handed in, throw away."""

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from cities.models import EoiCall, EoiQuestion, EoiSubmission, EoiVersion
from cities.models.eoi import WITH_OPTIONS, WITH_TEXT, CallState, Kind
from cities.models.eoi_submission import VersionState
from cities.selectors_eoi import (
    Answer,
    Screen,
    answer_of,
    differing,
    draft_of,
    latest_submitted,
    open_update,
    questions_of,
    saves_of,
    screens_of,
)
from cities.services.eoi.errors import AnswerRefused, EoiRefused
from cities.services.eoi.prefill import fill_in
from governance.models import Organisation
from governance.services.ownership import require_for
from nss_portal.core import audit
from nss_portal.core.access import Actor, NotAllowed, require
from nss_portal.core.editing import EditConflict, locked
from nss_portal.core.locks import lock
from nss_portal.core.models.audit import Event

TEXT_LIMIT = 10_000
NUMBER_LIMIT = Decimal(10) ** 12
CHANGED, UNCHANGED = "changed", "unchanged"


def require_open_call(call: EoiCall) -> None:
    """Raise EoiRefused, with the day in words, unless a call takes answers now."""
    if call.takes_answers:
        return
    if call.state == CallState.OPEN and not call.has_begun:
        day = date_format(call.opens_on, "DATE_FORMAT")
        raise EoiRefused(_("This call opens on {date}.").format(date=day))
    day = date_format(call.closes_on, "DATE_FORMAT")
    raise EoiRefused(_("This call closed on {date}. Answers are not taken any more.").format(date=day))


def require_open(version: EoiVersion) -> None:
    """Raise EoiRefused unless this draft can still be written and handed in."""
    call = version.submission.call
    if version.state != VersionState.DRAFT:
        raise EoiRefused(_("This version was handed in and does not change any more."))
    if not version.is_update:
        require_open_call(call)
        return
    update = call.updates.filter(year=version.year).first()
    if update is None or not update.takes_answers:
        day = date_format(update.due_on, "DATE_FORMAT") if update else ""
        text = _("The update of {year} closed on {date}. Answers are not taken any more.")
        raise EoiRefused(text.format(year=version.year, date=day))


@transaction.atomic
def start_submission(*, actor: Actor, call: EoiCall, organisation: Organisation) -> EoiSubmission:
    """Begin the Expression of Interest of a city, or give the one that is there: one per city and call.

    What the portal knows is filled in and marked. Raises NotAllowed, EoiRefused when the call is not open.
    """
    require_for(actor, "eoi_submission", "change", organisation)
    lock(f"eoi:{call.pk}:{organisation.pk}")
    found = EoiSubmission.objects.filter(call=call, organisation=organisation).first()
    if found is not None:
        return found
    require_open_call(call)
    submission = EoiSubmission.objects.create(call=call, organisation=organisation)
    version = EoiVersion(submission=submission, number=1, year=call.year)
    fill_in(version, call, organisation)
    version.save()
    audit.record(actor=actor, event=Event.CREATED, obj=submission, on_behalf_of=organisation)
    return submission


@transaction.atomic
def start_version(*, actor: Actor, submission: EoiSubmission) -> EoiVersion:
    """Begin a new version of what was handed in, or give the draft that is there.

    While the call is open it replaces the one before; after that it is the yearly update, when one is asked for.
    Raises NotAllowed and EoiRefused.
    """
    require(actor, "eoi_submission", "change", submission)
    fresh = locked(submission)
    if (draft := draft_of(fresh)) is not None:
        return draft
    before = latest_submitted(fresh)
    if before is None:
        raise EoiRefused(_("Nothing was handed in yet."))
    update = open_update(fresh.call)
    if update is None:
        require_open_call(fresh.call)
    elif before.year >= update.year:
        raise EoiRefused(_("The update of {year} was handed in already.").format(year=update.year))
    version = EoiVersion.objects.create(
        submission=fresh,
        number=before.number + 1,
        year=update.year if update else fresh.call.year,
        is_update=update is not None,
        choices=before.choices,
        texts=before.texts,
    )
    changes = {"number": version.number, "year": version.year}
    audit.record(actor=actor, event=Event.CREATED, obj=version, changes=changes, on_behalf_of=fresh.organisation)
    return version


@transaction.atomic
def save_screen(
    *,
    actor: Actor,
    version: EoiVersion,
    screen: Screen,
    answers: Mapping[str, Answer],
    revision: int,
    section: str = "",
    final: bool = False,
) -> EoiVersion:
    """Save the answers of one screen; `revision` is the number of saves that the form was made from.

    `section` says of an update whether the screen has changed ('changed', 'unchanged' or ''). With `final` the
    marks of what was filled in by the portal go, and an update has to say so. Raises NotAllowed, EoiRefused
    (closed), AnswerRefused (with a text per question) and EditConflict (a colleague saved something else in
    between; nothing is written, and its `record` is the version as it is now).
    """
    current = _locked_draft(actor, version)
    questions = [question for question in screen.questions if question.code in answers]
    cleaned = {question.code: _clean(question, answers[question.code]) for question in questions}
    before = {code: answer_of(current, code) for code in cleaned}
    told = current.sections.get(screen.key, "")
    differs = {code for code, answer in cleaned.items() if answer != before[code]}
    if (differs or section != told) and saves_of(current, screen) != revision:
        raise EditConflict(current)
    _check_section(current, screen, cleaned, section, final)
    marked = {code for code in cleaned if code in current.prefilled and (final or code in differs)}
    if not differs and section == told and not marked:
        return current
    for code in differs:
        _put(current, code, cleaned[code])
    for code in marked:
        current.prefilled.pop(code)
    if section:
        current.sections[screen.key] = section
    return _saved(actor, current, screen, before, differs)


def _locked_draft(actor: Actor, version: EoiVersion) -> EoiVersion:
    submission = EoiSubmission.objects.select_related("call", "organisation").get(pk=version.submission_id)
    require(actor, "eoi_submission", "change", submission)
    current = locked(version)
    current.submission = submission
    require_open(current)
    return current


def _put(version: EoiVersion, code: str, answer: Answer) -> None:
    version.choices.pop(code, None)
    version.texts.pop(code, None)
    if answer.chosen:
        version.choices[code] = list(answer.chosen)
    if answer.text:
        version.texts[code] = answer.text


def _saved(
    actor: Actor, version: EoiVersion, screen: Screen, before: Mapping[str, Answer], differs: set[str]
) -> EoiVersion:
    # A screen whose answers stay (only 'unchanged' was ticked) counts as saved too: its first question carries it.
    for code in differs or {screen.key}:
        count = version.saves.get(code, {}).get("n", 0)
        version.saves[code] = {"n": count + 1, "by": str(actor)[:200]}
    version.changed_at = timezone.now()
    version.save()
    changes = {code: [_words(before[code]), _words(answer_of(version, code))] for code in sorted(differs)}
    audit.record(
        actor=actor,
        event=Event.CHANGED,
        obj=version.submission,
        changes=changes or {"sections": version.sections},
        on_behalf_of=version.submission.organisation,
    )
    return version


def _words(answer: Answer) -> str:
    return " ".join([*answer.chosen, answer.text]).strip()


def _clean(question: EoiQuestion, answer: Answer) -> Answer:
    """Give an answer as it is kept; raises AnswerRefused when it cannot be."""
    text = answer.text.replace("\x00", "").strip() if question.kind in WITH_TEXT else ""
    if len(text) > TEXT_LIMIT:
        limit = _("At most {limit} characters; this text has {length}. Make it shorter.")
        raise AnswerRefused({question.code: limit.format(limit=TEXT_LIMIT, length=len(text))})
    if question.kind == Kind.NUMBER and text:
        text = _number(question, text)
    offered = _offered(question)
    unknown = set(answer.chosen) - set(offered)
    if unknown:
        raise AnswerRefused({question.code: _("Choose from the list.")})
    chosen = tuple(code for code in offered if code in answer.chosen)
    if question.kind in {Kind.SINGLE, Kind.YES_NO} and len(chosen) > 1:
        raise AnswerRefused({question.code: _("Choose one answer.")})
    return Answer(chosen, text)


def _offered(question: EoiQuestion) -> list[str]:
    if question.kind == Kind.YES_NO:
        return ["yes", "no"]
    if question.kind in WITH_OPTIONS:
        return [option.code for option in question.options.all()]
    return []


def _number(question: EoiQuestion, text: str) -> str:
    try:
        value = Decimal(text)
    except InvalidOperation:
        value = NUMBER_LIMIT + 1
    if not value.is_finite() or abs(value) > NUMBER_LIMIT:
        raise AnswerRefused({question.code: _("Fill in a number, in digits.")})
    return f"{value:f}"


def _check_section(
    version: EoiVersion, screen: Screen, answers: Mapping[str, Answer], section: str, final: bool
) -> None:
    if section not in {"", CHANGED, UNCHANGED}:
        raise AnswerRefused({"changed": _("Choose one of the answers.")})
    if not version.is_update or not final:
        return
    before = latest_submitted(version.submission)
    same = before is not None and all(answer_of(before, code) == answer for code, answer in answers.items())
    if not section:
        raise AnswerRefused({"changed": _("Say whether this has changed.")})
    if section == UNCHANGED and not same:
        text = _("An answer below differs from the one before. Choose 'changed', or put the old answer back.")
        raise AnswerRefused({"changed": text})
    if section == CHANGED and same:
        raise AnswerRefused({"changed": _("No answer below differs yet. Change it, or choose 'unchanged'.")})


@transaction.atomic
def keep_unchanged(*, actor: Actor, version: EoiVersion) -> EoiVersion:
    """Say of every screen of an update that was not looked at, and has no other answer, that nothing changed.

    Raises NotAllowed and EoiRefused.
    """
    current = _locked_draft(actor, version)
    before = latest_submitted(current.submission)
    if not current.is_update or before is None:
        raise EoiRefused(_("This is no yearly update."))
    questions = questions_of(current.submission.call)
    other = {question.code for question in differing(questions, current, before)}
    for screen in screens_of(questions):
        changed = other & {question.code for question in screen.questions}
        if not changed and screen.key not in current.sections:
            current.sections[screen.key] = UNCHANGED
            count = current.saves.get(screen.key, {}).get("n", 0)
            current.saves[screen.key] = {"n": count + 1, "by": str(actor)[:200]}
    current.changed_at = timezone.now()
    current.save()
    audit.record(
        actor=actor,
        event=Event.CHANGED,
        obj=current.submission,
        changes={"sections": current.sections},
        on_behalf_of=current.submission.organisation,
    )
    return current


@transaction.atomic
def discard_draft(*, actor: Actor, submission: EoiSubmission) -> bool:
    """Throw the draft away; what was handed in stays. Says whether anything of the submission is left.

    Raises NotAllowed, also when there is no draft.
    """
    require(actor, "eoi_submission", "change", submission)
    fresh = locked(submission)
    draft = draft_of(fresh)
    if draft is None:
        raise NotAllowed(_("There is no draft to throw away."))
    audit.record(actor=actor, event=Event.DELETED, obj=draft, on_behalf_of=fresh.organisation)
    draft.delete()
    if fresh.submitted_at is None:
        fresh.delete()
        return False
    return True
