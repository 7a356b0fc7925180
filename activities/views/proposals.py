"""Proposals for the agenda: the register, one of them, and its form."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.forms import Form, ModelMultipleChoiceField
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from activities.filters.proposals import ProposalFilter
from activities.forms.proposals import NewProposalForm, ProposalForm, initial_of
from activities.forms.serving import seen_bottlenecks
from activities.models import Activity
from activities.models.proposal import AgendaProposal, ProposalState
from activities.presenting.agenda import hours_in_words
from activities.selectors.proposals import alike, heaviest_first, weighed
from activities.services import proposals as services
from activities.workflow.proposal import PROPOSAL, unfinished
from cities.models import Bottleneck
from cities.presenting import knows_people, transition_history
from cities.views.offering import is_search, offered_bottlenecks
from cities.views.posting import posted
from governance.services.ownership import organisations_for
from nss_portal.core.access import NotAllowed, may, require
from nss_portal.core.conflicts import beside, sent_again
from nss_portal.core.editing import EditConflict
from nss_portal.core.kept import KeptPart
from nss_portal.core.rendering import render
from nss_portal.core.workflow import TransitionRefused

PER_PAGE = 50
# In the address of a draft that was proposed too early.
LACKS = "ontbreekt"
TONES = {
    ProposalState.DRAFT: "neutral",
    ProposalState.OPEN: "attention",
    ProposalState.TAKEN_UP: "good",
    ProposalState.DECLINED: "neutral",
    ProposalState.WITHDRAWN: "neutral",
}
ROW = ("public_id", "title", "kind", "state", "is_illustrative", "supporters", "behind")
NAMES = ("organisation__short_name", "organisation__name")


@require_safe
def proposal_list(request: HttpRequest) -> HttpResponse:
    """What is proposed, that with most support first."""
    if not may(request.user, "agenda_proposal", "view"):
        raise NotAllowed(_("Proposals are read by who takes part in the network."))
    body = KeptPart(request, "agenda_proposals", lambda: _list_context(request))
    return render(request, "activities/proposal_list.html", {"body": body})


def _list_context(request: HttpRequest) -> dict[str, Any]:
    seen = weighed(request.user, AgendaProposal.objects.visible_to(request.user).listed())
    found = ProposalFilter(request.GET, queryset=seen, request=request)
    page = Paginator(heaviest_first(found.qs).values(*ROW, *NAMES), PER_PAGE).get_page(request.GET.get("page"))
    states = {state.value: state for state in ProposalState}
    rows = [
        {
            **row,
            "by": row["organisation__short_name"] or row["organisation__name"],
            "kind_label": _kind_label(row["kind"]),
            "state_label": states[row["state"]].label,
            "tone": TONES[states[row["state"]]],
        }
        for row in page
    ]
    return {
        "filter": found,
        "page_obj": page,
        "rows": rows,
        "may_write": organisations_for(request.user, "agenda_proposal", "change").exists(),
    }


def _kind_label(kind: str) -> str:
    return capfirst(dict(AgendaProposal._meta.get_field("kind").flatchoices).get(kind, "")) if kind else ""


def visible(request: HttpRequest, public_id: str) -> Any:
    """Give a proposal that the person may see, with its weight; raises Http404."""
    seen = weighed(request.user, AgendaProposal.objects.visible_to(request.user))
    return get_object_or_404(seen.select_related("organisation", "theme"), public_id=public_id)


def changeable(request: HttpRequest, public_id: str) -> Any:
    """Give one that the person may change: 404 when it is not visible, 403 when it is not theirs."""
    proposal = visible(request, public_id)
    require(request.user, "agenda_proposal", "change", proposal)
    return proposal


@require_safe
def record(request: HttpRequest, public_id: str) -> HttpResponse:
    """One proposal: what and why, who supports it, what stands behind it, and what became of it."""
    proposal = visible(request, public_id)
    # The activity that came of it may show by an invitation, which is one person's.
    person = request.user.pk if proposal.activity_id else None
    body = KeptPart(request, "agenda_proposal", lambda: _record_context(request, proposal), person)
    return render(request, "activities/proposal.html", {"proposal": proposal, "body": body})


def _record_context(request: HttpRequest, proposal: Any) -> dict[str, Any]:
    may_change = may(request.user, "agenda_proposal", "change", proposal)
    may_decide = may(request.user, "agenda_proposal", "decide")
    is_open = proposal.state == ProposalState.OPEN
    mine = set(organisations_for(request.user, "agenda_proposal", "support").values_list("pk", flat=True))
    supports = list(proposal.supports.select_related("organisation"))
    now = [one for one in supports if one.left_on is None]
    taken = None
    if proposal.activity_id:
        taken = Activity.objects.visible_to(request.user).filter(pk=proposal.activity_id).first()
    steps = [step for step in PROPOSAL.open_steps(proposal) if step.name not in ("share", "take_up")]
    seen = Bottleneck.objects.visible_to(request.user).filter(agenda_proposals=proposal)
    return {
        "tone": TONES[ProposalState(proposal.state)],
        "facts": _facts(proposal),
        "bottlenecks": list(seen.select_related("organisation")),
        "supports": [{"support": one, "is_mine": is_open and one.organisation_id in mine} for one in now],
        "left": [one for one in supports if one.left_on],
        "may_support": is_open and bool(mine - {one.organisation_id for one in now} - {proposal.organisation_id}),
        "may_change": may_change and proposal.state in services.EDITABLE,
        "may_decide": may_decide and is_open,
        "is_draft": proposal.state == ProposalState.DRAFT,
        "activity": taken,
        "moves": [step for step in steps if (may_decide if step.action == "decide" else may_change)],
        "alike": alike(request.user, proposal.title, exclude=proposal) if may_decide and is_open else [],
        "history": transition_history(
            proposal,
            {state.value: str(state.label) for state in ProposalState},
            with_people=knows_people(request.user),
        ),
    }


def _facts(proposal: Any) -> list[tuple[str, Any]]:
    facts: list[tuple[str, Any]] = [(_("Proposed by"), proposal.organisation)]
    if proposal.kind:
        facts.append((_("Kind"), capfirst(proposal.get_kind_display())))
    if proposal.theme:
        facts.append((_("Theme"), proposal.theme))
    if steps := list(proposal.steps.all()):
        facts.append((_("Steps"), ", ".join(str(step) for step in steps)))
    if proposal.preparation_hours:
        facts.append((_("Preparation per city"), hours_in_words(proposal.preparation_hours)))
    if proposal.shared_at:
        facts.append((_("Proposed on"), date_format(timezone.localdate(proposal.shared_at), "j F Y")))
    return facts


def _offered(request: HttpRequest, proposal: AgendaProposal | None) -> list[Bottleneck]:
    return offered_bottlenecks(request, seen_bottlenecks(request.user, proposal))


def _typed(request: HttpRequest, form: Form) -> dict[str, Any]:
    """Give what was typed as it is, for a form that only looked for something: that is no time for errors."""
    return {
        name: request.POST.getlist(name) if isinstance(field, ModelMultipleChoiceField) else request.POST.get(name)
        for name, field in form.fields.items()
    }


def new(request: HttpRequest) -> HttpResponse:
    """Propose something for the agenda; a title is enough to begin."""
    organisations = organisations_for(request.user, "agenda_proposal", "change")
    if not organisations.exists():
        raise NotAllowed(_("Your organisation does not propose activities here."))
    more: Any = {
        "actor": request.user,
        "organisations": organisations,
        "offered": _offered(request, None),
    }
    form = NewProposalForm(posted(request), initial={"bottlenecks": request.GET.getlist("knelpunt")}, **more)
    if is_search(request):
        form = NewProposalForm(initial=_typed(request, form), **more)
    elif request.method == "POST" and form.is_valid():
        draft = services.create_proposal(
            actor=request.user, organisation=form.cleaned_data["organisation"], values=form.values()
        )
        return _saved(request, draft)
    return render(request, "activities/proposal_form.html", _form_context(request, form, None))


def _form_context(request: HttpRequest, form: ProposalForm, proposal: Any, **more: Any) -> dict[str, Any]:
    title = str(form["title"].value() or "")
    return {
        "form": form,
        "proposal": proposal,
        "is_draft": proposal is None or proposal.state == ProposalState.DRAFT,
        "alike": alike(request.user, title, exclude=proposal) if title else [],
        "conflict": [],
        **more,
    }


def _saved(request: HttpRequest, proposal: AgendaProposal) -> HttpResponse:
    """Propose a saved draft where that was asked; what is not finished goes back with the reason."""
    edit_url = reverse("activities:proposal_edit", args=[proposal.public_id])
    if "share" not in request.POST:
        messages.success(request, _("The draft is saved. Only you and your colleagues see it."))
        return redirect(edit_url)
    try:
        services.share_proposal(actor=request.user, proposal=proposal)
    except TransitionRefused:
        messages.info(request, _("The draft is saved. A few things are needed before others can support it."))
        return redirect(f"{edit_url}?{LACKS}")
    messages.success(request, _("It is proposed. Others can support it; you hear what becomes of it."))
    return redirect(proposal)


def edit(request: HttpRequest, public_id: str) -> HttpResponse:
    """Finish a draft or change what is open; a colleague's change in between is shown beside it."""
    proposal = changeable(request, public_id)
    if proposal.state not in services.EDITABLE:
        raise NotAllowed(_("This proposal was answered or withdrawn, and does not change any more."))
    is_draft = proposal.state == ProposalState.DRAFT
    more: Any = {"actor": request.user, "proposal": proposal, "offered": _offered(request, proposal)}
    form = ProposalForm(posted(request), initial=initial_of(proposal), **more)
    conflict: list[dict[str, Any]] = []
    if is_search(request):
        form = ProposalForm(initial=_typed(request, form), **more)
    elif request.method == "GET" and is_draft and LACKS in request.GET:
        form = ProposalForm(initial_of(proposal), **more)
        for field, text in unfinished(proposal):
            form.add_error(field, text)
    elif request.method == "POST" and form.is_valid():
        try:
            saved = _save(request, proposal, form)
        except EditConflict as error:
            conflict = beside(form, error)
            form = ProposalForm(sent_again(request, error), **more)
        else:
            if is_draft:
                return _saved(request, saved)
            messages.success(request, _("The changes are saved."))
            return redirect(saved)
    context = _form_context(request, form, proposal, conflict=conflict)
    return render(request, "activities/proposal_form.html", context, status=409 if conflict else 200)


def _save(request: HttpRequest, proposal: AgendaProposal, form: ProposalForm) -> AgendaProposal:
    version = form.cleaned_data["version"] or 0
    return services.change_proposal(actor=request.user, proposal=proposal, version=version, values=form.values())


@require_POST
def autosave(request: HttpRequest, public_id: str) -> JsonResponse:
    """Save a draft while somebody types; answers with the time and the new version, or 409 with what to do."""
    proposal = changeable(request, public_id)
    form = ProposalForm(request.POST, actor=request.user, proposal=proposal, offered=_offered(request, proposal))
    if proposal.state != ProposalState.DRAFT or not form.is_valid():
        message = _("Not saved by itself. Save the form to see what is asked.")
        return JsonResponse({"message": message}, status=422)
    try:
        saved = _save(request, proposal, form)
    except EditConflict:
        message = _("A colleague changed this in the meantime. Save to see both texts.")
        return JsonResponse({"message": message}, status=409)
    return JsonResponse({"saved_at": timezone.localtime().strftime("%H.%M"), "version": saved.version})


def discard(request: HttpRequest, public_id: str) -> HttpResponse:
    """Throw a draft away, after asking."""
    proposal = changeable(request, public_id)
    if proposal.state != ProposalState.DRAFT:
        raise Http404
    if request.method == "POST":
        services.discard_proposal(actor=request.user, proposal=proposal)
        messages.success(request, _("The draft is thrown away."))
        return redirect("activities:proposals")
    context = {
        "title": _("Throw this draft away?"),
        "intro": proposal.title,
        "consequences": [_("The draft is gone for good. Nobody else has read it.")],
        "action": _("Throw the draft away"),
        "back_url": proposal.get_absolute_url(),
        "danger": True,
        "form": None,
    }
    return render(request, "components/confirm.html", context)
