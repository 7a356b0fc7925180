"""Reads of the standard approach for its pages."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from cities.models import Municipality, TransitionStep
from contracts.models import (
    ClimateContract,
    ContractVersion,
    MeasureUse,
    StandardChange,
    StandardMeasure,
    StandardUse,
    StandardVersion,
)
from contracts.models.standard import DUTCH, StandardItem, StandardState
from contracts.models.standard_change import ChangeState
from contracts.models.version import OPEN_STATES
from contracts.rules_standard import reads_open
from contracts.selectors.contract import latest_figures_of
from contracts.services.standard.scaling import Place
from contracts.services.standard.versions import ITEMS
from nss_portal.core.access import Actor
from nss_portal.core.access.resources import allowed


def versions_for(actor: Actor) -> list[StandardVersion]:
    """Give the versions that somebody sees, the newest first; one query."""
    return list(StandardVersion.objects.visible_to(actor).filter(standard__code=DUTCH).order_by("-number"))


def in_force() -> StandardVersion | None:
    """Give the version that holds now; one query."""
    return StandardVersion.objects.in_force().filter(standard__code=DUTCH).first()


def measures_in_force() -> QuerySet[StandardMeasure]:
    """Give the measures of the library as it holds now, in order."""
    found = StandardMeasure.objects.filter(
        version__in=StandardVersion.objects.in_force(), version__standard__code=DUTCH
    )
    return found.order_by("order", "pk")


def items_of(version: StandardVersion) -> dict[str, list[StandardItem]]:
    """Give the parts of a version by kind, in order; three queries."""
    return {
        kind: list(model._default_manager.filter(version=version).order_by("order", "pk"))
        for kind, model in ITEMS.items()
    }


def items_of_two(one: StandardVersion, other: StandardVersion) -> tuple[dict[str, Any], dict[str, Any]]:
    """Give the parts of two versions by kind; three queries for both."""
    found: tuple[dict[str, Any], dict[str, Any]] = ({}, {})
    for kind, model in ITEMS.items():
        rows = list(model._default_manager.filter(version__in=[one.pk, other.pk]).order_by("order", "pk"))
        for parts, version in zip(found, (one, other), strict=True):
            parts[kind] = [row for row in rows if row.version_id == version.pk]
    return found


def step_labels() -> dict[str, str]:
    """Give the steps of the transition map by code, in order; one query."""
    return {step.code: step.label for step in TransitionStep.objects.all()}


def changes_between(actor: Actor, old: StandardVersion, new: StandardVersion) -> list[StandardChange]:
    """Give the proposals that were taken over after one version up to another, as far as somebody sees them."""
    found = StandardChange.objects.visible_to(actor).filter(
        state=ChangeState.TAKEN,
        taken_into__standard=new.standard_id,
        taken_into__number__gt=old.number,
        taken_into__number__lte=new.number,
    )
    return list(found.select_related("organisation", "round").order_by("created_at", "pk"))


def changes_for(actor: Actor) -> Any:
    """Give the proposals that somebody sees."""
    return StandardChange.objects.visible_to(actor).select_related("organisation", "version", "taken_into")


def version_to_change(actor: Actor) -> StandardVersion | None:
    """Give the version that a proposal is written on: the open one for who reads it, else that in force."""
    held = StandardVersion.objects.visible_to(actor).filter(
        Q(state__in=[StandardState.DRAFT, StandardState.PROPOSED, StandardState.PUBLISHED]),
        standard__code=DUTCH,
    )
    found = list(held.order_by("-number")[:2])
    open_one = next((one for one in found if one.is_open), None) if reads_open(actor) else None
    return open_one or next((one for one in found if one.state == StandardState.PUBLISHED), None)


def place_of(municipality: Municipality) -> tuple[Place, Any]:
    """Give what is known of a municipality, with the series that it comes from; one query.

    Of several publications the one with the newest year counts, and of those the one with most sectors; figures of
    different ones are never put together.
    """
    by_series: dict[int, list[Any]] = {}
    for figure in latest_figures_of(municipality):
        counts = figure.kind == "measured" and figure.series.unit == "kt" and figure.value is not None
        if counts and "." not in figure.sector and figure.sector not in ("total", "urban"):
            by_series.setdefault(figure.series_id, []).append(figure)
    if not by_series:
        return Place(municipality.population, {}), None
    best = max(by_series.values(), key=lambda rows: (rows[0].year, len(rows), -rows[0].series_id))
    return Place(municipality.population, {row.sector: row.value for row in best}), best


def drafts_of(actor: Actor) -> list[ContractVersion]:
    """Give the drafts of contracts that somebody may change, with their contract; one query."""
    contracts = allowed(actor, "contract", "change").values("pk")
    found = ContractVersion.objects.filter(contract__in=contracts, state__in=OPEN_STATES)
    return list(found.select_related("contract").order_by("contract__title", "pk"))


def uses_of_measure(actor: Actor, code: str) -> list[ClimateContract]:
    """Give the contracts with a version that somebody sees which took a measure out of the library."""
    seen = ContractVersion.objects.visible_to(actor).filter(
        contract=OuterRef("contract"), actions__code=OuterRef("action_code")
    )
    used = MeasureUse.objects.filter(Exists(seen.order_by()), measure_code=code)
    return list(ClimateContract.objects.filter(pk__in=used.values("contract")).order_by("title", "pk"))


def behind(actor: Actor, current: StandardVersion) -> Iterable[StandardUse]:
    """Give the uses of contracts that somebody may change and that follow an older version than `current`."""
    contracts = allowed(actor, "contract", "change").values("pk")
    return StandardUse.objects.filter(contract__in=contracts, follows__number__lt=current.number)


def measures_of(version: StandardVersion) -> list[StandardMeasure]:
    """Give the measures of a version, in order; one query."""
    return list(version.measures.order_by("order", "pk"))
