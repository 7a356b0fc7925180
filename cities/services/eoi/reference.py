"""The present questionnaire, as reference data: added when its call is not there, reported when it differs."""

import json
from collections.abc import Iterator
from datetime import date
from typing import Any

from django.db import transaction

from cities.models import EoiCall
from cities.models.eoi import CallState
from cities.services.eoi.calls import write_questions
from cities.services.eoi.questionnaire_file import QuestionSpec, read_questionnaire
from cities.services.reference import DATA

FILE = DATA / "eoi_questionnaire.json"
CODE = "2022"
# The European call for the mission: opened on 25 November 2021, closed on 31 January 2022 (European Commission).
FACTS: dict[str, Any] = {
    "name_nl": "Europese oproep 100 klimaatneutrale en slimme steden",
    "name_en": "European call for 100 climate-neutral and smart cities",
    "intro_nl": "Wat twaalf Nederlandse steden in 2022 aan kennis, steun en belemmeringen noemden.",
    "intro_en": "What twelve Dutch cities named in 2022: knowledge, support and barriers.",
    "year": 2022,
    "opens_on": date(2021, 11, 25),
    "closes_on": date(2022, 1, 31),
    "state": CallState.CLOSED,
}


@transaction.atomic
def load_reference() -> list[str]:
    """Add the call of 2022 with its questionnaire; what people edited stays, and is reported."""
    content = FILE.read_bytes()
    specs = read_questionnaire(content)
    call = EoiCall.objects.filter(code=CODE).first()
    if call is not None:
        return ["calls for Expressions of Interest added 0", *_differences(call, specs)]
    call = EoiCall.objects.create(code=CODE, source=json.loads(content)["source"][:300], **FACTS)
    write_questions(call, specs)
    return ["calls for Expressions of Interest added 1"]


def _differences(call: EoiCall, specs: list[QuestionSpec]) -> Iterator[str]:
    there = {question.code: question for question in call.questions.prefetch_related("options")}
    for spec in specs:
        question = there.get(spec.code)
        if question is None:
            yield f"  differs: question {spec.code} is not in the portal"
            continue
        if question.label_nl != spec.label_nl:
            yield f"  differs: question {spec.code}: portal {question.label_nl}, file {spec.label_nl}"
        options = {option.code: option for option in question.options.all()}
        for each in spec.options:
            option = options.get(each.code)
            if option is None:
                yield f"  differs: option {spec.code}.{each.code} is not in the portal"
            elif option.label_nl != each.label_nl:
                yield f"  differs: option {spec.code}.{each.code}: portal {option.label_nl}, file {each.label_nl}"
