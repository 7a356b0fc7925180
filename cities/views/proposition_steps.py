"""Steps of a proposition: one of the ways on, another period, and who joins or leaves."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cities.forms.propositions import ReviewForm, SupportForm
from cities.forms.reasons import ReasonForm
from cities.models.proposition import Proposition, PropositionState, PropositionSupport, Way
from cities.services import propositions as services
from cities.views.posting import posted
from cities.views.propositions import changeable, visible
from cities.workflow.proposition import PROPOSITION
from governance.services.ownership import organisations_for, require_for
from nss_portal.core.access import NotAllowed
from nss_portal.core.rendering import render
from nss_portal.core.workflow import TransitionRefused

CONSEQUENCES = {
    Way.SELF: gettext_lazy("The cities that support it take it up together; who does what stays on this page."),
    Way.POLICY: gettext_lazy("Say where it went: which policy, and whose. Then everybody can follow it there."),
    Way.PROGRAMME: gettext_lazy("It is where a programme begins, with its supporters as the first partners."),
}


def _page(request: HttpRequest, proposition: Proposition, form: forms.Form | None, **context: Any) -> HttpResponse:
    context = {"intro": proposition.title, "back_url": proposition.get_absolute_url(), "form": form, **context}
    return render(request, "components/confirm.html", context)


def move(request: HttpRequest, public_id: str, step: str) -> HttpResponse:
    """Take a way on, go back to the agenda, close or withdraw, with the reason."""
    proposition = changeable(request, public_id)
    chosen = next((s for s in PROPOSITION.open_steps(proposition) if s.name == step and step != "open"), None)
    if chosen is None:
        raise Http404
    form = ReasonForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            services.move_proposition(
                actor=request.user, proposition=proposition, step=step, reason=form.cleaned_data["reason"]
            )
            return redirect("cities:propositions" if step == "withdraw" else proposition)
        except TransitionRefused as error:
            form.add_error(None, str(error))
    lines = [str(CONSEQUENCES[Way(step)])] if step in Way.values else []
    label = str(chosen.label)
    danger = step == "withdraw"
    return _page(request, proposition, form, title=label, action=label, consequences=lines, danger=danger)


def review(request: HttpRequest, public_id: str) -> HttpResponse:
    """Keep it on the agenda for another period."""
    proposition = changeable(request, public_id)
    if proposition.state != PropositionState.OPEN:
        raise Http404
    form = ReviewForm(posted(request), initial={"ends_on": proposition.ends_on})
    if request.method == "POST" and form.is_valid():
        try:
            services.review_proposition(actor=request.user, proposition=proposition, **form.cleaned_data)
        except ValidationError as error:
            for field, texts in error.message_dict.items():
                form.add_error(field, texts)
        else:
            messages.success(request, _("It stays on the agenda."))
            return redirect(proposition)
    label = _("Keep it on the agenda")
    return _page(request, proposition, form, title=label, action=label)


def support(request: HttpRequest, public_id: str) -> HttpResponse:
    """Join in the name of an organisation, or change what it brings."""
    proposition = visible(request, public_id)
    organisations = organisations_for(request.user, "proposition", "support").exclude(
        pk=proposition.organisation_id
    )
    if not organisations.exists():
        raise NotAllowed(_("Only cities, ministries and partners join propositions here."))
    if proposition.state not in (PropositionState.OPEN, PropositionState.ON_ITS_WAY):
        raise NotAllowed(_("This proposition takes no supporters: it is not on the agenda."))
    there = proposition.supports.filter(organisation__in=organisations, left_on=None).first()
    initial = {"organisation": there.organisation, "brings": there.brings, "why": there.why} if there else {}
    form = SupportForm(posted(request), organisations=organisations, initial=initial)
    if request.method == "POST" and form.is_valid():
        services.support_proposition(actor=request.user, proposition=proposition, **form.cleaned_data)
        text = _("{name} supports this proposition.")
        messages.success(request, text.format(name=form.cleaned_data["organisation"]))
        return redirect(proposition)
    lines = [_("Everybody sees that your organisation joins, with what it brings and why. You can leave again.")]
    label = _("Join this proposition")
    return _page(request, proposition, form, title=label, action=label, consequences=lines)


def leave(request: HttpRequest, public_id: str, pk: int) -> HttpResponse:
    """Stop supporting, with the reason."""
    proposition = visible(request, public_id)
    found = get_object_or_404(
        PropositionSupport.objects.select_related("organisation"), proposition=proposition, pk=pk, left_on=None
    )
    require_for(request.user, "proposition", "support", found.organisation)
    form = ReasonForm(posted(request))
    if request.method == "POST" and form.is_valid():
        services.leave_proposition(actor=request.user, support=found, reason=form.cleaned_data["reason"])
        messages.success(request, _("{name} no longer supports this.").format(name=found.organisation))
        return redirect(proposition)
    label = _("Leave this proposition")
    lines = [_("That your organisation joined, and why it left, stays to be seen.")]
    return _page(request, proposition, form, title=label, action=label, consequences=lines)


def discard(request: HttpRequest, public_id: str) -> HttpResponse:
    """Throw a draft away, after asking."""
    proposition = changeable(request, public_id)
    if proposition.state != PropositionState.DRAFT:
        raise Http404
    if request.method == "POST":
        services.discard_proposition(actor=request.user, proposition=proposition)
        messages.success(request, _("The draft is thrown away."))
        return redirect("cities:propositions")
    lines = [_("The draft is gone for good. Nobody else has read it.")]
    title, action = _("Throw this draft away?"), _("Throw the draft away")
    return _page(request, proposition, None, title=title, action=action, consequences=lines, danger=True)
