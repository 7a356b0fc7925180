"""What fewer than five people answered comes out nowhere: not in a page, a file or a table, nor by comparing.

Everything is done twice, with other answers of those few. Whatever then reads the same tells nothing about them.
"""

import io
import json
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from django.apps import apps
from django.db import transaction
from django.test import Client
from django.urls import get_resolver
from django.utils import timezone

from governance.models import AnswerSheet, Assessment, Participant, ResultSharing, User
from governance.selectors_assessments import together
from governance.services.assessments import holding
from governance.services.assessments.reference import load_instruments
from nss_portal.core import reports
from nss_portal.core.reports.making import make as make_file
from nss_portal.core.workflow import TransitionRefused
from tests.access.cast import Cast, Person
from tests.activities.test_workspace_leaks import shown, without_arguments
from tests.governance.making_assessments import answer, ask, make_assessment

pytestmark = pytest.mark.django_db
SOUGHT, BESIDE = "kwartelnest", "zilverreiger"
Given = Mapping[int, int]
# The same four people, twice: what they score and write has nothing in common.
ONE_WAY = [(dict.fromkeys(range(1, 15), 1), f"{SOUGHT} {BESIDE} slecht {n}") for n in range(4)]
OTHER_WAY = [
    (dict.fromkeys(range(1, 15), 5 - p % 2), f"{SOUGHT} {BESIDE} prima en veel langer {p}") for p in range(4)
]
EVERYTHING = dict.fromkeys(range(1, 15), 3)


def given(assessment: Assessment, scores: Given) -> Given:
    """Keep the scores of statements that the instrument has."""
    numbers = {n for one in holding.asked_by(assessment.instrument) for n in one.statements}
    return {number: score for number, score in scores.items() if number in numbers}


def say(people: list[Participant], answers: list[tuple[Given, str]]) -> None:
    for participant, (scores, comment) in zip(people, answers, strict=False):
        answer(participant, given(participant.assessment, scores), comment)


def twice(scene: Callable[[list[tuple[Given, str]]], Any]) -> tuple[Any, Any]:
    """Play a scene with the one and with the other answers of the few, and take each back."""
    seen = []
    for answers in (ONE_WAY, OTHER_WAY):
        with transaction.atomic():
            seen.append(scene(answers))
            transaction.set_rollback(True)
    return seen[0], seen[1]


def tables(*, without: tuple[type, ...] = ()) -> dict[str, list[str]]:
    """Give all that the database holds, but for keys and moments, which differ each time."""
    found = {}
    for model in apps.get_models(include_auto_created=True):
        if model in without:
            continue
        names = [
            field.attname
            for field in model._meta.concrete_fields
            if not field.primary_key and field.get_internal_type() != "DateTimeField"
        ]
        found[model._meta.label] = sorted(str(row) for row in model._base_manager.values_list(*names))
    return found


@pytest.fixture
def coordinator() -> Person:
    load_instruments()
    return Cast().person("coordinator")


def test_after_the_closing_no_table_knows_what_four_people_said(coordinator: Person) -> None:
    """So no page, export, feed, search, report, archive or API made of these tables can tell it."""
    made = make_assessment(coordinator.own, "open")
    people = ask(made, 6)

    def scene(answers: list[tuple[Given, str]]) -> dict[str, list[str]]:
        say(people, answers)
        holding.close_assessment(actor=coordinator.user, assessment=made)
        return tables()

    one, other = twice(scene)
    assert one == other
    assert SOUGHT not in json.dumps(one)


@pytest.mark.parametrize("size", [5, 6])
def test_nor_what_four_of_more_said_of_one_statement(coordinator: Person, size: int) -> None:
    """All minus group: five or six answered the rest, four of them this; the rest gives nothing of it away."""
    made = make_assessment(coordinator.own, "open", subject_kind="programme", subject_key="x")
    people = ask(made, size)
    rest = {number: score for number, score in given(made, EVERYTHING).items() if number not in (1, 4)}

    def scene(answers: list[tuple[Given, str]]) -> dict[str, list[str]]:
        for participant in people:
            answer(participant, rest, "")
        for participant, (scores, comment) in zip(people, answers, strict=False):
            few = {1: scores[1], 4: scores[4]}
            answer(participant, {**rest, **few}, comment)
        holding.close_assessment(actor=coordinator.user, assessment=made)
        made.refresh_from_db()
        assert made.result["mean"] == 3.0
        return tables()

    one, other = twice(scene)
    assert one == other
    assert SOUGHT not in json.dumps(one)


@pytest.mark.parametrize("size", [4, 5, 6])
def test_while_it_is_open_only_the_sheets_know(coordinator: Person, size: int) -> None:
    """The fifth and the sixth answer change nothing but how many there are: there is nothing to subtract."""
    made = make_assessment(coordinator.own, "open")
    people = ask(made, 6)

    def scene(answers: list[tuple[Given, str]]) -> dict[str, list[str]]:
        say(people[:size], answers + answers)
        return tables(without=(AnswerSheet,))

    one, other = twice(scene)
    assert one == other


def test_sheets_are_read_where_answers_are_given_and_counted_and_nowhere_else() -> None:
    """With the tests above: the sheets are the only place, and this is all that reaches them."""
    root = Path(__file__).parent.parent.parent
    found = {
        str(path.relative_to(root))
        for part in ("governance", "cities", "activities", "contracts", "nss_portal", "templates")
        for path in (root / part).rglob("*")
        if path.suffix in (".py", ".html", ".txt") and "migrations" not in path.parts
        if re.search(r"AnswerSheet|answersheet|\.sheets\.(?:all|filter|values)", path.read_text())
    }
    assert found == {
        "governance/models/__init__.py",
        "governance/models/assessment.py",
        "governance/registrations/personal.py",
        "governance/services/assessments/answering.py",
        "governance/services/assessments/demo.py",
        "governance/services/assessments/holding.py",
    }


def text_of(content: bytes, form: str) -> str:
    """Give what a file says; of a workbook all cells of all sheets."""
    if form != "xlsx":
        return content.decode(errors="replace")
    with ZipFile(io.BytesIO(content)) as book:
        return "".join(book.read(name).decode() for name in sorted(book.namelist()) if name.startswith("xl/"))


def plain(content: bytes) -> str:
    """Give a page without what differs each time it is asked for."""
    text = text_of(content, "xlsx" if content.startswith(b"PK") else "")
    text = re.sub(r'(csrfmiddlewaretoken" value|nonce|name="csrf-token" content)="[^"]*"', "", text)
    return re.sub(r"\b\d\d[.:]\d\d\b", "", text)  # the time of day; scores have a comma


def ways_out(person: Person, made: Assessment) -> Iterator[tuple[str, str]]:
    """Give every page and file in which an answer could stand, by its address."""
    skipped = ("/account/", "/demo/", "/healthz", "/beheer/governance/", "/beheer/auth/", "/beheer/account/")
    skipped += ("/beheer/componenten/",)  # made-up things that differ each time
    pages = {page for page in without_arguments(get_resolver()) if not page.startswith(skipped)}
    pages |= {made.get_absolute_url(), f"{made.get_absolute_url()}uitnodigen/", f"/zoeken/?q={SOUGHT}"}
    pages |= {f"/sturing/zelfbeoordeling/?q={SOUGHT}", f"/beheer/logboek/?q={SOUGHT}"}
    client = Client()
    client.force_login(person.user)
    for page in sorted(pages):
        yield page, plain(shown(client, page))
    client.force_login(User.objects.get(email__startswith=f"deelnemer{made.pk}.0"))
    yield "my work of who answered", plain(shown(client, "/"))
    for page in (made.get_absolute_url(), "/sturing/zelfbeoordeling/", "/agenda.ics"):
        yield f"visitor {page}", plain(shown(Client(), page))


def test_no_page_shows_what_four_people_said(coordinator: Person) -> None:
    made = make_assessment(coordinator.own, "open", sharing=ResultSharing.PUBLISHED)
    people = ask(made, 6)
    user = User.objects.create_user(people[0].email, name="Wie antwoordt")
    Participant.objects.filter(pk=people[0].pk).update(user=user)
    looks = []
    for close in (False, True):

        def scene(answers: list[tuple[Given, str]], close: bool = close) -> dict[str, str]:
            say(people, answers)
            if close:
                holding.close_assessment(actor=coordinator.user, assessment=made)
            return dict(ways_out(coordinator, made))

        one, other = twice(scene)
        looks.append(len(one))
        for page, text in one.items():
            assert BESIDE not in text, page
        differ = [page for page in one if one[page] != other[page]]
        assert differ == []
    assert min(looks) > 60


def test_no_file_of_the_report_shows_what_four_people_said(coordinator: Person) -> None:
    made = make_assessment(coordinator.own, "open")
    people = ask(made, 6)
    kind = reports.kind_named("assessment")

    def scene(answers: list[tuple[Given, str]]) -> dict[str, str]:
        for participant in people:
            answer(participant, {2: 3}, "")
        for participant, (scores, comment) in zip(people, answers, strict=False):
            answer(participant, {2: 3, 1: scores[1]}, comment)
        closed = holding.close_assessment(actor=coordinator.user, assessment=made)
        snapshot = kind.collect(closed, coordinator.user)
        return {
            form: text_of(make_file(kind, snapshot, format=form, language="nl", digest="x"), form)
            for form in ("html", "json", "xlsx")
        } | {"pdf": repr(snapshot.data)}  # the PDF is drawn of this and nothing else

    one, other = twice(scene)
    assert one == other
    assert "3.0" in one["json"]
    assert SOUGHT not in json.dumps(one)


def test_the_mean_of_all_leaves_out_who_had_four(coordinator: Person) -> None:
    """Three programmes have figures, a fourth has four answers: whatever those were, the mean stays the same."""
    for key in ("a", "b", "c"):
        whole = make_assessment(coordinator.own, "open", subject_kind="programme", subject_key=key)
        for participant in ask(whole, 5):
            answer(participant, given(whole, EVERYTHING))
        holding.close_assessment(actor=coordinator.user, assessment=whole)
    few = make_assessment(coordinator.own, "open", subject_kind="programme", subject_key="d")
    people = ask(few, 5)

    def scene(answers: list[tuple[Given, str]]) -> dict[int, float]:
        say(people, answers)
        holding.close_assessment(actor=coordinator.user, assessment=few)
        return together(few.instrument_id)

    one, other = twice(scene)
    assert one == other == dict.fromkeys(one, 3.0)
    assert one


def test_two_results_of_one_thing_stand_a_quarter_apart(coordinator: Person) -> None:
    """Five people and, next week, the same five and one more: the two means would tell what the sixth said."""
    first = make_assessment(coordinator.own, "open")
    for participant in ask(first, 5):
        answer(participant, {1: 3})
    second = make_assessment(coordinator.own)
    ask(second, 6)
    with pytest.raises(TransitionRefused, match="andere zelfbeoordeling"):  # side by side
        holding.open_assessment(actor=coordinator.user, assessment=second)
    holding.close_assessment(actor=coordinator.user, assessment=first)
    with pytest.raises(TransitionRefused, match="kort na elkaar"):
        holding.open_assessment(actor=coordinator.user, assessment=second)
    ago = timezone.now() - timedelta(days=91)
    Assessment.objects.filter(pk=first.pk).update(closed_at=ago)
    assert holding.open_assessment(actor=coordinator.user, assessment=second).state == "open"


def test_a_result_without_figures_may_be_followed_at_once(coordinator: Person) -> None:
    first = make_assessment(coordinator.own, "open")
    for participant in ask(first, 4):
        answer(participant, {1: 3})
    holding.close_assessment(actor=coordinator.user, assessment=first)
    second = make_assessment(coordinator.own)
    ask(second, 5)
    assert holding.open_assessment(actor=coordinator.user, assessment=second).state == "open"
