"""The same mathematics written as plain loops, to hold the calculation against: slow, and nothing shared with it.

It reads the document itself, so that a slip in reading shows as well.
"""

import itertools
import math


def trend(source, base, year):
    given = source.get("trend", {})
    if "series" in given:
        points = [(base, source["baseline_kt"]), *sorted((int(y), v) for y, v in given["series"].items())]
        for (left, low), (right, high) in itertools.pairwise(points):
            if left <= year <= right:
                return low + (high - low) * (year - left) / (right - left)
        return points[-1][1]
    kt = source["baseline_kt"]
    for later in range(base + 1, year + 1):
        kt *= 1 + (given.get("rate", 0.0) if "rates" not in given else given["rates"].get(str(later), 0.0))
    return kt


def carried_out(measure, year, delay=0):
    start, full = measure["start_year"] + delay, measure["full_year"] + delay
    if year >= full:
        return 1.0
    if year <= start or measure.get("curve") == "step":
        return 0.0
    u = (year - start) / (full - start)
    if measure.get("curve") == "s_curve":
        k = measure.get("k", 10.0)
        low, high, here = (1 / (1 + math.exp(-k * (v - 0.5))) for v in (0.0, 1.0, u))
        return (here - low) / (high - low)
    return u


def counted(case):
    return [m for m in case.get("measures", []) if m.get("status", "certain") != "vague"]


def emissions(case, source, year, values=None, delays=None, realised=None):
    """Combined kt of one source in one year; `values` per (code, source), `delays` and `realised` per code."""
    kt, amounts = trend(source, case["base_year"], year), 0.0
    for measure in counted(case):
        code = measure["code"]
        if realised is not None and not realised[code]:
            continue
        a = carried_out(measure, year, delays[code] if delays else 0)
        for effect in measure["effects"]:
            if effect.get("source") != source["code"] or effect["kind"] == "compensation":
                continue
            value = values[code, source["code"]] if values else effect["value"]
            if effect["kind"] == "fraction":
                kt *= 1 - value * a
            else:
                amounts += value * a
    return max(0.0, kt - amounts)


def standalone(case, measure, year):
    kt, a = 0.0, carried_out(measure, year)
    for effect in measure["effects"]:
        for source in case["sources"]:
            if effect.get("source") == source["code"] and effect["kind"] != "compensation":
                there = trend(source, case["base_year"], year)
                kt += (
                    there * effect["value"] * a
                    if effect["kind"] == "fraction"
                    else min(there, effect["value"] * a)
                )
    return kt


def npv(case, measure):
    total = 0.0
    for year in range(case["base_year"], case["end_year"] + 1):
        flow = measure.get("capex_eur", {}).get(str(year), 0.0)
        yearly = measure.get("opex_eur_per_year", 0.0) - measure.get("savings_eur_per_year", 0.0)
        flow += yearly * carried_out(measure, year)
        total += flow / (1 + case.get("discount_rate", 0.035)) ** (year - case["base_year"])
    return total
