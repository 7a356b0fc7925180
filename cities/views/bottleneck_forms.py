"""Write a bottleneck: three answers first, the rest later; similar ones are shown before a new one is added."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from cities.forms.bottlenecks import BottleneckForm, QuickBottleneckForm
from cities.models import Bottleneck
from cities.models.bottleneck import BottleneckState, Sharing
from cities.presenting_bottlenecks import suggestions
from cities.selectors_bottlenecks import similar_bottlenecks
from cities.services import bottlenecks as services
from cities.views.bottlenecks import changeable
from cities.views.posting import posted
from governance.services.ownership import organisations_for
from nss_portal.core.access import NotAllowed, may
from nss_portal.core.conflicts import beside, sent_again
from nss_portal.core.editing import EditConflict
from nss_portal.core.rendering import render
from nss_portal.core.workflow import TransitionRefused

LISTS = ("covered_by", "helped_by")
PLAIN = ("title", "description", "theme", "step", "severity", "since_year", "covered_note", "help_note")


@require_safe
def similar(request: HttpRequest) -> HttpResponse:
    """The part of a form that shows what resembles the typed text; asked for while somebody types."""
    if not may(request.user, "bottleneck", "change"):
        raise NotAllowed(_("Only cities describe bottlenecks here."))
    text = f"{request.GET.get('title', '')} {request.GET.get('description', '')}"
    own = Bottleneck.objects.visible_to(request.user).filter(public_id=request.GET.get("self", "")).first()
    found = similar_bottlenecks(request.user, text, exclude=own)
    return render(request, "cities/includes/similar.html", _beside_form(request, found) | {"is_live": True})


def _beside_form(request: HttpRequest, found: list[Bottleneck]) -> dict[str, Any]:
    words = request.GET.get("title", "") or request.POST.get("title", "")
    return {
        "similar": suggestions(request.user, found, words=words),
        "seen": ",".join(one.public_id for one in found),
    }


def _unseen(request: HttpRequest, text: str, seen: str, exclude: Bottleneck | None = None) -> list[Bottleneck]:
    """Give the similar ones, when there is one among them that the writer was not shown yet."""
    found = similar_bottlenecks(request.user, text, exclude=exclude)
    known = set(seen.split(","))
    return found if any(one.public_id not in known for one in found) else []


def _ask(request: HttpRequest, form: Any, found: list[Bottleneck], back_url: str) -> HttpResponse:
    """Show similar ones before a new one is added; what was typed travels along in the page."""
    kept = [(key, value) for key in request.POST for value in request.POST.getlist(key)]
    kept = [
        (key, value) for key, value in kept if key not in {"csrfmiddlewaretoken", "seen", "open", "draft", "back"}
    ]
    context = _beside_form(request, found) | {
        "kept": kept,
        "title": form.cleaned_data["title"],
        "back_url": back_url,
    }
    return render(request, "cities/bottleneck_similar.html", context)


def _to_join(request: HttpRequest) -> HttpResponse | None:
    """Lead from a form to the one that was chosen beside it, with the typed words along; None when none was."""
    if "join" not in request.POST:
        return None
    seen = Bottleneck.objects.visible_to(request.user)
    chosen = get_object_or_404(seen, public_id=request.POST["join"])
    words = urlencode({"woorden": request.POST.get("title", "")[:160]})
    return redirect(f"{reverse('cities:bottleneck_join', args=[chosen.public_id])}?{words}")


def new(request: HttpRequest) -> HttpResponse:
    """Describe a new bottleneck in three answers."""
    organisations = organisations_for(request.user, "bottleneck", "change")
    if not organisations.exists():
        raise NotAllowed(_("Only cities describe bottlenecks here."))
    if answer := _to_join(request):
        return answer
    opening = "draft" not in request.POST
    form = QuickBottleneckForm(posted(request), organisations=organisations, opening=opening)
    if request.method == "POST" and "back" not in request.POST and form.is_valid():
        values = form.cleaned_data
        found = _unseen(request, values["title"], values["seen"]) if opening else []
        if found:
            return _ask(request, form, found, "")
        return _add(request, values, opening)
    context = {"form": form, "similar": [], "seen": ""}
    return render(request, "cities/bottleneck_new.html", context)


def _add(request: HttpRequest, values: dict[str, Any], opening: bool) -> HttpResponse:
    answers = {name: values[name] for name in ("organisation", "title", "theme", "severity")}
    draft = services.create_bottleneck_draft(actor=request.user, **answers)
    if not opening:
        messages.success(request, _("The draft is saved. Only you and your colleagues see it."))
        return redirect("cities:bottleneck_edit", public_id=draft.public_id)
    return _open(request, draft, Sharing.NETWORK)


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
    bottleneck = changeable(request, public_id)
    if bottleneck.state not in {BottleneckState.DRAFT, BottleneckState.OPEN, BottleneckState.SOLVED}:
        raise NotAllowed(_("This bottleneck was withdrawn or merged and does not change any more."))
    if answer := _to_join(request):
        return answer
    is_draft = bottleneck.state == BottleneckState.DRAFT
    opening = is_draft and "open" in request.POST
    initial: dict[str, Any] = {name: getattr(bottleneck, name) for name in PLAIN}
    initial |= {name: getattr(bottleneck, name).all() for name in LISTS}
    initial |= {"version": bottleneck.version, "sharing": Sharing.NETWORK if is_draft else bottleneck.sharing}
    form = BottleneckForm(posted(request), initial=initial, opening=opening or not is_draft)
    conflict: list[dict[str, Any]] = []
    status = 200
    if request.method == "POST" and "back" not in request.POST and form.is_valid():
        try:
            return _keep(request, bottleneck, form, opening)
        except EditConflict as error:
            conflict, status = beside(form, error), 409
            form = BottleneckForm(sent_again(request, error), initial=form.initial)
        except ValidationError as error:
            form.add_error(None, error.messages)
    context = {"form": form, "bottleneck": bottleneck, "is_draft": is_draft, "conflict": conflict}
    context |= {"similar": [], "seen": ""}
    return render(request, "cities/bottleneck_form.html", context, status=status)


def _keep(request: HttpRequest, bottleneck: Bottleneck, form: BottleneckForm, opening: bool) -> HttpResponse:
    """Save; before a draft goes into the register its writer sees what resembles it."""
    values = form.cleaned_data
    if opening:
        text = f"{values['title']} {values['description']}"
        found = _unseen(request, text, values["seen"], exclude=bottleneck)
        if found:
            return _ask(request, form, found, request.path)
    saved = _save(request, bottleneck, form)
    if saved.state == BottleneckState.DRAFT and not opening:
        messages.success(request, _("The draft is saved. Only you and your colleagues see it."))
        return redirect(saved)
    if opening:
        return _open(request, saved, Sharing(values["sharing"]))
    services.share_bottleneck(actor=request.user, bottleneck=saved, sharing=Sharing(values["sharing"]))
    messages.success(request, _("The changes are saved."))
    return redirect(saved)


def _save(request: HttpRequest, bottleneck: Bottleneck, form: BottleneckForm) -> Bottleneck:
    values = form.cleaned_data
    return services.change_bottleneck(
        actor=request.user,
        bottleneck=bottleneck,
        version=values["version"] or 0,
        **{name: values[name] for name in (*PLAIN, *LISTS)},
    )


@require_POST
def autosave(request: HttpRequest, public_id: str) -> JsonResponse:
    """Save a draft while somebody types; answers with the time and the new version, or 409 with what to do."""
    bottleneck = changeable(request, public_id)
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
