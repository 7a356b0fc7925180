"""A national reflection of the size of the real one: 120 contracts, each with a chart, facts and its efforts."""

from collections.abc import Iterator
from random import Random
from typing import Any

from nss_portal.core import charts
from nss_portal.core.charts import Series, Style, Target

YEARS = list(range(2018, 2031))
ACTIONS = (
    "Woningen aanpassen",
    "Warmte-infrastructuur",
    "Utiliteit aanpassen",
    "Nul-emissiezones",
    "Bedrijven en processen",
    "Laadinfrastructuur",
    "Zon op daken",
)
STATES = ("op koers", "achter", "gestopt", "meer dan beloofd")
PARTIES = ("Gemeente", "Woningcorporatie", "Netbeheerder", "Ondernemersvereniging", "Provincie", "Warmtebedrijf")
SECTORS = ("Gebouwde omgeving", "Mobiliteit", "Industrie", "Landbouw", "Energie")
SENTENCES = (
    "De aanleg van het warmtenet loopt uit, omdat de netaansluiting later komt dan gepland.",
    "De corporaties hebben meer woningen aangepast dan beloofd.",
    "Voor de nul-emissiezone is het verkeersbesluit genomen.",
    "Het overleg met de ondernemers is in het najaar weer begonnen.",
)


def contracts(count: int = 120, seed: int = 1) -> Iterator[dict[str, Any]]:
    """Give contracts with figures, efforts and a chart; the same seed gives the same ones."""
    random = Random(seed)
    for number in range(count):
        start = random.randint(60, 2500)
        reach = random.uniform(0.2, 0.6)
        plan = [round(start * (1 - (1 - reach) * (n / 12) ** 1.6)) for n in range(13)]
        name = f"Gemeente {chr(65 + number % 26)}{number:03}"
        chart = charts.line(
            charts.LineChart(
                title=f"Uitstoot {name}",
                description=f"De uitstoot daalt van {start} naar {plan[-1]} kiloton in 2030.",
                unit="kt CO₂",
                x=YEARS,
                series=[
                    Series("gemeten", [*(value + random.randint(-9, 9) for value in plan[:6]), *[None] * 7]),
                    Series("contract", plan, Style.MAIN),
                ],
                target=Target(round(start * 0.25), "doel", 2030),
            )
        )
        efforts = [
            {
                "action": random.choice(ACTIONS),
                "party": random.choice(PARTIES),
                "kt": round(random.uniform(1, 60), 1),
                "state": random.choice(STATES),
            }
            for _effort in range(4)
        ]
        yield {
            "name": name,
            "start": start,
            "end": plan[-1],
            "target": round(start * 0.25),
            "gap": plan[-1] - round(start * 0.25),
            "chart": chart,
            "efforts": efforts,
            "text": f"{random.choice(SENTENCES)} {random.choice(SENTENCES)}",
        }


def context(count: int = 120) -> dict[str, Any]:
    """Give the context of `bench/reflection.html`."""
    rows = list(contracts(count))
    total = charts.stacked_area(
        charts.AreaChart(
            title="Uitstoot van alle contracten samen, per sector",
            description="De gebouwde omgeving blijft de grootste bron.",
            unit="kt CO₂",
            source="Klimaatmonitor",
            x=YEARS[:6],
            series=[
                Series(name, [9000 / (n + 1) - 200 * year for year in range(6)]) for n, name in enumerate(SECTORS)
            ],
        )
    )
    states = charts.bar(
        charts.BarChart(
            title="Stand van de afspraken per sector",
            description="De meeste afspraken liggen op koers.",
            unit="afspraken",
            categories=SECTORS,
            series=[Series(state, [60 - 9 * n, 40, 30, 8, 20 + n]) for n, state in enumerate(STATES)],
            stacked=True,
        )
    )
    return {"contracts": rows, "charts": [total, states], "subtitle": "Ronde 2025, 120 klimaatcontracten"}
