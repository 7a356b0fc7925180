"""Writing an Expression of Interest: prefilled, saved by screen, two at once, handed in, updated, frozen."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from cities.models import EoiSubmission, EoiUpdate, EoiVersion, Municipality
from cities.models.bottleneck import Sharing
from cities.selectors_eoi import Answer, Screen, draft_of, latest_submitted, questions_of, saves_of, screens_of
from cities.services.eoi import drafts
from cities.services.eoi.errors import AnswerRefused, EoiRefused
from cities.services.eoi.handing_in import share_submission, submit_version
from nss_portal.core.access import NotAllowed
from nss_portal.core.editing import EditConflict
from nss_portal.core.models import AuditEvent
from nss_portal.core.time import today
from nss_portal.core.workflow import TransitionRefused
from tests.access.cast import Cast, Person
from tests.cities.eoi import make_submission, usual_call
from tests.cities.matrix import make_bottleneck

pytestmark = pytest.mark.django_db


@pytest.fixture
def person() -> Person:
    return Cast().person("team")


def begun(person: Person, **fields: object) -> EoiVersion:
    call = usual_call(**fields)
    submission = drafts.start_submission(actor=person.user, call=call, organisation=person.own)
    return submission.versions.get()


def screen(version: EoiVersion, number: int) -> Screen:
    return screens_of(questions_of(version.submission.call))[number - 1]


def save(person: Person, version: EoiVersion, number: int = 3, **rest: object) -> EoiVersion:
    """Save a screen; answers are given as words=Answer(...)."""
    answers = {code: rest.pop(code) for code in list(rest) if isinstance(rest[code], Answer)}
    place = screen(version, number)
    rest.setdefault("revision", saves_of(EoiVersion.objects.get(pk=version.pk), place))
    return drafts.save_screen(actor=person.user, version=version, screen=place, answers=answers, **rest)


def test_screens_follow_the_themes() -> None:
    call = usual_call()
    found = screens_of(questions_of(call))
    assert [(one.number, one.key, one.title) for one in found] == [
        (1, "needs", "Behoeften"),
        (2, "risks", "Vraag risks"),
        (3, "people", "In eigen woorden"),
    ]
    assert [len(one.questions) for one in found] == [2, 1, 3]


def test_what_the_portal_knows_is_filled_in_and_marked(person: Person) -> None:
    Municipality.objects.filter(organisation=person.own).update(population=34_000, population_year=2024)
    make_bottleneck(person.own, "network", title="Het net is vol")
    make_bottleneck(person.own, title="Nog een concept")
    version = begun(person)
    assert version.texts == {"people": "34000", "words": "- Het net is vol"}
    assert version.prefilled == {"people": "cbs", "words": "register"}
    saved = save(person, version, people=Answer(text="34000"), words=Answer(text="Anders"))
    assert saved.prefilled == {"people": "cbs"}
    saved = save(person, version, people=Answer(text="34000"), words=Answer(text="Anders"), final=True)
    assert saved.prefilled == {}


def test_a_next_call_begins_with_the_answers_to_the_last_one(person: Person) -> None:
    earlier = usual_call("closed", year=today().year - 2, name_nl="Vorige")
    make_submission(
        person.own, earlier, choices={"needs": ["money", "gone"], "signed": ["yes"]}, texts={"words": "Oud"}
    )
    version = begun(person)
    assert version.choices == {"needs": ["money"], "signed": ["yes"]}
    assert version.texts["words"] == "Oud"
    assert version.prefilled["needs"] == f"call:{earlier.code}"


def test_there_is_one_per_city_and_call(person: Person) -> None:
    version = begun(person)
    call = version.submission.call
    colleague = person.cast.person("team")
    again = drafts.start_submission(actor=person.user, call=call, organisation=person.own)
    assert again == version.submission
    with pytest.raises(NotAllowed):
        drafts.start_submission(actor=colleague.user, call=call, organisation=person.own)
    assert EoiSubmission.objects.count() == 1


@pytest.mark.parametrize("role", ["visitor", "advisor", "signatory", "ministry", "partner", "desk", "steering"])
def test_others_do_not_write(role: str) -> None:
    cast = Cast()
    user = cast.person(role).user
    with pytest.raises(NotAllowed):
        drafts.start_submission(actor=user, call=usual_call(), organisation=cast.advised)
    version = make_submission(cast.advised, submitted=False).versions.get()
    place = screen(version, 1)
    acts = [
        lambda: drafts.save_screen(actor=user, version=version, screen=place, answers={}, revision=0),
        lambda: drafts.keep_unchanged(actor=user, version=version),
        lambda: drafts.discard_draft(actor=user, submission=version.submission),
        lambda: drafts.start_version(actor=user, submission=version.submission),
        lambda: submit_version(actor=user, version=version, sharing=Sharing.NETWORK),
        lambda: share_submission(actor=user, submission=version.submission, sharing=Sharing.NETWORK),
    ]
    for act in acts:
        with pytest.raises(NotAllowed):
            act()


def test_a_coordinator_writes_with_a_mandate_only() -> None:
    cast = Cast()
    user = cast.person("coordinator").user
    call = usual_call()
    assert drafts.start_submission(actor=user, call=call, organisation=cast.mandating).pk
    with pytest.raises(NotAllowed):
        drafts.start_submission(actor=user, call=call, organisation=cast.other)


def test_answers_of_every_kind_are_kept(person: Person) -> None:
    version = begun(person)
    save(person, version, 1, needs=Answer(("rules", "money")), most=Answer(("people",)))
    save(person, version, 2, risks=Answer(("law",), " PFAS "))
    saved = save(person, version, people=Answer(text="12.50"), signed=Answer(("yes",)), words=Answer(text="Plan"))
    assert saved.choices == {"needs": ["money", "rules"], "most": ["people"], "risks": ["law"], "signed": ["yes"]}
    assert saved.texts == {"risks": "PFAS", "people": "12.50", "words": "Plan"}
    emptied = save(person, version, 1, needs=Answer(), most=Answer())
    assert "needs" not in emptied.choices


@pytest.mark.parametrize(
    ("number", "answers"),
    [
        (1, {"needs": Answer(("weg",))}),
        (1, {"most": Answer(("money", "people"))}),
        (3, {"people": Answer(text="veel")}),
        (3, {"people": Answer(text="NaN")}),
        (3, {"people": Answer(text="1e99")}),
        (3, {"signed": Answer(("misschien",))}),
        (3, {"words": Answer(text="x" * 10_001)}),
    ],
)
def test_a_bad_answer_is_named_and_nothing_changes(
    person: Person, number: int, answers: dict[str, Answer]
) -> None:
    version = begun(person)
    with pytest.raises(AnswerRefused) as caught:
        save(person, version, number, **answers)
    assert list(caught.value.problems) == list(answers)
    version.refresh_from_db()
    assert (version.choices, version.saves) == ({}, {})


def test_two_leads_at_once_lose_nothing(person: Person) -> None:
    version = begun(person)
    save(person, version, 2, risks=Answer(text="Van de een"), revision=0)
    with pytest.raises(EditConflict) as caught:
        save(person, version, 2, risks=Answer(text="Van de ander"), revision=0)
    assert caught.value.record.texts["risks"] == "Van de een"
    assert caught.value.record.saves["risks"]["by"] == str(person.user)
    save(person, version, 1, needs=Answer(("money",)), revision=0)
    save(person, version, 2, risks=Answer(text="Van de een"), revision=0)
    again = save(person, version, 2, risks=Answer(text="Van beiden"), revision=1)
    assert (again.texts["risks"], again.choices["needs"]) == ("Van beiden", ["money"])


def test_handing_in_freezes_what_was_said(person: Person) -> None:
    version = begun(person)
    with pytest.raises(TransitionRefused, match="niets ingevuld"):
        submit_version(actor=person.user, version=version, sharing=Sharing.NETWORK)
    save(person, version, words=Answer(text="Plan"))
    done = submit_version(actor=person.user, version=version, sharing=Sharing.NETWORK)
    assert (done.state, done.submitted_by_label) == ("submitted", str(person.user))
    submission = EoiSubmission.objects.get()
    assert (submission.sharing, submission.submitted_at) == ("network", done.submitted_at)
    again = submit_version(actor=person.user, version=version, sharing=Sharing.DRAFT)
    assert again.pk == done.pk
    assert AuditEvent.objects.filter(event="submitted").count() == 1
    with pytest.raises(EoiRefused, match="is ingediend"):
        save(person, version, words=Answer(text="Toch anders"))
    for change in (lambda: EoiVersion.objects.update(texts={}), lambda: EoiVersion.objects.all().delete()):
        with pytest.raises(IntegrityError, match="does not change"), transaction.atomic():
            change()
    with pytest.raises(NotAllowed):
        drafts.discard_draft(actor=person.user, submission=submission)


def test_a_question_that_has_to_be_answered_is_asked_for(person: Person) -> None:
    version = begun(person)
    version.submission.call.questions.filter(code="needs").update(is_required=True)
    save(person, version, words=Answer(text="Plan"))
    with pytest.raises(TransitionRefused, match="Vraag needs"):
        submit_version(actor=person.user, version=version, sharing=Sharing.NETWORK)


@pytest.mark.parametrize("sharing", ["published", "x"])
def test_it_is_never_published(person: Person, sharing: str) -> None:
    version = begun(person)
    save(person, version, words=Answer(text="Plan"))
    with pytest.raises(ValidationError):
        submit_version(actor=person.user, version=version, sharing=sharing)


def test_who_reads_it_is_chosen_again_later(person: Person) -> None:
    submission = make_submission(person.own, sharing="network")
    share_submission(actor=person.user, submission=submission, sharing=Sharing.DRAFT)
    assert EoiSubmission.objects.get().sharing == "draft"
    with pytest.raises(EoiRefused):
        share_submission(
            actor=person.user, submission=make_submission(person.own, submitted=False), sharing=Sharing.NETWORK
        )


def test_the_last_day_ends_at_local_midnight(person: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    version = begun(person)
    call = version.submission.call
    call.closes_on = datetime(2027, 7, 1, tzinfo=UTC).date()
    call.save()
    at = lambda hour, minute: datetime(2027, 7, 1, hour, minute, 59, tzinfo=UTC)  # noqa: E731
    monkeypatch.setattr(timezone, "now", lambda: at(21, 59))
    save(person, version, words=Answer(text="Op tijd"))
    monkeypatch.setattr(timezone, "now", lambda: at(22, 0))
    with pytest.raises(EoiRefused, match="1 juli 2027"):
        save(person, version, words=Answer(text="Te laat"))
    with pytest.raises(EoiRefused):
        submit_version(actor=person.user, version=version, sharing=Sharing.NETWORK)
    assert EoiVersion.objects.get().texts["words"] == "Op tijd"


def test_a_call_that_is_not_open_takes_nothing(person: Person) -> None:
    for call in (
        usual_call("draft"),
        usual_call("closed"),
        usual_call(opens_on=today() + timedelta(days=1)),
        usual_call(days=-1),
    ):
        with pytest.raises(EoiRefused):
            drafts.start_submission(actor=person.user, call=call, organisation=person.own)


def test_while_the_call_is_open_a_city_may_hand_in_anew(person: Person) -> None:
    submission = make_submission(person.own, choices={"needs": ["money"]})
    version = drafts.start_version(actor=person.user, submission=submission)
    assert (version.number, version.is_update, version.choices) == (2, False, {"needs": ["money"]})
    assert drafts.start_version(actor=person.user, submission=submission) == version
    save(person, version, 1, needs=Answer(("rules",)), most=Answer())
    submit_version(actor=person.user, version=version, sharing=Sharing.NETWORK)
    latest = latest_submitted(submission)
    assert latest is not None
    assert latest.choices == {"needs": ["rules"]}
    assert submission.versions.get(number=1).choices == {"needs": ["money"]}


def updated(person: Person) -> EoiVersion:
    """Begin the yearly update of a submission of last year."""
    year = today().year
    call = usual_call("closed", year=year - 1)
    submission = make_submission(person.own, call, choices={"needs": ["money"]}, texts={"words": "Plan"})
    EoiUpdate.objects.create(call=call, year=year, due_on=today() + timedelta(days=5))
    return drafts.start_version(actor=person.user, submission=submission)


def test_the_yearly_update_asks_of_each_part_whether_it_changed(person: Person) -> None:
    version = updated(person)
    assert (version.is_update, version.year, version.texts) == (True, today().year, {"words": "Plan"})
    same = {"needs": Answer(("money",)), "most": Answer()}
    for section, answers in (
        ("", same),
        ("changed", same),
        ("unchanged", {**same, "needs": Answer(("rules",))}),
        ("misschien", same),
    ):
        with pytest.raises(AnswerRefused) as caught:
            save(person, version, 1, section=section, final=True, **answers)
        assert list(caught.value.problems) == ["changed"]
    with pytest.raises(AnswerRefused, match="Behoeften, Vraag risks, In eigen woorden"):
        submit_version(actor=person.user, version=version, sharing=Sharing.NETWORK)
    save(person, version, 1, section="changed", final=True, needs=Answer(("rules",)), most=Answer())
    drafts.keep_unchanged(actor=person.user, version=version)
    done = submit_version(actor=person.user, version=version, sharing=Sharing.NETWORK)
    assert done.sections == {"needs": "changed", "risks": "unchanged", "people": "unchanged"}
    with pytest.raises(EoiRefused, match="is al ingediend"):
        drafts.start_version(actor=person.user, submission=done.submission)


def test_what_was_changed_is_not_called_unchanged_by_one_click(person: Person) -> None:
    version = updated(person)
    save(person, version, 2, risks=Answer(("law",)))
    kept = drafts.keep_unchanged(actor=person.user, version=version)
    assert kept.sections == {"needs": "unchanged", "people": "unchanged"}


def test_an_update_that_closed_takes_nothing(person: Person) -> None:
    version = updated(person)
    EoiUpdate.objects.update(due_on=today() - timedelta(days=1))
    with pytest.raises(EoiRefused, match="bijwerking"):
        save(person, version, 2, risks=Answer(("law",)))
    submission = version.submission
    drafts.discard_draft(actor=person.user, submission=submission)
    with pytest.raises(EoiRefused):
        drafts.start_version(actor=person.user, submission=submission)
    assert EoiSubmission.objects.filter(pk=submission.pk).exists()


def test_a_first_draft_is_thrown_away_with_all_of_it(person: Person) -> None:
    version = begun(person)
    assert draft_of(version.submission) == version
    assert not drafts.discard_draft(actor=person.user, submission=version.submission)
    assert not EoiSubmission.objects.exists()
