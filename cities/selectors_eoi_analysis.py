"""What the Expressions of Interest of a call say together: options by how many cities ticked them.

Counts are over all that was handed in; a city is named only to who may see its submission. A group of fewer than
`FEWEST` cities would tell who said what, so nobody but those who may read all of them gets figures of it.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db.models import Func, TextField
from django.utils.translation import gettext as _

from cities.models import EoiCall, EoiQuestion, EoiSubmission, EoiVersion
from cities.models.eoi import WITH_CHOICE, WITH_TEXT, Kind
from cities.models.eoi_submission import VersionState
from cities.models.involvement import Level
from cities.selectors import current_levels
from nss_portal.core.access import Actor

FEWEST = 3


@dataclass(frozen=True)
class Said:
    """One handed-in version: which submission and city it is of, when, and what was ticked."""

    submission: int
    organisation: int
    year: int
    number: int
    choices: Mapping[str, Sequence[str]]
    worded: Sequence[str]
    is_illustrative: bool = False


@dataclass(frozen=True)
class Seen:
    """A submission that the actor may see."""

    name: str
    public_id: str


@dataclass(frozen=True)
class Gathered:
    """All that was handed in for a call, with today's level per organisation and what the actor may see."""

    call: EoiCall
    questions: list[EoiQuestion]
    said: list[Said]
    levels: Mapping[int, str]
    seen: Mapping[int, Seen]

    @property
    def years(self) -> list[int]:
        """The years in which cities handed in, the newest first."""
        return sorted({each.year for each in self.said}, reverse=True)

    @property
    def sees_all(self) -> bool:
        """Say whether the actor may see every submission."""
        return {each.submission for each in self.said} <= self.seen.keys()

    def level_of(self, said: Said) -> str:
        """Give the present level of the city."""
        return self.levels.get(said.organisation, Level.OTHER.value)

    def city_of(self, said: Said) -> dict[str, str] | None:
        """Give name and identifier of a city that the actor may see, else None."""
        seen = self.seen.get(said.submission)
        return {"name": seen.name, "at": seen.public_id} if seen else None

    def by_name(self, said: Iterable[Said]) -> list[Said]:
        """Put versions in the order of the names of their cities, those without a name last."""
        nameless = Seen("\N{REPLACEMENT CHARACTER}", "")
        return sorted(said, key=lambda each: self.seen.get(each.submission, nameless).name.casefold())

    def until(self, year: int) -> list[Said]:
        """Give per submission the version that counted at the end of a year."""
        latest: dict[int, Said] = {}
        for each in self.said:
            known = latest.get(each.submission)
            if each.year <= year and (known is None or known.number < each.number):
                latest[each.submission] = each
        return list(latest.values())


class _Keys(Func):
    """The keys of a JSON object, without reading its texts."""

    template = "ARRAY(SELECT jsonb_object_keys(%(expressions)s))"
    output_field = ArrayField(TextField())


def gather(call: EoiCall, actor: Actor) -> Gathered:
    """Read what an analysis needs: five queries."""
    versions = EoiVersion.objects.filter(submission__call=call, state=VersionState.SUBMITTED).order_by("pk")
    rows = versions.annotate(worded=_Keys("texts")).values_list(
        "submission_id",
        "submission__organisation_id",
        "year",
        "number",
        "choices",
        "worded",
        "submission__is_illustrative",
    )
    said = [Said(*row) for row in rows]
    visible = EoiSubmission.objects.visible_to(actor).filter(call=call, submitted_at__isnull=False)
    names = visible.values_list("pk", "organisation__municipality__common_name", "organisation__name", "public_id")
    return Gathered(
        call=call,
        questions=list(EoiQuestion.objects.filter(call=call).prefetch_related("options")),
        said=said,
        levels=current_levels({each.organisation for each in said}) if said else {},
        seen={pk: Seen(name or official, public_id) for pk, name, official, public_id in names},
    )


def analyse(found: Gathered, *, level: str = "", year: int | None = None) -> dict[str, Any]:
    """Give the analysis as plain data; `level` and `year` narrow it, the year being the newest unless given."""
    years = found.years
    chosen = year if year in years else max(years, default=found.call.year)
    now = found.by_name(found.until(chosen))
    groups = Counter(found.level_of(each) for each in now)
    may_split = found.sees_all or (bool(groups) and min(groups.values()) >= FEWEST)
    inside = [each for each in now if not level or found.level_of(each) == level]
    too_few = bool(now) and not found.sees_all and (len(now) < FEWEST or (bool(level) and not may_split))
    inside = [] if too_few else inside
    before = [each for each in years if each < chosen][:3]
    earlier = {each: [s for s in found.until(each) if not level or found.level_of(s) == level] for each in before}
    return {
        "call": found.call.code,
        "name": found.call.name,
        "illustrative": any(each.is_illustrative for each in found.said),
        "source": found.call.source,
        "year": chosen,
        "years": years,
        "earlier": before,
        "level": level,
        "total": len(inside),
        "too_few": too_few,
        "sees_all": found.sees_all,
        "may_split": may_split,
        "levels": _levels(groups) if may_split else [],
        "questions": [
            _question(found, q, inside, earlier, may_split) for q in found.questions if _shown(q, inside)
        ],
    }


def _levels(groups: Mapping[str, int]) -> list[dict[str, Any]]:
    return [{"level": level.value, "total": groups[level.value]} for level in Level if groups.get(level.value)]


def _shown(question: EoiQuestion, said: Iterable[Said]) -> bool:
    """A question that was withdrawn is shown when somebody answered it all the same."""
    return not question.is_withdrawn or any(question.code in each.choices for each in said)


def _question(
    found: Gathered,
    question: EoiQuestion,
    inside: Sequence[Said],
    earlier: Mapping[int, Sequence[Said]],
    may_split: bool,
) -> dict[str, Any]:
    counted = question.kind in WITH_CHOICE
    answered = [each for each in inside if each.choices.get(question.code)]
    return {
        "code": question.code,
        "label": question.label,
        "theme": question.theme,
        "kind": question.kind,
        "answered": len(answered),
        "worded": sum(question.code in each.worded for each in inside) if question.kind in WITH_TEXT else 0,
        "rows": _ranked(found, question, answered, earlier, may_split) if counted else [],
    }


def _ranked(
    found: Gathered,
    question: EoiQuestion,
    answered: Sequence[Said],
    earlier: Mapping[int, Sequence[Said]],
    may_split: bool,
) -> list[dict[str, Any]]:
    """Give all options, those most ticked first; ties stand in the order of the questionnaire."""
    ticked: dict[str, list[tuple[str, dict[str, str] | None]]] = {}
    for each in answered:
        mark = (found.level_of(each), found.city_of(each))
        for code in each.choices[question.code]:
            ticked.setdefault(code, []).append(mark)
    before = {
        year: Counter(code for each in said for code in each.choices.get(question.code, ()))
        for year, said in earlier.items()
    }
    rows = []
    for option in _options(question):
        behind = ticked.get(option["code"], [])
        if option.pop("withdrawn") and not behind:
            continue
        levels = Counter(level for level, _city in behind) if may_split else {}
        rows.append(
            {
                **option,
                "count": len(behind),
                "levels": dict(levels),
                "earlier": {str(year): counts[option["code"]] for year, counts in before.items()},
                "cities": [city for _level, city in behind if city is not None],
            }
        )
    rows.sort(key=lambda row: -row["count"])
    return [{"rank": rank, **row} for rank, row in enumerate(rows, start=1)]


def _options(question: EoiQuestion) -> list[dict[str, Any]]:
    if question.kind == Kind.YES_NO:
        plain = {"group": "", "nzc_covers": False, "asks_translation": False, "withdrawn": False}
        return [{"code": "yes", "label": _("Yes"), **plain}, {"code": "no", "label": _("No"), **plain}]
    return [
        {
            "code": option.code,
            "label": option.label,
            "group": option.group,
            "nzc_covers": option.nzc_covers,
            "asks_translation": option.asks_translation,
            "withdrawn": option.is_withdrawn,
        }
        for option in question.options.all()
    ]


def words_of(found: Gathered, codes: Iterable[str], year: int, level: str = "") -> list[dict[str, Any]]:
    """Give the own words to questions, of the cities that the actor may see, by city: one query."""
    wanted = set(codes)
    counted = {
        (each.submission, each.number)
        for each in found.until(year)
        if each.submission in found.seen and (not level or found.level_of(each) == level)
    }
    rows = EoiVersion.objects.filter(
        submission__in={submission for submission, _number in counted}, state=VersionState.SUBMITTED
    ).values_list("submission_id", "number", "texts")
    said = [
        {
            "question": code,
            "city": found.seen[submission].name,
            "at": found.seen[submission].public_id,
            "text": text,
        }
        for submission, number, texts in rows
        if (submission, number) in counted
        for code, text in texts.items()
        if code in wanted
    ]
    return sorted(said, key=lambda row: (row["question"], row["city"].casefold()))


def middle_of(rows: Iterable[Mapping[str, Any]]) -> float | None:
    """Give the median of numbers that were answered, None without any."""
    numbers = [float(row["text"]) for row in rows]
    return median(numbers) if numbers else None
