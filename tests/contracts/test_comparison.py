"""Two versions beside each other: words, numbers, rows, and parts that the comparison was never told of."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from contracts.comparison import compare
from contracts.models import Action, ContractVersion
from contracts.snapshot_words import unfolded
from tests.access.cast import Cast, make_city
from tests.contracts.make import fix, make_action, make_contract, make_version


def action(code: str = "warmte", **fields: Any) -> dict[str, Any]:
    return {
        "code": code,
        "title": "Warmtenet aanleggen",
        "sector": "built",
        "effect_kt": "60.4",
        "investments": [{"amount_meur": "100", "payer": "city", "year": None}],
        **fields,
    }


def test_numbers_differ_by_so_much() -> None:
    (part,) = compare({"actions": [action()]}, {"actions": [action(effect_kt="45.3")]})
    (row,) = part.rows
    (field,) = row.fields
    assert (field.before, field.after, field.difference) == ("60,4", "45,3", "−15,1 (−25%)")
    assert part.total is not None
    assert part.total.after == "45,3"


def test_texts_word_by_word_and_choices_in_words() -> None:
    new = action(title="Groot warmtenet aanleggen", sector="energy")
    (part,) = compare({"actions": [action()]}, {"actions": [new]})
    title, sector = part.rows[0].fields
    assert [(piece.kind, piece.text.strip()) for piece in title.pieces if piece.kind != "same"] == [
        ("gone", "Warmtenet"),
        ("new", "Groot warmtenet"),
    ]
    assert (sector.before, sector.after) == ("gebouwde omgeving", "energie")


def test_rows_come_and_go_and_keep_their_place() -> None:
    old = {"actions": [action("a"), action("b"), action("c")]}
    new = {"actions": [action("c"), action("a"), action("d", title="Zon op daken")]}
    (part,) = compare(old, new)
    assert (part.added, part.removed, part.changed, part.same) == (1, 1, 0, 2)
    assert part.rows[0].title == "Zon op daken"


def test_a_number_that_was_not_there_has_no_difference() -> None:
    (part,) = compare({"actions": [action(effect_kt=None)]}, {"actions": [action()]})
    (field,) = part.rows[0].fields
    assert (field.before, field.after, field.difference) == ("", "60,4", "")


def test_money_of_an_action_by_sum_and_by_who_pays() -> None:
    posts = [{"amount_meur": "100", "payer": "city"}, {"amount_meur": "50.5", "payer": "companies"}]
    (part,) = compare({"actions": [action()]}, {"actions": [action(investments=posts)]})
    amount, whole = part.rows[0].fields
    assert amount.difference == "+50,5 (+51%)"
    assert "bedrijven" in whole.after


def test_parts_that_it_was_never_told_of() -> None:
    old = {"module": {"b_1": "Wij doen mee."}, "indicators": [{"code": "I1", "value": "3"}], "schema": "x"}
    new = {
        "module": {"b_1": "Wij doen allemaal mee."},
        "indicators": [{"code": "I1", "value": "4"}],
        "schema": "y",
    }
    module, indicators = compare(old, new)
    assert [piece.text.strip() for piece in module.fields[0].pieces if piece.kind == "new"] == ["allemaal"]
    assert indicators.rows[0].fields[0].difference == "+1 (+33%)"


def test_texts_and_tables_of_a_form_under_their_titles() -> None:
    names = {"section:b1": "Huidige stand", "table:B-1": "Beleid", "column:B-1:effect": "Effect (kt)"}
    old, new = (
        {
            "texts": [{"section": "b1", "text": f"Wij isoleren {number} woningen.", "text_en": ""}],
            "tables": {"B-1": [{"code": "rij", "cells": {"effect": str(number), "jaar": "2027"}}]},
            "emissions": [{"year": 2020, "sector": "built", "label": "Wonen", "scope": "", "kt": str(number)}],
        }
        for number in (100, 125)
    )
    found = {part.key: part for part in compare(unfolded(old, names), unfolded(new, names))}
    table, texts, emissions = found["Beleid"], found["texts"], found["emissions"]
    assert (texts.label, texts.rows[0].title) == ("Teksten", "Huidige stand")
    assert table.label == "Beleid"
    assert [(field.label, field.difference) for field in table.rows[0].fields] == [("Effect (kt)", "+25 (+25%)")]
    assert emissions.rows[0].title == "Wonen 2020"


def two_versions(city: Any, sharing: str = "published") -> ContractVersion:
    contract = make_contract(city, sharing=sharing)
    first = make_version(contract, "published", summary="Wij worden klimaatneutraal in 2030.")
    ContractVersion.objects.filter(pk=first.pk).update(state="superseded")
    return make_version(contract, number=2, summary="Wij worden klimaatneutraal in 2035.")


@pytest.mark.django_db
def test_the_page_shows_what_was_frozen(client: Any) -> None:
    lead = Cast().person("team", leads=True)
    draft = two_versions(lead.own)
    Action.objects.filter(version=draft).update(effect_kt="60")
    make_action(draft, "Zon op daken")
    page = f"{draft.get_absolute_url()}vergelijken/"
    client.force_login(lead.user)

    answer = client.get(page, follow=True)

    assert answer.redirect_chain[-1][0] == f"{page}1/"
    html = answer.content.decode()
    assert "<del>2030</del>" in html
    assert "<ins>2035</ins>" in html
    assert "+11 (+22%)" in html
    assert "Zon op daken" in html
    assert client.get(f"{page}9/").status_code == 404


@pytest.mark.django_db
def test_a_draft_is_compared_by_its_own_city_only(client: Any) -> None:
    draft = two_versions(make_city())
    assert client.get(f"{draft.get_absolute_url()}vergelijken/1/").status_code == 404
    published = draft.contract.versions.get(number=1)
    assert client.get(f"{published.get_absolute_url()}vergelijken/2/").status_code == 404


@pytest.mark.django_db
def test_no_query_more_for_more_actions(client: Any) -> None:
    counts = []
    for actions in (1, 3):
        contract = make_contract(make_city(), sharing="published")
        first = make_version(contract, "published")
        ContractVersion.objects.filter(pk=first.pk).update(state="superseded")
        second = make_version(contract, number=2)
        for number in range(actions):
            make_action(second, f"Actie {number}")
        fix(second, "published")
        with CaptureQueriesContext(connection) as seen:
            assert client.get(f"{second.get_absolute_url()}vergelijken/1/").status_code == 200
        counts.append(len(seen))
    assert counts == [5, 5]
