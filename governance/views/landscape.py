"""What stands around the structure: other countries, programmes that tie in, ministries with money and desks."""

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from governance.forms.design import AskedActionForm, BudgetForm, MinistryDeskForm
from governance.models import GovernanceVariant, Organisation
from governance.models.landscape import AskedAction, Budget, CountryStructure, MinistryDesk
from governance.models.organisation import Group
from governance.selectors import current_period
from governance.selectors_design import aligned_programmes, asked_actions, ministries
from governance.services import Refused
from governance.services.design.landscape import (
    RESOURCE,
    add_budget,
    keep_action,
    keep_desk,
    may_keep,
    remove_budget,
)
from nss_portal.core.access import NotAllowed, action_q, may
from nss_portal.core.kept import KeptPart
from nss_portal.core.rendering import render
from nss_portal.core.time import today


@require_safe
def countries(request: HttpRequest) -> HttpResponse:
    """The structures of other countries beside ours."""
    body = KeptPart(
        request,
        "countries",
        lambda: {"countries": list(CountryStructure.objects.all()), "period": current_period()},
    )
    return render(request, "governance/design/countries.html", {"body": body})


@require_safe
def alignment(request: HttpRequest) -> HttpResponse:
    """Which programmes tie in under which variant."""
    return render(
        request,
        "governance/design/alignment.html",
        {"body": KeptPart(request, "alignment", lambda: _alignment(request))},
    )


def _alignment(request: HttpRequest) -> dict[str, Any]:
    return {
        "variants": list(GovernanceVariant.objects.visible_to(request.user)),
        "programmes": aligned_programmes(),
        "period": current_period(),
    }


def _kept_by(request: HttpRequest) -> QuerySet[Organisation]:
    """Give the organisations of which the person keeps the facts, municipalities left out."""
    if not may(request.user, RESOURCE, "change"):
        return Organisation.objects.none()
    mine = Organisation.objects.filter(action_q(request.user, RESOURCE, "change")).existing_on(today())
    return mine.exclude(group=Group.MUNICIPALITY).order_by("name")


@require_safe
def ministry_list(request: HttpRequest) -> HttpResponse:
    """Per ministry: where a city comes in and what money there is; and what was asked of the state and others."""
    body = KeptPart(request, "ministries", lambda: _ministries(request))
    return render(request, "governance/design/ministries.html", {"body": body})


def _ministries(request: HttpRequest) -> dict[str, Any]:
    mine = _kept_by(request)
    found = ministries(request.user)
    return {
        "ministries": found,
        "has_budgets": any(one.budgets for one in found),
        "mine": {one.pk for one in mine},
        "actions": asked_actions(request.user),
        "keeps": bool(mine),
    }


def asked_action(request: HttpRequest, number: int) -> HttpResponse:
    """Say how far an action is that was asked."""
    action = get_object_or_404(AskedAction.objects.visible_to(request.user), number=number)
    mine = _kept_by(request)
    if not mine:
        raise NotAllowed(_("The organisation that took it up keeps this, or the coordination team."))
    own = mine[0].pk if len(mine) == 1 else None
    initial = {"state": action.state, "organisation": action.organisation_id or own, "note": action.note}
    form = AskedActionForm(request.POST or None, organisations=mine, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            keep_action(actor=request.user, action=action, **form.cleaned_data)
        except (Refused, NotAllowed) as refusal:
            form.add_error("organisation", str(refusal))
        else:
            messages.success(request, _("Saved: '{action}'.").format(action=action))
            return redirect("governance:ministries")
    context = {"form": form, "action": action}
    return render(request, "governance/design/action_form.html", context)


def budget_add(request: HttpRequest) -> HttpResponse:
    """Add what an organisation has for something in a year."""
    mine = _kept_by(request)
    if not mine:
        raise NotAllowed(_("An organisation keeps its own amounts, or the coordination team does."))
    initial = {"organisation": mine[0] if len(mine) == 1 else None, "year": today().year}
    form = BudgetForm(request.POST or None, organisations=mine, initial=initial)
    if request.method == "POST" and form.is_valid():
        budget = add_budget(actor=request.user, **form.cleaned_data)
        messages.success(request, _("Added: {budget}.").format(budget=budget))
        return redirect("governance:ministries")
    return render(request, "governance/design/budget_form.html", {"form": form})


@require_POST
def budget_remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Take an amount away that was wrong."""
    budget = get_object_or_404(Budget.objects.visible_to(request.user), pk=pk)
    remove_budget(actor=request.user, budget=budget)
    messages.success(request, _("Taken away: {budget}. The log keeps what it was.").format(budget=budget))
    return redirect("governance:ministries")


def desk_keep(request: HttpRequest, public_id: str) -> HttpResponse:
    """Say where cities come in at a ministry."""
    ministries_seen = Organisation.objects.visible_to(request.user).filter(group=Group.MINISTRY)
    organisation = get_object_or_404(ministries_seen, public_id=public_id)
    if not may_keep(request.user, organisation):
        raise NotAllowed(_("A ministry keeps its own desk, or the coordination team does."))
    desk = MinistryDesk.objects.filter(organisation=organisation).first()
    form = MinistryDeskForm(request.POST or None, instance=desk)
    if request.method == "POST" and form.is_valid():
        try:
            keep_desk(actor=request.user, organisation=organisation, fields=form.cleaned_data)
        except Refused as refusal:
            form.add_error("email", str(refusal))
        else:
            messages.success(request, _("The desk of {organisation} is saved.").format(organisation=organisation))
            return redirect("governance:ministries")
    context = {"form": form, "organisation": organisation}
    return render(request, "governance/design/desk_form.html", context)
