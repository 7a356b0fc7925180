"""Lanes and ties: every name is drawn, nothing overlaps or leaves the paper, and the table says the same."""

import pytest

from nss_portal.core import charts
from nss_portal.core.charts import End, Lane, Member, Size, Tie
from tests.core.charts.reading import find, numbers, outside, overlaps, texts

NAMES = [f"Organisatie met een lange naam in de regio nummer {number}" for number in range(14)]


def lanes() -> charts.Chart:
    members = [Member(name, number % 4) for number, name in enumerate(NAMES)]
    return charts.parts_in_lanes(
        charts.LanesChart(
            title="Wie welke rol heeft",
            description="Twee rollen.",
            unit="rol",
            lanes=[
                Lane("Coördineert", members[:1], strong=True),
                Lane("Betrokken", members[1:]),
                Lane("Leeg", []),
            ],
            marks=["Overheden", "Kennisinstellingen", "Bedrijven en financiers", "Maatschappelijke organisaties"],
        )
    )


def tied(**changes: object) -> charts.Chart:
    spec: dict[str, object] = {
        "title": "Wie met wie",
        "description": "Lijnen.",
        "unit": "rol",
        "left": [End(name, strong=number == 0) for number, name in enumerate(NAMES)],
        "right": [End("Stuurgroep"), End("Programma <b>Warmte</b> & meer"), End("Kernteam")],
        "ties": [Tie(13, 0), Tie(0, 2, 1), Tie(1, 1, 1)],
        "looks": ["leidt", "doet mee"],
        "left_title": "Wie",
        "right_title": "Waarin",
    }
    return charts.tied(charts.TiesChart(**{**spec, **changes}))  # type: ignore[arg-type]


@pytest.mark.parametrize("chart", [lanes(), tied()])
@pytest.mark.parametrize("size", list(Size))
def test_names_keep_apart_and_on_the_paper(chart: charts.Chart, size: Size) -> None:
    svg = chart.draw(size)
    assert not overlaps(svg)
    assert not outside(svg)
    assert "<b>" not in svg
    assert find(svg, "title")[0].text == chart.title


def test_every_name_of_a_lane_has_a_pill_with_the_shape_of_its_kind() -> None:
    svg = lanes().svg
    assert len(find(svg, "rect", "chart__paper")) == len(NAMES)
    assert {"Coördineert", "Betrokken", "Leeg"} <= set(texts(svg))
    assert lanes().table.rows[0] == ("Coördineert", NAMES[0])


def test_a_tie_that_leads_is_heavier_and_few_lines_cross() -> None:
    svg = tied().svg
    drawn = {path.get("stroke-width"): path.get("d", "") for path in find(svg, "path", "chart__line")}
    assert len(drawn) == 2
    # The thing that the last name is tied to comes last at the right.
    assert texts(svg).index("Stuurgroep") > texts(svg).index("Kernteam")
    heavy = numbers(drawn["2.6"])
    assert heavy[1] > 100
    assert tied().table.rows[0] == (NAMES[13], "Stuurgroep", "leidt")


def test_a_tie_to_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="leads to nothing"):
        tied(ties=[Tie(0, 7)])
