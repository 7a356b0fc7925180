"""What the Expressions of Interest of a call say together: options by how many cities ticked them.

Counts are over all that was handed in; a city is named only to who may see its submission. A group of fewer than
`FEWEST` cities would tell who said what, and so would the difference between two figures that are both shown. So,
but for those who may read all submissions, figures are shown only where neither a group nor the difference between
two groups comes down to fewer than that, also for a reader who knows all that is shared with the network:

- where only one or two cities keep their answers to themselves, those are left out of all figures;
- a year is shown once enough cities handed in or changed something since the year shown before it;
- levels are told apart only where that holds for each of them, in each year that is shown.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations
from statistics import median
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db.models import Case, Func, TextField, When
from django.utils.translation import gettext as _

from cities.models import EoiCall, EoiQuestion, EoiSubmission, EoiVersion
from cities.models.bottleneck import Sharing
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
    is_kept_private: bool = False


@dataclass(frozen=True)
class Seen:
    """A submission that the actor may see."""

    name: str
    public_id: str


@dataclass(frozen=True)
class Gathered:
    """All that was handed in for a call, with today's level per organisation and what the actor may see.

    `left_out` is the number of cities whose answers would follow from the figures and so are not in `said`.
    """

    call: EoiCall
    questions: list[EoiQuestion]
    said: list[Said]
    levels: Mapping[int, str]
    seen: Mapping[int, Seen]
    left_out: int = 0

    @cached_property
    def open_years(self) -> list[int]:
        """The years of which figures tell nobody's answers, the newest first; all of them to who sees all.

        From the oldest on: what was shown cannot be taken back, so a later year waits until it differs enough.
        """
        if self.sees_all:
            return self.years
        shown: list[int] = []
        for year in reversed(self.years):
            now = self.until(year)
            if _tells_nobody(now) and all(_tells_nobody(_differing(self.until(each), now)) for each in shown):
                shown.append(year)
        return shown[::-1]

    @cached_property
    def may_split(self) -> bool:
        """Say whether figures per level, in every year that is shown, tell nobody's answers either."""
        if self.sees_all:
            return True
        years = [self.per_level(year) for year in self.open_years]
        groups = [group for levels in years for group in levels.values()]
        changes = [
            _differing(earlier.get(level, []), later.get(level, []))
            for later, earlier in combinations(years, 2)
            for level in {*earlier, *later}
        ]
        return bool(groups) and all(_tells_nobody(each) for each in groups + changes)

    def per_level(self, year: int) -> dict[str, list[Said]]:
        """Give what counted at the end of a year by the present level of the cities."""
        found: dict[str, list[Said]] = {}
        for each in self.until(year):
            found.setdefault(self.level_of(each), []).append(each)
        return found

    @cached_property
    def years(self) -> list[int]:
        """The years in which cities handed in, the newest first."""
        return sorted({each.year for each in self.said}, reverse=True)

    @cached_property
    def sees_all(self) -> bool:
        """Say whether the actor may see every submission."""
        return not self.left_out and {each.submission for each in self.said} <= self.seen.keys()

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


def _tells_nobody(group: Sequence[Said]) -> bool:
    """Say whether figures over these give nobody away: none or enough of them, also of the private ones."""
    private = sum(each.is_kept_private for each in group)
    return (not group or len(group) >= FEWEST) and (not private or private >= FEWEST)


def _differing(one: Sequence[Said], other: Sequence[Said]) -> list[Said]:
    """Give a version of each city that counts in one group and not, or with another version, in the other."""
    before = {each.submission: each for each in one}
    after = {each.submission: each for each in other}
    return [
        (after.get(key) or before[key])
        for key in before.keys() | after.keys()
        if key not in before or key not in after or before[key].number != after[key].number
    ]


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
        Case(When(submission__sharing=Sharing.NETWORK, then=False), default=True),
    )
    said = [Said(*row) for row in rows]
    visible = EoiSubmission.objects.visible_to(actor).filter(call=call, submitted_at__isnull=False)
    names = visible.values_list("pk", "organisation__municipality__common_name", "organisation__name", "public_id")
    seen = {pk: Seen(name or official, public_id) for pk, name, official, public_id in names}
    private = {each.submission for each in said if each.is_kept_private}
    # Whoever reads all the others would find these by subtraction.
    hidden = private if 0 < len(private) < FEWEST and not private <= seen.keys() else set()
    return Gathered(
        call=call,
        questions=list(EoiQuestion.objects.filter(call=call).prefetch_related("options")),
        said=[each for each in said if each.submission not in hidden],
        levels=current_levels({each.organisation for each in said}) if said else {},
        seen=seen,
        left_out=len(hidden),
    )


def analyse(found: Gathered, *, level: str = "", year: int | None = None) -> dict[str, Any]:
    """Give the analysis as plain data; `level` and `year` narrow it, the year being the newest unless given."""
    years, may_split = found.open_years, found.may_split
    chosen = year if year in years else max(years, default=found.call.year)
    now = found.by_name(found.until(chosen)) if years else []
    groups = Counter(found.level_of(each) for each in now)
    handed_in = bool(found.said) or bool(found.left_out)
    too_few = handed_in and (not years or (bool(level) and not may_split))
    inside = [] if too_few else [each for each in now if not level or found.level_of(each) == level]
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
        "left_out": found.left_out,
        "waiting": [each for each in found.years if each > chosen and each not in years],
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
