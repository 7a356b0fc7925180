"""Cases to try the calculation on: the worked ones, and arbitrary ones."""

from typing import Any

from hypothesis import strategies as st

BASE, END = 2018, 2032

Case = dict[str, Any]


def worked(*, with_amount: bool = False) -> Case:
    """Two measures of 30 % and 20 % on one source of 100 kt, and a third of 60 kt if asked."""
    effects = [("m1", "fraction", 0.3), ("m2", "fraction", 0.2)]
    effects += [("m3", "absolute", 60.0)] if with_amount else []
    return {
        "schema": "nss-pathway/1",
        "base_year": 2020,
        "end_year": 2030,
        "sources": [{"code": "all", "sector": "all", "baseline_kt": 100.0}],
        "measures": [
            {
                "code": code,
                "start_year": 2020,
                "full_year": 2030,
                "effects": [{"source": "all", "kind": kind, "value": value}],
            }
            for code, kind, value in effects
        ],
    }


def numbers(lowest: float, highest: float) -> st.SearchStrategy[float]:
    """Finite numbers of a size that plans have."""
    return st.floats(lowest, highest, allow_nan=False, allow_subnormal=False)


@st.composite
def sources(draw: st.DrawFn, code: str) -> Case:
    """A source with one of the three trends, or none."""
    source: Case = {
        "code": code,
        "sector": draw(st.sampled_from(["a", "b"])),
        "baseline_kt": draw(numbers(0, 5000)),
    }
    years = st.integers(BASE + 1, END + 3).map(str)
    kind = draw(st.sampled_from(["none", "rate", "rates", "series"]))
    if kind == "rate":
        source["trend"] = {"rate": draw(numbers(-0.3, 0.1))}
    elif kind == "rates":
        source["trend"] = {"rates": draw(st.dictionaries(years, numbers(-0.5, 0.3), max_size=4))}
    elif kind == "series":
        source["trend"] = {"series": draw(st.dictionaries(years, numbers(0, 5000), min_size=1, max_size=4))}
    return source


@st.composite
def measures(draw: st.DrawFn, code: str, places: list[str]) -> Case:
    """A measure with an effect on some of the sources, spread and chance included."""
    start = draw(st.integers(BASE, END + 2))
    effects = []
    for place in draw(st.lists(st.sampled_from(places), unique=True, max_size=len(places))):
        kind = draw(st.sampled_from(["fraction", "absolute"]))
        low, value, high = sorted(draw(st.tuples(*[numbers(0, 1 if kind == "fraction" else 2000)] * 3)))
        effects.append({"source": place, "kind": kind, "value": value, "low": low, "high": high})
    if draw(st.booleans()):
        effects.append({"kind": "compensation", "value": draw(numbers(0, 100))})
    return {
        "code": code,
        "start_year": start,
        "full_year": draw(st.integers(start, END + 5)),
        "curve": draw(st.sampled_from(["linear", "s_curve", "step"])),
        "k": draw(numbers(0.01, 50)),
        "status": draw(st.sampled_from(["certain", "expected", "intended", "vague"])),
        "effects": effects,
        "capex_eur": draw(st.dictionaries(st.integers(BASE, END).map(str), numbers(0, 1e7), max_size=3)),
        "opex_eur_per_year": draw(numbers(0, 1e6)),
        "savings_eur_per_year": draw(numbers(0, 1e6)),
        "lifetime_years": draw(st.integers(1, 60)),
        "delay_years": draw(st.sampled_from([{"0": 1.0}, {"0": 0.5, "1": 0.3, "3": 0.2}])),
    }


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """A case of up to three sources and five measures."""
    places = ["cars", "heat", "waste"][: draw(st.integers(1, 3))]
    return {
        "schema": "nss-pathway/1",
        "base_year": BASE,
        "end_year": END,
        "discount_rate": draw(numbers(0, 0.05)),
        "sources": [draw(sources(place)) for place in places],
        "measures": [draw(measures(f"m{index}", places)) for index in range(draw(st.integers(0, 5)))],
        "target": {"year": draw(st.integers(BASE, END)), "reduction": draw(numbers(0, 1))},
        "budget": {"amount_kt": draw(numbers(0, 50000)), "from_year": draw(st.integers(BASE, END))},
    }


def certain(case: Case) -> Case:
    """The same case without spread, delay or doubt; vague measures stay out."""
    kept = [measure for measure in case["measures"] if measure["status"] != "vague"]
    exact = [
        {
            **measure,
            "status": "certain",
            "delay_years": {"0": 1.0},
            "effects": [{k: v for k, v in e.items() if k not in {"low", "high"}} for e in measure["effects"]],
        }
        for measure in kept
    ]
    return {**case, "measures": exact}
