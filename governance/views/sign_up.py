"""An organisation arrives: the public form, the asker's personal link, and the decision."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from governance.forms.sign_up import SignUpDecisionForm, SignUpForm
from governance.models import SignUp, SignUpState
from governance.models.organisation import Group
from governance.selectors import leads_of
from governance.services import Refused
from governance.services import sign_up as services
from governance.services.sign_up_domains import Fit, Match
from governance.views.account import person
from nss_portal.core.access import LinkActor, may
from nss_portal.core.rendering import render
from nss_portal.core.throttle import too_often
from nss_portal.core.workflow import TransitionRefused

PER_HOUR = 20
SHOWN = 20
TONES = {
    SignUpState.RECEIVED: "attention",
    SignUpState.CONFIRMED: "good",
    SignUpState.DECLINED: "neutral",
    SignUpState.WITHDRAWN: "neutral",
}


@sensitive_post_parameters("email")
def sign_up(request: HttpRequest) -> HttpResponse:
    """'Take part as an organisation': the form for its first person."""
    form = SignUpForm(request.POST or None)
    status = 200
    if request.method == "POST":
        if too_often(request, form="sign-up", most=PER_HOUR, seconds=3600):
            form.add_error(None, _("From here this form was sent often. Wait an hour and send it again."))
            status = 429
        elif form.is_valid() and _receive(request, form):
            return redirect("governance:sign_up_received")
        else:
            status = 422
    return render(request, "governance/sign_up.html", {"form": form}, status=status)


def _receive(request: HttpRequest, form: SignUpForm) -> bool:
    data = form.cleaned_data
    visitor = LinkActor(label=_("visitor, by the public form"), organisation_id=None, purpose="form")
    values: dict[str, Any] = {key: data[key] for key in ("name", "email", "position", "motivation")}
    try:
        services.ask_for_account(actor=visitor, organisation=data["found"], newcomer=data["newcomer"], **values)
    except ValidationError as error:
        for field, texts in error.message_dict.items():
            for text in texts:
                form.add_error(field if field in form.fields else None, text)
        return False
    request.session["signed_up"] = values["email"]
    return True


def received(request: HttpRequest) -> HttpResponse:
    """The receipt: the same for everybody, so that it tells nobody who has an account."""
    email = request.session.get("signed_up")
    if not email:
        return redirect("governance:sign_up")
    return render(request, "governance/sign_up_received.html", {"email": email})


@never_cache
def link(request: HttpRequest, token: str) -> HttpResponse:
    """The asker's personal link: confirm the address, see how it stands, take it back.

    Opening it changes nothing, since mail programs open links by themselves; a button does.
    """
    found = services.request_of_link(token)
    if found is None:
        return render(request, "governance/sign_up_link_invalid.html", {"days": services.LINK_DAYS}, status=404)
    if request.method == "POST":
        try:
            if "withdraw" in request.POST:
                services.withdraw_sign_up(actor=services.asker(found), request=found)
                messages.success(request, _("The request is taken back."))
            else:
                services.verify_address(actor=services.asker(found), request=found)
                messages.success(request, _("Thank you. The address is confirmed, and the request will be read."))
        except TransitionRefused as error:
            messages.error(request, str(error))
        return redirect("governance:sign_up_link", token=token)
    context = {
        "request_": found,
        "waits_for_address": found.verified_at is None and found.state == SignUpState.RECEIVED,
        "may_withdraw": found.state == SignUpState.RECEIVED,
        "tone": TONES[SignUpState(found.state)],
        "facts": _facts(found),
    }
    return render(request, "governance/sign_up_link.html", context)


def _facts(found: SignUp) -> list[tuple[str, Any]]:
    facts: list[tuple[str, Any]] = [(_("Organisation"), found)]
    if found.organisation is None:
        facts.append((_("Kind"), capfirst(Group(found.new_group).label)))
        facts.append((_("Website"), found.new_website or "–"))
    return [
        *facts,
        (_("Name"), found.name),
        (_("Job title"), found.position),
        (_("E-mail address"), found.email),
        (_("Received"), date_format(timezone.localtime(found.received_at), "j F Y")),
    ]


def queue(request: HttpRequest) -> HttpResponse:
    """What waits for a decision, the oldest first, and what was decided lately."""
    if not may(request.user, "sign_up", "decide"):
        raise Http404
    seen = SignUp.objects.visible_to(request.user).select_related("organisation")
    waiting = list(seen.waiting())
    decided = seen.filter(state__in=[SignUpState.CONFIRMED, SignUpState.DECLINED]).order_by("-decided_at", "-pk")
    rows = [{"request": found, "tone": TONES[SignUpState(found.state)]} for found in decided[:SHOWN]]
    return render(request, "governance/sign_up_queue.html", {"waiting": waiting, "decided": rows})


def decide(request: HttpRequest, public_id: str) -> HttpResponse:
    """One request with how its domain fits: confirm with one click, or decline with a reason."""
    seen = SignUp.objects.visible_to(request.user).verified()
    found = get_object_or_404(seen.select_related("organisation", "decided_by"), public_id=public_id)
    fit = services.fit_of(found)
    form = SignUpDecisionForm(request.POST or None, asks_domain=fit.match == Match.OTHER)
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            _decide(request, found, form.cleaned_data)
            return redirect("governance:sign_ups")
        except (TransitionRefused, Refused) as problem:
            form.add_error(None, str(problem))
            found = seen.select_related("organisation", "decided_by").get(pk=found.pk)
            status = 409
    is_open = found.state == SignUpState.RECEIVED
    first = found.organisation is None or not leads_of(found.organisation).exists()
    context = {
        "request_": found,
        "form": form,
        "fit": fit,
        "fit_text": _words(fit),
        "fit_tone": "good" if fit.match in {Match.KNOWN, Match.WEBSITE} else "attention",
        "is_open": is_open,
        "is_first": first,
        "tone": TONES[SignUpState(found.state)],
        "facts": _facts(found),
    }
    return render(request, "governance/sign_up_decision.html", context, status=status)


def _words(fit: Fit) -> str:
    known = ", ".join(fit.known)
    texts = {
        Match.KNOWN: _("The address is at {domain}, a domain of this organisation."),
        Match.WEBSITE: _("The address is at {domain}, the domain of the organisation's website."),
        Match.OTHER: _(
            "The address is at {domain}, but this organisation is known by {known}. First make sure who it is."
        ),
        Match.UNKNOWN: _("No domain of this organisation is known yet. Look whether {domain} is really theirs."),
    }
    return texts[fit.match].format(domain=fit.domain, known=known)


def _decide(request: HttpRequest, found: SignUp, data: dict[str, Any]) -> None:
    actor = person(request)
    if request.POST.get("step") == "decline":
        services.decline_sign_up(actor=actor, request=found, reason=data["reason"])
        messages.success(request, _("Declined. The asker gets a mail with the reason."))
        return
    services.confirm_sign_up(actor=actor, request=found, keep_domain=data.get("keep_domain", False))
    text = _("Confirmed. The invitation to {email} is on its way.")
    messages.success(request, text.format(email=found.email))
