"""The drawings: complete, legible, apart in grey, safe, small and quick."""

import time
from itertools import pairwise

import pytest
from django.template import Context, Template
from django.test import RequestFactory
from django.utils import translation

from nss_portal.core import charts
from nss_portal.core.charts import Series, Size, Style, Target, palette
from tests.core.charts.reading import boxes, find, numbers, outside, overlaps, root, texts

YEARS = list(range(2018, 2031))
PLAN = [1941, 1940, 1915, 1860, 1760, 1610, 1400, 1170, 940, 740, 590, 500, 446]


def contract(**changes):
    """A contract's line chart as on its page: plan with band, trend, measured figures with a gap, target."""
    spec = {
        "title": "Uitstoot Eindhoven en Helmond",
        "description": "De uitstoot daalt van 1.941 naar 446 kiloton.",
        "unit": "kt CO₂",
        "source": "Actieplan, tabel A-1.5",
        "x": YEARS,
        "series": [
            Series("zonder maatregelen", [1941 - 7.5 * n for n in range(13)], Style.TREND),
            Series("dit contract", PLAN, Style.MAIN, low=[v * 0.9 for v in PLAN], high=[v * 1.1 for v in PLAN]),
            Series("gemeten", [1941, 1950, 1800, None, 1720, 1690, *[None] * 7]),
        ],
        "target": Target(388, "doel 2030", 2030),
    }
    return charts.line(charts.LineChart(**{**spec, **changes}))


def sectors(**changes):
    spec = {
        "title": "Per sector",
        "description": "Gebouwen zijn het grootst.",
        "unit": "kt CO₂",
        "x": [2019, 2020, 2021],
        "series": [Series("Gebouwen", [100, 90, 80]), Series("Mobiliteit", [50, 50, 40])],
    }
    return charts.stacked_area(charts.AreaChart(**{**spec, **changes}))


def actions(**changes):
    spec = {
        "title": "Wat het meest doet",
        "description": "Woningen doen het meest.",
        "unit": "kt CO₂",
        "categories": ["Woningen aanpassen", "Terugval", "Onbekend"],
        "series": [Series("Effect", [119, -12.4, None])],
    }
    return charts.bar(charts.BarChart(**{**spec, **changes}))


MANY = contract(
    title="Zes lijnen",
    series=[Series(f"Sector met een naam {n}", [90 + n / 10] * 13) for n in range(6)],
    target=Target(91, "doel"),
)
ALL = [
    contract(),
    MANY,
    sectors(),
    actions(),
    actions(horizontal=False),
    actions(series=[Series("a", [1, 2, 3]), Series("b", [-1, 2, None])], stacked=True),
    actions(series=[Series("a", [1, 2, 3]), Series("b", [-1, 2, None])], horizontal=False),
    actions(targets=[130, None, 20], target_label="beloofd"),
]


@pytest.mark.parametrize("chart", ALL, ids=lambda chart: chart.title)
@pytest.mark.parametrize("size", Size)
def test_every_drawing_is_well_formed_named_and_legible(chart, size):
    svg = chart.draw(size)
    drawing = root(svg)
    assert drawing.get("role") == "img"
    title, description = drawing[0], drawing[1]
    assert (title.text, description.text) == (chart.title, chart.description)
    assert drawing.get("aria-labelledby") == f"{title.get('id')} {description.get('id')}"
    assert "style=" not in svg
    assert "NaN" not in svg
    assert overlaps(svg) == []
    assert outside(svg) == []
    assert len(svg.encode()) < 8_000


def test_six_lines_that_end_together_get_labels_apart():
    labels = [box for box in boxes(MANY.svg) if box[0].startswith(("Sector", "naam"))]
    assert len({round(box[2]) for box in labels}) == len(labels) >= 6


def test_a_gap_stays_a_gap():
    measured = find(contract().svg, "path", "chart__c2")[0]
    assert measured.get("d", "").count("M") == 2
    assert "–" in contract().table.rows[3][-2]


def test_a_figure_by_itself_gets_a_mark():
    chart = contract(series=[Series("los", [None, 5, None, 7, *[None] * 9], Style.TREND)], target=None)
    (mark,) = find(chart.svg, "path", "chart__solid")
    assert mark.get("d", "").count("M") == 2


def test_without_any_figure_there_is_still_a_chart():
    chart = contract(series=[Series("leeg", [None] * 13)], target=None)
    assert "leeg" not in texts(chart.svg)
    assert [row[1] for row in chart.table.rows] == ["–"] * 13
    assert sectors(series=[Series("leeg", [None] * 3)]).svg
    assert actions(series=[Series("leeg", [None] * 3)]).svg


def test_the_target_is_drawn_as_a_target_where_it_has_to_be_reached():
    svg = contract(target=Target(388, "doel 2026", 2026)).svg
    (ring,) = find(svg, "circle", "chart__target")
    (dashed,) = find(svg, "path", "chart__target")
    assert dashed.get("stroke-dasharray")
    assert numbers(dashed.get("d", ""))[-1] == float(ring.get("cx", "0"))
    assert "doel 2026 · 388" in texts(svg)


def test_the_band_follows_its_series():
    (band,) = find(contract().svg, "path", "chart__band")
    assert band.get("fill-opacity") == "0.14"
    assert len(numbers(band.get("d", ""))) == 4 * len(YEARS)
    head = contract().table.head
    assert head[2:5] == ("dit contract", "dit contract, laagste", "dit contract, hoogste")


def test_the_axis_begins_at_zero_unless_told_otherwise():
    high = [Series("hoog", [900 + n for n in range(13)])]
    assert "0" in texts(contract(series=high, target=None).svg)
    assert "0" not in texts(contract(series=high, target=None, from_zero=False).svg)


def test_numbers_follow_the_language_that_is_active():
    with translation.override("en"):
        chart = contract()
        assert "2,000" in texts(chart.svg)
        assert chart.table.rows[0][2] == "1,941"
    chart = contract()
    assert "2.000" in texts(chart.svg)
    assert "2018" in texts(chart.svg)
    assert chart.table.rows[0][0] == "2018"


def test_parts_stack_and_a_missing_part_makes_a_gap():
    whole, mobility = find(sectors().svg, "path", "chart__part")
    assert numbers(whole.get("d", ""))[1] == numbers(mobility.get("d", ""))[-1]
    broken = sectors(
        x=[2018, 2019, 2020, 2021, 2022],
        series=[Series("a", [1, 2, 3, 4, 5]), Series("b", [1, 1, None, 1, 1])],
    )
    assert len(find(broken.svg, "path", "chart__part")) == 4


def test_parts_below_zero_lie_below_the_axis():
    chart = sectors(series=[Series("uitstoot", [10, 9, 8]), Series("vastgelegd", [-2, -3, -4])])
    (axis,) = find(chart.svg, "path", "chart__axis")
    captured = find(chart.svg, "path", "chart__f2")[0]
    zero = numbers(axis.get("d", ""))[1]
    assert min(numbers(captured.get("d", ""))[1::2]) == zero


def test_bars_below_zero_go_the_other_way_and_carry_their_figure():
    svg = actions(decimals=1).svg
    up, down = find(svg, "rect", "chart__part")
    (axis,) = find(svg, "path", "chart__axis")
    zero = numbers(axis.get("d", ""))[0]
    assert float(up.get("x", "")) == pytest.approx(zero, abs=0.1)
    assert float(down.get("x", "")) + float(down.get("width", "")) == pytest.approx(zero, abs=0.2)
    assert "−12,4" in texts(svg)
    assert actions().table.rows[2] == ("Onbekend", "–")


def test_a_stack_shows_and_lists_its_sum():
    chart = actions(series=[Series("a", [1, 2, 3]), Series("b", [10, 20, None])], stacked=True)
    assert {"11", "22", "3"} <= set(texts(chart.svg))
    assert [row[-1] for row in chart.table.rows] == ["11", "22", "3"]
    assert {"a", "b"} <= set(texts(chart.svg))


def test_standing_bars_lie_down_when_their_names_do_not_fit():
    names = [f"Aanpassingen bij bedrijven nummer{n}enzovoorts" for n in range(9)]
    chart = actions(categories=names, series=[Series("a", range(9))], horizontal=False)
    bars = find(chart.svg, "rect", "chart__part")
    assert len({bar.get("x") for bar in bars}) == 1


def test_targets_of_bars_are_marks_with_a_legend():
    svg = actions(targets=[130, None, 20], target_label="beloofd").svg
    assert len(find(svg, "path", "chart__target")) == 3
    assert "beloofd" in texts(svg)


def test_texts_are_escaped():
    chart = actions(title='<script>"x"</script>', categories=["<b>&", "a", "b"], description="a < b")
    assert "<script>" not in chart.svg
    assert "<b>&" in texts(chart.svg)
    shown = Template("{% load charts %}{% chart chart %}").render(Context({"chart": chart}))
    assert "<script>" not in shown


@pytest.mark.parametrize(
    "make",
    [
        lambda: contract(x=YEARS[:-1]),
        lambda: contract(x=YEARS[::-1]),
        lambda: contract(series=[]),
        lambda: Series("a", [float("nan")]),
        lambda: Series("a", [1.0], low=[1.0]),
        lambda: Series("a", [1.0], low=[1.0, 2.0], high=[1.0, 2.0]),
        lambda: actions(targets=[1], target_label="x"),
        lambda: actions(targets=[1, 2, 3]),
        lambda: sectors(x=[2019, 2019, 2020]),
    ],
)
def test_what_does_not_fit_together_is_refused(make):
    with pytest.raises(ValueError, match=r".+"):
        make()


def lightness(colour: str) -> float:
    """Give L* of a colour: how light it is in grey."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    luminance = sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))
    return float(116 * luminance ** (1 / 3) - 16)


def test_fills_stay_apart_in_grey_and_light_ones_have_an_edge():
    steps = sorted(lightness(colour) for colour in palette.FILLS)
    assert min(b - a for a, b in pairwise(steps)) >= 7
    for index, colour in enumerate(palette.FILLS):
        if lightness(colour) > 66:  # less than 3 to 1 on white
            assert palette.edge(index) == palette.EDGE


def test_lines_differ_by_more_than_colour_and_can_be_read_as_text():
    looks = {(look.dash, look.mark) for look in palette.LINES}
    assert len(looks) == len(palette.LINES)
    assert all(lightness(look.colour) < 49.9 for look in palette.LINES)  # 4.5 to 1 on white


def test_the_tag_shows_both_drawings_words_and_figures():
    shown = Template("{% load charts %}{% chart chart %}").render(Context({"chart": contract()}))
    assert shown.count("<svg") == 2
    assert "Bron: Actieplan, tabel A-1.5" in shown
    assert "Cijfers als tabel" in shown
    assert shown.count("<tr>") == 1 + len(YEARS)
    small = '{% load charts %}{% chart chart size="small" heading=False table=False %}'
    shown = Template(small).render(Context({"chart": contract()}))
    assert shown.count("<svg") == 1
    assert "<table" not in shown
    assert "chart__title" not in shown


def test_identifiers_are_unique_on_a_page_with_the_same_chart_twice():
    request = RequestFactory().get("/")
    shown = Template("{% load charts %}{% chart chart %}{% chart chart %}").render(
        Context({"chart": contract(), "request": request})
    )
    identifiers = [part.split('"')[0] for part in shown.split('id="')[1:]]
    assert len(identifiers) == 8
    assert len(set(identifiers)) == 8


def test_in_a_pdf_one_drawing_says_all_in_its_title():
    shown = Template("{% load charts %}{% chart chart %}").render(Context({"chart": contract(), "for_pdf": True}))
    assert shown.count("<svg") == 1
    assert "Helmond. De uitstoot daalt van 1.941 naar 446 kiloton.</title>" in shown
    assert "<details" not in shown


def test_the_same_figures_give_the_same_bytes():
    assert contract().svg == contract().svg
    assert contract().svg != contract(target=Target(389, "doel 2030", 2030)).svg


@pytest.mark.parametrize("chart", ALL, ids=lambda chart: chart.title)
def test_drawing_takes_less_than_four_milliseconds(chart):
    def seconds() -> float:
        begin = time.process_time()
        chart.draw(Size.WIDE)
        return time.process_time() - begin

    assert min(seconds() for _ in range(5)) < 0.004


def web(**changes):
    spec = {
        "title": "Zelfbeoordeling",
        "description": "Resultaat is het hoogst.",
        "unit": "score",
        "decimals": 1,
        "axes": ["Vormgeving van het proces", "Samenstelling van de partners", "Resultaat", "Borging"],
        "band_label": "laagste tot hoogste",
        "series": [
            Series("gemiddelde", [3.8, None, 4.4, 2.8], Style.MAIN, low=[2, None, 3, 1], high=[5, None, 5, 4]),
            Series("gemiddelde van alle", [3.5, 3.4, 3.2, 3.3], Style.TREND),
        ],
    }
    return charts.radar(charts.RadarChart(**{**spec, **changes}))


@pytest.mark.parametrize("size", list(Size))
def test_a_web_is_legible_and_apart_without_colour(size):
    svg = web().draw(size)
    assert overlaps(svg) == []
    assert outside(svg) == []
    lines = find(svg, "path", "chart__line")
    assert {line.get("stroke-dasharray") for line in lines} == {None, "5 4"}
    assert len(find(svg, "path", "chart__band")) == 1
    if size == Size.NARROW:
        assert "2. Samenstelling van de partners" in texts(svg)


def test_a_web_leaves_a_gap_and_has_its_table():
    chart = web()
    assert chart.table.rows[1] == ("Samenstelling van de partners", "–", "–", "–", "3,4")
    whole = Series("gemiddelde", [1, 2, 3, 4], Style.MAIN)
    (line,) = find(web(series=[whole]).svg, "path", "chart__line")[1:]
    points = numbers(line.get("d"))
    assert points[:2] == points[-2:]
    for wrong in ({"axes": ["a", "b"], "series": [Series("x", [1, 2])]}, {"series": [Series("x", [1, 2, 3, 6])]}):
        with pytest.raises(ValueError, match=r"axes|scale"):
            web(**wrong)
