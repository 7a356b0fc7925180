import json
from pathlib import Path

import pytest

from tests.figures import Figures


def test_figures_are_one_table_and_the_same_as_json(tmp_path: Path) -> None:
    figures = Figures()
    figures.record("home", 12.3456, "ms", at_most=40, note="50 rows")
    figures.record("pages per second", 120, "1/s", at_least=100)
    assert list(figures.table()) == [
        "figure             value  unit  limit",
        "home              12.346  ms    at most 40    50 rows",
        "pages per second     120  1/s   at least 100",
    ]
    figures.write(tmp_path / "build" / "bench.json")
    written = json.loads((tmp_path / "build" / "bench.json").read_text())["figures"]
    assert [(figure["name"], figure["value"], figure["holds"]) for figure in written] == [
        ("home", 12.346, True),
        ("pages per second", 120, True),
    ]


def test_a_missed_limit_fails_and_is_written_all_the_same() -> None:
    figures = Figures()
    with pytest.raises(AssertionError, match="home: 50 ms, at most 40"):
        figures.record("home", 50, "ms", at_most=40)
    assert not figures.all[0].holds
    assert "MISSED" in list(figures.table())[1]
