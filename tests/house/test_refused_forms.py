"""A form that is filled in wrongly is answered with its page and status 422, in the whole portal alike."""

import re
from pathlib import Path

import pytest
from django import forms
from django.http import HttpResponse
from django.template.response import TemplateResponse
from django.test import Client, RequestFactory

from nss_portal.core.kept import KeptPart
from nss_portal.core.rendering import RefusedFormMiddleware, is_refused
from tests.access.cast import Cast

ROOT = Path(__file__).parent.parent.parent
APPS = ("governance", "cities", "activities", "contracts", "nss_portal")


class NameForm(forms.Form):
    name = forms.CharField()


def test_every_view_answers_through_the_one_way() -> None:
    found = [
        str(path.relative_to(ROOT))
        for app in APPS
        for path in (ROOT / app).rglob("*.py")
        if re.search(r"from django\.shortcuts import[^\n]*\brender\b", path.read_text())
    ]
    assert found == []


@pytest.mark.parametrize("wrap", [lambda form: form, lambda form: [form], lambda form: {"a": form}])
def test_what_is_refused(wrap: object) -> None:
    post, get = RequestFactory().post("/"), RequestFactory().get("/")
    wrong, right, unseen, empty = NameForm({}), NameForm({"name": "x"}), NameForm({}), NameForm()
    formsets = forms.formset_factory(NameForm)
    sent = {"form-TOTAL_FORMS": "1", "form-INITIAL_FORMS": "1"}
    several = formsets(sent)
    assert not wrong.is_valid()
    assert not several.is_valid()
    assert right.is_valid()
    assert is_refused(post, {"form": wrap(wrong), "text": "x"})
    assert is_refused(post, {"form": wrap(several)})
    assert is_refused(post, {"body": KeptPart(post, "part", lambda: {"form": wrap(wrong)})})
    assert not is_refused(get, {"form": wrap(wrong)})
    for form in (right, unseen, empty, formsets(sent)):
        assert not is_refused(post, {"form": wrap(form)})


def test_pages_of_libraries_too() -> None:
    form = NameForm({})
    form.is_valid()
    request = RequestFactory().post("/")
    through = RefusedFormMiddleware(lambda _request: HttpResponse()).process_template_response
    assert through(request, TemplateResponse(request, "404.html", {"form": form})).status_code == 422
    assert through(request, TemplateResponse(request, "404.html", {})).status_code == 200


# One form of each kind: of a view that renders itself, of one that does one thing, of a library.
FORMS = [
    "/sturing/overleggen/plannen/",
    "/sturing/overleggen/boegbeelden/nieuw/",
    "/sturing/zelfbeoordeling/nieuw/",
    "/sturing/varianten/voorstellen/",
    "/sturing/varianten/evaluatie/beginnen/",
    "/sturing/organisaties/nieuw/",
    "/programmas/nieuw/",
    "/lessen/nieuw/",
]


@pytest.mark.django_db
@pytest.mark.parametrize("address", FORMS)
def test_an_empty_form_is_refused_with_its_page(client: Client, address: str) -> None:
    client.force_login(Cast().person("coordinator").user)
    answer = client.post(address, {"reason": ""})
    assert answer.status_code == 422
    assert "<form" in answer.content.decode()


@pytest.mark.django_db
def test_a_wrong_login_is_refused_with_its_page(client: Client) -> None:
    answer = client.post("/account/inloggen/", {"login": "niemand@voorbeeld.example", "password": "x"})
    assert answer.status_code == 422
    assert "niemand@voorbeeld.example" in answer.content.decode()
