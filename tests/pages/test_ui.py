"""The tags of `{% load ui %}` and the way forms are drawn."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from django import forms
from django.contrib.auth.models import AnonymousUser
from django.core.paginator import Paginator
from django.template import Context, Template, TemplateSyntaxError
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils import translation

from nss_portal.core.registry import WorkItem
from nss_portal.core.time import today
from nss_portal.pages.templatetags import ui


class Form(forms.Form):
    name = forms.CharField(label="Naam", help_text="Zoals in het contract")
    reduction = forms.DecimalField(
        label="Daling", required=False, widget=forms.NumberInput(attrs={"unit": "kt", "class": "short"})
    )
    stand = forms.ChoiceField(
        label="Stand", choices=[("a", "Op koers"), ("b", "Achter")], widget=forms.RadioSelect
    )
    agreed = forms.BooleanField(label="Akkoord")
    token = forms.CharField(widget=forms.HiddenInput)


def context(query: str = "") -> Context:
    return Context({"request": RequestFactory().get(f"/lijst/?{query}")})


def test_crumbs_are_pairs_and_a_last_label():
    html = Template('{% load ui %}{% crumbs "Contracten" "/c/" "Eindhoven" %}').render(Context())
    assert '<a href="/c/">Contracten</a>' in html
    assert '<span aria-current="page">Eindhoven</span>' in html
    with pytest.raises(TemplateSyntaxError, match="last label"):
        Template('{% load ui %}{% crumbs "Contracten" "/c/" %}').render(Context())


@pytest.mark.parametrize(
    ("number", "pages", "shown"),
    [
        (1, 3, [1, 2, 3]),
        (1, 10, [1, 2, None, 10]),
        (5, 10, [1, None, 4, 5, 6, None, 10]),
        (4, 10, [1, 2, 3, 4, 5, None, 10]),
        (10, 10, [1, None, 9, 10]),
    ],
)
def test_page_numbers_are_few_and_a_gap_of_one_is_filled(number, pages, shown):
    assert ui.page_numbers(Paginator(range(pages), 1).page(number)) == shown


def test_pagination_keeps_the_filters():
    page = Paginator(range(30), 10).page(2)
    request = RequestFactory().get("/lijst/?niveau=eoi&page=2")
    request.user = AnonymousUser()
    html = render_to_string("components/pagination.html", {"page_obj": page}, request)
    assert "?niveau=eoi&amp;page=3" in html
    assert html.count('aria-current="page"') == 1


def test_a_list_of_one_page_has_no_pagination():
    page = Paginator(range(3), 10).page(1)
    assert render_to_string("components/pagination.html", {"page_obj": page}).strip() == ""


@pytest.mark.parametrize(
    ("query", "url", "state"),
    [
        ("", "?sort=naam", "none"),
        ("sort=naam&page=3", "?sort=-naam", "ascending"),
        ("sort=-naam", "?sort=naam", "descending"),
        ("q=x&sort=jaar", "?q=x&sort=naam", "none"),
    ],
)
def test_a_head_sorts_and_turns_round(query, url, state):
    assert ui.sort_url(context(query), "naam") == url
    assert ui.sort_state(context(query), "naam") == state


class Filters(forms.Form):
    search = forms.CharField(label="Zoeken", required=False)
    level = forms.ChoiceField(label="Niveau", choices=[("", "Alle"), ("eoi", "EoI-stad")], required=False)


def test_filters_in_force_are_chips_that_take_themselves_away():
    here = context("search=warmte&level=eoi&page=2&sort=naam")
    found = ui.active_filters(here, SimpleNamespace(form=Filters(here["request"].GET)))
    assert [(chip["label"], chip["value"], chip["url"]) for chip in found] == [
        ("Zoeken", "warmte", "?level=eoi&sort=naam"),
        ("Niveau", "EoI-stad", "?search=warmte&sort=naam"),
    ]
    alone = context("level=eoi")
    assert ui.active_filters(alone, SimpleNamespace(form=Filters(alone["request"].GET)))[0]["url"] == "/lijst/"


@pytest.mark.parametrize(
    ("days", "done", "label", "tone"),
    [
        (None, False, "wanneer het uitkomt", "neutral"),
        (0, False, "vandaag", "bad"),
        (1, False, "nog 1 dag", "bad"),
        (3, False, "nog 3 dagen", "bad"),
        (-1, False, "1 dag te laat", "bad"),
        (-2, False, "2 dagen te laat", "bad"),
        (-2, True, "klaar", "good"),
    ],
)
def test_a_due_date_is_said_in_words(days, done, label, tone):
    due = None if days is None else today() + timedelta(days=days)
    with translation.override("nl"):
        assert ui.due_status(WorkItem("Iets", "/", "Doen", 5, due=due, done=done)) == {
            "label": label,
            "tone": tone,
        }


def test_a_far_due_date_is_a_date():
    due = today() + timedelta(days=40)
    found = ui.due_status(WorkItem("Iets", "/", "Doen", 5, due=due))
    assert found["tone"] == "neutral"
    assert str(due.day) in found["label"]


def test_a_form_ties_hint_and_error_to_its_field():
    form = Form({"reduction": "veel"})
    html = str(form)
    assert 'aria-describedby="id_name_helptext id_name_error"' in html
    assert '<div class="helptext" id="id_name_helptext">Zoals in het contract</div>' in html
    assert 'id="id_reduction_error"' in html
    assert 'aria-invalid="true"' in html
    assert html.count("field--error") == 4


def test_a_form_says_what_is_not_required_and_names_the_unit():
    with translation.override("nl"):
        html = str(Form())
    assert html.count("(niet verplicht)") == 1
    assert 'class="textbox short"' in html
    assert '<span class="visually-hidden">(kt)</span>' in html
    assert " unit=" not in html


def test_radio_buttons_are_cards_in_a_fieldset_with_a_legend():
    html = str(Form()["stand"].as_field_group())
    assert '<legend class="field__label">Stand</legend>' in html
    assert html.count('<label class="choice"') == 2


def test_the_error_summary_leads_to_each_field_and_is_silent_without_errors():
    form = Form({"name": "x", "token": "t"})
    html = render_to_string("components/error_summary.html", {"form": form})
    assert 'href="#id_stand_0"' in html
    assert 'href="#id_agreed"' in html
    assert "id_name" not in html
    assert 'tabindex="-1"' in html
    assert render_to_string("components/error_summary.html", {"form": Form()}).strip() == ""


def test_a_hidden_field_has_no_label():
    html = str(Form())
    assert html.count('type="hidden"') == 1
    assert "Token" not in html
