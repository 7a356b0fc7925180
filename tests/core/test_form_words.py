"""What forms say when something is filled in wrongly: the portal's own words, in every form."""

import inspect

import polib
import pytest
from django import forms
from django.forms import fields, models
from django.utils.translation import override

from cities.models import Theme
from nss_portal.core.models import Job
from nss_portal.core.translations import catalogue

RARE = {"Enter a valid duration.", "Enter a valid UUID.", "Enter a valid JSON.", "Enter a valid domain name."}


class Form(forms.Form):
    number = forms.DecimalField(max_value=3, decimal_places=1)
    day = forms.DateField()
    text = forms.CharField(max_length=3)
    mail = forms.EmailField()
    choice = forms.ChoiceField(choices=[("a", "A")])
    nothing = forms.CharField()


def test_what_is_wrong_is_said_in_our_words() -> None:
    data = {"number": "veel", "day": "morgen", "text": "abcd", "mail": "naam", "choice": "b"}
    with override("nl"):
        said = {name: str(errors[0]) for name, errors in Form(data).errors.items()}
        too_much = Form({"number": "3.55"}).errors["number"]
    assert said == {
        "number": "Vul een getal in.",
        "day": "Vul een datum in, bijvoorbeeld 3-5-2027.",
        "text": "Dit is te lang: hoogstens 3 tekens, nu zijn het er 4.",
        "mail": "Vul een e-mailadres in, bijvoorbeeld naam@gemeente.nl.",
        "choice": "‘b’ is hier geen mogelijkheid. Maak een keuze van de pagina.",
        "nothing": "Dit ontbreekt nog.",
    }
    assert list(too_much) == ["Vul 3 of minder in.", "Vul hoogstens 1 cijfer achter de komma in."]


def test_no_text_of_django_is_left_out() -> None:
    ours = {entry.msgid for entry in polib.pofile(str(catalogue("nss_portal")))}
    kinds = [kind for module in (fields, models) for kind in vars(module).values() if inspect.isclass(kind)]
    with override("en"):
        texts = {
            str(text)
            for kind in kinds
            if issubclass(kind, forms.CharField | forms.ChoiceField | forms.IntegerField | models.ModelChoiceField)
            for text in kind.default_error_messages.values()
        }
    assert texts - RARE <= ours


@pytest.mark.django_db
def test_the_choice_of_nothing_has_words() -> None:
    field = forms.ModelChoiceField(Theme.objects.all(), required=False)
    with override("nl"):
        html = type("Form", (forms.Form,), {"theme": field})()["theme"].as_widget()
    assert "---" not in html
    assert ">Maak een keuze</option>" in html


def test_the_title_of_a_job_is_in_the_reader_s_language_where_it_is_a_text_of_ours() -> None:
    with override("nl"):
        assert str(Job(title="Annual review: what today asks for")).startswith("Jaarlijkse herijking")
        assert str(Job(title="Iets van 2026", kind="x")) == "Iets van 2026"
        assert str(Job(kind="core.x")) == "core.x"
