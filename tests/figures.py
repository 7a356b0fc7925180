"""Figures that benchmarks and proofs measure: one table at the end, and the same as JSON.

A test takes the fixture `figures` and calls `figures.record("home, 50 rows", 12.3, "ms", at_most=40)`. The limit
is checked there and then; what was measured is written whether it held or not. `--figures FILE` names the JSON.
"""

import json
import os
import platform
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest


@dataclass(frozen=True)
class Figure:
    """One figure with its unit, and the limits that it had to keep."""

    name: str
    value: float
    unit: str
    at_most: float | None
    at_least: float | None
    note: str

    @property
    def holds(self) -> bool:
        """Say whether the limits were kept."""
        above = self.at_least is None or self.value >= self.at_least
        return above and (self.at_most is None or self.value <= self.at_most)

    @property
    def limit(self) -> str:
        """The limits in words."""
        said = [("at most", self.at_most), ("at least", self.at_least)]
        return ", ".join(f"{words} {number:g}" for words, number in said if number is not None)


class Figures:
    """The figures of one session."""

    def __init__(self) -> None:
        self.all: list[Figure] = []

    def record(
        self,
        name: str,
        value: float,
        unit: str,
        *,
        at_most: float | None = None,
        at_least: float | None = None,
        note: str = "",
    ) -> None:
        """Note a figure; fails the test when it does not keep its limits."""
        figure = Figure(name, round(value, 3), unit, at_most, at_least, note)
        self.all.append(figure)
        assert figure.holds, f"{name}: {figure.value:g} {unit}, {figure.limit}"

    def table(self) -> Iterator[str]:
        """Give the figures as lines of one table."""
        rows = [("figure", "value", "unit", "limit", "")]
        rows += [
            (
                each.name,
                f"{each.value:g}",
                each.unit,
                each.limit,
                each.note if each.holds else f"MISSED {each.note}",
            )
            for each in self.all
        ]
        widths = [max(len(row[column]) for row in rows) for column in range(5)]
        for name, value, unit, limit, note in rows:
            line = f"{name:{widths[0]}}  {value:>{widths[1]}}  {unit:{widths[2]}}  {limit:{widths[3]}}  {note}"
            yield line.rstrip()

    def write(self, path: Path) -> None:
        """Write the figures as JSON, with what they were measured on."""
        machine = {
            "processors": os.cpu_count(),
            "system": platform.platform(),
            "python": platform.python_version(),
        }
        figures = [asdict(figure) | {"holds": figure.holds} for figure in self.all]
        measured = {
            "made": datetime.now(UTC).isoformat(timespec="seconds"),
            "machine": machine,
            "figures": figures,
        }
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(measured, indent=2, ensure_ascii=False) + "\n")


_figures = pytest.StashKey[Figures]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Take the file that the figures go to."""
    parser.addoption("--figures", type=Path, help="write the figures that were measured to this file, as JSON")


@pytest.fixture(scope="session", name="figures")
def figures_fixture(request: pytest.FixtureRequest) -> Figures:
    """Where a test notes what it measured."""
    return request.config.stash.setdefault(_figures, Figures())


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Print the table, and write the file when one was named."""
    figures = config.stash.get(_figures, None)
    if figures is None or not figures.all:
        return
    terminalreporter.section("figures")
    for line in figures.table():
        terminalreporter.write_line(line)
    if config.option.figures:
        figures.write(config.option.figures)
        terminalreporter.write_line(f"written to {config.option.figures}")
