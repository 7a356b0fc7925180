"""How much two municipalities resemble each other: the formula itself."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cities.similarity import WEIGHTS, Profile, likeness, parts

PROFILES = st.builds(
    Profile,
    population=st.one_of(st.none(), st.integers(900, 950_000)),
    province=st.sampled_from(["PV20", "PV27"]),
    rank=st.integers(0, 3),
    themes=st.frozensets(st.integers(1, 5), max_size=5),
)
MINE = Profile(100_000, "PV27", 0, frozenset({1, 2}))


def test_the_weights_are_the_whole() -> None:
    assert sum(WEIGHTS.values()) == pytest.approx(1)


@given(PROFILES, PROFILES)
def test_it_lies_between_none_and_all_and_is_the_same_both_ways(one: Profile, other: Profile) -> None:
    assert 0 <= likeness(one, other) <= 1
    assert likeness(one, other) == pytest.approx(likeness(other, one))


@given(PROFILES)
def test_a_municipality_is_most_like_itself(one: Profile) -> None:
    assert likeness(one, one) == pytest.approx(1)


@pytest.mark.parametrize(
    ("population", "part"), [(100_000, 1), (200_000, 2 / 3), (50_000, 2 / 3), (800_000, 0), (1_600_000, 0)]
)
def test_size_counts_by_doubling(population: int, part: float) -> None:
    assert parts(MINE, Profile(population, "PV20", 0))["inhabitants"] == pytest.approx(part)


def test_the_parts_by_hand() -> None:
    other = Profile(200_000, "PV27", 1, frozenset({2, 3}))
    assert parts(MINE, other) == pytest.approx(
        {"inhabitants": 2 / 3, "involvement": 2 / 3, "province": 1, "bottlenecks": 1 / 3}
    )
    assert likeness(MINE, other) == pytest.approx(0.40 * 2 / 3 + 0.20 * 2 / 3 + 0.15 + 0.25 / 3)


def test_what_is_not_known_counts_for_nothing() -> None:
    """No bottleneck that the reader may see is no difference, and no likeness either."""
    silent = Profile(100_000, "PV27", 0)
    assert "bottlenecks" not in parts(MINE, silent)
    assert likeness(MINE, silent) == pytest.approx(1)
    assert "inhabitants" not in parts(MINE, Profile(None, "PV27", 0))
