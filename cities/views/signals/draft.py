"""Write a signal: new, edit, save by itself, read over and send, throw away."""

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.forms import ModelMultipleChoiceField
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from cities.forms.signals import NewSignalForm, SignalForm, initial_of
from cities.models import Bottleneck, Signal
from cities.presenting_signals import facts_of, room_facts
from cities.selectors_signals import present_addressees, sender_keys
from cities.services.signals import drafts, sending
from cities.services.signals.people import without_readers
from cities.views.offering import is_search, offered_bottlenecks
from cities.views.posting import posted
from cities.views.signals.common import add_errors, find_own, unread_warning
from cities.workflow.signal import missing, pending_cosigners
from governance.models import Membership, Organisation
from nss_portal.core.access import NotAllowed
from nss_portal.core.editing import EditConflict
from nss_portal.core.rendering import render
from nss_portal.core.time import today
from nss_portal.core.workflow import TransitionRefused

# What is filled in for an answer: eight weeks.
USUAL_TERM = timedelta(weeks=8)


def _offered(request: HttpRequest, signal: Signal | None) -> list[Bottleneck]:
    return offered_bottlenecks(request, signal.bottlenecks.select_related("organisation") if signal else ())


def new(request: HttpRequest) -> HttpResponse:
    """Begin a signal, out of bottlenecks that the address names or that are looked for."""
    senders = Organisation.objects.filter(pk__in=sender_keys(request.user)).order_by("name")
    if not senders:
        raise NotAllowed(_("Only cities with a transition team and the coordination team send signals."))
    offered = _offered(request, None)
    initial = {"bottlenecks": request.GET.getlist("knelpunt"), **_known(request)}
    form = NewSignalForm(posted(request), senders=senders, actor=request.user, offered=offered, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            draft = drafts.create_signal_draft(
                actor=request.user, organisation=form.cleaned_data["organisation"], values=form.values()
            )
        except ValidationError as error:
            add_errors(form, error)
        else:
            return _saved(request, draft)
    elif is_search(request):
        typed = _typed(request, form)
        form = NewSignalForm(senders=senders, actor=request.user, offered=offered, initial=typed)
    return render(request, "cities/signal_form.html", _context(form, None))


def _known(request: HttpRequest) -> dict[str, Any]:
    """Give what the portal knows of who writes, and a usual term; all of it can be changed."""
    mine = Membership.objects.current(today()).filter(user=request.user.pk).exclude(position="")
    return {
        "contact_reach": getattr(request.user, "email", ""),
        "contact_function": mine.values_list("position", flat=True).first() or "",
        "answer_by": today() + USUAL_TERM,
    }


def _typed(request: HttpRequest, form: SignalForm) -> dict[str, Any]:
    """Give what was typed as it is, for a form that only looked for something: that is no time for errors."""
    return {
        name: request.POST.getlist(name) if isinstance(field, ModelMultipleChoiceField) else request.POST.get(name)
        for name, field in form.fields.items()
    }


def _context(form: SignalForm, signal: Signal | None, **more: Any) -> dict[str, Any]:
    rooms = ("room_rule", "room_cities", "room_from", "room_to", "room_learned", "room_conditions")
    return {
        "form": form,
        "signal": signal,
        "room_fields": [form[name] for name in rooms],
        "asks_room": bool(form["asks_room"].value()) or any(name in form.errors for name in rooms),
        "conflict": [],
        **more,
    }


def _saved(request: HttpRequest, draft: Signal) -> HttpResponse:
    """Go on after saving: to the form with what was found, to reading it over, or to the record."""
    if is_search(request):
        return _show(request, draft)
    if "send" in request.POST:
        return redirect("cities:signal_send", public_id=draft.public_id)
    messages.success(request, _("The draft is saved. Only you, your colleagues and those you ask see it."))
    return redirect(draft)


def _show(request: HttpRequest, draft: Signal) -> HttpResponse:
    values = drafts.values_of(draft)
    initial = {**initial_of(values), "version": draft.version, "find": request.POST.get("find", "")}
    form = SignalForm(actor=request.user, signal=draft, offered=_offered(request, draft), initial=initial)
    searched = bool(request.POST.get("find", "").strip())
    return render(request, "cities/signal_form.html", _context(form, draft, searched=searched))


def edit(request: HttpRequest, public_id: str) -> HttpResponse:
    """Finish a draft; a colleague's change in between is shown beside it."""
    signal = find_own(request, public_id)
    if not signal.is_draft:
        raise NotAllowed(_("This signal was sent and does not change any more."))
    if request.method != "POST":
        return _show(request, signal)
    form = SignalForm(request.POST, actor=request.user, signal=signal, offered=_offered(request, signal))
    conflict: list[dict[str, Any]] = []
    status = 200
    if form.is_valid():
        try:
            return _saved(request, _save(request, signal, form))
        except EditConflict as error:
            conflict, status = _beside(form, signal), 409
            form.data = request.POST.copy()
            form.data["version"] = str(getattr(error.record, "version"))  # noqa: B009 - Model itself has no version
        except ValidationError as error:
            add_errors(form, error)
    elif is_search(request):
        offered, typed = _offered(request, signal), _typed(request, form)
        form = SignalForm(actor=request.user, signal=signal, offered=offered, initial=typed)
    return render(request, "cities/signal_form.html", _context(form, signal, conflict=conflict), status=status)


def _save(request: HttpRequest, signal: Signal, form: SignalForm) -> Signal:
    version = form.cleaned_data["version"] or 0
    return drafts.change_signal(actor=request.user, signal=signal, version=version, values=form.values())


def _beside(form: SignalForm, signal: Signal) -> list[dict[str, Any]]:
    """Give what differs between what one typed and what a colleague saved, in words."""
    theirs = initial_of(drafts.values_of(signal))
    mine = initial_of(form.values())
    return [
        {"label": form.fields[name].label, "mine": _told(form, name, mine), "theirs": _told(form, name, theirs)}
        for name in theirs
        if theirs[name] != mine[name]
    ]


def _told(form: SignalForm, name: str, values: dict[str, Any]) -> Any:
    """Say a value as the form shows it: choices by their name."""
    value, field = values[name], form.fields[name]
    names: dict[str, str] = {}
    for key, label in getattr(field, "choices", []):
        names |= {str(k): str(v) for k, v in label} if isinstance(label, list) else {str(key): str(label)}
    if isinstance(value, list):
        return ", ".join(names.get(str(one), str(one)) for one in value)
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return names.get(str(value), value if value is not None else "")


@require_POST
def autosave(request: HttpRequest, public_id: str) -> JsonResponse:
    """Save a draft while somebody types; answers with the time and the new version, or 409 with what to do."""
    signal = find_own(request, public_id)
    form = SignalForm(request.POST, actor=request.user, signal=signal)
    try:
        if not signal.is_draft or not form.is_valid():
            raise ValidationError("")
        saved = _save(request, signal, form)
    except ValidationError:
        message = _("Not saved by itself. Save the form to see what is asked.")
        return JsonResponse({"message": message}, status=422)
    except EditConflict:
        message = _("A colleague changed this in the meantime. Save to see both texts.")
        return JsonResponse({"message": message}, status=409)
    return JsonResponse({"saved_at": timezone.localtime().strftime("%H.%M"), "version": saved.version})


def send(request: HttpRequest, public_id: str) -> HttpResponse:
    """Read a draft over, see what lacks, and send it."""
    signal = find_own(request, public_id)
    if not signal.is_draft:
        raise Http404
    problems = list(missing(signal))
    status = 200
    if request.method == "POST":
        version = request.POST.get("version", "")
        try:
            sent = sending.send_signal(
                actor=request.user, signal=signal, version=int(version) if version.isdecimal() else 0
            )
        except TransitionRefused as error:
            problems, status = problems or [str(error)], 409
        else:
            _tell_sent(request, sent)
            return redirect(sent)
    experiment = getattr(signal, "experiment", None)
    cities = [str(city) for city in experiment.cities.order_by("name")] if experiment else []
    context = {
        "signal": signal,
        "problems": problems,
        "nobody_reads": unread_warning(request, without_readers(present_addressees(signal))),
        "pending": pending_cosigners(signal),
        "facts": facts_of(signal, with_reach=True),
        "room": room_facts(experiment, cities) if experiment else [],
        "bottlenecks": signal.bottlenecks.select_related("organisation"),
    }
    return render(request, "cities/signal_send.html", context, status=status)


def _tell_sent(request: HttpRequest, sent: Signal) -> None:
    """Say who got a mail; nobody did at an organisation that has no account yet."""
    addressees = list(present_addressees(sent))
    missing_readers = without_readers(addressees)
    if len(missing_readers) < len(addressees):
        messages.success(request, _("The signal is sent. The addressees got a mail; here you follow it."))
    else:
        messages.success(request, _("The signal is sent. Here you follow it."))


def discard(request: HttpRequest, public_id: str) -> HttpResponse:
    """Throw a draft away, after asking."""
    signal = find_own(request, public_id)
    if not signal.is_draft:
        raise Http404
    if request.method == "POST":
        drafts.discard_signal_draft(actor=request.user, signal=signal)
        messages.success(request, _("The draft is thrown away."))
        return redirect("cities:signals")
    context = {
        "title": _("Throw this draft away?"),
        "intro": signal.title,
        "consequences": [_("The draft is gone for good, also for those who were asked to co-sign.")],
        "action": _("Throw the draft away"),
        "back_url": signal.get_absolute_url(),
        "danger": True,
    }
    return render(request, "components/confirm.html", context)
