"""When a vote carries, what changed between versions, and when somebody is reminded; no database."""

from datetime import date

import pytest

from activities.services.periods.drafting import quarter_of
from activities.services.periods.reminders import offset_due
from activities.votes import compare, tally

YES, NO, REMARK = "yes", "no", "remark"


@pytest.mark.parametrize(
    ("asked", "cities", "others", "quorum", "carried"),
    [
        (19, [YES] * 9, [YES] * 50, False, False),
        (19, [YES] * 10, [], True, True),
        (19, [YES] * 5 + [NO] * 5, [YES] * 9, True, False),
        (19, [YES] * 5 + [REMARK] + [NO] * 4, [NO] * 3, True, False),
        (19, [YES] * 5 + [REMARK] + [NO] * 4, [NO] * 2 + [YES], True, True),
        (1, [NO], [], True, False),
        (0, [], [], False, False),
    ],
)
def test_when_a_vote_carries(
    asked: int, cities: list[str], others: list[str], quorum: bool, carried: bool
) -> None:
    found = tally(asked, [*((True, one) for one in cities), *((False, one) for one in others)])
    assert (found.has_quorum, found.carried) == (quorum, carried)


def test_versions_line_by_line() -> None:
    before = {"a": {"title": "A", "lead": "Utrecht"}, "b": {"title": "B", "lead": "Ede"}, "c": {"title": "C"}}
    after = {"a": {"title": "A", "lead": "Utrecht"}, "b": {"title": "B", "lead": "Assen"}, "d": {"title": "D"}}
    found = [(one.kind, one.title, list(one.fields)) for one in compare(before, after)]
    assert found == [("changed", "B", [("lead", "Ede", "Assen")]), ("added", "D", []), ("removed", "C", [])]


@pytest.mark.parametrize(
    ("day", "due"), [("02-20", None), ("02-22", 7), ("02-24", 7), ("02-28", 1), ("03-01", 1), ("03-02", None)]
)
def test_who_is_reminded_when(day: str, due: int | None) -> None:
    month, number = map(int, day.split("-"))
    assert offset_due(date(2027, 3, 1), date(2027, 2, 1), date(2027, month, number)) == due


def test_nobody_is_reminded_before_the_vote_has_opened_for_a_day() -> None:
    assert offset_due(date(2027, 3, 1), date(2027, 2, 25), date(2027, 2, 26)) is None
    assert quarter_of(date(2027, 12, 31)) == date(2027, 10, 1)
