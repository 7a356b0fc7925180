"""Round ticks, wrapped texts, labels that keep apart."""

from itertools import pairwise

import pytest
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from nss_portal.core.charts.scale import Scale, nice_ticks, tick_decimals, whole_ticks, x_ticks
from nss_portal.core.charts.text import spread, width, wrap


@pytest.mark.parametrize(
    ("low", "high", "ticks"),
    [
        (0, 1941, [0, 500, 1000, 1500, 2000]),
        (0, 4450, [0, 1000, 2000, 3000, 4000, 5000]),
        (-120, 540, [-200, 0, 200, 400, 600]),
        (0, 0.9, [0, 0.25, 0.5, 0.75, 1.0]),
        (0, 0, [0, 0.25, 0.5, 0.75, 1.0]),
    ],
)
def test_ticks_are_round_and_enclose_the_figures(low, high, ticks):
    assert nice_ticks(low, high) == pytest.approx(ticks)


@given(
    st.floats(-1e9, 1e9, allow_nan=False, allow_infinity=False),
    st.floats(1e-3, 1e9, allow_nan=False, allow_infinity=False),
)
def test_ticks_always_enclose_the_figures_in_few_parts(low, span):
    high = low + span
    ticks = nice_ticks(low, high)
    assert 2 <= len(ticks) <= 9
    # A float has some 16 digits: far from zero, its last one counts too.
    slack = (ticks[1] - ticks[0]) * 1e-6 + abs(low) * 1e-15
    assert ticks[0] <= low + slack
    assert ticks[-1] >= high - slack


@pytest.mark.parametrize(
    ("high", "ticks"), [(1, [0, 1]), (7, [0, 2, 4, 6, 8]), (9, [0, 3, 6, 9]), (40, [0, 10, 20, 30, 40])]
)
def test_what_is_counted_has_ticks_at_whole_numbers(high, ticks):
    assert whole_ticks(0, high, 4) == ticks


def test_ticks_are_written_as_exactly_as_needed():
    assert tick_decimals([0, 500]) == 0
    assert tick_decimals([0, 2.5]) == 1
    assert tick_decimals([0, 0.25]) == 2


@pytest.mark.parametrize(
    ("years", "room", "shown"),
    [
        (range(2018, 2031), 4, [2018, 2022, 2026, 2030]),
        (range(2010, 2024), 8, [2011, 2013, 2015, 2017, 2019, 2021, 2023]),
        ([1990, 2018, 2030, 2050], 7, [1990, 2000, 2010, 2020, 2030, 2040, 2050]),
        ([2024], 5, [2024]),
    ],
)
def test_years_are_labelled_in_even_steps_and_the_last_one_always(years, room, shown):
    assert x_ticks(list(years), room) == shown


def test_a_scale_maps_figures_to_pixels():
    scale = Scale(0, 100, 300, 0)
    assert (scale(0), scale(50), scale(100)) == (300, 150, 0)


def test_a_letter_with_an_accent_is_as_wide_as_without():
    assert width("é", 10) == width("e", 10)
    assert width("e", 10, bold=True) > width("e", 10)


def test_texts_break_at_spaces_and_end_in_an_ellipsis():
    assert wrap("Nul-emissiezones in de stad", 110, 14) == ["Nul-emissiezones", "in de stad"]
    assert wrap("Nul-emissiezones in de stad", 90, 14) == ["Nul-", "emissiezones", "in de stad"]
    (only,) = wrap("Energieprestatievergoedingsregeling", 100, 14, lines=1)
    assert only.endswith("…")
    assert width(only, 14) <= 100
    assert len(wrap("een twee drie vier vijf zes zeven", 40, 14, lines=2)) == 2


def test_a_word_that_is_too_wide_breaks_between_its_syllables():
    assert wrap("Nationale Samenwerkingsstructuur", 120, 12) == ["Nationale", "Samenwerkingsstruc-", "tuur"]
    rows = wrap("Energieprestatievergoedingsregeling", 100, 14)
    assert rows == ["Energiepresta-", "tievergoedings-", "regeling"]
    assert all(width(row, 14) <= 100 for row in rows)
    assert wrap("Rijk", 10, 14) == ["R…"], "one syllable cannot be broken"
    with override("en"):
        assert wrap("Interdepartmental", 80, 14) == ["Interdepart-", "mental"]


labels = st.lists(st.tuples(st.floats(0, 300), st.floats(5, 40)), min_size=1, max_size=7)


@given(labels)
def test_labels_never_overlap_and_keep_their_order(given_labels):
    wanted, heights = [list(column) for column in zip(*given_labels, strict=True)]
    places = spread(wanted, heights, 0, 300)
    order = sorted(range(len(wanted)), key=lambda index: (wanted[index], index))
    for above, below in pairwise(order):
        assert places[below] - heights[below] / 2 >= places[above] + heights[above] / 2 - 1e-6
    if sum(heights) <= 300:
        assert all(place - high / 2 >= -1e-6 for place, high in zip(places, heights, strict=True))
        assert all(place + high / 2 <= 300 + 1e-6 for place, high in zip(places, heights, strict=True))


def test_a_label_with_room_stays_where_it_belongs():
    assert spread([50, 150], [10, 10], 0, 300) == [50, 150]
