"""The public form to take part, the asker's personal link, and the decision of the coordination team."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters

from cities.forms.involvement import DecisionForm, TakePartForm
from cities.models import InvolvementRequest, Municipality
from cities.models.involvement import Level
from cities.models.request import RequestState
from cities.presenting import REQUEST_TONES, days_waiting, transition_history
from cities.selectors import requests_to_decide
from cities.services import requests as services
from cities.services.throttle import too_often
from cities.views.codes import find_municipality
from cities.views.posting import posted
from nss_portal.core.access import Actor, LinkActor, NotAllowed, may
from nss_portal.core.rendering import render
from nss_portal.core.workflow import TransitionRefused

PER_HOUR = 20
DECIDED_SHOWN = 20


def _actor(request: HttpRequest) -> Actor:
    """Give who sends the form: a member, or a visitor, who is called so in the log."""
    if request.user.is_authenticated:
        return request.user
    return LinkActor(label=_("visitor, by the public form"), organisation_id=None, purpose="form")


def _known(request: HttpRequest) -> dict[str, str]:
    """Give what the portal knows of a member already."""
    user = request.user
    return {"name": user.name, "email": user.email} if user.is_authenticated else {}


@sensitive_post_parameters("email")
def take_part(request: HttpRequest, code: str = "") -> HttpResponse:
    """'My municipality wants to take part': chosen in the form or named in the address."""
    municipality = find_municipality(request, code) if code else None
    if municipality is not None and not services.may_ask(request.user, municipality):
        raise NotAllowed(_("You can ask this for your own municipality only."))
    form = TakePartForm(posted(request), municipality=municipality, initial=_known(request))
    status = 200
    if request.method == "POST":
        if too_often(request, form="take-part", most=PER_HOUR, seconds=3600):
            form.add_error(None, _("From here this form was sent often. Wait an hour and send it again."))
            status = 429
        elif form.is_valid() and _receive(request, form, municipality):
            return redirect("cities:request_received")
    context = {"form": form, "municipality": municipality, "takes_part": _takes_part(municipality)}
    return render(request, "cities/take_part.html", context, status=status)


def _takes_part(municipality: Municipality | None) -> bool:
    if municipality is None:
        return False
    present = municipality.involvements.filter(valid_to__isnull=True)
    return present.exclude(level=Level.OTHER).exists()


def _receive(request: HttpRequest, form: TakePartForm, municipality: Municipality | None) -> bool:
    values: dict[str, Any] = {key: form.cleaned_data[key] for key in ("name", "email", "position", "motivation")}
    chosen = municipality or form.cleaned_data["municipality"]
    try:
        received = services.ask_to_take_part(actor=_actor(request), municipality=chosen, **values)
    except ValidationError as error:
        for field, texts in error.message_dict.items():
            for text in texts:
                form.add_error(field if field in form.fields else None, text)
        return False
    request.session["asked"] = {
        "municipality": str(chosen),
        "email": values["email"],
        "verified": received.verified_at is not None,
    }
    return True


def received(request: HttpRequest) -> HttpResponse:
    """The receipt: what was received and what happens next."""
    asked = request.session.get("asked")
    if not asked:
        return redirect("cities:take_part")
    return render(request, "cities/request_received.html", {"asked": asked})


def link(request: HttpRequest, token: str) -> HttpResponse:
    """The asker's personal link: confirm the address, see where the request stands, take it back.

    Opening it changes nothing, since mail programs open links by themselves; a button does.
    """
    found = services.request_of_link(token)
    if found is None:
        return render(request, "cities/request_link_invalid.html", {"days": services.LINK_DAYS}, status=404)
    if request.method == "POST":
        try:
            if "withdraw" in request.POST:
                services.withdraw_request(actor=services.asker(found), request=found)
                messages.success(request, _("The request is taken back."))
            else:
                services.verify_address(actor=services.asker(found), request=found)
                messages.success(request, _("Thank you. The coordination team has the request now."))
        except TransitionRefused as error:
            messages.error(request, str(error))
        return redirect("cities:request_link", token=token)
    context = {
        "request_": found,
        "waits_for_address": found.verified_at is None and found.state == RequestState.RECEIVED,
        "may_withdraw": found.state == RequestState.RECEIVED,
        "tone": REQUEST_TONES[RequestState(found.state)],
        "facts": _facts(found),
    }
    return render(request, "cities/request_link.html", context)


def _facts(found: InvolvementRequest) -> list[tuple[str, Any]]:
    return [
        (_("Municipality"), found.municipality),
        (_("Name"), found.name),
        (_("Position"), found.position),
        (_("E-mail address"), found.email),
    ]


def queue(request: HttpRequest) -> HttpResponse:
    """What waits for the coordination team, the oldest first, and what was decided lately."""
    if not may(request.user, "involvement", "decide"):
        raise Http404
    waiting = [
        {"request": found, "waits": days_waiting((timezone.now() - found.received_at).days)}
        for found in requests_to_decide(request.user)
    ]
    decided = (
        InvolvementRequest.objects.open_to(request.user, "decide")
        .filter(state__in=[RequestState.CONFIRMED, RequestState.DECLINED])
        .select_related("municipality")
        .order_by("-received_at", "-pk")[:DECIDED_SHOWN]
    )
    rows = [{"request": found, "tone": REQUEST_TONES[RequestState(found.state)]} for found in decided]
    return render(request, "cities/request_queue.html", {"waiting": waiting, "decided": rows})


def decide(request: HttpRequest, public_id: str) -> HttpResponse:
    """One request with its decision: confirm or decline, with a reason that the asker gets to read."""
    visible = InvolvementRequest.objects.open_to(request.user, "decide").verified()
    found = get_object_or_404(visible.select_related("municipality"), public_id=public_id)
    form = DecisionForm(posted(request))
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            _decide(request, found, form.cleaned_data["reason"])
            return redirect("cities:requests")
        except TransitionRefused as error:
            form.add_error(None, str(error))
            found.refresh_from_db()
            status = 409
    labels = {state.value: str(state.label) for state in RequestState}
    context = {
        "request_": found,
        "form": form,
        "is_open": found.state == RequestState.RECEIVED,
        "tone": REQUEST_TONES[RequestState(found.state)],
        "facts": [*_facts(found), (_("Waits"), days_waiting((timezone.now() - found.received_at).days))],
        "history": transition_history(found, labels, with_people=True),
    }
    return render(request, "cities/request_decision.html", context, status=status)


def _decide(request: HttpRequest, found: InvolvementRequest, reason: str) -> None:
    if request.POST.get("step") == "decline":
        services.decline_request(actor=request.user, request=found, reason=reason)
        messages.success(request, _("Declined. The asker gets a mail with the reason."))
        return
    services.confirm_request(actor=request.user, request=found, reason=reason)
    text = _("{name} is an interested municipality from today. The asker gets a mail.")
    messages.success(request, text.format(name=found.municipality))
