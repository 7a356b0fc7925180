"""The data of a version as canonical JSON, and its hash.

Canonical: keys in alphabetical order, no spaces, UTF-8, numbers as text with a decimal point.
Whoever has the file can check the hash with any SHA-256 tool. How to reach a contact person is no part of it.
"""

import hashlib
import json
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

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
    "texts__section",
    "table_rows__table",
    "contract__emission_series__source",
    "contract__emission_series__figures",
)
# What was added to the form after contracts had been adopted in it: only what is filled in stands in the data, so
# that the hash of what says nothing of it stays as it was.
MORE_OF_PARTY = ("legal_form", "domain")
MORE_OF_COMMITMENT = ("status", "owner")
MORE_OF_ACTION = (
    "field",
    "lever",
    "measure",
    "action_type",
    "description",
    "outcome",
    "scale",
    "stakeholders",
    "comments",
    "starts_in",
    "ends_in",
    "renewable_mwh",
    "saved_mwh",
    "saved_fuel",
    "compensated_kt",
)
MORE_OF_INVESTMENT = ("kind", "capital_form", "capital_source")


def emission_source_code(version: ContractVersion) -> str:
    """Name the source under which a contract's own figures stand, typed or taken from its own tables."""
    return f"contract-{version.contract.public_id.lower()}"


def number(value: Decimal | None) -> str | None:
    """Write a decimal in its one canonical way: 60.400 becomes '60.4', 12.000 '12'."""
    if value is None:
        return None
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _day(value: date | None) -> str | None:
    return value.isoformat() if value else None


def _filled(record: object, names: Iterable[str]) -> dict[str, object]:
    """Give the fields of a record that say something; capital is what an amount is unless told otherwise."""
    found = {name: getattr(record, name) for name in names}
    return {
        name: number(value) if isinstance(value, Decimal) else value
        for name, value in found.items()
        if value not in ("", None, "capital")
    }


def _party(party: Party) -> dict[str, object]:
    return {
        "name": party.name,
        "name_en": party.name_en,
        "group": party.group,
        "leading": party.is_leading,
        "illustrative": party.is_illustrative,
        **_filled(party, MORE_OF_PARTY),
    }


def _commitment(commitment: Commitment) -> dict[str, object]:
    return {
        "code": commitment.code,
        "party": commitment.party.name,
        "title": commitment.title,
        "title_en": commitment.title_en,
        "due_on": _day(commitment.due_on),
        "illustrative": commitment.is_illustrative,
        **_filled(commitment, MORE_OF_COMMITMENT),
    }


def _investment(investment: Investment) -> dict[str, object]:
    return {
        "amount_meur": number(investment.amount_meur),
        "payer": investment.payer,
        "year": investment.year,
        "source_locator": investment.source_locator,
        "illustrative": investment.is_illustrative,
        **_filled(investment, MORE_OF_INVESTMENT),
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
        **_filled(action, MORE_OF_ACTION),
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
        **_more(version),
    }


def _more(version: ContractVersion) -> dict[str, object]:
    """Give texts of sections, rows of tables and the contract's own emission figures, where there are any."""
    texts = [
        {"section": each.section.code, "text": each.text, "text_en": each.text_en}
        for each in version.texts.all()
        if each.text or each.text_en
    ]
    tables: dict[str, list[dict[str, object]]] = {}
    for row in version.table_rows.all():
        tables.setdefault(row.table.code, []).append({"code": row.code, "cells": row.cells})
    more = {"texts": texts, "tables": tables, "emissions": _emissions(version)}
    return {name: value for name, value in more.items() if value}


def _emissions(version: ContractVersion) -> list[dict[str, object]]:
    """Give the figures that the contract itself holds, as they are now; publications have their own source."""
    own = emission_source_code(version)
    return [
        {
            "year": figure.year,
            "sector": figure.sector,
            "label": figure.sector_label_nl,
            "scope": series.scope,
            "kt": number(figure.value),
        }
        for series in version.contract.emission_series.all()
        if series.source.code == own
        for figure in series.figures.all()
    ]


class Parts(NamedTuple):
    """Actions (each with `amount_meur`), commitments and parties of a version, as its snapshot has them."""

    actions: list[Action]
    commitments: list[Commitment]
    parties: list[Party]


def parts_in(content: str) -> Parts | None:
    """Give what a snapshot says as records without a primary key, or None for a snapshot of another form."""
    data = json.loads(content)
    if data.get("schema") != SCHEMA:
        return None
    parties = {row["name"]: _read_party(row, order) for order, row in enumerate(data["parties"])}
    return Parts(
        actions=[_read_action(row, parties) for row in data["actions"]],
        commitments=[_read_commitment(row, parties) for row in data["commitments"]],
        parties=list(parties.values()),
    )


def _read_party(row: dict[str, Any], order: int) -> Party:
    return Party(
        order=order,
        name=row["name"],
        name_en=row["name_en"],
        group=row["group"],
        is_leading=row["leading"],
        is_illustrative=row["illustrative"],
    )


def _read_commitment(row: dict[str, Any], parties: dict[str, Party]) -> Commitment:
    return Commitment(
        code=row["code"],
        party=parties[row["party"]],
        title=row["title"],
        title_en=row["title_en"],
        due_on=date.fromisoformat(row["due_on"]) if row["due_on"] else None,
        is_illustrative=row["illustrative"],
    )


def _read_action(row: dict[str, Any], parties: dict[str, Party]) -> Action:
    action = Action(
        code=row["code"],
        responsible=parties[row["responsible"]] if row["responsible"] else None,
        title=row["title"],
        title_en=row["title_en"],
        sector=row["sector"],
        effect_kt=_decimal(row["effect_kt"]),
        certainty=row["certainty"],
        source_locator=row["source_locator"],
        is_illustrative=row["illustrative"],
    )
    capital = [each for each in row["investments"] if each.get("kind", "capital") == "capital"]
    amounts = [Decimal(each["amount_meur"]) for each in capital]
    setattr(action, "amount_meur", sum(amounts, Decimal(0)) if amounts else None)  # noqa: B010 - as annotated
    return action


def _decimal(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


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
