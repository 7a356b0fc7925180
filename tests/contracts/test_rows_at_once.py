"""Thousands of rows at once: the same few queries, every row in the log, limits said before anything is taken."""

import io
import json
import re
from collections.abc import Callable
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from contracts.models import Action, Indicator, Investment
from contracts.services.errors import Refused
from contracts.services.exchange import apply_plan, plan_of, read_content, read_paste, take_paste
from contracts.services.row_changes import RowChange
from contracts.services.version import submit
from contracts.services.writing_rows import write_rows
from contracts.tables.holding import held_by
from contracts.tables.presenting import PAGE
from contracts.tables.template import Template
from nss_portal.core.access import NotAllowed
from nss_portal.core.editing import EditConflict
from nss_portal.core.models.audit import AuditEvent, Event
from tests.access.cast import Person
from tests.contracts.make import make_draft, make_party

pytestmark = pytest.mark.django_db

# Rows as somebody pastes them: which columns, and what the row of a number says there.
ROWS: dict[str, tuple[tuple[str, ...], Callable[[int], str]]] = {
    "signatories": (("name", "group"), lambda n: f"Partij {n}\tcompany"),
    "actions": (("title", "sector", "effect_kt"), lambda n: f"Actie {n}\tmobiliteit\t{n},5"),
    "commitments": (("party", "title"), lambda n: f"{{city}}\tBelofte {n}"),
    "investments": (
        ("action", "kind", "year", "amount_meur"),
        lambda n: f"Nul-emissiezone\tCAPEX\t{2020 + n}\t{n},5",
    ),
    "emissions": (("year", "sector", "value"), lambda n: f"{1990 + n}\tmobiliteit\t{n + 1}"),
    "indicators": (("name", "unit"), lambda n: f"Teller {n}\tstuks"),
    "barriers": (("barrier",), lambda n: f"Drempel {n}"),
}


def pasted(template: Template, concept: str, rows: int, city: str) -> str:
    """Give rows of a table as text, in the order of the columns that they name."""
    keys, line = ROWS[concept]
    table = template.of_concept(concept)
    heads = "\t".join(table.column(key).title for key in keys)
    return heads + "\n" + "".join(line(n).format(city=city) + "\n" for n in range(rows))


@pytest.mark.parametrize(
    ("concept", "queries"),
    [
        ("signatories", 23),
        ("actions", 26),
        ("commitments", 28),
        ("investments", 24),
        ("emissions", 30),
        ("indicators", 24),
        ("barriers", 21),
    ],
)
def test_many_rows_cost_as_many_queries_as_few(concept: str, queries: int, lead: Person) -> None:
    counts = []
    # The first time reads what is kept in memory from then on.
    for rows in (1, 3, 30):
        version, template = make_draft(lead)
        table = template.of_concept(concept)
        before = len(held_by(version, [table]).of(concept))
        text = pasted(template, concept, rows, str(version.parties.get().name))
        plan, taken = take_paste(version=version, actor=lead.user, table=table, text=text)
        assert (len(plan.new), plan.refused, taken) == (rows, [], False)
        events = AuditEvent.objects.count()
        with CaptureQueriesContext(connection) as asked:
            _plan, taken = take_paste(
                version=version, actor=lead.user, table=table, text=text, fingerprint=plan.fingerprint
            )
        assert taken
        assert len(held_by(version, [table]).of(concept)) == before + rows
        assert AuditEvent.objects.count() == events + rows, "each row has its own event"
        counts.append(len(asked))
    assert counts[1:] == [queries, queries]


def test_rows_that_change_are_written_at_once_with_their_history(lead: Person) -> None:
    version, template = make_draft(lead)
    table = template.of_concept("actions")
    apply_plan(
        version=version,
        actor=lead.user,
        plan=plan_of(version, template, read_paste(version, table, pasted(template, "actions", 30, ""))),
    )
    counts = []
    for number in (3, 30):
        rows = held_by(version, [table]).of("actions")[1 : number + 1]
        changes = [
            RowChange({"effect_kt": Decimal(1000 + number), "comments": "Herzien"}, row.ident, row.revision)
            for row in rows
        ]
        with CaptureQueriesContext(connection) as asked:
            idents = write_rows(version=version, actor=lead.user, table=table, changes=changes)
        counts.append(len(asked))
        assert idents == [row.ident for row in rows]
    assert counts[0] == counts[1]
    changed = Action.objects.filter(version=version, effect_kt=1030)
    assert changed.count() == 30
    assert set(changed.values_list("revision", flat=True)) == {1, 2}
    assert set(changed.values_list("sector", flat=True)) == {"mobility"}, "what was not changed stays"
    event = AuditEvent.objects.filter(object_id=idents[-1], event=Event.CHANGED).get()
    assert event.changes["effect_kt"] == ["29.500", "1030"]
    assert AuditEvent.objects.filter(object_type="contracts.action", event=Event.CHANGED).count() == 33


def test_all_rows_or_none(lead: Person) -> None:
    version, template = make_draft(lead)
    table = template.of_concept("actions")
    kept = held_by(version, [table]).of("actions")[0]
    fresh = {"title": "Een nieuwe", "sector": "energy"}
    late = RowChange({"title": "Van een collega"}, kept.ident, kept.revision - 1 if kept.revision else 7)
    with pytest.raises(EditConflict):
        write_rows(version=version, actor=lead.user, table=table, changes=[RowChange(fresh), late])
    with pytest.raises(Refused):
        write_rows(
            version=version, actor=lead.user, table=table, changes=[RowChange(fresh), RowChange(fresh, "999999")]
        )
    with pytest.raises(ValidationError, match="B7"):
        write_rows(
            version=version,
            actor=lead.user,
            table=table,
            changes=[RowChange(fresh), RowChange({**fresh, "effect_kt": Decimal(-1)}, address="B7")],
        )
    parties = [RowChange({"name": "Tweemaal", "group": "company"}, address=f"A{row}") for row in (2, 3)]
    with pytest.raises(ValidationError):
        write_rows(version=version, actor=lead.user, table=template.of_concept("signatories"), changes=parties)
    assert (version.actions.count(), version.parties.count()) == (1, 1)
    same = [RowChange(fresh), RowChange(fresh)]
    write_rows(version=version, actor=lead.user, table=table, changes=same)
    assert version.actions.filter(title="Een nieuwe").values("code").distinct().count() == 2


def test_who_may_write_many_rows(lead: Person) -> None:
    version, template = make_draft(lead)
    partner = lead.cast.person("partner")
    make_party(version, partner.own)
    city = version.parties.get(is_leading=True)
    submit(version=version, actor=lead.user)
    promises = template.of_concept("commitments")
    own, theirs = ({"party": name, "title": "Doen wij"} for name in (partner.own.name, city.name))

    def write(*cells: dict[str, str], table: str = "commitments") -> None:
        changes = [RowChange(each) for each in cells]
        write_rows(version=version, actor=partner.user, table=template.of_concept(table), changes=changes)

    write(own, own)
    with pytest.raises(NotAllowed):
        write(own, theirs)
    with pytest.raises(NotAllowed):
        write({"title": "Een actie", "sector": "energy"}, table="actions")
    promise = city.commitments.get()
    with pytest.raises(NotAllowed):
        write_rows(
            version=version,
            actor=partner.user,
            table=promises,
            changes=[RowChange({"title": "Van een ander"}, str(promise.pk), promise.revision)],
        )
    assert version.commitments.count() == 3


def test_the_same_paste_sent_twice_is_taken_once(lead: Person, client: Client) -> None:
    version, template = make_draft(lead)
    client.force_login(lead.user)
    url = f"{version.get_absolute_url()}tabellen/{template.of_concept('barriers').code}/plakken/"
    text = "Belemmering\nNet vol\nGeen monteurs\n"
    mark = re.search(r'name="fingerprint" value="(\w+)"', client.post(url, {"rows": text}).content.decode())
    assert mark is not None
    assert client.post(url, {"rows": text, "fingerprint": mark[1]}).status_code == 302
    again = client.post(url, {"rows": text, "fingerprint": mark[1]})
    assert (again.status_code, version.table_rows.count()) == (200, 2)
    more = client.post(url, {"rows": text + "Geld\n", "fingerprint": mark[1]}).content.decode()
    assert "sinds je keek" in more
    assert version.table_rows.count() == 2


def test_what_does_not_fit_is_said_at_the_preview(lead: Person, client: Client) -> None:
    version, template = make_draft(lead)
    client.force_login(lead.user)
    table = template.of_concept("indicators")
    url = f"{version.get_absolute_url()}tabellen/{table.code}/plakken/"
    text = pasted(template, "indicators", 201, "")
    page = client.post(url, {"rows": text}).content.decode()
    assert "ten hoogste 200 rijen" in page
    assert 'name="fingerprint"' not in page
    assert "Teller 200" in page, "what was pasted stays"
    plan = plan_of(version, template, read_paste(version, table, text))
    with pytest.raises(Refused, match="200"):
        apply_plan(version=version, actor=lead.user, plan=plan)
    assert Indicator.objects.count() == 0
    document = json.dumps({"schema": "nss-contract/1", "tables": [{"concept": "indicators", "rows": []}]})
    held = json.loads(document)
    held["tables"][0]["rows"] = [{"cells": {"name": f"Teller {n}"}} for n in range(201)]
    upload = io.BytesIO(json.dumps(held).encode())
    upload.name = "contract.json"
    there = client.post(f"{version.get_absolute_url()}invoer/", {"file": upload})["Location"]
    looked = client.get(there).content.decode()
    assert "ten hoogste 200 rijen" in looked
    assert 'name="fingerprint"' not in looked


def test_rows_that_cannot_be_kept_are_named_before_the_rest_is_taken(lead: Person) -> None:
    version, template = make_draft(lead)

    def refused(concept: str, text: str) -> list[str]:
        plan = plan_of(version, template, read_paste(version, template.of_concept(concept), text))
        apply_plan(version=version, actor=lead.user, plan=plan)
        return [place for place, _text in plan.refused]

    titles = {key: template.of_concept("signatories").column(key).title for key in ("name", "group")}
    heads = f"{titles['name']}\t{titles['group']}\n"
    assert refused("signatories", f"{heads}Bedrijf\tcompany\nBEDRIJF\tcompany\n{'x' * 201}\tcompany\n") == [
        "A4",
        "A3",
    ]
    assert [str(each) for each in version.parties.order_by("pk")][1:] == ["Bedrijf"]
    years = pasted(template, "emissions", 2, "") + "1991\tmobiliteit\t8\n2001\tmobiliteit\t\n"
    assert refused("emissions", years) == ["A4", "A5"]
    names = [
        template.of_concept("indicators").column(key).title for key in ("name", "initial_year", "target_year")
    ]
    rows = "Goed\t2020\t2030\nFout\t2030\t2030\nGoed\t2020\t2030\n"
    assert refused("indicators", "\t".join(names) + "\n" + rows) == ["A3", "A4"]
    assert Indicator.objects.get().title == "Goed"


def test_numbers_are_rounded_to_what_is_kept_and_that_is_said(lead: Person) -> None:
    version, template = make_draft(lead)
    csv = b"Actie;Soort bedrag;Jaar;Bedrag (euro)\r\nNul-emissiezone;CAPEX;2030;1234567\r\n"
    plan = plan_of(version, template, read_content(version, template, csv, "geld.csv"))
    assert any("1,234567" in text and "1,235" in text for _place, text in plan.notes)
    apply_plan(version=version, actor=lead.user, plan=plan)
    assert Investment.objects.get(version=version).amount_meur == Decimal("1.235")


def test_a_year_out_of_reach_is_left_out_of_a_document(lead: Person) -> None:
    version, template = make_draft(lead)
    held = {
        "schema": "nss-contract/1",
        "version": {"target_year": 20300, "base_year": 20230},
        "texts": [{"section": template.sections[0].record.code, "text": "x" * 20_001}],
        "tables": [
            {"concept": "signatories", "rows": [{"code": "p1", "cells": {"name": "A", "group": "company"}}]}
        ],
    }
    plan = plan_of(version, template, read_content(version, template, json.dumps(held).encode(), "a.json"))
    assert {place for place, _text in plan.refused} >= {"version.target_year", "version.base_year"}
    assert (len(plan.refused), plan.version, plan.texts) == (3, {}, [])
    apply_plan(version=version, actor=lead.user, plan=plan)
    assert version.parties.filter(name="A").exists()


def test_a_long_table_comes_in_pages_with_the_sums_of_all_its_rows(lead: Person, client: Client) -> None:
    version, template = make_draft(lead)
    client.force_login(lead.user)
    table = template.of_concept("investments")
    action = version.actions.get()
    Investment.objects.bulk_create(
        Investment(version=version, action=action, year=2030, capital_source=f"Bron {n}", amount_meur=1)
        for n in range(PAGE + 1)
    )
    url = f"{version.get_absolute_url()}tabellen/{table.code}/"
    first, second = (client.get(url, {"page": page}).content.decode() for page in (1, 2))
    assert first.count("<tr>") == PAGE + 1
    assert second.count("<tr>") == 2
    assert "Bron 200" not in first
    for page in (first, second):
        assert f"{PAGE + 1} mln euro" in page.replace("miljoen", "mln")
    last = Investment.objects.order_by("pk").last()
    assert last is not None
    assert "Bron 200" in client.get(url, {"rij": last.pk}).content.decode()
    there = f"{url}{last.pk}/"
    assert f"?rij={last.pk}" in client.get(there).content.decode()
    cells = {"action": action.code, "kind": "capital", "amount_meur": "2", "version": last.revision}
    assert client.post(there, cells)["Location"] == f"{url}?rij={last.pk}"
    book = load_workbook(io.BytesIO(client.get(f"{url[:-1]}.xlsx").content))
    assert book.active.max_row == PAGE + 2
    client.logout()
    assert client.get(f"{url[:-1]}.xlsx").status_code in {302, 404}
