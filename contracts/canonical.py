"""The data of a version as canonical JSON, and its hash.

Canonical: keys in alphabetical order, no spaces, UTF-8, numbers as text with a decimal point.
Whoever has the file can check the hash with any SHA-256 tool. How to reach a contact person is no part of it.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from django.db.models import F, Func, JSONField, Prefetch

from contracts.models import (
    Action,
    Commitment,
    ContractVersion,
    EmissionFigure,
    Indicator,
    Investment,
    Party,
    SectionText,
    TableRow,
)
from contracts.tables.indicator_rows import cells_of
from contracts.tables.values import to_json

SCHEMA = "nss-contract-version/1"
OWN_SOURCE = "contract-"
TOWNS = Func(
    F("contract_id"),
    template="""(SELECT coalesce(jsonb_agg(m.code ORDER BY l."order", l.id), '[]')
        FROM contracts_contractmunicipality l JOIN cities_municipality m ON m.id = l.municipality_id
        WHERE l.contract_id = %(expressions)s)""",
    output_field=JSONField(),
)
# The indicators of the contract of an open version, with code and column keys of the table in which they stand.
INDICATORS = Func(
    F("pk"),
    template="""(SELECT jsonb_build_object(
            'table', t.code,
            'keys', (SELECT jsonb_agg(k.key) FROM contracts_templatecolumn k WHERE k.table_id = t.id),
            'rows', (SELECT coalesce(jsonb_agg(jsonb_build_object(
                'code', i.code, 'title', i.title, 'unit', i.unit, 'outcome', i.outcome, 'number', i.number,
                'action_code', i.action_code, 'source', i.source, 'base_year', i.base_year,
                'base_value', i.base_value::text, 'target_year', i.target_year,
                'target_value', i.target_value::text, 'milestones', i.milestones
            ) ORDER BY i.id), '[]') FROM contracts_indicator i WHERE i.contract_id = c.id))
        FROM contracts_contractversion v JOIN contracts_climatecontract c ON c.id = v.contract_id
        JOIN contracts_templatetable t ON t.standard_id = c.standard_id AND t.holds = 'indicators'
        WHERE v.id = %(expressions)s AND v.state IN ('draft', 'internal_review'))""",
    output_field=JSONField(),
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
    return f"{OWN_SOURCE}{version.contract.public_id.lower()}"


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


def _commitment(commitment: Commitment, parties: Mapping[int, str]) -> dict[str, object]:
    return {
        "code": commitment.code,
        "party": parties[commitment.party_id],
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


def _action(
    action: Action, parties: Mapping[int, str], posts: Mapping[int | None, Sequence[Investment]]
) -> dict[str, object]:
    return {
        "code": action.code,
        "title": action.title,
        "title_en": action.title_en,
        "sector": action.sector,
        "effect_kt": number(action.effect_kt),
        "certainty": action.certainty,
        "responsible": parties[action.responsible_id] if action.responsible_id else None,
        "investments": [_investment(post) for post in posts.get(action.pk, ())],
        "source_locator": action.source_locator,
        "illustrative": action.is_illustrative,
        **_filled(action, MORE_OF_ACTION),
    }


class Read(NamedTuple):
    """What `contents` read beside a version and its parts: codes of municipalities, and the contract's figures.

    `indicators` are those of the contract, of a version that is still open.
    """

    towns: list[str]
    figures: Sequence[EmissionFigure]
    indicators: dict[str, Any] | None = None


def snapshot(version: ContractVersion, read: Read) -> dict[str, object]:
    """Give all that a version says, in the order in which it says it; `contents` has read it with its parts."""
    contract = version.contract
    parties = {party.pk: party.name for party in version.parties.all()}
    posts: dict[int | None, list[Investment]] = {}
    for post in version.investments.all():
        posts.setdefault(post.action_id, []).append(post)
    return {
        "schema": SCHEMA,
        "contract": {
            "id": contract.public_id,
            "title": contract.title,
            "title_en": contract.title_en,
            "municipalities": read.towns,
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
        "commitments": [_commitment(commitment, parties) for commitment in version.commitments.all()],
        "actions": [_action(action, parties, posts) for action in version.actions.all()],
        "investments": [_investment(post) for post in posts.get(None, ())],
        **_more(version, read),
    }


def _more(version: ContractVersion, read: Read) -> dict[str, object]:
    """Give texts of sections, rows of tables and the contract's own emission figures, where there are any."""
    texts = [
        {"section": each.section.code, "text": each.text, "text_en": each.text_en}
        for each in version.texts.all()
        if each.text or each.text_en
    ]
    tables: dict[str, list[dict[str, object]]] = {}
    for row in version.table_rows.all():
        tables.setdefault(row.table.code, []).append({"code": row.code, "cells": row.cells})
    if read.indicators and read.indicators["rows"]:
        tables[read.indicators["table"]] = [
            _indicator(row, read.indicators["keys"]) for row in read.indicators["rows"]
        ]
    more = {"texts": texts, "tables": tables, "emissions": _emissions(version, read.figures)}
    return {name: value for name, value in more.items() if value}


def _indicator(row: dict[str, Any], keys: list[str]) -> dict[str, object]:
    """Give an indicator as the row that stands in a version once it is adopted."""
    amounts = {name: _decimal(row[name]) for name in ("base_value", "target_value")}
    cells = cells_of(Indicator(**{**row, **amounts}), keys)
    return {
        "code": row["code"],
        "cells": {key: to_json(value) for key, value in cells.items() if value is not None},
    }


def _emissions(version: ContractVersion, figures: Sequence[EmissionFigure]) -> list[dict[str, object]]:
    """Give the figures that the contract itself holds, as they are now; publications have their own source."""
    own = emission_source_code(version)
    return [
        {
            "year": figure.year,
            "sector": figure.sector,
            "label": figure.sector_label_nl,
            "scope": figure.series.scope,
            "kt": number(figure.value),
        }
        for figure in figures
        if figure.series.source.code == own
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
    found = ContractVersion.objects.filter(pk__in=list(versions)).select_related("contract__standard").order_by()
    held = list(found.annotate(towns=TOWNS, indicators=INDICATORS).prefetch_related(*_parts()))
    figures: dict[int | None, list[EmissionFigure]] = {}
    own = EmissionFigure.objects.filter(
        series__contract__in={version.contract_id for version in held}, series__source__code__startswith=OWN_SOURCE
    )
    in_order = own.select_related("series__source").order_by("series__locator", "series_id", "year", "kind", "pk")
    for figure in in_order:
        figures.setdefault(figure.series.contract_id, []).append(figure)
    return {
        each.pk: canonical(snapshot(each, Read(each.towns, figures.get(each.contract_id, ()), each.indicators)))
        for each in held
    }


def _parts() -> list[Prefetch]:
    """Give what `snapshot` reads of a version: a query each, without the joins of the usual order."""
    return [
        Prefetch("parties", Party.objects.order_by("order", "pk")),
        Prefetch("commitments", Commitment.objects.order_by("order", "pk")),
        Prefetch("actions", Action.objects.order_by("order", "pk")),
        Prefetch("investments", Investment.objects.order_by("pk")),
        Prefetch("texts", SectionText.objects.select_related("section").order_by("section__order", "pk")),
        Prefetch("table_rows", TableRow.objects.select_related("table").order_by("order", "pk")),
    ]
