"""The goal and the dilemmas with the position on each, and proposals to the steering group."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from governance.forms.design import DecisionForm, PositionForm, TakingBackForm, VariantProposalForm
from governance.models import GovernanceVariant, Organisation, VariantEvaluation
from governance.models.design import DesignPosition, DesignQuestion, VariantProposal
from governance.selectors_design import questions, who_could_coordinate
from governance.services import Refused
from governance.services.design.deciding import decline, may_decide, may_propose, withdraw
from governance.services.design.positions import propose_position, take_position
from governance.services.design.proposals import (
    adopt_variant,
    may_be_taken_back,
    propose_taking_back,
    propose_variant,
    take_back,
)
from governance.services.variants import ready_to_coordinate
from governance.views.account import person
from nss_portal.core.access import NotAllowed
from nss_portal.core.kept import KeptPart
from nss_portal.core.rendering import render


@require_safe
def choices(request: HttpRequest) -> HttpResponse:
    """What the structure is for, and the position on each of the ten dilemmas."""
    body = KeptPart(request, "choices", lambda: _choices(request))
    return render(request, "governance/design/choices.html", {"body": body})


def _choices(request: HttpRequest) -> dict[str, Any]:
    found = questions(request.user)
    return {
        "goal": next((one for one in found if one.question.kind == DesignQuestion.Kind.GOAL), None),
        "dilemmas": [one for one in found if one.question.kind == DesignQuestion.Kind.DILEMMA],
        "may_propose": may_propose(request.user),
    }


def position_propose(request: HttpRequest, number: int) -> HttpResponse:
    """Propose another position on a question."""
    question = get_object_or_404(DesignQuestion.objects.visible_to(request.user), number=number)
    if not may_propose(request.user):
        raise NotAllowed(_("A team, a signatory, a ministry or the coordination team proposes."))
    form = PositionForm(request.POST or None, question=question)
    if request.method == "POST" and form.is_valid():
        try:
            position = propose_position(actor=request.user, question=question, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The proposal lies with the steering group."))
            return redirect("governance:position", position.public_id)
    context = {"form": form, "question": question}
    return render(request, "governance/design/position_form.html", context)


def variant_propose(request: HttpRequest) -> HttpResponse:
    """Propose which variant holds from a day on, and who coordinates then; perhaps since an evaluation asks so."""
    if not may_propose(request.user):
        raise NotAllowed(_("A team, a signatory, a ministry or the coordination team proposes."))
    organisations = Organisation.objects.visible_to(request.user).filter(pk__in=who_could_coordinate())
    asked_by = request.GET.get("evaluatie")
    evaluation = VariantEvaluation.objects.visible_to(request.user).filter(public_id=asked_by or "").first()
    form = VariantProposalForm(
        request.POST or None,
        variants=GovernanceVariant.objects.visible_to(request.user),
        organisations=organisations.order_by("name"),
        initial={"variant": request.GET.get("variant")},
    )
    if request.method == "POST" and form.is_valid():
        try:
            proposal = propose_variant(actor=request.user, evaluation=evaluation, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The proposal lies with the steering group."))
            return redirect("governance:variant_proposal", proposal.public_id)
    context = {"form": form, "evaluation": evaluation}
    return render(request, "governance/design/variant_form.html", context)


def position(request: HttpRequest, public_id: str) -> HttpResponse:
    """A proposed position: read by everybody, decided by the steering group."""
    found = DesignPosition.objects.visible_to(request.user).select_related("question", "proposed_by", "decided_by")
    return _proposal(request, get_object_or_404(found, public_id=public_id))


def variant_proposal(request: HttpRequest, public_id: str) -> HttpResponse:
    """A proposal for a variant: read by everybody, decided by the steering group."""
    related = (
        "variant",
        "coordinating_organisation",
        "proposed_by",
        "decided_by",
        "evaluation__period__variant",
        "period__variant",
        "takes_back",
    )
    found = VariantProposal.objects.visible_to(request.user).select_related(*related)
    return _proposal(request, get_object_or_404(found, public_id=public_id))


def _proposal(request: HttpRequest, proposal: DesignPosition | VariantProposal) -> HttpResponse:
    step = request.POST.get("step") or ("take_back" if proposal.state == "decided" else "decide")
    form = (TakingBackForm if step == "take_back" else DecisionForm)(request.POST or None)
    if request.method == "POST" and not request.user.is_authenticated:
        raise NotAllowed(_("The steering group decides."))
    if request.method == "POST" and form.is_valid():
        try:
            goes_to = _carry_out(request, proposal, form.cleaned_data["reason"])
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect(goes_to)
    context: dict[str, Any] = {
        "proposal": proposal,
        "position": proposal if isinstance(proposal, DesignPosition) else None,
        "form": form,
        "may_decide": may_decide(request.user, proposal),
        "warning": _warning(proposal),
        "is_own": proposal.proposed_by_id == request.user.pk and proposal.state == "proposed",
        **_of_taking_back(request, proposal, typed=form.is_bound),
    }
    return render(request, "governance/design/proposal.html", context)


def _of_taking_back(
    request: HttpRequest, proposal: DesignPosition | VariantProposal, *, typed: bool
) -> dict[str, Any]:
    """Give what the page says of taking a decided change back: may one propose so, and what waits or came."""
    if not isinstance(proposal, VariantProposal):
        return {}
    about = VariantProposal.objects.visible_to(request.user).filter(takes_back=proposal)
    latest = about.exclude(state="withdrawn").first() if proposal.decided_at else None
    waits = latest is not None and latest.state == "proposed"
    return {
        "taking_back": latest,
        # What somebody typed stays on the page, also when another proposal came first.
        "may_take_back": (typed or not waits) and may_propose(request.user) and may_be_taken_back(proposal),
    }


def _warning(proposal: DesignPosition | VariantProposal) -> str:
    """Say what the steering group has to know of who would coordinate; empty when all is well."""
    if not isinstance(proposal, VariantProposal) or proposal.state != "proposed" or proposal.takes_back_id:
        return ""
    organisation = proposal.coordinating_organisation
    ready = list(ready_to_coordinate(organisation).values_list("user__last_login", flat=True))
    if not ready:
        text = _(
            "Nobody of {organisation} could coordinate: its coordination team is empty, or everybody in it leaves."
            " This cannot be decided before somebody is invited,"
            " because nobody could invite people after that day."
        )
    elif not any(ready):
        text = _(
            "Nobody of the coordination team of {organisation} has logged in yet. Let one of them do so before"
            " the day on which the coordination moves."
        )
    elif len(ready) == 1:
        text = _("Only one person of {organisation} could coordinate. Two are safer: invite another one.")
    else:
        text = ""
    return text.format(organisation=organisation.local_name)


def _carry_out(request: HttpRequest, proposal: DesignPosition | VariantProposal, reason: str) -> str:
    """Do what the button says; give the address to go on to."""
    actor = person(request)
    step = request.POST.get("step")
    if step == "decline":
        decline(actor=actor, proposal=proposal, reason=reason)
        messages.success(request, _("The proposal is not taken over; whoever made it reads why."))
    elif step == "withdraw":
        withdraw(actor=actor, proposal=proposal)
        messages.success(request, _("The proposal has been withdrawn."))
    elif step == "decide" and isinstance(proposal, DesignPosition):
        take_position(actor=actor, position=proposal, reason=reason)
        messages.success(request, _("Decided. The position holds from the day that was proposed."))
    elif step == "decide" and isinstance(proposal, VariantProposal) and proposal.takes_back_id:
        take_back(actor=actor, proposal=proposal, reason=reason)
        messages.success(request, _("Decided. The change does not come; who coordinates now goes on."))
    elif step == "decide" and isinstance(proposal, VariantProposal):
        adopt_variant(actor=actor, proposal=proposal, reason=reason)
        messages.success(request, _("Decided. On the day the coordination moves by itself."))
    elif step == "take_back" and isinstance(proposal, VariantProposal):
        made = propose_taking_back(actor=actor, proposal=proposal, reason=reason)
        messages.success(request, _("The proposal lies with the steering group."))
        return reverse("governance:variant_proposal", args=[made.public_id])
    else:
        raise Http404
    return request.path
