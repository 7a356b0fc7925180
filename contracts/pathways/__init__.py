"""Emission pathways: the calculation, pure and with NumPy alone.

Where a city stands, where it goes if nothing changes, what each measure does and all of them together, how far
from the target that leaves it, what it costs and how sure that is. `read_case` makes a `Case` of a document or
says all that is wrong with it; `solve` calculates it. docs/pathways.md tells what was decided where the
specification is open.
"""

from contracts.pathways.combine import Evaluation, evaluate
from contracts.pathways.cost import annuity, capital_recovery_factor, npv
from contracts.pathways.fields import CaseFaults
from contracts.pathways.model import CHANCES, Case, Effect, Measure, Source, Target
from contracts.pathways.reading import parse, read_case
from contracts.pathways.result import solve
from contracts.pathways.uncertainty import simulate

__all__ = [
    "CHANCES",
    "Case",
    "CaseFaults",
    "Effect",
    "Evaluation",
    "Measure",
    "Source",
    "Target",
    "annuity",
    "capital_recovery_factor",
    "evaluate",
    "npv",
    "parse",
    "read_case",
    "simulate",
    "solve",
]
