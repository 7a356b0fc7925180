"""The table of indicators shows the contract's own: typed, pasted, in files, and fixed with a version."""

from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from contracts.canonical import contents, digest
from contracts.exchange.document import document, sheets
from contracts.models import ContractVersion, Indicator, IndicatorValue, VersionSnapshot
from contracts.services.errors import Refused
from contracts.services.exchange import apply_plan, plan_of, read_content, read_paste
from contracts.services.indicators import add_indicator
from contracts.services.tables import remove_row, save_row
from contracts.services.version import adopt, new_version, submit
from contracts.tables.holding import held_by
from contracts.tables.template import Template
from nss_portal.core.editing import EditConflict
from nss_portal.core.exports import json_bytes, xlsx
from tests.access.cast import Person
from tests.contracts.make import make_draft

pytestmark = pytest.mark.django_db
CELLS: dict[str, Any] = {
    "name": "Woningen van het aardgas",
    "unit": "woningen",
    "number": "I-1",
    "initial": Decimal("1000.5"),
    "initial_year": 2019,
    "t2025": Decimal(2000),
    "target": Decimal(9000),
    "target_year": 2030,
}


def rows_of(version: ContractVersion, template: Template) -> list[Any]:
    return held_by(version, template.tables).of("indicators")


def test_one_truth_for_the_table_and_for_monitoring(lead: Person) -> None:
    version, template = make_draft(lead)
    table = template.of_concept("indicators")
    write = {"version": version, "actor": lead.user, "table": table}
    ident = save_row(**write, cells=CELLS)
    indicator = Indicator.objects.get(contract=version.contract)
    assert (indicator.title, indicator.target_year, indicator.target_value) == (CELLS["name"], 2030, 9000)
    assert (indicator.milestones, indicator.has_course) == ({"2025": "2000"}, True)
    (row,) = rows_of(version, template)
    assert row.cells["t2030"] == 9000, "the target stands in the column of its year"
    save_row(**write, cells={"t2030": Decimal(9500)}, ident=ident, revision=0)
    indicator.refresh_from_db()
    assert indicator.target_value == 9500
    with pytest.raises(EditConflict):
        save_row(**write, cells={"unit": "huizen"}, ident=ident, revision=0)
    contradicts = {**row.cells, "t2030": Decimal(1), "target": Decimal(2)}
    with pytest.raises(ValidationError) as caught:
        save_row(**write, cells=contradicts, ident=ident, revision=1)
    assert list(caught.value.message_dict) == ["target"]
    with pytest.raises(ValidationError) as caught:
        save_row(**write, cells={"t2027": Decimal(1), "target_year": 2026}, ident=ident, revision=1)
    assert list(caught.value.message_dict) == ["target_year"]
    with pytest.raises(ValidationError) as caught:
        save_row(**write, cells=CELLS)
    assert "name" in caught.value.message_dict or "__all__" in caught.value.message_dict
    IndicatorValue.objects.create(indicator=indicator, year=2022, value=1500)
    with pytest.raises(Refused):
        remove_row(**write, ident=ident)
    bare = save_row(**write, cells={"name": "Bomen", "t2027": Decimal(40), "t2030": Decimal(80)})
    held = Indicator.objects.get(pk=bare)
    assert (held.target_year, held.target_value, held.milestones, held.has_course) == (
        2030,
        80,
        {"2027": "40"},
        False,
    )
    remove_row(**write, ident=bare)
    assert not Indicator.objects.filter(pk=bare).exists()


def test_indicators_go_out_and_come_in_the_same(lead: Person) -> None:
    version, template = make_draft(lead)
    table = template.of_concept("indicators")
    for cells in (
        CELLS,
        {"name": "Bomen", "t2027": Decimal(-4)},
        {"name": "Blijft zo", "initial": Decimal(5), "t2030": Decimal(5)},
    ):
        save_row(version=version, actor=lead.user, table=table, cells=cells)
    said = document(version, template)
    book = xlsx(sheets(version, template), title="x")
    for content, name in ((json_bytes(said), "contract.json"), (book, "contract.xlsx")):
        again, _same = make_draft(lead)
        plan = plan_of(again, template, read_content(again, template, content, name))
        assert plan.refused == []
        apply_plan(version=again, actor=lead.user, plan=plan)
        assert document(again, template)["tables"] == said["tables"], name
        assert plan_of(again, template, read_content(again, template, content, name)).is_empty
    old = read_paste(again, table, "Indicator name\tInitial value\tTarget 2030\nElektrische bussen\t12\t100\n")
    apply_plan(version=again, actor=lead.user, plan=plan_of(again, template, old))
    assert Indicator.objects.get(contract=again.contract, title="Elektrische bussen").target_value == 100


def test_a_version_keeps_the_indicators_that_it_was_adopted_with(lead: Person, client: Client) -> None:
    version, template = make_draft(lead)
    add_indicator(
        actor=lead.user,
        contract=version.contract,
        title="Bussen",
        unit="%",
        base_year=2019,
        base_value=Decimal(12),
        target_year=2030,
        target_value=Decimal(100),
        source="Telling",
    )
    draft = contents([version.pk])[version.pk]
    assert "Bussen" in draft
    submit(version=version, actor=lead.user)
    adopt(version=version, actor=lead.user)
    version.refresh_from_db()
    assert VersionSnapshot.objects.get(version=version).content == draft
    assert digest(contents([version.pk])[version.pk]) == version.digest
    Indicator.objects.update(target_value=50)
    assert rows_of(version, template)[0].cells["target"] == 100
    following = new_version(contract=version.contract, actor=lead.user)
    assert rows_of(following, template)[0].cells["target"] == 50
    assert following.table_rows.count() == 0, "no copy beside the indicator"
    client.force_login(lead.user)
    address = f"{following.get_absolute_url()}"
    page = client.get(f"{address}vergelijken/1/").content.decode()
    assert "−50 (−50%)" in page
    assert "Bussen" in client.get(f"{address}tabellen/B-3.1/").content.decode()
    pk = Indicator.objects.get().pk
    form = {"name": "Bussen", "target": "onzin", "version": "0"}
    assert "onzin" in client.post(f"{address}tabellen/B-3.1/{pk}/", form).content.decode()
    assert client.get(f"{version.get_absolute_url()}inhoud/").status_code == 200
