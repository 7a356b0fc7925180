"""The command line of the calculation: a case in, its result out, as JSON; needs neither settings nor database."""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from contracts.pathways.fields import CaseFaults
from contracts.pathways.model import MOST_DRAWS
from contracts.pathways.reading import parse, read_case
from contracts.pathways.result import solve

LARGEST = 20_000_000  # bytes of a document


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Name what the command takes."""
    parser.add_argument(
        "case", metavar="CASE.json", help="a document of the form nss-pathway/1; - reads standard input"
    )
    parser.add_argument(
        "--draws", type=int, default=0, help=f"work out uncertainty with so many draws, to {MOST_DRAWS:,}"
    )
    parser.add_argument("--seed", type=int, default=0, help="seed of the draws, 0 or more")


def answer(case: str, *, draws: int, seed: int) -> str:
    """Give the result of a case as JSON text; raises CaseFaults with every fault of the input."""
    faults = []
    if not 0 <= draws <= MOST_DRAWS:
        faults.append(f"draws: {draws} is not between 0 and {MOST_DRAWS}")
    if seed < 0:
        faults.append(f"seed: {seed} is below 0")
    try:
        checked = read_case(parse(_text(case)))
    except CaseFaults as error:
        raise CaseFaults([*faults, *error.faults]) from None
    if faults:
        raise CaseFaults(faults)
    return json.dumps(solve(checked, draws=draws, seed=seed), indent=2, ensure_ascii=False, allow_nan=False)


def _text(case: str) -> str:
    try:
        held = sys.stdin.buffer.read(LARGEST + 1) if case == "-" else _bytes(Path(case))
        if len(held) > LARGEST:
            raise CaseFaults([f"{case}: is larger than {LARGEST // 1_000_000} MB"])
        return held.decode()
    except UnicodeDecodeError:
        raise CaseFaults([f"{case}: is not UTF-8 text"]) from None
    except OSError as error:
        raise CaseFaults([f"{case}: {error.strerror}"]) from None


def _bytes(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(LARGEST + 1)


def main(arguments: Sequence[str]) -> int:
    """Run the command; gives the exit code: 0, or 2 with a line per fault on standard error and no result."""
    parser = argparse.ArgumentParser(prog="manage.py pathway", description=__doc__)
    add_arguments(parser)
    told = parser.parse_args(arguments)
    try:
        sys.stdout.write(f"{answer(told.case, draws=told.draws, seed=told.seed)}\n")
    except CaseFaults as error:
        sys.stderr.write("".join(f"{fault}\n" for fault in error.faults))
        return 2
    return 0
