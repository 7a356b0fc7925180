"""Run a call: make, copy, change, open and close it, ask for the yearly update, publish the analysis."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from cities.models import EoiCall, EoiOption, EoiQuestion, EoiUpdate
from cities.models.eoi import CallState
from cities.services.eoi.questionnaire_file import QuestionSpec, read_questionnaire
from cities.workflow import EOI_CALL
from nss_portal.core import audit, workflow
from nss_portal.core.access import Actor, NotAllowed, require
from nss_portal.core.editing import EditConflict, apply_changes, locked, readable
from nss_portal.core.models.audit import Event
from nss_portal.core.time import is_past, today

FACTS = ("name_nl", "name_en", "intro_nl", "intro_en", "year", "opens_on", "closes_on", "source")
COPIED = ("theme_nl", "theme_en", "label_nl", "label_en", "help_nl", "help_en", "kind", "code", "order", "unit")


def has_answers(call: EoiCall) -> bool:
    """Say whether a city has handed in: from then on only texts of the questionnaire change."""
    return call.submissions.filter(submitted_at__isnull=False).exists()


def free_code(year: int) -> str:
    """Give the code of a new call: its year, or the year with a number where that is taken."""
    taken = set(EoiCall.objects.filter(code__startswith=str(year)).values_list("code", flat=True))
    numbered = (f"{year}-{number}" for number in range(2, len(taken) + 3))
    return next(code for code in (str(year), *numbered) if code not in taken)


@transaction.atomic
def create_call(*, actor: Actor, facts: Mapping[str, Any], copy_of: EoiCall | None = None) -> EoiCall:
    """Make a call as a draft, with the questions of an earlier one where `copy_of` names it.

    `facts` are those of FACTS. Raises NotAllowed, ValidationError when the last day lies before the first.
    """
    require(actor, "eoi_call", "manage")
    call = EoiCall(code=free_code(int(facts["year"])), **_checked(facts))
    call.save()
    if copy_of is not None:
        _copy_questions(copy_of, call)
    audit.record(actor=actor, event=Event.CREATED, obj=call, changes={"copy_of": copy_of.code if copy_of else ""})
    return call


def _checked(facts: Mapping[str, Any]) -> dict[str, Any]:
    values = {name: facts[name] for name in FACTS if name in facts}
    if values["closes_on"] < values["opens_on"]:
        raise ValidationError({"closes_on": _("The last day lies before the first.")})
    return values


def _copy_questions(source: EoiCall, target: EoiCall) -> None:
    for question in source.questions.filter(is_withdrawn=False).prefetch_related("options"):
        values = {name: getattr(question, name) for name in (*COPIED, "prefill", "is_required")}
        copy = EoiQuestion.objects.create(call=target, **values)
        EoiOption.objects.bulk_create(
            EoiOption(
                question=copy,
                **{
                    name: getattr(option, name)
                    for name in ("code", "order", "group_nl", "group_en", "label_nl", "label_en")
                },
                nzc_covers=option.nzc_covers,
                asks_translation=option.asks_translation,
            )
            for option in question.options.all()
            if not option.is_withdrawn
        )


@transaction.atomic
def change_call(*, actor: Actor, call: EoiCall, version: int, facts: Mapping[str, Any]) -> EoiCall:
    """Change name, introduction, days and source. Raises NotAllowed, EditConflict, ValidationError."""
    require(actor, "eoi_call", "manage", call)
    fresh = locked(call)
    changes = apply_changes(fresh, version, _checked(facts))
    return edited(actor, fresh, readable(changes))


def edited(actor: Actor, call: EoiCall, changes: Mapping[str, object]) -> EoiCall:
    """Count one edit of a locked call and note it; nothing when nothing changed."""
    if changes:
        call.version += 1
        call.save()
        audit.record(actor=actor, event=Event.CHANGED, obj=call, changes=changes)
    return call


def editable(actor: Actor, call: EoiCall, version: int | None = None) -> EoiCall:
    """Lock a call to change its questionnaire. Raises NotAllowed, and EditConflict where `version` has passed."""
    require(actor, "eoi_call", "manage", call)
    fresh = locked(call)
    if version is not None and fresh.version != version:
        raise EditConflict(fresh)
    return fresh


def require_no_answers(call: EoiCall) -> None:
    """Raise NotAllowed once a city has handed in."""
    if has_answers(call):
        raise NotAllowed(_("Cities have handed in already. From now on only texts can change."))


@transaction.atomic
def move_call(*, actor: Actor, call: EoiCall, step: str, reason: str = "") -> EoiCall:
    """Open, close or reopen a call. Raises as `workflow.take` does."""
    workflow.take(EOI_CALL, step, call, actor=actor, reason=reason)
    return call


@transaction.atomic
def publish_analysis(*, actor: Actor, call: EoiCall, is_published: bool) -> EoiCall:
    """Show the analysis to everybody, or to those of the network alone. Raises NotAllowed."""
    require(actor, "eoi_call", "manage", call)
    fresh = locked(call)
    if fresh.state == CallState.DRAFT:
        raise NotAllowed(_("This call is a draft, so there is nothing to publish."))
    if fresh.analysis_published != is_published:
        fresh.analysis_published = is_published
        fresh.save(update_fields=["analysis_published"])
        event = Event.PUBLISHED if is_published else Event.WITHDRAWN
        audit.record(actor=actor, event=event, obj=fresh, changes={"analysis_published": is_published})
    return fresh


@transaction.atomic
def ask_update(*, actor: Actor, call: EoiCall, year: int, due_on: date) -> EoiUpdate:
    """Ask the cities of a call whether their answers have changed; the same year again moves the last day.

    Raises NotAllowed; ValidationError when the day has passed, the call still runs, or the year lies before it.
    """
    require(actor, "eoi_call", "manage", call)
    fresh = locked(call)
    if is_past(due_on):
        raise ValidationError({"due_on": _("This day has passed already.")})
    if fresh.state != CallState.CLOSED:
        raise ValidationError({"year": _("The call itself is still open; cities change their answers there.")})
    if not fresh.year < year <= today().year + 1:
        raise ValidationError({"year": _("Choose a year after the call, up to next year.")})
    update, created = EoiUpdate.objects.update_or_create(call=fresh, year=year, defaults={"due_on": due_on})
    changes = {"year": year, "due_on": due_on.isoformat()}
    audit.record(actor=actor, event=Event.REQUESTED if created else Event.CHANGED, obj=fresh, changes=changes)
    return update


@transaction.atomic
def change_marks(
    *, actor: Actor, call: EoiCall, version: int, nzc_covers: Iterable[int], asks_translation: Iterable[int]
) -> EoiCall:
    """Set which options (primary keys) NZC covers and which ask for a Dutch translation.

    At any time, also after cities handed in. Raises NotAllowed and EditConflict.
    """
    fresh = editable(actor, call, version)
    covered, asked = set(nzc_covers), set(asks_translation)
    changes: dict[str, object] = {}
    for option in EoiOption.objects.filter(question__call=fresh).select_related("question"):
        now = (option.pk in covered, option.pk in asked)
        before = (option.nzc_covers, option.asks_translation)
        if now != before:
            option.nzc_covers, option.asks_translation = now
            option.save(update_fields=["nzc_covers", "asks_translation"])
            changes[f"{option.question.code}.{option.code}"] = [list(before), list(now)]
    return edited(actor, fresh, changes)


@transaction.atomic
def load_questionnaire(*, actor: Actor, call: EoiCall, version: int, content: bytes) -> EoiCall:
    """Put the questionnaire of a JSON file in the place of the present one.

    Raises NotAllowed once cities handed in or began, EditConflict, BadQuestionnaire; then nothing has changed.
    """
    specs = read_questionnaire(content)
    fresh = editable(actor, call, version)
    require_no_answers(fresh)
    if fresh.submissions.exists():
        raise NotAllowed(_("Cities have begun to answer. Change single questions instead of the whole list."))
    before = list(fresh.questions.values_list("code", flat=True))
    fresh.questions.all().delete()
    write_questions(fresh, specs)
    return edited(actor, fresh, {"questions": [before, [spec.code for spec in specs]]})


def write_questions(call: EoiCall, specs: Sequence[QuestionSpec]) -> None:
    """Add the questions of a file to a call that has none."""
    for order, spec in enumerate(specs, start=1):
        values = {name: getattr(spec, name) for name in COPIED if name != "order"}
        question = EoiQuestion.objects.create(
            call=call, order=order, prefill=spec.prefill, is_required=spec.is_required, **values
        )
        EoiOption.objects.bulk_create(
            EoiOption(question=question, order=number, **vars(option))
            for number, option in enumerate(spec.options, start=1)
        )
