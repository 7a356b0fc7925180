"""A page that does one thing with a record: a short form, what follows from it, and one button."""

from collections.abc import Callable, Sequence
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect

from governance.services import Refused
from nss_portal.core.rendering import render
from nss_portal.core.workflow import TransitionRefused


def posted(request: HttpRequest) -> QueryDict | None:
    """Give what was sent, also when it is empty, or None when the page is only looked at."""
    return request.POST if request.method == "POST" else None


def complain(form: forms.BaseForm, error: ValidationError) -> None:
    """Put what a service refuses beside the fields that it is about."""
    if not hasattr(error, "error_dict"):
        form.add_error(None, error)
        return
    for field, texts in error.message_dict.items():
        for text in texts:
            form.add_error(field if field in form.fields else None, text)


def tried(form: forms.BaseForm, act: Callable[[], object]) -> bool:
    """Do something; say whether it went well. What was refused stands in the form."""
    try:
        act()
    except ValidationError as error:
        complain(form, error)
    except (TransitionRefused, Refused) as error:
        form.add_error(None, str(error))
    else:
        return True
    return False


def one_thing(
    request: HttpRequest,
    form: forms.BaseForm,
    act: Callable[[dict[str, Any]], object],
    *,
    title: str,
    action: str,
    back: str,
    intro: str = "",
    done: str = "",
    then: str = "",
    consequences: Sequence[str] = (),
    danger: bool = False,
) -> HttpResponse:
    """Show a form that does one thing, and do it; `then` is where that leads, `back` unless given."""
    if request.method == "POST" and form.is_valid() and tried(form, lambda: act(form.cleaned_data)):
        if done:
            messages.success(request, done)
        return redirect(then or back)
    context = {
        "title": title,
        "intro": intro,
        "action": action,
        "back_url": back,
        "form": form,
        "consequences": list(consequences),
        "danger": danger,
    }
    return render(request, "components/confirm.html", context)
