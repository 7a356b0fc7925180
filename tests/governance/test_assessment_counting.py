"""What a result tells, and what nobody works out of it: over all sets of answers that hypothesis finds."""

from hypothesis import given
from hypothesis import strategies as st

from governance.services.assessments.counting import (
    FEWEST,
    Answers,
    Asked,
    mean_of_all,
    rounded,
    summarised,
)

ASKED = (Asked(1, (1, 2)), Asked(2, (3,)))
NUMBERS = (1, 2, 3)
SHEETS = st.lists(
    st.builds(
        Answers,
        st.dictionaries(st.sampled_from(NUMBERS), st.integers(0, 5)),
        st.sampled_from(["", " ", "Te weinig tijd", "Goed zo"]),
    ),
    max_size=12,
)


def told(sheets: list[Answers]) -> dict[str, object]:
    """Give the result with its comments in an order that can be compared."""
    result = summarised(sheets, ASKED, invited=20)
    return {**result, "comments": sorted(result["comments"])}


def scores(sheets: list[Answers], number: int) -> list[int]:
    return [sheet.scores[number] for sheet in sheets if sheet.scores.get(number)]


@given(SHEETS)
def test_fewer_than_five_are_never_told(sheets: list[Answers]) -> None:
    result = told(sheets)
    assert result["answers"] == (len(sheets) if len(sheets) >= FEWEST else None)
    for row in result["statements"]:
        assert (row["mean"] is None) == (len(scores(sheets, row["number"])) < FEWEST)
        assert (row["mean"] is None) == (row["low"] is None) == (row["high"] is None)
    if sum(bool(sheet.comment.strip()) for sheet in sheets) < FEWEST:
        assert result["comments"] == []


@given(SHEETS, st.integers(1, 5))
def test_what_is_held_back_changes_nothing_that_is_shown(sheets: list[Answers], other: int) -> None:
    """Whatever those few answered, the whole result reads the same: no subtraction gives it back."""
    held_back = [number for number in NUMBERS if len(scores(sheets, number)) < FEWEST]
    changed = [
        Answers({n: other if n in held_back and s else s for n, s in sheet.scores.items()}, sheet.comment)
        for sheet in sheets
    ]
    assert told(changed) == told(sheets)


@given(SHEETS)
def test_not_applicable_and_left_open_read_the_same(sheets: list[Answers]) -> None:
    """That a few say 'not applicable' is an answer of a few too: it shows nowhere."""
    without = [Answers({n: s for n, s in sheet.scores.items() if s}, sheet.comment) for sheet in sheets]
    assert told(without) == told(sheets)


@given(SHEETS, st.randoms(use_true_random=False))
def test_no_one_s_answers_hang_together(sheets: list[Answers], dice: object) -> None:
    """Deal each statement's answers and the texts to other people: the result stays, it ties nothing to anyone."""
    columns = {number: [sheet.scores.get(number) for sheet in sheets] for number in NUMBERS}
    texts = [sheet.comment for sheet in sheets]
    for column in (*columns.values(), texts):
        dice.shuffle(column)
    dealt = [
        Answers({n: columns[n][place] for n in NUMBERS if columns[n][place] is not None}, texts[place])
        for place in range(len(sheets))
    ]
    assert told(dealt) == told(sheets)


@given(SHEETS)
def test_an_indicator_says_no_more_than_its_statements(sheets: list[Answers]) -> None:
    result = told(sheets)
    shown = {row["number"]: row for row in result["statements"]}
    for asked, row in zip(ASKED, result["indicators"], strict=True):
        known = [shown[number] for number in asked.statements if shown[number]["mean"] is not None]
        mean = rounded(sum(one["mean"] for one in known) / len(known)) if known else None
        assert row["mean"] == mean


@given(st.lists(st.none() | st.integers(10, 50).map(lambda tenths: tenths / 10), max_size=6))
def test_the_mean_of_all_is_of_three_at_least(means: list[float | None]) -> None:
    found = mean_of_all([{"indicators": [{"number": 1, "mean": mean}]} for mean in means])
    assert (1 in found) == (sum(mean is not None for mean in means) >= 3)


def test_figures_by_hand() -> None:
    sheets = [Answers({1: 1, 2: 4, 3: 0}), *[Answers({1: 5, 2: 4, 3: 2})] * 4]
    result = told(sheets)
    assert result["statements"][0] == {"number": 1, "mean": 4.2, "low": 1, "high": 5}
    assert result["statements"][2] == {"number": 3, "mean": None, "low": None, "high": None}
    assert result["indicators"][0] == {"number": 1, "mean": 4.1, "low": 1, "high": 5}
    assert (result["indicators"][1]["mean"], result["mean"]) == (None, 4.1)
