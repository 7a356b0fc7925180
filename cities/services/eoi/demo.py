"""Illustrative Expressions of Interest: answers are made up so that they reproduce the published Dutch ranking.

The published list gives ranks only, no counts and no answers per city, so all of this is marked as made up.
"""

import random
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from cities.models import EoiCall, EoiQuestion, EoiSubmission, EoiUpdate, EoiVersion, Municipality
from cities.models.bottleneck import Sharing
from cities.models.eoi import WITH_OPTIONS, CallState, Kind
from cities.models.eoi_submission import VersionState
from cities.models.involvement import Level
from cities.services.demo import drawn_id, rows_of
from cities.services.eoi.calls import write_questions
from cities.services.eoi.questionnaire_file import read_questionnaire
from cities.services.eoi.reference import CODE, FILE
from cities.services.reference import DATA
from governance.models import Organisation
from nss_portal.core.time import today

# Of twelve cities: how many tick the option of each rank, from the first on. Falls strictly while it can.
COUNTS = {10: (11, 10, 9, 8, 7, 6, 5, 4, 3, 2), 6: (11, 9, 7, 5, 4, 2)}
RISKS = (12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1)
# The city of the demonstration's team has not answered the update yet, so that there is something to do.
WAITING = ("GM0772", "GM0193", "GM0599")
DAYS_OPEN = 60


@transaction.atomic
def load_demo(scale: str, seed: int) -> list[str]:
    """Add answers to the call of 2022, an update and a call that is open.

    Same seed, same data; a second run adds only the cities that a larger scale has more.
    """
    call = EoiCall.objects.filter(code=CODE).first()
    if call is None:
        return ["demo: Expressions of Interest 0"]
    there = set(call.submissions.values_list("organisation", flat=True))
    cities = [city for city in _cities(scale) if city.pk not in there]
    begun = EoiSubmission.objects.filter(is_illustrative=True).exists()
    if begun and (scale != "national" or not cities):
        return ["demo: Expressions of Interest are there already"]
    # Cities that come later draw by themselves: each group reproduces the ranking.
    dice = random.Random(seed + 2 + 1000 * begun)  # noqa: S311
    _hand_in(call, cities, dice)
    lines = [f"demo: Expressions of Interest {len(cities)}"]
    if not begun:
        lines.append(f"demo: updates of them {_update(call, dice)}")
        EoiCall.objects.filter(pk=call.pk).update(analysis_published=True)
        _mark(call)
        _open_call()
    return lines


def _cities(scale: str) -> list[Organisation]:
    """Give those who answer: the mission and EoI cities, at national scale all municipalities of today."""
    found = (
        Municipality.objects.current()
        .with_level()
        .select_related("organisation")
        .order_by(F("rank").asc(), "code")
    )
    if scale != "national":
        found = found.filter(
            involvements__valid_to__isnull=True, involvements__level__in=[Level.MISSION, Level.EOI]
        )
    return [municipality.organisation for municipality in found]


def ticks(counts: Sequence[int], cities: int, dice: random.Random) -> list[set[int]]:
    """Draw per option which cities (by number) tick it: as many of each twelve as `counts` says."""
    return [set(dice.sample(range(cities), round(count * cities / 12))) for count in counts]


def counts_for(question: EoiQuestion, options: int) -> Sequence[int]:
    """Give how many of twelve tick the option of each rank."""
    return RISKS[:options] if question.kind == Kind.CODED else COUNTS.get(options, RISKS[:options])


def _answers(call: EoiCall, cities: int, dice: random.Random) -> tuple[list[dict[str, Any]], list[dict[str, str]]]:
    choices: list[dict[str, Any]] = [{} for _city in range(cities)]
    texts: list[dict[str, str]] = [{} for _city in range(cities)]
    words = rows_of(DATA / "demo_eoi_words.csv")
    for question in call.questions.prefetch_related("options"):
        if question.kind in WITH_OPTIONS:
            options = list(question.options.all())
            drawn = ticks(counts_for(question, len(options)), cities, dice)
            for option, ticked in zip(options, drawn, strict=True):
                for city in ticked:
                    choices[city].setdefault(question.code, []).append(option.code)
        said = [row["text"] for row in words if row["question"] == question.code]
        for city in range(cities if said else 0):
            texts[city][question.code] = said[(city + dice.randint(0, 2)) % len(said)]
    return choices, texts


def _hand_in(call: EoiCall, cities: Sequence[Organisation], dice: random.Random) -> None:
    choices, texts = _answers(call, len(cities), dice)
    moment = timezone.make_aware(datetime.combine(call.closes_on, time(12)))
    moments = [moment - timedelta(days=dice.randint(0, 20), minutes=dice.randint(0, 300)) for _city in cities]
    given = set(EoiSubmission.objects.values_list("public_id", flat=True))
    identifiers = []
    for _city in cities:
        identifiers.append(drawn_id(dice, given))
        given.add(identifiers[-1])
    submissions = EoiSubmission.objects.bulk_create(
        EoiSubmission(
            public_id=identifier,
            call=call,
            organisation=organisation,
            sharing=Sharing.NETWORK,
            submitted_at=at,
            is_illustrative=True,
        )
        for identifier, organisation, at in zip(identifiers, cities, moments, strict=True)
    )
    EoiVersion.objects.bulk_create(
        _version(submission, 1, call.year, chosen, said)
        for submission, chosen, said in zip(submissions, choices, texts, strict=True)
    )


def _version(
    submission: EoiSubmission, number: int, year: int, choices: Mapping[str, Any], texts: Mapping[str, str]
) -> EoiVersion:
    moment = submission.submitted_at or timezone.now()
    return EoiVersion(
        submission=submission,
        number=number,
        year=year,
        is_update=number > 1,
        state=VersionState.SUBMITTED,
        choices=dict(choices),
        texts=dict(texts),
        changed_at=moment,
        submitted_at=moment,
        submitted_by_label=f"Transitieteam {submission.organisation.short_name or submission.organisation.name}"[
            :200
        ],
    )


def _update(call: EoiCall, dice: random.Random) -> int:
    """Ask for the update of this year; of the first twelve cities nine have answered."""
    year = today().year
    EoiUpdate.objects.create(
        call=call,
        year=year,
        opens_on=today() - timedelta(days=30),
        due_on=today() + timedelta(days=21),
        is_illustrative=True,
    )
    waiting = Organisation.objects.filter(municipality__code__in=WAITING)
    held = call.submissions.exclude(organisation__in=waiting).select_related("organisation").order_by("pk")[:9]
    first = {
        version.submission_id: version
        for version in EoiVersion.objects.filter(submission__in=[s.pk for s in held])
    }
    versions = []
    for submission in held:
        before = first[submission.pk]
        submission.submitted_at = timezone.now() - timedelta(days=dice.randint(2, 20))
        choices, sections = _changed(before.choices, call, dice)
        version = _version(submission, 2, year, choices, before.texts)
        version.sections = sections
        versions.append(version)
    EoiVersion.objects.bulk_create(versions)
    EoiSubmission.objects.bulk_update([version.submission for version in versions], ["submitted_at"])
    return len(versions)


def _changed(
    choices: Mapping[str, Sequence[str]], call: EoiCall, dice: random.Random
) -> tuple[dict[str, list[str]], dict[str, str]]:
    """Take one option of one question out, or put it in: a light change; the other parts are unchanged."""
    changed = {code: list(ticked) for code, ticked in choices.items()}
    questions = list(call.questions.prefetch_related("options"))
    asked = dice.choice([question for question in questions if question.kind in WITH_OPTIONS])
    option = dice.choice([option.code for option in asked.options.all()])
    ticked = changed.setdefault(asked.code, [])
    ticked.remove(option) if option in ticked else ticked.append(option)
    if not ticked:
        changed.pop(asked.code)
    themes = {question.theme_nl: question.code for question in reversed(questions)}
    return changed, {code: "changed" if code == asked.code else "unchanged" for code in themes.values()}


def _mark(call: EoiCall) -> None:
    """Mark some options, to show what coordinators do: the marks of the report were lost."""
    covered = ("mrv", "cross-sectoral", "applying-knowledge", "dissemination", "participation")
    asked = ("climate-finance", "investment-planning", "policy-regulation", "red-tape", "regulatory-uncertainty")
    for question in call.questions.all():
        question.options.filter(code__in=covered).update(nzc_covers=True)
        question.options.filter(code__in=asked).update(asks_translation=True)


def _open_call() -> None:
    """Open a call of our own, for whoever wants to fill one in."""
    year = (today() + timedelta(days=DAYS_OPEN)).year
    call = EoiCall.objects.create(
        code=f"demo-{year}",
        name_nl=f"Landelijke uitvraag {year}",
        name_en=f"National call {year}",
        intro_nl="Voor alle gemeenten die willen vertellen wat zij nodig hebben. Illustratief.",
        intro_en="For all municipalities that want to tell what they need. Illustrative.",
        year=year,
        opens_on=min(today(), date(year, 1, 1)),
        closes_on=today() + timedelta(days=DAYS_OPEN),
        state=CallState.OPEN,
        is_illustrative=True,
    )
    write_questions(call, read_questionnaire(FILE.read_bytes()))
