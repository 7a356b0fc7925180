"""What the screens of a first draft are filled with: what the portal knows, and what was filled in before."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from contracts.forms.standard_start import (
    OTHERS,
    SECTORS,
    ActionsForm,
    BasisForm,
    MeasuresForm,
    PartiesForm,
    ScreenForm,
    TextsForm,
    shown_number,
)
from contracts.models import StandardMeasure, StandardSection, StandardStart
from contracts.presenting.standard import MeasureRow, rough, span
from contracts.selectors.standard import measures_of, place_of
from contracts.services.standard.making import ALWAYS, Plan, PlannedAction, filled
from contracts.services.standard.scaling import Place, Scaled, combined, fits, scaled, suggested
from governance.models import Organisation
from governance.models.organisation import Group
from nss_portal.core.formats import MISSING
from nss_portal.core.time import today

# What is proposed as the target year: within the range, and not more than most municipalities dare.
TARGET_YEAR = 2040
MOST_ORGANISATIONS = 40
SCREEN_NAMES: dict[str, Any] = {
    "basis": gettext_lazy("Where you stand"),
    "maatregelen": gettext_lazy("Measures"),
    "acties": gettext_lazy("Effect and cost"),
    "partijen": gettext_lazy("Parties"),
    "teksten": gettext_lazy("Texts"),
    "nakijken": gettext_lazy("Look it over"),
}


@dataclass
class Starting:
    """A start with everything that its screens need, each read once."""

    start: StandardStart

    def answered(self, screen: str) -> dict[str, Any]:
        """Give what a screen says so far."""
        found: dict[str, Any] = self.start.answers.get(screen, {})
        return found

    @cached_property
    def known(self) -> tuple[Place, Any]:
        """Give what the portal knows of the municipality, with the figures it comes from."""
        return place_of(self.start.municipality)

    @cached_property
    def measures(self) -> list[StandardMeasure]:
        """Give the measures of the version."""
        found = measures_of(self.start.version)
        for one in found:
            one.version = self.start.version
        return found

    @cached_property
    def sections(self) -> list[StandardSection]:
        """Give the sections of the version that have a model text."""
        return [one for one in self.start.version.sections.order_by("order", "pk") if one.model_nl]

    @cached_property
    def filled_in(self) -> dict[str, Decimal]:
        """Give the emissions per sector (kt) that the first screen was filled in with."""
        values = self.answered("basis")
        return {one: Decimal(values[f"kt_{one}"]) for one in SECTORS if values.get(f"kt_{one}")}

    @cached_property
    def place(self) -> Place:
        """Give what the draft counts with: what was filled in, before that what the portal knows."""
        if "basis" in self.start.answers:
            return Place(self.start.municipality.population, self.filled_in)
        return Place(self.start.municipality.population, self.published)

    @cached_property
    def published(self) -> dict[str, Decimal]:
        """Give the newest published emissions (kt) of the sectors that can be filled in."""
        place = self.known[0]
        found = {one: place.emissions(one) for one in SECTORS}
        return {one: value for one, value in found.items() if value is not None}

    @property
    def figures_source(self) -> str:
        """Name the publication and year of the figures; empty where there are none."""
        figures = self.known[1]
        if not figures:
            return ""
        series = figures[0].series
        return f"{series.source.label}, {series.place}, {figures[0].year}"

    def chosen(self) -> list[StandardMeasure]:
        """Give the chosen measures; those that are suggested before anything was chosen."""
        codes = self.answered("maatregelen").get("codes") or suggested(self.measures, self.place)
        return [one for one in self.measures if one.code in codes]

    def typical(self, measure: StandardMeasure) -> Scaled:
        """Give what a measure typically does and costs here."""
        return scaled(measure, self.place)

    # The screens

    def form(self, screen: str, data: QueryDict | None = None) -> ScreenForm:
        """Give the form of a screen, filled in with what was answered or else with what is known."""
        initial = {"version": self.start.revision}
        if screen == "basis":
            return BasisForm(data, initial={**initial, **self._basis()})
        if screen == "maatregelen":
            codes = [one.code for one in self.chosen()]
            return MeasuresForm(data, measures=self.measures, initial={**initial, "codes": codes})
        if screen == "acties":
            return ActionsForm(data, measures=self.chosen(), initial={**initial, **self._actions()})
        if screen == "partijen":
            return PartiesForm(data, organisations=self.organisations, initial={**initial, **self._parties()})
        return TextsForm(data, sections=self.sections, initial={**initial, **self._texts()})

    def _basis(self) -> dict[str, Any]:
        if "basis" in self.start.answers:
            return _numbers(self.answered("basis"), "kt_")
        figures = self.known[1]
        return {
            "title": f"Klimaatcontract {self.start.municipality.common_name}",
            "target_year": TARGET_YEAR,
            "base_year": figures[0].year if figures else None,
            **{f"kt_{one}": shown_number(value) for one, value in self.published.items()},
        }

    def _actions(self) -> dict[str, Any]:
        found: dict[str, Any] = {}
        kept = self.answered("acties")
        for one in self.chosen():
            if f"sure_{one.code}" in kept:
                continue
            typical = self.typical(one)
            found[f"kt_{one.code}"] = shown_number(typical.kt)
            found[f"meur_{one.code}"] = shown_number(typical.meur)
            found[f"sure_{one.code}"] = one.certainty
        return {**found, **_numbers(kept, "kt_", "meur_")}

    @cached_property
    def organisations(self) -> list[Organisation]:
        """Give the organisations that fit: of the kinds that the measures need, the state and the province."""
        groups = {*ALWAYS, *(group for one in self.chosen() for group in one.groups)}
        found = (
            Organisation.objects.existing_on(today()).filter(group__in=groups).exclude(group=Group.MUNICIPALITY)
        )
        rows = list(found.order_by("name", "pk"))
        province = self.start.municipality.province
        own = [one for one in rows if one.group != Group.PROVINCE or province in one.name]
        order = list(Group.values)
        return sorted(own, key=lambda one: order.index(one.group))[:MOST_ORGANISATIONS]

    def _parties(self) -> dict[str, Any]:
        if "partijen" in self.start.answers:
            return self.answered("partijen")
        own = [one.public_id for one in self.organisations if one.group == Group.PROVINCE]
        return {"organisations": own}

    def _texts(self) -> dict[str, Any]:
        basis = self.answered("basis")
        texts = {
            f"text_{one.code}": filled(
                one.model_nl,
                place_name=self.start.municipality.common_name,
                people=self.start.municipality.population,
                target_year=int(basis.get("target_year") or TARGET_YEAR),
                base_year=basis.get("base_year"),
            )
            for one in self.sections
        }
        kept = self.answered("teksten")
        # A text that was emptied on purpose stays empty.
        return {**(dict.fromkeys(texts, "") if kept else texts), **kept}

    # In words

    def measure_rows(self, ticked: Sequence[str]) -> list[dict[str, Any]]:
        """Give all measures with what they do here, those that are suggested first."""
        first = suggested(self.measures, self.place)
        rows = [
            {
                "row": MeasureRow(one),
                "ticked": one.code in ticked,
                "suggested": one.code in first,
                "fits": fits(one, self.place),
                **_in_words(self.typical(one)),
            }
            for one in self.measures
        ]
        rank = {code: number for number, code in enumerate(first)}
        return sorted(rows, key=lambda row: rank.get(row["row"].measure.code, len(rank)))

    def hints(self) -> dict[str, str]:
        """Say per chosen measure what the library gives for this municipality."""
        found = {}
        for one in self.chosen():
            words = _in_words(self.typical(one))
            text = _("The library says: %(kt)s kt, %(meur)s million euros.")
            if set(words.values()) == {MISSING}:
                text = _("The library cannot tell what this does here: a figure is missing.")
            found[one.code] = text % words
        return found

    def planned(self) -> list[PlannedAction]:
        """Give the actions as they were filled in, or as the library has them."""
        kept = self.answered("acties")
        rows = []
        for one in self.chosen():
            typical = self.typical(one)
            seen = f"sure_{one.code}" in kept
            kt = _decimal(kept.get(f"kt_{one.code}")) if seen else typical.kt
            meur = _decimal(kept.get(f"meur_{one.code}")) if seen else typical.meur
            rows.append(PlannedAction(one, kt, meur, str(kept.get(f"sure_{one.code}") or one.certainty)))
        return rows

    def plan(self) -> Plan:
        """Give everything that the contract is made of."""
        basis = {**self._basis(), **self.answered("basis")}
        parties = {**self._parties(), **self.answered("partijen")}
        texts = self._texts()
        ids = parties.get("organisations", [])
        others = [
            (str(parties[f"name_{number}"]).strip(), str(parties[f"group_{number}"]))
            for number in range(1, OTHERS + 1)
            if parties.get(f"name_{number}") and parties.get(f"group_{number}")
        ]
        return Plan(
            title=str(basis["title"]),
            target_year=int(basis["target_year"]),
            base_year=int(basis["base_year"]) if basis.get("base_year") else None,
            source=self._source(),
            actions=self.planned(),
            organisations=[one for one in self.organisations if one.public_id in ids],
            others=others,
            texts={one.code: str(texts.get(f"text_{one.code}", "")) for one in self.sections},
        )

    def _source(self) -> str:
        own = "basis" in self.start.answers and self.filled_in != self.published
        where = _("figures filled in by the municipality") if own else self.figures_source
        made = _("Made with the Dutch standard approach, version %(number)d.") % {
            "number": self.start.version.number
        }
        if not where or not (self.published or self.filled_in):
            return made
        emissions = _("Emissions")
        return f"{made} {emissions}: {where}."

    def totals(self) -> dict[str, Any]:
        """Give what the actions do together, against what is emitted now."""
        rows = self.planned()
        kt = combined([(one.measure.base_sector, one.kt) for one in rows if one.kt is not None], self.place)
        meur = sum((one.meur for one in rows if one.meur is not None), Decimal(0))
        total = self.place.total
        return {
            "kt": rough(kt),
            "meur": rough(meur),
            "total": rough(total) if total else "",
            "share": rough(100 * kt / total) if total else "",
            "without": sum(one.kt is None for one in rows),
        }


def _decimal(value: Any) -> Decimal | None:
    return Decimal(str(value)) if value not in (None, "") else None


def _numbers(kept: Mapping[str, Any], *prefixes: str) -> dict[str, Any]:
    """Give kept values with their numbers as the fields show them."""
    return {
        name: shown_number(_decimal(value)) if name.startswith(prefixes) else value for name, value in kept.items()
    }


def _in_words(one: Scaled) -> dict[str, str]:
    return {"kt": span(one.kt, one.kt_low, one.kt_high), "meur": span(one.meur, one.meur_low, one.meur_high)}
