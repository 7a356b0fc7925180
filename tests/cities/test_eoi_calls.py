"""Running a call: its questionnaire as data, from a file or by hand, and what may still change when."""

import json
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError

from cities.models import EoiCall, EoiOption
from cities.services.eoi import calls, questions
from cities.services.eoi.questionnaire_file import BadQuestionnaire, read_questionnaire
from cities.services.eoi.reference import FILE, load_reference
from nss_portal.core.access import NotAllowed
from nss_portal.core.editing import EditConflict
from nss_portal.core.models import AuditEvent
from nss_portal.core.time import today
from nss_portal.core.workflow import TransitionRefused
from tests.access.cast import Cast, make_city
from tests.cities.eoi import add_question, make_call, make_submission, usual_call

pytestmark = pytest.mark.django_db

OPTION = {"code": "a", "label_nl": "A"}
CHOICE = {
    "code": "q",
    "kind": "multiple_choice_ranked",
    "label_nl": "Wat?",
    "options": [OPTION, {"code": "b", "label_en": "B"}],
}


def content(*questions: object) -> bytes:
    return json.dumps({"questions": questions}).encode()


@pytest.mark.parametrize(
    ("file", "said"),
    [
        (b"{", ["regel 1, teken 2: dit is geen JSON"]),
        (b"\xff{}", ["regel 1: dit is geen UTF-8"]),
        (b"[]", ["geen lijst 'questions'"]),
        (b'{"questions": []}', ["geen lijst 'questions'"]),
        (content("x"), ["vraag 1: hier hoort een object"]),
        (content(CHOICE, {**CHOICE}), ["vraag 2: de code 'q' staat al bij vraag 1"]),
        (content({**CHOICE, "kind": "radio"}), ["vraag 1 (q): onbekende soort 'radio'"]),
        (content({**CHOICE, "label_nl": " "}), ["vraag 1 (q): het opschrift ontbreekt"]),
        (content({**CHOICE, "code": "Q q"}), ["de code ontbreekt"]),
        (
            content({**CHOICE, "options": [OPTION, OPTION]}),
            ["vraag 1 (q), optie 2: de code 'a' staat al bij optie 1"],
        ),
        (
            content({**CHOICE, "options": [OPTION, {"code": "b"}]}),
            ["vraag 1 (q), optie 2 (b): het opschrift ontbreekt"],
        ),
        (content({**CHOICE, "options": [OPTION]}), ["minstens twee opties"]),
        (content({**CHOICE, "kind": "free_text"}), ["heeft geen opties"]),
        (content({**CHOICE, "label_nl": "x" * 251}), ["hoogstens 250 tekens"]),
        (content({**CHOICE, "required": "ja"}), ["required: hier hoort true of false"]),
        (content({**CHOICE, "prefill": "weer"}), ["onbekende invulling 'weer'"]),
        (
            content({**CHOICE, "kind": "x"}, {**CHOICE, "code": ""}),
            ["vraag 1 (q): onbekende soort", "vraag 2: de code"],
        ),
    ],
)
def test_a_bad_file_says_what_and_where_and_changes_nothing(file: bytes, said: list[str]) -> None:
    call = usual_call("draft")
    before = list(call.questions.values_list("code", "label_nl"))
    coordinator = Cast().person("coordinator").user
    with pytest.raises(BadQuestionnaire) as caught:
        calls.load_questionnaire(actor=coordinator, call=call, version=call.version, content=file)
    problems = " | ".join(caught.value.problems)
    for text in said:
        assert text in problems
    assert list(call.questions.values_list("code", "label_nl")) == before
    assert EoiCall.objects.get(pk=call.pk).version == call.version


def test_a_good_file_takes_the_place_of_the_questions() -> None:
    call = usual_call("draft")
    coordinator = Cast().person("coordinator").user
    fresh = calls.load_questionnaire(actor=coordinator, call=call, version=call.version, content=content(CHOICE))
    assert fresh.version == call.version + 1
    question = fresh.questions.get()
    assert (question.code, question.kind) == ("q", "multiple_choice")
    assert list(question.options.values_list("code", "label_nl", "label_en")) == [("a", "A", ""), ("b", "B", "B")]


def test_the_questionnaire_as_it_was_published_is_read() -> None:
    """Labels in English alone, groups, ranks and names of kinds as in the published list."""
    option = {"code": "mrv", "group": "skills", "rank": 5, "label_en": "Monitoring"}
    other = {**option, "code": "x", "rank": 6}
    published = [
        {"code": "capacity", "kind": "multiple_choice_ranked", "label_en": "Staff", "options": [option, other]},
        {"code": "risks", "kind": "open_answers_coded_ranked", "label_en": "Risks", "options": [option, other]},
        {"code": "own-words", "kind": "free_text", "label_en": "Own words", "options": []},
    ]
    found = read_questionnaire(json.dumps({"source": "x", "questions": published}).encode())
    assert [question.kind.value for question in found] == ["multiple_choice", "coded", "free_text"]
    assert (found[0].label_nl, found[0].options[0].group_nl) == ("Staff", "Skills")


def test_reference_data_is_added_once_and_edits_stay() -> None:
    assert load_reference() == ["calls for Expressions of Interest added 1"]
    call = EoiCall.objects.get(code="2022")
    assert call.questions.count() == len(read_questionnaire(FILE.read_bytes()))
    assert not call.takes_answers
    EoiOption.objects.filter(code="climate-finance").update(label_nl="Geld voor klimaat")
    lines = load_reference()
    assert lines[0] == "calls for Expressions of Interest added 0"
    assert ["climate-finance" in line for line in lines[1:]] == [True]
    assert EoiOption.objects.get(code="climate-finance").label_nl == "Geld voor klimaat"


def test_every_label_of_the_present_questionnaire_is_in_both_languages() -> None:
    for question in read_questionnaire(FILE.read_bytes()):
        assert question.label_en
        assert question.label_nl != question.label_en
        for option in question.options:
            assert option.label_en
            assert option.label_nl != option.label_en, option.code


@pytest.mark.parametrize("role", ["visitor", "team", "ministry", "publisher", "steering"])
def test_only_the_coordinator_runs_a_call(role: str) -> None:
    cast = Cast()
    user = cast.person(role).user
    call = usual_call("draft")
    question = call.questions.get(code="needs")
    facts = {name: getattr(call, name) for name in calls.FACTS}
    acts = [
        lambda: calls.create_call(actor=user, facts=facts),
        lambda: calls.change_call(actor=user, call=call, version=1, facts=facts),
        lambda: calls.move_call(actor=user, call=call, step="open"),
        lambda: calls.publish_analysis(actor=user, call=call, is_published=True),
        lambda: calls.ask_update(actor=user, call=call, year=today().year, due_on=today()),
        lambda: calls.change_marks(actor=user, call=call, version=1, nzc_covers=[], asks_translation=[]),
        lambda: calls.load_questionnaire(actor=user, call=call, version=1, content=content(CHOICE)),
        lambda: questions.add_question(actor=user, call=call, version=1, code="x", values={}),
        lambda: questions.change_question(actor=user, question=question, version=1, values={}),
        lambda: questions.withdraw(actor=user, part=question, version=1),
        lambda: questions.move(actor=user, part=question, version=1, up=False),
    ]
    for act in acts:
        with pytest.raises(NotAllowed):
            act()


def test_the_next_call_copies_the_last_one() -> None:
    coordinator = Cast().person("coordinator").user
    last = usual_call("closed", code=str(today().year))
    last.questions.filter(code="most").update(is_withdrawn=True)
    EoiOption.objects.filter(question__code="needs", code="money").update(nzc_covers=True)
    facts = {"name_nl": "Nieuw", "year": today().year, "opens_on": today(), "closes_on": today()}
    made = calls.create_call(actor=coordinator, facts=facts, copy_of=last)
    assert (made.state, made.code) == ("draft", f"{today().year}-2")
    assert list(made.questions.values_list("code", flat=True)) == ["needs", "risks", "people", "signed", "words"]
    option = EoiOption.objects.get(question__call=made, question__code="needs", code="money")
    assert option.nzc_covers
    with pytest.raises(ValidationError):
        calls.create_call(actor=coordinator, facts={**facts, "closes_on": today() - timedelta(days=1)})


def test_a_call_opens_with_questions_that_can_be_answered_only() -> None:
    coordinator = Cast().person("coordinator").user
    call = make_call("draft")
    with pytest.raises(TransitionRefused, match="Voeg eerst"):
        calls.move_call(actor=coordinator, call=call, step="open")
    add_question(call, "q", options="alleen")
    with pytest.raises(TransitionRefused, match="minstens twee"):
        calls.move_call(actor=coordinator, call=call, step="open")
    add_question(call, "r", "free_text")
    EoiOption.objects.create(question=call.questions.get(code="q"), code="ook", label_nl="Ook")
    calls.move_call(actor=coordinator, call=call, step="open")
    calls.move_call(actor=coordinator, call=call, step="close", reason="Genoeg")
    calls.move_call(actor=coordinator, call=call, step="reopen", reason="Toch niet")
    assert EoiCall.objects.get(pk=call.pk).takes_answers


def test_questions_and_options_are_added_moved_and_withdrawn() -> None:
    coordinator = Cast().person("coordinator").user
    call = usual_call("draft")
    values = {"kind": "free_text", "label_nl": "Nog iets?"}
    questions.add_question(actor=coordinator, call=call, version=1, code="more", values=values)
    with pytest.raises(ValidationError):
        questions.add_question(actor=coordinator, call=call, version=2, code="more", values=values)
    needs = call.questions.get(code="needs")
    option = questions.add_option(
        actor=coordinator, question=needs, version=2, code="time", values={"label_nl": "Tijd"}
    )
    with pytest.raises(ValidationError):
        questions.add_option(
            actor=coordinator, question=call.questions.get(code="words"), version=3, code="x", values={}
        )
    questions.move(actor=coordinator, part=option, version=3, up=True)
    questions.move(actor=coordinator, part=needs, version=4, up=False)
    questions.move(actor=coordinator, part=call.questions.get(code="most"), version=5, up=True)
    questions.withdraw(actor=coordinator, part=call.questions.get(code="signed"), version=5)
    assert list(needs.options.values_list("code", flat=True)) == ["money", "people", "time", "rules"]
    order = list(call.questions.filter(is_withdrawn=False).values_list("code", flat=True))
    assert order == ["most", "needs", "risks", "people", "words", "more"]
    with pytest.raises(EditConflict):
        questions.withdraw(actor=coordinator, part=needs, version=2)
    assert AuditEvent.objects.filter(object_type="cities.eoicall", event="changed").count() == 5


def test_after_a_city_handed_in_only_texts_change() -> None:
    coordinator = Cast().person("coordinator").user
    call = usual_call()
    make_submission(make_city(), call)
    needs = call.questions.get(code="needs")
    option = needs.options.get(code="money")
    changed = questions.change_question(
        actor=coordinator, question=needs, version=1, values={"label_nl": "Wat is nodig?"}
    )
    assert changed.label_nl == "Wat is nodig?"
    questions.change_option(actor=coordinator, option=option, version=2, values={"label_nl": "Geld"})
    refused = [
        lambda: questions.change_question(
            actor=coordinator, question=needs, version=3, values={"kind": "single_choice"}
        ),
        lambda: questions.add_question(actor=coordinator, call=call, version=3, code="x", values={}),
        lambda: questions.add_option(actor=coordinator, question=needs, version=3, code="x", values={}),
        lambda: questions.withdraw(actor=coordinator, part=option, version=3),
        lambda: questions.move(actor=coordinator, part=needs, version=3, up=False),
        lambda: calls.load_questionnaire(actor=coordinator, call=call, version=3, content=content(CHOICE)),
    ]
    for act in refused:
        with pytest.raises(NotAllowed, match="hebben al ingediend"):
            act()
    assert EoiCall.objects.get(pk=call.pk).version == 3


def test_marks_and_publication_are_set_at_any_time() -> None:
    coordinator = Cast().person("coordinator").user
    call = usual_call()
    make_submission(make_city(), call)
    money, grid = (
        EoiOption.objects.get(question__call=call, question__code=q, code=c)
        for q, c in (("needs", "money"), ("risks", "grid"))
    )
    calls.change_marks(
        actor=coordinator, call=call, version=1, nzc_covers=[money.pk], asks_translation=[money.pk, grid.pk]
    )
    money.refresh_from_db()
    grid.refresh_from_db()
    assert (money.nzc_covers, money.asks_translation) == (True, True)
    assert (grid.nzc_covers, grid.asks_translation) == (False, True)
    with pytest.raises(EditConflict):
        calls.change_marks(actor=coordinator, call=call, version=1, nzc_covers=[], asks_translation=[])
    assert calls.publish_analysis(actor=coordinator, call=call, is_published=True).analysis_published
    with pytest.raises(NotAllowed):
        calls.publish_analysis(actor=coordinator, call=make_call("draft"), is_published=True)


def test_the_yearly_update_is_asked_for_after_the_call() -> None:
    coordinator = Cast().person("coordinator").user
    year = today().year
    call = usual_call("closed", year=year - 1)
    update = calls.ask_update(actor=coordinator, call=call, year=year, due_on=today())
    assert update.takes_answers
    again = calls.ask_update(actor=coordinator, call=call, year=year, due_on=today() + timedelta(days=9))
    assert again.pk == update.pk
    for bad in ({"year": year - 1}, {"year": year + 2}, {"due_on": today() - timedelta(days=1)}):
        with pytest.raises(ValidationError):
            calls.ask_update(**{"actor": coordinator, "call": call, "year": year, "due_on": today(), **bad})
    with pytest.raises(ValidationError):
        calls.ask_update(actor=coordinator, call=usual_call(year=year - 1), year=year, due_on=today())
