"""Calls and Expressions of Interest for the tests, and their typical records for the walker."""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from itertools import count

from django.utils import timezone

from cities.models import EoiAnalysis, EoiCall, EoiOption, EoiQuestion, EoiSubmission, EoiVersion
from governance.models import Organisation
from nss_portal.core.time import today
from tests.access.cast import Person
from tests.access.matrix import Sample, records_of

_number = count(1)
THEMES = {"needs": "Behoeften", "words": "Eigen woorden"}


def make_call(state: str = "open", *, days: int = 30, **fields: object) -> EoiCall:
    """Make a call that began ten days ago and ends in so many days, without questions."""
    fields.setdefault("code", f"oproep-{next(_number)}")
    fields.setdefault("name_nl", "Oproep")
    fields.setdefault("year", today().year)
    fields.setdefault("opens_on", today() - timedelta(days=10))
    fields.setdefault("closes_on", today() + timedelta(days=days))
    return EoiCall.objects.create(state=state, **fields)


def add_question(call: EoiCall, code: str, kind: str = "multiple_choice", options: str = "", **fields: object):
    """Add a question with options 'a b c'."""
    fields.setdefault("label_nl", f"Vraag {code}")
    order = call.questions.count() + 1
    question = EoiQuestion.objects.create(call=call, code=code, kind=kind, order=order, **fields)
    for number, option in enumerate(options.split(), start=1):
        EoiOption.objects.create(question=question, code=option, order=number, label_nl=f"Antwoord {option}")
    return question


def usual_call(state: str = "open", **fields: object) -> EoiCall:
    """Make a call with a question of each kind on three screens."""
    call = make_call(state, **fields)
    add_question(call, "needs", options="money people rules", theme_nl="Behoeften")
    add_question(call, "most", "single_choice", "money people", theme_nl="Behoeften")
    add_question(call, "risks", "coded", "grid law")
    add_question(call, "people", "number", prefill="inhabitants", unit="inwoners", theme_nl="In eigen woorden")
    add_question(call, "signed", "yes_no", theme_nl="In eigen woorden")
    add_question(call, "words", "free_text", prefill="bottlenecks", theme_nl="In eigen woorden")
    return call


def make_submission(
    organisation: Organisation,
    call: EoiCall | None = None,
    *,
    submitted: bool = True,
    sharing: str = "draft",
    choices: Mapping[str, list[str]] | None = None,
    texts: Mapping[str, str] | None = None,
    year: int | None = None,
) -> EoiSubmission:
    """Make a submission with its first version, handed in or a draft."""
    call = call or usual_call()
    moment = timezone.now() if submitted else None
    submission = EoiSubmission.objects.create(
        call=call, organisation=organisation, sharing=sharing if submitted else "draft", submitted_at=moment
    )
    make_version(submission, 1, year or call.year, submitted=submitted, choices=choices, texts=texts)
    return submission


def make_version(
    submission: EoiSubmission,
    number: int,
    year: int,
    *,
    submitted: bool = True,
    choices: Mapping[str, list[str]] | None = None,
    texts: Mapping[str, str] | None = None,
) -> EoiVersion:
    """Make a version of a submission."""
    return EoiVersion.objects.create(
        submission=submission,
        number=number,
        year=year,
        is_update=year > submission.call.year,
        state="submitted" if submitted else "draft",
        submitted_at=timezone.now() if submitted else None,
        submitted_by_label="Transitieteam" if submitted else "",
        choices=dict(choices or {}),
        texts=dict(texts or {}),
    )


@records_of("eoi_submission")
def submissions(person: Person) -> Iterator[Sample]:
    """Submissions by whose they are, whether they were handed in, and with whom they are shared."""
    cast = person.cast
    if person.own:
        yield Sample.of("own draft", make_submission(person.own, submitted=False), "own", hidden=True)
        yield Sample.of("own, kept to ourselves", make_submission(person.own), "own")
    yield Sample.of("draft of another", make_submission(cast.other, submitted=False), hidden=True)
    yield Sample.of("of another, not shared", make_submission(cast.other))
    yield Sample.of("of another, shared", make_submission(cast.other, sharing="network"), "network")
    mandated = make_submission(cast.mandating, submitted=False)
    yield Sample.of("draft where a mandate was given", mandated, "mandate", hidden=True)
    yield Sample.of("draft of the advised city", make_submission(cast.advised, submitted=False), hidden=True)
    shared = make_submission(cast.advised, sharing="network")
    yield Sample.of("of the advised city, shared", shared, "advised", "network")


@records_of("eoi_analysis")
def analyses(person: Person) -> Iterator[Sample]:
    """Analyses of calls: published, not published, and of a call that is a draft."""

    def analysis(state: str, *, published: bool) -> EoiAnalysis:
        call = make_call(state, analysis_published=published, closes_on=date(2030, 1, 1))
        return EoiAnalysis.objects.get(pk=call.pk)

    yield Sample.of("of a closed call, published", analysis("closed", published=True), "published")
    yield Sample.of("of an open call, not published", analysis("open", published=False))
    yield Sample.of("of a draft call", analysis("draft", published=False), hidden=True)
