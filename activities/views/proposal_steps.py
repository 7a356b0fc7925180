"""Steps of a proposal: supported, taken up, declined, withdrawn."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from activities.forms.proposals import SupportForm, TakeUpForm
from activities.models.activity import Kind
from activities.models.proposal import AgendaProposal, ProposalState, ProposalSupport
from activities.services import proposals as services
from activities.services.agenda import leading_organisations
from activities.views.proposals import visible
from activities.workflow.proposal import PROPOSAL
from cities.forms.reasons import ReasonForm
from cities.views.posting import posted
from governance.services.ownership import organisations_for, require_for
from nss_portal.core.access import NotAllowed, require, standing_of
from nss_portal.core.rendering import render
from nss_portal.core.workflow import TransitionRefused


def _page(request: HttpRequest, proposal: AgendaProposal, form: forms.Form | None, **context: Any) -> HttpResponse:
    context = {"intro": proposal.title, "back_url": proposal.get_absolute_url(), "form": form, **context}
    return render(request, "components/confirm.html", context)


def support(request: HttpRequest, public_id: str) -> HttpResponse:
    """Support a proposal in the name of an organisation, or change what was said with it."""
    proposal = visible(request, public_id)
    organisations = organisations_for(request.user, "agenda_proposal", "support").exclude(
        pk=proposal.organisation_id
    )
    if not organisations.exists():
        raise NotAllowed(_("Other cities, ministries and partners support a proposal."))
    if proposal.state != ProposalState.OPEN:
        raise NotAllowed(_("This proposal takes no support: it is not open."))
    there = proposal.supports.filter(organisation__in=organisations, left_on=None).first()
    initial = {"organisation": there.organisation, "note": there.note} if there else {}
    form = SupportForm(posted(request), organisations=organisations, initial=initial)
    if request.method == "POST" and form.is_valid():
        services.support_proposal(actor=request.user, proposal=proposal, **form.cleaned_data)
        text = _("{name} supports this proposal.")
        messages.success(request, text.format(name=form.cleaned_data["organisation"]))
        return redirect(proposal)
    lines = [_("Everybody in the network sees it. You can withdraw it as long as nobody has answered.")]
    label = _("Support this proposal")
    return _page(request, proposal, form, title=label, action=label, consequences=lines)


def leave(request: HttpRequest, public_id: str, pk: int) -> HttpResponse:
    """Withdraw support, after asking."""
    proposal = visible(request, public_id)
    there = ProposalSupport.objects.select_related("organisation")
    found = get_object_or_404(there, proposal=proposal, pk=pk, left_on=None)
    require_for(request.user, "agenda_proposal", "support", found.organisation)
    if request.method == "POST":
        services.leave_proposal(actor=request.user, support=found)
        messages.success(request, _("{name} no longer supports this proposal.").format(name=found.organisation))
        return redirect(proposal)
    label = _("Withdraw our support")
    lines = [_("That {name} supported it before stays to be seen.").format(name=found.organisation)]
    return _page(request, proposal, None, title=label, action=label, consequences=lines)


def take_up(request: HttpRequest, public_id: str) -> HttpResponse:
    """Make an activity out of a proposal."""
    proposal = visible(request, public_id)
    require(request.user, "agenda_proposal", "decide", proposal)
    if proposal.state != ProposalState.OPEN:
        raise Http404
    leaders = leading_organisations(request.user)
    own = leaders.filter(pk__in=standing_of(request.user).organisations).first()
    initial = {"organisation": own, "kind": proposal.kind or Kind.THEMATIC}
    form = TakeUpForm(posted(request), leaders=leaders, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            activity = services.take_up(
                actor=request.user,
                proposal=proposal,
                leader=form.cleaned_data["organisation"],
                kind=form.cleaned_data["kind"],
                note=form.cleaned_data["note"],
            )
        except TransitionRefused as error:
            form.add_error(None, str(error))
        else:
            messages.success(
                request, _("It is an activity now, with all that the proposal knew. Plan it further.")
            )
            return redirect("activities:activity_edit", public_id=activity.public_id)
    lines = [
        _("An activity is made with its title, text, theme, steps, bottlenecks and hours."),
        _("{name} is told, and sees the activity.").format(name=proposal.organisation),
    ]
    title, action = _("Take this proposal up"), _("Make it an activity")
    return _page(request, proposal, form, title=title, action=action, consequences=lines)


def move(request: HttpRequest, public_id: str, step: str) -> HttpResponse:
    """Decline, open again or withdraw, with the reason."""
    proposal = visible(request, public_id)
    steps = [one for one in PROPOSAL.open_steps(proposal) if one.name not in ("share", "take_up")]
    chosen = next((one for one in steps if one.name == step), None)
    if chosen is None:
        raise Http404
    require(request.user, "agenda_proposal", chosen.action or "", proposal)
    form = ReasonForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            services.move_proposal(
                actor=request.user, proposal=proposal, step=step, reason=form.cleaned_data["reason"]
            )
            return redirect("activities:proposals" if step == "withdraw" else proposal)
        except TransitionRefused as error:
            form.add_error(None, str(error))
    lines = {
        "decline": [_("The reason is read by everybody in the network, and the proposer gets it by mail.")],
        "reopen": [_("Others can support it again, and the proposer is told.")],
        "withdraw": [_("Nobody else sees it any more.")],
    }
    label = str(chosen.label)
    danger = step in ("decline", "withdraw")
    return _page(request, proposal, form, title=label, action=label, consequences=lines[step], danger=danger)
