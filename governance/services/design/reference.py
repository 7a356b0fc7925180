"""Reference data on the design and what stands around it. Adds what is missing, reports what people changed."""

import json
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from django.db import transaction
from django.db.models import Model

from governance.models import GovernanceVariant, User
from governance.models.design import DesignPosition, DesignQuestion, ProposalState
from governance.models.landscape import AlignedProgramme, Alignment, AskedAction, CountryStructure
from nss_portal.core import audit
from nss_portal.core.models.audit import Event

DATA = Path(__file__).parents[2] / "data"


def _both(name: str, pair: list[str]) -> dict[str, str]:
    """Give the fields of a text in Dutch and English."""
    return {f"{name}_nl": pair[0], f"{name}_en": pair[1]}


@transaction.atomic
def load_design() -> list[str]:
    """Load questions, countries, programmes and asked actions; a line per kind, and per record that differs."""
    actor = User.objects.system()
    design = json.loads((DATA / "design.json").read_text())
    landscape = json.loads((DATA / "landscape.json").read_text())
    return [
        *_questions(actor, design),
        *_countries(actor, landscape["countries"]),
        *_programmes(actor, landscape["programmes"]),
        *_actions(actor, landscape["actions"]),
    ]


def _add(
    actor: User, model: type[Model], key: Mapping[str, Any], fields: Mapping[str, Any]
) -> tuple[Any, bool, str]:
    """Give the record, whether it is new, and a line when people made it different."""
    record, made = model._default_manager.get_or_create(**key, defaults=dict(fields))
    if made:
        audit.record(actor=actor, event=Event.CREATED, obj=record)
        return record, True, ""
    different = [name for name, value in fields.items() if getattr(record, name) != value]
    line = f"{model._meta.model_name} {'/'.join(map(str, key.values()))}: kept as edited ({', '.join(different)})"
    return record, False, line if different else ""


def _told(label: str, results: list[tuple[Any, bool, str]]) -> Iterable[str]:
    yield f"{label}: {len(results)}, of which new {sum(made for _record, made, _line in results)}"
    yield from (line for _record, _made, line in results if line)


def _questions(actor: User, data: Mapping[str, Any]) -> Iterable[str]:
    results = []
    for row in data["questions"]:
        fields = {**_both("start", row["start"]), **_both("end", row["end"]), "source": data["source"]}
        fields["kind"] = row.get("kind", DesignQuestion.Kind.DILEMMA.value)
        results.append(_add(actor, DesignQuestion, {"number": row["number"]}, fields))
        question, made, _line = results[-1]
        why = {"reason": row["why"][0], "reason_en": row["why"][1], "place": row["place"]}
        # A position of before reasons and places were known gets them; one that people took does not.
        question.positions.filter(decided_by=None, state=ProposalState.DECIDED, reason="", place=None).update(
            **why
        )
        if made:
            DesignPosition.objects.create(
                question=question,
                **_both("text", row["position"]),
                **why,
                source=data["source"],
                valid_from=date.fromisoformat(data["valid_from"]),
                state=ProposalState.DECIDED,
            )
    return _told("design questions", results)


def _countries(actor: User, data: Mapping[str, Any]) -> Iterable[str]:
    texts = ("country", "coordination", "activities")
    results = []
    for row in data["rows"]:
        fields = {"name": row["name"], "source": data["source"]}
        for name in texts:
            fields |= _both(name, row[name])
        results.append(_add(actor, CountryStructure, {"code": row["code"]}, fields))
    return _told("structures of other countries", results)


def _programmes(actor: User, data: Mapping[str, Any]) -> Iterable[str]:
    variants = {variant.code: variant for variant in GovernanceVariant.objects.all()}
    results = []
    for order, (organisation, label, degrees) in enumerate(data["rows"], start=1):
        fields = {**_both("organisation", organisation), **_both("label", label), "source": data["source"]}
        results.append(_add(actor, AlignedProgramme, {"order": order}, fields))
        programme, made, _line = results[-1]
        if made:
            Alignment.objects.bulk_create(
                Alignment(programme=programme, variant=variants[code], degree=degree)
                for code, degree in zip(data["variants"], degrees, strict=True)
            )
    return _told("programmes that tie in", results)


def _actions(actor: User, data: Mapping[str, Any]) -> Iterable[str]:
    results = []
    for number, (precondition, addressee, dutch, english) in enumerate(data["rows"], start=1):
        fields = {
            **_both("precondition", data["preconditions"].get(precondition, ["", ""])),
            **_both("label", [dutch, english]),
            **_both("addressed", data["addressees"][addressee]),
            "source": data["source"],
        }
        results.append(_add(actor, AskedAction, {"number": number}, fields))
    return _told("asked actions", results)
