"""What pages of programmes have in common: finding one, and a short form that does one thing."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Model
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from activities.models import Programme
from nss_portal.core.access import require
from nss_portal.core.conflicts import beside, sent_again
from nss_portal.core.editing import EditConflict
from nss_portal.core.rendering import render
from nss_portal.core.workflow import TransitionRefused

Values = dict[str, Any]


def visible(request: HttpRequest, public_id: str) -> Programme:
    """Give a programme that the person may see; raises Http404."""
    seen = Programme.objects.visible_to(request.user).select_related("organisation")
    return get_object_or_404(seen, public_id=public_id)


def changeable(request: HttpRequest, public_id: str) -> Programme:
    """Give one that the person may change: 404 when it is not visible, 403 when it is not theirs."""
    programme = visible(request, public_id)
    require(request.user, "programme", "change", programme)
    return programme


def complain(form: forms.Form, error: ValidationError) -> None:
    """Put what a service refuses beside the fields that it is about."""
    if not hasattr(error, "error_dict"):
        form.add_error(None, error)
        return
    for field, texts in error.message_dict.items():
        for text in texts:
            form.add_error(field if field in form.fields else None, text)


def one_thing(
    request: HttpRequest,
    programme: Programme,
    form: forms.Form,
    act: Callable[[Values], object],
    *,
    title: str,
    action: str,
    place: str = "",
    done: str = "",
    intro: str = "",
    consequences: Iterable[str] = (),
    danger: bool = False,
    back: str = "",
    more: Mapping[str, Any] | None = None,
) -> HttpResponse:
    """Show a form that does one thing, and do it; what is wrong stands beside its field, nothing typed is lost."""
    back = back or programme.get_absolute_url() + (f"#{place}" if place else "")
    if request.method == "POST" and form.is_valid():
        try:
            act(form.cleaned_data)
        except ValidationError as error:
            complain(form, error)
        except TransitionRefused as error:
            form.add_error(None, str(error))
        else:
            if done:
                messages.success(request, done)
            return redirect(back)
    context = {
        "programme": programme,
        "form": form,
        "title": title,
        "action": action,
        "intro": intro,
        "consequences": consequences,
        "danger": danger,
        "back_url": back,
        "covenant": None,
        **(more or {}),
    }
    return render(request, "activities/programmes/one_thing.html", context)


def draft_page(
    request: HttpRequest,
    programme: Programme,
    make_form: Callable[[Any], forms.Form],
    save: Callable[[Values], Model],
    *,
    title: str,
    intro: str,
    context: Mapping[str, Any],
) -> HttpResponse:
    """Show a form that two people may have open at once; a colleague's change in between is shown beside it.

    The context may hold `autosave_url`, `saved_at`, `back_url`.
    """
    form = make_form(request.POST if request.method == "POST" else None)
    conflict: list[Values] = []
    if request.method == "POST" and form.is_valid():
        try:
            save(form.cleaned_data)
        except EditConflict as error:
            conflict = beside(form, error)
            form = make_form(sent_again(request, error))
        except ValidationError as error:
            complain(form, error)
        except TransitionRefused as error:
            form.add_error(None, str(error))
        else:
            return redirect(context["back_url"])
    page = {"programme": programme, "form": form, "title": title, "intro": intro, "conflict": conflict, **context}
    status = 409 if conflict else 200
    return render(request, "activities/programmes/draft.html", page, status=status)


def autosaved(form: forms.Form, save: Callable[[Values], Any]) -> JsonResponse:
    """Save while somebody types; answers with the time and the new version, or with what to do."""
    message = _("Not saved by itself. Save the form to see what is asked.")
    if not form.is_valid():
        return JsonResponse({"message": message}, status=422)
    try:
        saved = save(form.cleaned_data)
    except EditConflict:
        text = _("A colleague changed this in the meantime. Save to see both texts.")
        return JsonResponse({"message": text}, status=409)
    except (ValidationError, TransitionRefused):
        return JsonResponse({"message": message}, status=422)
    return JsonResponse({"saved_at": timezone.localtime().strftime("%H.%M"), "version": saved.version})
