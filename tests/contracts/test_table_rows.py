"""Tables of a draft: rows live where they belong, two colleagues do not lose a row, sums are worked out."""

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, transaction

from contracts.canonical import contents
from contracts.models import ContractStandard, ContractVersion, TableRow
from contracts.services.draft import save_party
from contracts.services.emission_rows import emission_revision
from contracts.services.errors import Refused
from contracts.services.tables import remove_row, save_row, save_text
from contracts.services.template_reference import load_templates
from contracts.services.version import adopt, new_version, submit
from contracts.tables.computed import sums_of, work_out
from contracts.tables.holding import Held, held_by
from contracts.tables.template import Template, template_of
from nss_portal.core.access import NotAllowed
from nss_portal.core.editing import EditConflict
from tests.access.cast import Person
from tests.contracts.make import make_draft

pytestmark = pytest.mark.django_db


def everything(version: ContractVersion, template: Template) -> Held:
    held = held_by(version, template.tables)
    work_out(held)
    return held


def test_the_numbering_drifts_but_what_is_asked_does_not(lead: Person) -> None:
    one, two = (template_of(ContractStandard.objects.get(code=code)) for code in ("nzc-v1", "nzc-v2"))
    for concept, codes in {"emissions": ("A-1.4", "A-1.3"), "emissions-gap": ("A-2.3", "A-2.1")}.items():
        assert tuple(each.of_concept(concept).code for each in (one, two)) == codes
    assert one.table("A-1.3").concept == "activity"
    assert sum(1 for _table in template_of(ContractStandard.objects.get(code="nl-1")).tables) == 9
    assert load_templates()[0] == "kinds of measures added 0", "a second time adds nothing"


def test_sums_and_gaps_follow_from_rows_wherever_they_live(lead: Person) -> None:
    version, template = make_draft(lead)
    version.base_year = 2018
    version.save()
    action = version.actions.get()
    write = {"version": version, "actor": lead.user}
    emissions, gap = template.of_concept("emissions"), template.of_concept("emissions-gap")
    money = template.of_concept("investments")
    row = {"year": 2018, "sector": "mobility", "scope1": Decimal(200), "scope2": Decimal(135)}
    save_row(**write, table=emissions, cells=row)
    save_row(**write, table=emissions, cells={"year": 2018, "sector": "Haven", "value": Decimal(65)})
    save_row(**write, table=gap, cells={"sector": "mobility", "target": Decimal(197), "other_plans": Decimal(100)})
    for kind, amount in (("capital", 12), ("operation", 3), ("savings", 1)):
        cells = {
            "action": action.code,
            "kind": kind,
            "year": 2027,
            "amount_meur": Decimal(amount),
            "payer": "city",
        }
        save_row(**write, table=money, cells=cells)
    held = everything(version, template)
    assert {row.cells["sector"]: row.computed["share"] for row in held.of("emissions")} == {
        "mobility": Decimal("83.8"),
        "Haven": Decimal("16.2"),
    }
    worked = held.of("emissions-gap")[0].computed
    assert worked == {"baseline": 335, "ccc": 49, "gap": 97, "residual": 186}
    assert held.of("actions")[0].computed == {"cost": 12, "cost_per_kt": Decimal("0.24")}
    sums = sums_of("investments", money.columns, held.of("investments"))
    assert sums == [], "a kind with one row needs no sum"
    assert version.contract.publication.code == f"contract-{version.contract.public_id.lower()}"


def test_two_colleagues_in_one_table_lose_no_row(lead: Person) -> None:
    version, template = make_draft(lead)
    write = {"version": version, "actor": lead.user}
    table = template.of_concept("barriers")
    ident = save_row(**write, table=table, cells={"barrier": "Vol stroomnet"})
    save_row(**write, table=table, cells={"barrier": "Vol net in het noorden"}, ident=ident, revision=0)
    with pytest.raises(EditConflict):
        save_row(**write, table=table, cells={"barrier": "Te weinig monteurs"}, ident=ident, revision=0)
    other = save_row(**write, table=table, cells={"barrier": "Te weinig monteurs"})
    assert [row.cells["barrier"] for row in everything(version, template).of("barriers")] == [
        "Vol net in het noorden",
        "Te weinig monteurs",
    ]
    remove_row(**write, table=table, ident=other)
    with pytest.raises(Refused):
        save_row(**write, table=table, cells={"barrier": "Weg"}, ident=other, revision=0)

    emissions = template.of_concept("emissions")
    ident = save_row(**write, table=emissions, cells={"year": 2018, "sector": "built", "value": Decimal(10)})
    seen = emission_revision(everything(version, template).of("emissions")[0])
    ident = save_row(**write, table=emissions, cells={"value": Decimal(11)}, ident=ident, revision=seen)
    with pytest.raises(EditConflict):
        save_row(**write, table=emissions, cells={"value": Decimal(12)}, ident=ident, revision=seen)
    with pytest.raises(ValidationError):
        save_row(**write, table=emissions, cells={"year": 2018, "sector": "built", "value": Decimal(9)})

    section = template.section("goal").record
    save_text(**write, section=section, text="Wij gaan voor 2030.")
    with pytest.raises(EditConflict):
        save_text(**write, section=section, text="Wij gaan voor 2031.")


def test_who_may_write_what(lead: Person) -> None:
    version, template = make_draft(lead)
    stranger, ministry = lead.cast.person("team"), lead.cast.person("ministry")
    cells = {"barrier": "Vol stroomnet"}
    with pytest.raises(NotAllowed):
        save_row(version=version, actor=ministry.user, table=template.of_concept("barriers"), cells=cells)
    party = save_party(
        version=version, actor=lead.user, name="Ministerie", group="ministry", organisation=ministry.own
    )
    promises = template.of_concept("commitments")
    cells = {"party": party.name, "title": "Vast contact", "status": "running", "owner": "directie Wonen"}
    with pytest.raises(NotAllowed):
        save_row(version=version, actor=ministry.user, table=promises, cells=cells)
    submit(version=version, actor=lead.user)
    ident = save_row(version=version, actor=ministry.user, table=promises, cells=cells)
    assert version.commitments.get(pk=ident).owner == "directie Wonen"
    if stranger.own != lead.own:
        with pytest.raises(NotAllowed):
            save_row(version=version, actor=stranger.user, table=promises, cells=cells)


def test_the_data_of_what_says_nothing_new_stays_as_it_was(lead: Person) -> None:
    version, _template = make_draft(lead)
    assert '"kind"' not in contents([version.pk])[version.pk]
    for word in ("tables", "texts", "emissions", "lever", "status", "legal_form"):
        assert f'"{word}":' not in contents([version.pk])[version.pk]


def test_rows_are_fixed_with_their_version_and_copied_into_the_next(lead: Person) -> None:
    version, template = make_draft(lead)
    write = {"version": version, "actor": lead.user}
    party = version.parties.get()
    details = template.of_concept("signatory-details")
    save_row(**write, table=details, cells={"party": party.name, "employees": Decimal(5)})
    save_party(**write, party=party, name="Gemeente Nieuw", group=party.group, organisation=party.organisation)
    assert TableRow.objects.get().cells["party"] == "Gemeente Nieuw", "rows follow a new name"
    save_text(**write, section=template.section("goal").record, text="Klimaatneutraal.")
    submit(version=version, actor=lead.user)
    adopt(version=version, actor=lead.user)
    assert '"employees":"5"' in version.snapshot.content
    assert "Klimaatneutraal." in version.snapshot.content
    with pytest.raises(DatabaseError), transaction.atomic():
        TableRow.objects.update(cells={})
    with pytest.raises(Refused):
        save_row(**write, table=details, cells={"party": "Gemeente Nieuw"})
    version.parties.update(responsible_name="wie nu tekent")
    copy = new_version(contract=version.contract, actor=lead.user)
    assert copy.table_rows.get().cells == {"party": "Gemeente Nieuw", "employees": "5"}
    assert copy.texts.get().text == "Klimaatneutraal."
    assert connection.is_usable()
