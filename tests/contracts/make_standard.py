"""The standard approach for tests, made as records."""

from decimal import Decimal
from typing import Any

from contracts.models import (
    ContractStandard,
    StandardChange,
    StandardMeasure,
    StandardPromise,
    StandardSection,
    StandardVersion,
    TemplateSection,
)
from contracts.models.standard import DUTCH
from governance.models import Organisation

MODEL = "De gemeente {gemeente} wil in {doeljaar} klimaatneutraal zijn."


def make_dutch(code: str = DUTCH) -> ContractStandard:
    """Give the Dutch standard (or another one of its kind), made when it is not there."""
    texts = {"label_nl": "Standaardaanpak", "label_en": "Standard approach"}
    standard = ContractStandard.objects.get_or_create(code=code, defaults=texts)[0]
    for section in ("opgave", "geld"):
        titles = {"title_nl": section.capitalize(), "title_en": section, "part": "action_plan"}
        TemplateSection.objects.get_or_create(standard=standard, code=section, defaults=titles)
    return standard


def make_measure(version: StandardVersion, code: str = "zone", **fields: Any) -> StandardMeasure:
    """Add a measure to an open version."""
    defaults = {
        "title_nl": "Nul-emissiezone",
        "text_nl": "Alleen schone voertuigen.",
        "sector": "mobility",
        "base_sector": "mobility",
        "effect": Decimal("10"),
        "cost": Decimal("2"),
        "source_nl": "Test",
        "groups": ["company"],
        "steps": ["action"],
    }
    return StandardMeasure.objects.create(version=version, code=code, **{**defaults, **fields})


def make_standard_version(
    state: str = "published", number: int = 1, *, standard: str = DUTCH, **fields: Any
) -> StandardVersion:
    """Make a version with two sections, a promise and a measure, in any state."""
    version = StandardVersion.objects.create(
        standard=make_dutch(standard), number=number, intro_nl="Waar het om gaat."
    )
    for order, code in enumerate(("opgave", "geld")):
        StandardSection.objects.create(
            version=version,
            code=code,
            order=order,
            title_nl=code.capitalize(),
            guidance_nl=f"Zo schrijf je {code}.",
            model_nl=MODEL,
        )
    StandardPromise.objects.create(version=version, code="plan", title_nl="Maakt een eigen plan", group="company")
    make_measure(version)
    StandardVersion.objects.filter(pk=version.pk).update(state=state, **fields)
    version.refresh_from_db()
    return version


def make_change(version: StandardVersion, organisation: Organisation, **fields: Any) -> StandardChange:
    """Make an open proposal to change the guidance of the first section."""
    defaults = {
        "kind": "section",
        "code": "opgave",
        "title": "Noem de regio",
        "reason": "Wij doen het samen.",
        "texts": {"guidance_nl": "Zo schrijf je opgave, ook samen."},
        "before": {"guidance_nl": "Zo schrijf je opgave."},
        "author_label": "Iemand",
    }
    return StandardChange.objects.create(version=version, organisation=organisation, **{**defaults, **fields})
