"""Read a questionnaire from a JSON file and say what is wrong with it, and where."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from cities.models.eoi import WITH_OPTIONS, Kind, Prefill

# Names of kinds in published files, beside our own.
KINDS = {
    **{kind.value: kind for kind in Kind},
    "multiple_choice_ranked": Kind.MULTIPLE,
    "open_answers_coded_ranked": Kind.CODED,
}
CODE = re.compile(r"[a-z0-9]+(?:[-_][a-z0-9]+)*")
LONGEST_CODE = 60
MOST_QUESTIONS, MOST_OPTIONS = 100, 100
LONGEST = {"label": 250, "theme": 120, "help": 400, "group": 60}
OPTION_LABEL = 200


class BadQuestionnaire(Exception):
    """The file cannot be taken; `problems` are texts for people, each with its place."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


@dataclass(frozen=True)
class OptionSpec:
    """One option as a file gives it."""

    code: str
    label_nl: str
    label_en: str
    group_nl: str = ""
    group_en: str = ""
    nzc_covers: bool = False
    asks_translation: bool = False


@dataclass(frozen=True)
class QuestionSpec:
    """One question as a file gives it."""

    code: str
    kind: Kind
    label_nl: str
    label_en: str
    theme_nl: str = ""
    theme_en: str = ""
    help_nl: str = ""
    help_en: str = ""
    unit: str = ""
    prefill: str = ""
    is_required: bool = False
    options: tuple[OptionSpec, ...] = ()


def read_questionnaire(content: bytes) -> list[QuestionSpec]:
    """Read a whole file; raises BadQuestionnaire with every problem found."""
    data = _parse(content)
    questions = data.get("questions") if isinstance(data, dict) else None
    if not isinstance(questions, list) or not questions:
        raise BadQuestionnaire([_("the file has no list 'questions'")])
    if len(questions) > MOST_QUESTIONS:
        raise BadQuestionnaire([_("a questionnaire has at most {most} questions").format(most=MOST_QUESTIONS)])
    problems: list[str] = []
    found = [_question(number, each, problems) for number, each in enumerate(questions, start=1)]
    places = [
        (_("question {number}").format(number=number), each.code) for number, each in enumerate(found, start=1)
    ]
    problems += _twice(places)
    if problems:
        raise BadQuestionnaire(problems)
    return found


def _parse(content: bytes) -> Any:
    try:
        return json.loads(content.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise BadQuestionnaire([_("line {line}: this is not UTF-8 text").format(line=line)]) from error
    except json.JSONDecodeError as error:
        text = _("line {line}, character {column}: this is no JSON ({error})")
        raise BadQuestionnaire([text.format(line=error.lineno, column=error.colno, error=error.msg)]) from error
    except RecursionError as error:
        raise BadQuestionnaire([_("the file has no list 'questions'")]) from error


def _twice(places: list[tuple[str, str]]) -> Iterator[str]:
    seen: dict[str, str] = {}
    for place, code in places:
        if code and code in seen:
            text = _("{place}: the code '{code}' stands at {first} already")
            yield text.format(place=place, code=code, first=seen[code])
        seen.setdefault(code, place)


class _Reader:
    """Reads the fields of one object and notes what is wrong, with the place."""

    def __init__(self, place: str, data: Any, problems: list[str]) -> None:
        self.place, self.problems = place, problems
        self.data: Mapping[str, Any] = data if isinstance(data, dict) else {}
        if not isinstance(data, dict):
            self.wrong(_("expected an object with a code and a label"))

    def wrong(self, text: str) -> None:
        self.problems.append(f"{self.place}: {text}")

    def text(self, name: str, longest: int) -> str:
        value = self.data.get(name, "")
        if value is None:
            return ""
        if not isinstance(value, str) or "\x00" in value or len(value) > longest:
            text = _("{name}: expected a text of at most {longest} characters")
            self.wrong(text.format(name=name, longest=longest))
            return ""
        return value.strip()

    def flag(self, name: str) -> bool:
        value = self.data.get(name, False)
        if not isinstance(value, bool):
            self.wrong(_("{name}: expected true or false").format(name=name))
            return False
        return value

    def code(self) -> str:
        code = self.text("code", LONGEST_CODE)
        if not CODE.fullmatch(code):
            self.wrong(_("the code is missing, or has more than small letters, digits and hyphens"))
        return code

    def pair(self, name: str, longest: int) -> dict[str, str]:
        """Give the Dutch and the English text; where one is missing the other stands in for Dutch."""
        dutch, english = self.text(f"{name}_nl", longest), self.text(f"{name}_en", longest)
        return {f"{name}_nl": dutch or english, f"{name}_en": english}

    def label(self, longest: int) -> dict[str, str]:
        pair = self.pair("label", longest)
        if self.data and not pair["label_nl"]:
            self.wrong(_("the label is missing: give label_nl, label_en or both"))
        return pair


def _question(number: int, data: Any, problems: list[str]) -> QuestionSpec:
    reader = _Reader(_("question {number}").format(number=number), data, problems)
    code = reader.code()
    if code:
        reader.place = _("question {number} ({code})").format(number=number, code=code)
    kind = KINDS.get(str(reader.data.get("kind", "")))
    if kind is None:
        text = _("unknown kind '{kind}'; known are: {known}")
        reader.wrong(text.format(kind=str(reader.data.get("kind", ""))[:40], known=", ".join(KINDS)))
    prefill = reader.text("prefill", 20)
    if prefill not in Prefill.values:
        reader.wrong(_("unknown prefill '{name}'").format(name=prefill))
    return QuestionSpec(
        code=code,
        kind=kind or Kind.TEXT,
        **reader.label(LONGEST["label"]),
        **reader.pair("theme", LONGEST["theme"]),
        **reader.pair("help", LONGEST["help"]),
        unit=reader.text("unit", 20),
        prefill=prefill,
        is_required=reader.flag("required"),
        options=_options(reader, kind),
    )


def _options(reader: _Reader, kind: Kind | None) -> tuple[OptionSpec, ...]:
    options = reader.data.get("options", [])
    if not isinstance(options, list) or len(options) > MOST_OPTIONS:
        reader.wrong(_("expected a list of at most {most} options").format(most=MOST_OPTIONS))
        return ()
    if kind in WITH_OPTIONS and len(options) < 2:
        reader.wrong(_("a question of this kind has at least two options"))
    if kind is not None and kind not in WITH_OPTIONS and options:
        reader.wrong(_("a question of this kind has no options"))
    found = [_option(reader, number, each) for number, each in enumerate(options, start=1)]
    where = _("option {number}")
    places = [(where.format(number=number), each.code) for number, each in enumerate(found, start=1)]
    reader.problems += [f"{reader.place}, {problem}" for problem in _twice(places)]
    return tuple(found)


def _option(question: _Reader, number: int, data: Any) -> OptionSpec:
    place = _("option {number}").format(number=number)
    reader = _Reader(f"{question.place}, {place}", data, question.problems)
    code = reader.code()
    if code:
        reader.place += f" ({code})"
    groups = reader.pair("group", LONGEST["group"])
    plain = reader.text("group", LONGEST["group"]).capitalize()
    return OptionSpec(
        code=code,
        **reader.label(OPTION_LABEL),
        group_nl=groups["group_nl"] or plain,
        group_en=groups["group_en"] or plain,
        nzc_covers=reader.flag("nzc_covers"),
        asks_translation=reader.flag("asks_translation"),
    )
