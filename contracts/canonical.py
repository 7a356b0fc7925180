"""The data of a version as canonical JSON, and its hash.

Canonical: keys in alphabetical order, no spaces, UTF-8, numbers as text with a decimal point.
Whoever has the file can check the hash with any SHA-256 tool. How to reach a contact person is no part of it.
"""

import hashlib
import json
from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from contracts.models import Action, Commitment, ContractVersion, Investment, Party

SCHEMA = "nss-contract-version/1"
# What `snapshot` reads of a version; prefetch it, so that many versions cost as many queries as one.
PREFETCH = (
    "contract__contract_municipalities__municipality",
    "contract__standard",
    "parties",
    "commitments__party",
    "actions__responsible",
    "actions__investments",
    "investments",
)


def number(value: Decimal | None) -> str | None:
    """Write a decimal in its one canonical way: 60.400 becomes '60.4', 12.000 '12'."""
    if value is None:
        return None
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _day(value: date | None) -> str | None:
    return value.isoformat() if value else None


def _party(party: Party) -> dict[str, object]:
    return {
        "name": party.name,
        "name_en": party.name_en,
        "group": party.group,
        "leading": party.is_leading,
        "illustrative": party.is_illustrative,
    }


def _commitment(commitment: Commitment) -> dict[str, object]:
    return {
        "code": commitment.code,
        "party": commitment.party.name,
        "title": commitment.title,
        "title_en": commitment.title_en,
        "due_on": _day(commitment.due_on),
        "illustrative": commitment.is_illustrative,
    }


def _investment(investment: Investment) -> dict[str, object]:
    return {
        "amount_meur": number(investment.amount_meur),
        "payer": investment.payer,
        "year": investment.year,
        "source_locator": investment.source_locator,
        "illustrative": investment.is_illustrative,
    }


def _action(action: Action) -> dict[str, object]:
    return {
        "code": action.code,
        "title": action.title,
        "title_en": action.title_en,
        "sector": action.sector,
        "effect_kt": number(action.effect_kt),
        "certainty": action.certainty,
        "responsible": action.responsible.name if action.responsible else None,
        "investments": [_investment(investment) for investment in action.investments.all()],
        "source_locator": action.source_locator,
        "illustrative": action.is_illustrative,
    }


def snapshot(version: ContractVersion) -> dict[str, object]:
    """Give all that a version says, in the order in which it says it."""
    contract = version.contract
    return {
        "schema": SCHEMA,
        "contract": {
            "id": contract.public_id,
            "title": contract.title,
            "title_en": contract.title_en,
            "municipalities": [link.municipality.code for link in contract.contract_municipalities.all()],
            "standard": contract.standard.code,
            "illustrative": contract.is_illustrative,
        },
        "version": {
            "number": version.number,
            "target_year": version.target_year,
            "base_year": version.base_year,
            "summary": version.summary,
            "summary_en": version.summary_en,
            "source": version.source,
        },
        "parties": [_party(party) for party in version.parties.all()],
        "commitments": [_commitment(commitment) for commitment in version.commitments.all()],
        "actions": [_action(action) for action in version.actions.all()],
        "investments": [_investment(each) for each in version.investments.all() if each.action_id is None],
    }


def canonical(data: object) -> str:
    """Write data as canonical JSON; raises TypeError for what JSON cannot hold."""
    return json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


def digest(content: str) -> str:
    """Give the SHA-256 of a text in UTF-8, as 64 hexadecimal digits."""
    return hashlib.sha256(content.encode()).hexdigest()


def contents(versions: Iterable[int]) -> dict[int, str]:
    """Give the canonical JSON of versions by primary key, in a number of queries that does not grow with them."""
    found = ContractVersion.objects.filter(pk__in=list(versions)).select_related("contract")
    return {version.pk: canonical(snapshot(version)) for version in found.prefetch_related(*PREFETCH)}
