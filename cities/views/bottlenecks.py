"""The register of bottlenecks, the record of one and its form."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from cities.filters import BottleneckFilter
from cities.forms.bottlenecks import BottleneckForm, InvitationForm, NewBottleneckForm
from cities.forms.reasons import ReasonForm
from cities.models import Bottleneck
from cities.models.bottleneck import BottleneckState, Sharing
from cities.presenting import BOTTLENECK_TONES, transition_history
from cities.services import bottlenecks as services
from cities.services.editing import EditConflict
from cities.services.ownership import organisations_for
from cities.views.posting import posted
from cities.workflow import BOTTLENECK
from nss_portal.core.access import NotAllowed, may, require
from nss_portal.core.workflow import TransitionRefused

PER_PAGE = 50
TEXTS = ("title", "description", "theme", "step")


def bottleneck_list(request: HttpRequest) -> HttpResponse:
    """The register: what the person may see, drafts of the own organisation included."""
    visible = Bottleneck.objects.visible_to(request.user).listed()
    found = BottleneckFilter(
        request.GET, queryset=visible.select_related("organisation", "theme", "step"), request=request
    )
    page = Paginator(found.qs, PER_PAGE).get_page(request.GET.get("page"))
    for bottleneck in page:
        bottleneck.tone = BOTTLENECK_TONES[BottleneckState(bottleneck.state)]
    context = {"filter": found, "page_obj": page, "may_write": may(request.user, "bottleneck", "change")}
    return render(request, "cities/bottleneck_list.html", context)


def _visible(request: HttpRequest, public_id: str) -> Bottleneck:
    visible = Bottleneck.objects.visible_to(request.user).select_related("organisation", "theme", "step")
    return get_object_or_404(visible, public_id=public_id)


def _changeable(request: HttpRequest, public_id: str) -> Bottleneck:
    """Give a bottleneck that the person may change: 404 when it is not visible, 403 when it is not theirs."""
    bottleneck = _visible(request, public_id)
    require(request.user, "bottleneck", "change", bottleneck)
    return bottleneck


def record(request: HttpRequest, public_id: str) -> HttpResponse:
    """One bottleneck: where it stands, whose it is, the next step."""
    bottleneck = _visible(request, public_id)
    may_change = may(request.user, "bottleneck", "change", bottleneck)
    is_draft = bottleneck.state == BottleneckState.DRAFT
    labels = {state.value: str(state.label) for state in BottleneckState}
    steps = [step for step in BOTTLENECK.open_steps(bottleneck) if step.name != "open"] if may_change else []
    context = {
        "bottleneck": bottleneck,
        "tone": BOTTLENECK_TONES[BottleneckState(bottleneck.state)],
        "facts": _facts(bottleneck, with_invited=may_change),
        "may_change": may_change and bottleneck.state != BottleneckState.WITHDRAWN,
        "is_draft": is_draft,
        "moves": steps,
        "history": transition_history(bottleneck, labels),
    }
    return render(request, "cities/bottleneck.html", context)


def _facts(bottleneck: Bottleneck, *, with_invited: bool) -> list[tuple[str, Any]]:
    facts: list[tuple[str, Any]] = [(_("Of"), bottleneck.organisation)]
    if bottleneck.theme:
        facts.append((_("Theme"), bottleneck.theme))
    if bottleneck.step:
        facts.append((_("Step of the transition map"), bottleneck.step))
    facts.append((_("Shared with"), bottleneck.get_sharing_display()))
    invited = [str(organisation) for organisation in bottleneck.invited.all()] if with_invited else []
    if invited:
        facts.append((_("Read along"), ", ".join(invited)))
    facts.append((_("Last changed"), date_format(timezone.localtime(bottleneck.changed_at), "j F Y")))
    return facts


def new(request: HttpRequest) -> HttpResponse:
    """Describe a new bottleneck."""
    organisations = organisations_for(request.user, "bottleneck", "change")
    if not organisations.exists():
        raise NotAllowed(_("Only cities describe bottlenecks here."))
    form = NewBottleneckForm(posted(request), organisations=organisations)
    status = 200
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        texts = {name: values[name] for name in TEXTS}
        draft = services.create_bottleneck_draft(actor=request.user, organisation=values["organisation"], **texts)
        if "open" not in request.POST:
            messages.success(request, _("The draft is saved. Only you and your colleagues see it."))
            return redirect("cities:bottleneck_edit", public_id=draft.public_id)
        return _open(request, draft, Sharing(values["sharing"]))
    return render(request, "cities/bottleneck_form.html", {"form": form, "bottleneck": None}, status=status)


def _open(request: HttpRequest, bottleneck: Bottleneck, sharing: Sharing) -> HttpResponse:
    """Share what was saved; what is not finished yet goes back to its form with the reason."""
    try:
        services.share_bottleneck(actor=request.user, bottleneck=bottleneck, sharing=sharing)
    except TransitionRefused as error:
        messages.error(request, str(error))
        return redirect("cities:bottleneck_edit", public_id=bottleneck.public_id)
    messages.success(request, _("The bottleneck is in the register."))
    return redirect(bottleneck)


def edit(request: HttpRequest, public_id: str) -> HttpResponse:
    """Finish a draft, or change what is in the register; a colleague's change in between is shown beside it."""
    bottleneck = _changeable(request, public_id)
    if bottleneck.state == BottleneckState.WITHDRAWN:
        raise NotAllowed(_("This bottleneck was withdrawn and does not change any more."))
    is_draft = bottleneck.state == BottleneckState.DRAFT
    initial: dict[str, Any] = {name: getattr(bottleneck, name) for name in TEXTS}
    initial |= {"version": bottleneck.version, "sharing": Sharing.NETWORK if is_draft else bottleneck.sharing}
    form = BottleneckForm(posted(request), initial=initial)
    conflict: list[dict[str, Any]] = []
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            saved = _save(request, bottleneck, form)
        except EditConflict as error:
            form, conflict, status = _conflict(request, form, error), _beside(form, error), 409
        else:
            return _saved(request, saved, form, is_draft)
    context = {"form": form, "bottleneck": bottleneck, "is_draft": is_draft, "conflict": conflict}
    return render(request, "cities/bottleneck_form.html", context, status=status)


def _save(request: HttpRequest, bottleneck: Bottleneck, form: BottleneckForm) -> Bottleneck:
    values = form.cleaned_data
    return services.change_bottleneck(
        actor=request.user,
        bottleneck=bottleneck,
        version=values["version"] or 0,
        **{name: values[name] for name in TEXTS},
    )


def _saved(request: HttpRequest, saved: Bottleneck, form: BottleneckForm, is_draft: bool) -> HttpResponse:
    sharing = Sharing(form.cleaned_data["sharing"])
    if is_draft and "open" not in request.POST:
        messages.success(request, _("The draft is saved. Only you and your colleagues see it."))
        return redirect(saved)
    if is_draft:
        return _open(request, saved, sharing)
    services.share_bottleneck(actor=request.user, bottleneck=saved, sharing=sharing)
    messages.success(request, _("The changes are saved."))
    return redirect(saved)


def _conflict(request: HttpRequest, form: BottleneckForm, error: EditConflict) -> BottleneckForm:
    """Give the form again with the typed text, now on top of the colleague's version."""
    data = request.POST.copy()
    data["version"] = str(getattr(error.record, "version"))  # noqa: B009 - Model itself has no version
    return BottleneckForm(data, initial=form.initial)


def _beside(form: BottleneckForm, error: EditConflict) -> list[dict[str, Any]]:
    """Give the fields that differ, mine and theirs."""
    return [
        {"label": form.fields[name].label, "mine": form.cleaned_data[name], "theirs": getattr(error.record, name)}
        for name in TEXTS
        if form.cleaned_data[name] != getattr(error.record, name)
    ]


@require_POST
def autosave(request: HttpRequest, public_id: str) -> JsonResponse:
    """Save a draft while somebody types; answers with the time and the new version, or 409 with what to do."""
    bottleneck = _changeable(request, public_id)
    form = BottleneckForm(request.POST)
    if bottleneck.state != BottleneckState.DRAFT or not form.is_valid():
        message = _("Not saved by itself. Save the form to see what is asked.")
        return JsonResponse({"message": message}, status=422)
    try:
        saved = _save(request, bottleneck, form)
    except EditConflict:
        message = _("A colleague changed this in the meantime. Save to see both texts.")
        return JsonResponse({"message": message}, status=409)
    now = timezone.localtime().strftime("%H.%M")
    return JsonResponse({"saved_at": now, "version": saved.version})


def invite(request: HttpRequest, public_id: str) -> HttpResponse:
    """Choose which partners read along, also while it is a draft."""
    bottleneck = _changeable(request, public_id)
    form = InvitationForm(posted(request), initial={"invited": bottleneck.invited.all()})
    if request.method == "POST" and form.is_valid():
        chosen = form.cleaned_data["invited"]
        services.invite_to_bottleneck(actor=request.user, bottleneck=bottleneck, organisations=chosen)
        messages.success(request, _("The invitations are saved."))
        return redirect(bottleneck)
    context = {
        "title": _("Who reads along?"),
        "intro": bottleneck.title,
        "consequences": [_("Whoever you invite can read this bottleneck, also while it is a draft.")],
        "form": form,
        "action": _("Save the invitations"),
        "back_url": bottleneck.get_absolute_url(),
        "danger": False,
    }
    return render(request, "components/confirm.html", context)


def move(request: HttpRequest, public_id: str, step: str) -> HttpResponse:
    """Solve, open again or withdraw, with a reason."""
    bottleneck = _changeable(request, public_id)
    chosen = next((s for s in BOTTLENECK.open_steps(bottleneck) if s.name == step and step != "open"), None)
    if chosen is None:
        raise Http404
    return _reason_page(request, bottleneck, chosen.name, str(chosen.label))


def _reason_page(request: HttpRequest, bottleneck: Bottleneck, step: str, label: str) -> HttpResponse:
    form = ReasonForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            services.move_bottleneck(
                actor=request.user, bottleneck=bottleneck, step=step, reason=form.cleaned_data["reason"]
            )
            return redirect(bottleneck)
        except TransitionRefused as error:
            form.add_error(None, str(error))
    context = {"form": form, "title": label, "intro": bottleneck.title, "action": label}
    context |= {"back_url": bottleneck.get_absolute_url(), "danger": step == "withdraw"}
    return render(request, "components/confirm.html", context)


def discard(request: HttpRequest, public_id: str) -> HttpResponse:
    """Throw a draft away, after asking."""
    bottleneck = _changeable(request, public_id)
    if bottleneck.state != BottleneckState.DRAFT:
        raise Http404
    if request.method == "POST":
        services.discard_bottleneck_draft(actor=request.user, bottleneck=bottleneck)
        messages.success(request, _("The draft is thrown away."))
        return redirect("cities:bottlenecks")
    context = {
        "title": _("Throw this draft away?"),
        "intro": bottleneck.title,
        "consequences": [_("The draft is gone for good. Nobody else has read it.")],
        "action": _("Throw the draft away"),
        "back_url": bottleneck.get_absolute_url(),
        "danger": True,
    }
    return render(request, "components/confirm.html", context)
