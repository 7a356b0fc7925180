"""What a measure does and costs in one municipality: pure."""

from decimal import Decimal

import pytest

from contracts.models import StandardMeasure
from contracts.services.standard.scaling import Place, combined, fits, scaled, suggested

PLACE = Place(50_000, {"housing": Decimal(60), "services": Decimal(40), "mobility": Decimal(80)})


def measure(code: str = "m", **fields: object) -> StandardMeasure:
    defaults: dict[str, object] = {"sector": "built", "base_sector": "built", "effect": Decimal(10)}
    return StandardMeasure(code=code, **{**defaults, **fields})


def test_a_share_works_on_the_sector_and_cost_follows_the_kilotons() -> None:
    one = scaled(measure(effect_low=Decimal(5), effect_high=Decimal(20), cost=Decimal("0.5")), PLACE)
    assert (one.kt, one.kt_low, one.kt_high, one.meur) == (Decimal(10), Decimal(5), Decimal(20), Decimal(5))


def test_a_figure_per_inhabitants() -> None:
    one = scaled(measure(effect_basis="people", effect=Decimal(4), cost_basis="people", cost=Decimal(6)), PLACE)
    assert (one.kt, one.meur) == (Decimal(2), Decimal(3))


@pytest.mark.parametrize(
    "missing",
    [{"base_sector": "agriculture"}, {"effect": None}, {"effect": None, "effect_low": Decimal(1)}],
)
def test_nothing_is_derived_from_what_is_missing(missing: dict[str, object]) -> None:
    one = scaled(measure(cost=Decimal(1), **missing), PLACE)
    assert (one.kt, one.meur) == (None, None)


def test_only_a_range_gives_its_middle() -> None:
    one = scaled(measure(effect=None, effect_low=Decimal(1), effect_high=Decimal(3)), PLACE)
    assert one.kt == Decimal(2)


def test_what_is_suggested_fits_the_size_and_weighs_most() -> None:
    measures = [
        measure("huizen", effect=Decimal(5)),
        measure("zone", base_sector="mobility", effect=Decimal(20)),
        measure("groot", effect=Decimal(50), people_from=100_000),
        measure("landbouw", base_sector="agriculture"),
    ]
    assert suggested(measures, PLACE) == ["zone", "huizen"]
    assert not fits(measures[2], PLACE)
    # Without any figures: what fits, as the library has it.
    assert suggested(measures, Place(50_000, {})) == ["huizen", "zone", "landbouw"]


def test_measures_on_one_sector_work_on_what_the_others_leave() -> None:
    kt = combined([("built", Decimal(30)), ("built", Decimal(20)), ("mobility", Decimal(8))], PLACE)
    assert kt == Decimal(100) * (1 - Decimal("0.7") * Decimal("0.8")) + 8
    assert combined([("waste", Decimal(3)), ("waste", Decimal(4))], PLACE) == Decimal(7)
