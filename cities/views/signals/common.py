"""What all pages about one signal share."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from cities.models import Signal
from cities.selectors_signals import answering_keys, holder_of, sender_keys, signed_by, with_people_of, writes
from cities.services.signals.cosigning import CosignRefused
from governance.models import Organisation
from nss_portal.core.access import NotAllowed, granted, require
from nss_portal.core.rendering import render
from nss_portal.core.workflow import TransitionRefused

Values = dict[str, Any]


def find(request: HttpRequest, public_id: str, *, history: bool = False) -> Signal:
    """Give a signal that the person may see, with sender, co-signers and addressees; 404 when there is none."""
    visible = Signal.objects.visible_to(request.user).select_related("experiment")
    found: Signal = get_object_or_404(with_people_of(visible, history=history), public_id=public_id)
    return found


def find_own(request: HttpRequest, public_id: str) -> Signal:
    """Give a signal that the person writes: 404 when it is not visible, 403 when it is another's."""
    signal = find(request, public_id)
    if not writes(request.user, signal):
        raise NotAllowed(_("Only {name} changes and sends this signal.").format(name=signal.organisation))
    return signal


def find_to_send(request: HttpRequest, public_id: str) -> Signal:
    """Give a signal on which the person acts as a sender or coordinator; 404 or 403 otherwise."""
    signal = find(request, public_id)
    require(request.user, "signal", "send", signal)
    return signal


def find_addressed(request: HttpRequest, public_id: str) -> Signal:
    """Give a signal that is addressed to the person's organisation; 404 or 403 otherwise."""
    signal = find(request, public_id)
    if not is_addressed(request, signal):
        raise NotAllowed(_("Only the addressee answers."))
    return signal


def is_addressed(request: HttpRequest, signal: Signal) -> bool:
    """Say whether the person answers for one of the present addressees; no query."""
    held = answering_keys(request.user)
    return not signal.is_draft and any(
        one.until is None and holder_of(one).pk in held for one in signal.addressees.all()
    )


def leads(request: HttpRequest, signal: Signal) -> bool:
    """Say whether the person answers for the addressee in the lead; no query."""
    held = answering_keys(request.user)
    return any(one.until is None and one.is_lead and holder_of(one).pk in held for one in signal.addressees.all())


def unread_warning(request: HttpRequest, nobody_at: Sequence[Organisation]) -> dict[str, Any] | None:
    """Say at which addressees nobody can read a signal yet, and what to do; None where there is none.

    A coordinator gets the links to invite somebody; no query.
    """
    if not nobody_at:
        return None
    invites = "all" in granted(request.user, "account", "invite")
    return {
        "title": _("Nobody at {names} can read this yet").format(names=named(nobody_at)),
        "text": _("There is no account there. Invite the person who answers; the signal waits for them.")
        if invites
        else _("There is no account there. The coordination team sees this too and invites somebody."),
        "links": [
            {
                "url": reverse("governance:invite", args=[one.public_id]),
                "label": _("Invite somebody of {name}").format(name=one.short_name or one.name),
            }
            for one in nobody_at
            if invites
        ],
    }


def own_senders(request: HttpRequest, signal: Signal) -> list[Organisation]:
    """Give the senders of a signal for whom the person acts: whose it is, and who signed. One query, or none."""
    keys = {signal.organisation_id, *signed_by(signal)} & sender_keys(request.user)
    if not keys:
        return []
    return list(Organisation.objects.filter(pk__in=keys).order_by("name"))


def act(
    request: HttpRequest,
    signal: Signal,
    *,
    form: forms.Form,
    title: str,
    action: str,
    do: Callable[[Values], object],
    done: str,
    consequences: Sequence[str] = (),
    danger: bool = False,
) -> HttpResponse:
    """Show a page with one form and, when it is sent and can be done, do it and go back to the signal."""
    if request.method == "POST" and form.is_valid():
        try:
            do(form.cleaned_data)
        except (TransitionRefused, CosignRefused) as error:
            form.add_error(None, str(error))
        except ValidationError as error:
            add_errors(form, error)
        else:
            messages.success(request, done)
            return redirect(signal)
    context = {
        "form": form,
        "title": title,
        "intro": signal.title,
        "consequences": consequences,
        "action": action,
        "back_url": signal.get_absolute_url(),
        "danger": danger,
    }
    return render(request, "cities/signal_act.html", {**context, "signal": signal})


def add_errors(form: forms.Form, error: ValidationError) -> None:
    """Put what a service refused at the fields it is about."""
    for name, texts in error.message_dict.items():
        form.add_error(name if name in form.fields else None, list(texts))


def named(organisations: Iterable[Organisation]) -> str:
    """Name organisations in a line."""
    return ", ".join(one.short_name or one.name for one in organisations)
