"""Lists of choices of a template's columns, and how a word in a file becomes one of them."""

import re
from collections.abc import Mapping
from functools import cache

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from contracts.models.action import CapitalForm, Certainty, FieldOfAction, InvestmentKind, Lever, Payer, Sector
from contracts.models.party import CommitmentStatus
from governance.models.organisation import Group


class Level(TextChoices):
    """The level at which policy is made."""

    LOCAL = "local", _("local")
    REGIONAL = "regional", _("regional")
    NATIONAL = "national", _("national")
    EU = "eu", _("European")


class BarrierType(TextChoices):
    """What kind of thing stands in the way."""

    FUNDING = "funding", _("funding")
    GOVERNANCE = "governance", _("governance and rules")
    CAPACITY = "capacity", _("capacity")
    MINDSET = "mindset", _("mindset")


VOCABULARIES: Mapping[str, type[TextChoices]] = {
    "barrier": BarrierType,
    "capital_form": CapitalForm,
    "certainty": Certainty,
    "commitment_status": CommitmentStatus,
    "field": FieldOfAction,
    "group": Group,
    "investment_kind": InvestmentKind,
    "level": Level,
    "lever": Lever,
    "payer": Payer,
    "sector": Sector,
}
# Other words under which a choice stands in contracts that exist.
ALIASES: Mapping[str, Mapping[str, str]] = {
    "barrier": {
        "governance/regulatory": "governance",
        "regulatory": "governance",
        "financial": "funding",
        "governance & regulatory": "governance",
    },
    "field": {
        "energy": "energy",
        "energie": "energy",
        "energy systems": "energy",
        "transport": "mobility",
        "mobility": "mobility",
        "mobility & transport": "mobility",
        "mobiliteit": "mobility",
        "waste & circular economy": "waste",
        "circular economy": "waste",
        "afval": "waste",
        "green infrastructure & nature-based solutions": "nature",
        "green infrastructure & nature based solutions": "nature",
        "groen": "nature",
        "gebouwde omgeving": "built",
    },
    "investment_kind": {
        "capex": "capital",
        "capital": "capital",
        "kapitaal": "capital",
        "investering": "capital",
        "investment": "capital",
        "opex": "operation",
        "exploitatie": "operation",
        "operational": "operation",
        "savings": "savings",
        "besparing": "savings",
        "besparingen": "savings",
        "revenue": "savings",
        "co-benefits": "benefits",
        "baten": "benefits",
    },
    "lever": {
        "technology": "technology",
        "technology/infrastructure": "technology",
        "governance & policy": "governance",
        "democracy/participation": "democracy",
        "finance & funding": "finance",
        "learning & capabilities": "learning",
    },
    "level": {"eu": "eu", "europe": "eu", "lokaal": "local", "landelijk": "national"},
    "payer": {
        "city": "city",
        "gemeente": "city",
        "citizens": "residents",
        "bewoners": "residents",
        "households": "residents",
        "businesses": "companies",
        "private": "companies",
        "bedrijven": "companies",
        "state": "national",
        "national government": "national",
        "rijk": "national",
        "eu": "eu",
        "utilities": "utilities",
    },
    "sector": {
        "buildings": "built",
        "buildings & heating": "built",
        "buildings (& heating)": "built",
        "gebouwde omgeving": "built",
        "built environment": "built",
        "transport": "mobility",
        "mobility": "mobility",
        "mobiliteit": "mobility",
        "electricity": "electricity",
        "elektriciteit": "electricity",
        "waste": "waste",
        "afval": "waste",
        "ippu": "industry",
        "industry": "industry",
        "industrie": "industry",
        "industrial process and product use": "industry",
        "afolu": "agriculture",
        "afolu (sources / sinks)": "agriculture",
        "agriculture": "agriculture",
        "landbouw": "agriculture",
        "agricultural, forestry and land use": "agriculture",
        "woningen": "housing",
        "housing": "housing",
        "residential": "housing",
        "services": "services",
        "diensten": "services",
        "energy": "energy",
        "energie": "energy",
        "green gas": "green_gas",
        "groen gas": "green_gas",
        "other": "other",
        "overig": "other",
    },
}


def plain(text: str) -> str:
    """Give a word as it is compared: small letters, one space, no full stop or note mark behind it."""
    return re.sub(r"\s+", " ", text.replace("₂", "2").replace("’", "'")).strip(" \t\n.:*").casefold()


def choices(vocabulary: str) -> list[tuple[str, str]]:
    """Give the choices of a list with their labels in the language of the page; [] for a list that is data."""
    held = VOCABULARIES.get(vocabulary)
    return [(str(value), str(label)) for value, label in held.choices] if held else []


@cache
def _words(vocabulary: str) -> Mapping[str, str]:
    held = VOCABULARIES[vocabulary]
    words = dict(ALIASES.get(vocabulary, {}))
    for language in ("nl", "en"):
        with override(language):
            words.update({plain(str(label)): str(value) for value, label in held.choices})
    words.update({str(value): str(value) for value in held.values})
    return words


def choice_of(vocabulary: str, text: str) -> str | None:
    """Give the choice that a word in Dutch or English means, or None."""
    return _words(vocabulary).get(plain(text))


def label_of(vocabulary: str, value: str) -> str:
    """Give the label of a choice in the language of the page; a word that is no choice stays as it is."""
    return dict(choices(vocabulary)).get(value, value)
