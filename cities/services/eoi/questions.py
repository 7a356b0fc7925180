"""Edit the questionnaire of a call: freely while nobody has handed in, afterwards only its texts."""

from collections.abc import Mapping
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from cities.models import EoiCall, EoiOption, EoiQuestion
from cities.models.eoi import WITH_OPTIONS
from cities.services.eoi.calls import editable, edited, has_answers, require_no_answers
from nss_portal.core.access import Actor, NotAllowed

QUESTION_TEXTS = ("theme_nl", "theme_en", "label_nl", "label_en", "help_nl", "help_en")
QUESTION_REST = ("kind", "unit", "prefill", "is_required")
OPTION_TEXTS = ("group_nl", "group_en", "label_nl", "label_en")

Part = TypeVar("Part", EoiQuestion, EoiOption)


@transaction.atomic
def add_question(
    *, actor: Actor, call: EoiCall, version: int, code: str, values: Mapping[str, Any]
) -> EoiQuestion:
    """Add a question at the end. Raises NotAllowed (cities handed in), EditConflict, ValidationError (code)."""
    fresh = editable(actor, call, version)
    require_no_answers(fresh)
    if fresh.questions.filter(code=code).exists():
        raise ValidationError({"code": _("This call has a question with this code already.")})
    last = fresh.questions.aggregate(last=Max("order"))["last"] or 0
    question = EoiQuestion.objects.create(call=fresh, code=code, order=last + 1, **values)
    edited(actor, fresh, {f"question {code}": ["", question.label_nl]})
    return question


@transaction.atomic
def add_option(
    *, actor: Actor, question: EoiQuestion, version: int, code: str, values: Mapping[str, Any]
) -> EoiOption:
    """Add an option at the end of a question. Raises as `add_question`, and ValidationError for its kind."""
    fresh = editable(actor, question.call, version)
    require_no_answers(fresh)
    if question.kind not in WITH_OPTIONS:
        raise ValidationError({"code": _("A question of this kind has no options.")})
    if question.options.filter(code=code).exists():
        raise ValidationError({"code": _("This question has an option with this code already.")})
    last = question.options.aggregate(last=Max("order"))["last"] or 0
    option = EoiOption.objects.create(question=question, code=code, order=last + 1, **values)
    edited(actor, fresh, {f"option {question.code}.{code}": ["", option.label_nl]})
    return option


@transaction.atomic
def change_question(
    *, actor: Actor, question: EoiQuestion, version: int, values: Mapping[str, Any]
) -> EoiQuestion:
    """Change a question; once cities handed in, texts alone. Raises NotAllowed and EditConflict."""
    fresh = editable(actor, question.call, version)
    changes = _changes(question, values)
    if changes.keys() & set(QUESTION_REST) and has_answers(fresh):
        raise NotAllowed(_("Cities have handed in already. From now on only texts can change."))
    return _changed(actor, fresh, question, changes, f"question {question.code}")


@transaction.atomic
def change_option(*, actor: Actor, option: EoiOption, version: int, values: Mapping[str, Any]) -> EoiOption:
    """Change the texts of an option, at any time. Raises NotAllowed and EditConflict."""
    fresh = editable(actor, option.question.call, version)
    name = f"option {option.question.code}.{option.code}"
    return _changed(actor, fresh, option, _changes(option, values), name)


def _changes(part: EoiQuestion | EoiOption, values: Mapping[str, Any]) -> dict[str, list[Any]]:
    names = (*QUESTION_TEXTS, *QUESTION_REST) if isinstance(part, EoiQuestion) else OPTION_TEXTS
    return {
        name: [getattr(part, name), values[name]]
        for name in names
        if name in values and values[name] != getattr(part, name)
    }


def _changed(actor: Actor, call: EoiCall, part: Part, changes: dict[str, list[Any]], name: str) -> Part:
    for field, (_before, after) in changes.items():
        setattr(part, field, after)
    if changes:
        part.save(update_fields=list(changes))
    edited(actor, call, {f"{name}, {field}": pair for field, pair in changes.items()})
    return part


@transaction.atomic
def withdraw(
    *, actor: Actor, part: EoiQuestion | EoiOption, version: int, is_withdrawn: bool = True
) -> EoiQuestion | EoiOption:
    """Take a question or an option out, or bring it back; what drafts say of it is kept.

    Raises NotAllowed once cities handed in, and EditConflict.
    """
    call = part.call if isinstance(part, EoiQuestion) else part.question.call
    fresh = editable(actor, call, version)
    require_no_answers(fresh)
    if part.is_withdrawn != is_withdrawn:
        part.is_withdrawn = is_withdrawn
        part.save(update_fields=["is_withdrawn"])
        edited(actor, fresh, {f"{part.code} withdrawn": [not is_withdrawn, is_withdrawn]})
    return part


@transaction.atomic
def move(*, actor: Actor, part: EoiQuestion | EoiOption, version: int, up: bool) -> None:
    """Change places with the one before, or after. Raises NotAllowed once cities handed in, and EditConflict."""
    call = part.call if isinstance(part, EoiQuestion) else part.question.call
    fresh = editable(actor, call, version)
    require_no_answers(fresh)
    row: list[Any] = list(fresh.questions.all() if isinstance(part, EoiQuestion) else part.question.options.all())
    place = next(number for number, each in enumerate(row) if each.pk == part.pk)
    other = place - 1 if up else place + 1
    if not 0 <= other < len(row):
        return
    row[place], row[other] = row[other], row[place]
    for number, each in enumerate(row, start=1):
        if each.order != number:
            each.order = number
            each.save(update_fields=["order"])
    edited(actor, fresh, {f"{part.code} order": [place + 1, other + 1]})
