"""The agenda of propositions, one of them, and its form."""

from datetime import timedelta
from typing import Any

import django_filters
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from cities.forms.propositions import NewPropositionForm, PropositionForm
from cities.models.proposition import Proposition, PropositionState, UrbanTask, Way
from cities.presenting import knows_people, transition_history
from cities.services import propositions as services
from cities.views.posting import posted
from cities.workflow.proposition import PROPOSITION, unfinished
from governance.services.ownership import organisations_for
from nss_portal.core.access import NotAllowed, may, require
from nss_portal.core.conflicts import beside, sent_again
from nss_portal.core.editing import EditConflict
from nss_portal.core.kept import KeptPart
from nss_portal.core.rendering import render
from nss_portal.core.time import today
from nss_portal.core.workflow import TransitionRefused

PER_PAGE = 50
# What is filled in as the day to look at it again.
LOOKED_AT_AGAIN = timedelta(days=182)
# In the address of a draft that was asked to go on the agenda too early.
LACKS = "ontbreekt"
TONES = {
    PropositionState.DRAFT: "neutral",
    PropositionState.OPEN: "attention",
    PropositionState.ON_ITS_WAY: "info",
    PropositionState.CLOSED: "good",
    PropositionState.WITHDRAWN: "neutral",
}


class PropositionFilter(django_filters.FilterSet):
    """Propositions by words, urban task, state and way on."""

    q = django_filters.CharFilter(method="by_words", label=gettext_lazy("Search"), max_length=100)
    opgave = django_filters.ModelChoiceFilter(
        "task",
        label=gettext_lazy("Urban task"),
        queryset=UrbanTask.objects.all(),
        to_field_name="code",
        empty_label=gettext_lazy("All"),
    )
    stand = django_filters.ChoiceFilter(
        "state",
        label=gettext_lazy("State"),
        choices=[(s.value, s.label) for s in PropositionState if s != PropositionState.WITHDRAWN],
        empty_label=gettext_lazy("All"),
    )
    weg = django_filters.ChoiceFilter(
        "way", label=gettext_lazy("Way on"), choices=Way.choices, empty_label=gettext_lazy("All")
    )

    class Meta:
        model = Proposition
        fields: list[str] = []

    def by_words(self, queryset: QuerySet[Proposition], name: str, value: str) -> QuerySet[Proposition]:
        for word in value.split():
            queryset = queryset.filter(
                Q(title__icontains=word)
                | Q(text__icontains=word)
                | Q(region__icontains=word)
                | Q(organisation__name__icontains=word)
            )
        return queryset


def proposition_list(request: HttpRequest) -> HttpResponse:
    """The agenda: what is shared, and the drafts of the own organisation."""
    body = KeptPart(request, "propositions", lambda: _list_context(request))
    return render(request, "cities/proposition_list.html", {"body": body})


def _list_context(request: HttpRequest) -> dict[str, Any]:
    visible = Proposition.objects.visible_to(request.user).listed().with_support()
    found = PropositionFilter(
        request.GET, queryset=visible.select_related("organisation", "task"), request=request
    )
    page = Paginator(found.qs, PER_PAGE).get_page(request.GET.get("page"))
    shown = [{"proposition": row, "tone": TONES[PropositionState(row.state)]} for row in page]
    return {
        "filter": found,
        "page_obj": page,
        "rows": shown,
        "may_write": may(request.user, "proposition", "change"),
    }


def visible(request: HttpRequest, public_id: str) -> Proposition:
    """Give a proposition that the person may see; raises Http404."""
    seen = Proposition.objects.visible_to(request.user).select_related("organisation", "task")
    return get_object_or_404(seen, public_id=public_id)


def changeable(request: HttpRequest, public_id: str) -> Proposition:
    """Give one that the person may change: 404 when it is not visible, 403 when it is not theirs."""
    proposition = visible(request, public_id)
    require(request.user, "proposition", "change", proposition)
    return proposition


def record(request: HttpRequest, public_id: str) -> HttpResponse:
    """One proposition: what it is about, who supports it, where it goes."""
    proposition = visible(request, public_id)
    body = KeptPart(request, "proposition", lambda: _record_context(request, proposition))
    return render(request, "cities/proposition.html", {"proposition": proposition, "body": body})


def _record_context(request: HttpRequest, proposition: Proposition) -> dict[str, Any]:
    may_change = may(request.user, "proposition", "change", proposition)
    is_draft = proposition.state == PropositionState.DRAFT
    mine = set(organisations_for(request.user, "proposition", "support").values_list("pk", flat=True))
    supports = list(proposition.supports.select_related("organisation"))
    now = [support for support in supports if support.left_on is None]
    takes = proposition.state in (PropositionState.OPEN, PropositionState.ON_ITS_WAY)
    free = mine - {support.organisation_id for support in now} - {proposition.organisation_id}
    return {
        "tone": TONES[PropositionState(proposition.state)],
        "facts": _facts(proposition),
        "supports": [
            {"support": support, "is_mine": takes and support.organisation_id in mine} for support in now
        ],
        "left": [support for support in supports if support.left_on],
        "may_support": takes and bool(free),
        "may_change": may_change and proposition.state != PropositionState.WITHDRAWN,
        "is_draft": is_draft,
        "is_due": may_change and proposition.is_due(today()),
        "ways": [s for s in _moves(proposition, may_change) if s.name in Way.values],
        "moves": [s for s in _moves(proposition, may_change) if s.name not in Way.values],
        "history": transition_history(
            proposition,
            {state.value: str(state.label) for state in PropositionState},
            with_people=knows_people(request.user),
        ),
    }


def _moves(proposition: Proposition, may_change: bool) -> list[Any]:
    return [step for step in PROPOSITION.open_steps(proposition) if step.name != "open"] if may_change else []


def _facts(proposition: Proposition) -> list[tuple[str, Any]]:
    facts: list[tuple[str, Any]] = [(_("Put forward by"), proposition.organisation)]
    if proposition.region:
        facts.append((_("Region"), proposition.region))
    if proposition.task:
        facts.append((_("Urban task"), proposition.task))
    for label, day in (
        (_("On the agenda from"), proposition.starts_on),
        (_("Until"), proposition.ends_on),
        (_("Looked at again on"), proposition.review_on),
    ):
        if day:
            facts.append((label, date_format(day, "j F Y")))
    return facts


def new(request: HttpRequest) -> HttpResponse:
    """Put something on the agenda."""
    organisations = organisations_for(request.user, "proposition", "change")
    if not organisations.exists():
        raise NotAllowed(_("Only cities, regions and partners put propositions forward here."))
    day = today()
    initial = {"starts_on": day, "review_on": day + LOOKED_AT_AGAIN}
    form = NewPropositionForm(posted(request), organisations=organisations, initial=initial)
    if request.method == "POST" and form.is_valid():
        draft = services.create_proposition(
            actor=request.user, organisation=form.cleaned_data["organisation"], texts=form.cleaned_data
        )
        return _shared(request, draft)
    return render(
        request,
        "cities/proposition_form.html",
        {"form": form, "proposition": None, "is_draft": True, "conflict": []},
    )


def _shared(request: HttpRequest, proposition: Proposition) -> HttpResponse:
    """Put a saved draft on the agenda where that was asked; what is not finished goes back with the reason."""
    if "open" not in request.POST:
        messages.success(request, _("The draft is saved. Only you and your colleagues see it."))
        return redirect("cities:proposition_edit", public_id=proposition.public_id)
    try:
        services.share_proposition(actor=request.user, proposition=proposition)
    except TransitionRefused:
        messages.info(request, _("The draft is saved. A few things are needed before it stands on the agenda."))
        return redirect(f"{reverse('cities:proposition_edit', args=[proposition.public_id])}?{LACKS}")
    messages.success(request, _("The proposition stands on the agenda; everybody reads it."))
    return redirect(proposition)


def edit(request: HttpRequest, public_id: str) -> HttpResponse:
    """Finish a draft or change what stands on the agenda; a colleague's change in between is shown beside it."""
    proposition = changeable(request, public_id)
    if proposition.state == PropositionState.WITHDRAWN:
        raise NotAllowed(_("This proposition was withdrawn and does not change any more."))
    is_draft = proposition.state == PropositionState.DRAFT
    initial = {name: getattr(proposition, name) for name in (*services.TEXTS, "version")}
    form = PropositionForm(posted(request), initial=initial)
    if request.method == "GET" and is_draft and LACKS in request.GET:
        form = _with_what_lacks(proposition, initial)
    conflict: list[dict[str, Any]] = []
    if request.method == "POST" and form.is_valid():
        try:
            saved = _save(request, proposition, form)
        except EditConflict as error:
            conflict = beside(form, error)
            form = PropositionForm(sent_again(request, error), initial=initial)
        else:
            if is_draft:
                return _shared(request, saved)
            messages.success(request, _("The changes are saved."))
            return redirect(saved)
    context = {"form": form, "proposition": proposition, "is_draft": is_draft, "conflict": conflict}
    return render(request, "cities/proposition_form.html", context, status=409 if conflict else 200)


def _with_what_lacks(proposition: Proposition, initial: dict[str, Any]) -> PropositionForm:
    """Give the form of a draft with what it lacks at the fields themselves."""
    shown = PropositionForm(initial=initial)
    form = PropositionForm({name: shown[name].value() for name in shown.fields}, initial=initial)
    for field, text in unfinished(proposition):
        form.add_error(field, text)
    return form


def _save(request: HttpRequest, proposition: Proposition, form: PropositionForm) -> Proposition:
    values = form.cleaned_data
    return services.change_proposition(
        actor=request.user, proposition=proposition, version=values["version"] or 0, texts=values
    )


@require_POST
def autosave(request: HttpRequest, public_id: str) -> JsonResponse:
    """Save a draft while somebody types; answers with the time and the new version, or 409 with what to do."""
    proposition = changeable(request, public_id)
    form = PropositionForm(request.POST)
    if proposition.state != PropositionState.DRAFT or not form.is_valid():
        message = _("Not saved by itself. Save the form to see what is asked.")
        return JsonResponse({"message": message}, status=422)
    try:
        saved = _save(request, proposition, form)
    except EditConflict:
        message = _("A colleague changed this in the meantime. Save to see both texts.")
        return JsonResponse({"message": message}, status=409)
    return JsonResponse({"saved_at": timezone.localtime().strftime("%H.%M"), "version": saved.version})
