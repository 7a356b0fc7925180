"""What an addressee does: confirm receipt, answer, refer on, name an owner, add something."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from cities.forms.signals import AnswerForm, PassOnForm, TextForm
from cities.models import Signal
from cities.models.signal import OPEN_STATES, AddresseeTask, SignalState
from cities.models.signal_parts import EntryKind, ExperimentAnswer
from cities.presenting_signals import facts_of, room_facts
from cities.selectors_signals import holder_of
from cities.services.signals import answering, sending
from cities.services.signals.answering import Answer
from cities.views.posting import posted
from cities.views.signals.common import act, find, find_addressed, is_addressed, leads
from nss_portal.core.access import NotAllowed
from nss_portal.core.rendering import render
from nss_portal.core.workflow import TransitionRefused


def receive(request: HttpRequest, public_id: str) -> HttpResponse:
    """Confirm that the signal came in."""
    signal = find_addressed(request, public_id)
    _require_lead(request, signal)
    if request.method == "POST":
        try:
            answering.receive_signal(actor=request.user, signal=signal)
        except TransitionRefused as error:
            messages.error(request, str(error))
        else:
            messages.success(request, _("The senders see that you have the signal."))
        return redirect(signal)
    if signal.state != SignalState.SENT:
        raise Http404
    context = {
        "title": _("Confirm that you have this signal?"),
        "intro": signal.title,
        "consequences": [_("The senders see that it has arrived with you. You answer later.")],
        "action": _("Confirm receipt"),
        "back_url": signal.get_absolute_url(),
        "danger": False,
    }
    return render(request, "components/confirm.html", context)


def _require_lead(request: HttpRequest, signal: Signal) -> None:
    """Raise 403 for who is addressed beside the one in the lead."""
    if not leads(request, signal):
        lead = sending.lead_of(signal)
        raise NotAllowed(_("{name} is in the lead and answers.").format(name=holder_of(lead)))


def answer(request: HttpRequest, public_id: str) -> HttpResponse:
    """Take a signal up or decline it, with reasons; and say whether there is room to experiment."""
    signal = find_addressed(request, public_id)
    _require_lead(request, signal)
    experiment = getattr(signal, "experiment", None)
    form = AnswerForm(posted(request), asks_room=experiment is not None)
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        given = Answer(
            kind=EntryKind(typed["kind"]),
            text=typed["text"],
            experiment=ExperimentAnswer(typed.get("experiment", "")),
            conditions=typed.get("conditions", ""),
        )
        try:
            answering.answer_signal(actor=request.user, signal=signal, answer=given)
        except TransitionRefused as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("The answer is given. The senders got a mail."))
            return redirect(signal)
    elif request.method != "POST" and signal.state not in OPEN_STATES:
        raise Http404
    cities = [str(city) for city in experiment.cities.order_by("name")] if experiment else []
    context = {
        "form": form,
        "signal": signal,
        "facts": facts_of(signal, with_reach=True),
        "room": room_facts(experiment, cities) if experiment else [],
    }
    return render(request, "cities/signal_answer.html", context)


def refer(request: HttpRequest, public_id: str) -> HttpResponse:
    """Refer a signal on to whom it concerns."""
    signal = find_addressed(request, public_id)
    _require_lead(request, signal)
    lead = sending.lead_of(signal)
    form = PassOnForm(posted(request), without=[lead.organisation_id, holder_of(lead).pk])
    if request.method != "POST" and (signal.state not in OPEN_STATES or lead.task == AddresseeTask.NAME):
        raise Http404
    return act(
        request,
        signal,
        form=form,
        title=_("Refer this signal on"),
        action=_("Refer on"),
        do=lambda values: sending.refer_signal(actor=request.user, signal=signal, **values),
        done=_("The signal is referred on. The new addressee and the senders got a mail."),
        consequences=[
            _("The other becomes the addressee and answers; you no longer do."),
            _("It stays visible that the signal was with you first, and why you referred it on."),
        ],
    )


def name_owner(request: HttpRequest, public_id: str) -> HttpResponse:
    """Name who answers a signal that had no owner."""
    signal = find(request, public_id)
    if not is_addressed(request, signal):
        sending.require_coordinator(request.user, signal)
    if request.method != "POST" and (signal.state not in OPEN_STATES or not answering.still_to_name(signal)):
        raise Http404
    form = PassOnForm(posted(request), without=[])
    return act(
        request,
        signal,
        form=form,
        title=_("Name who answers"),
        action=_("Name as owner"),
        do=lambda values: sending.name_owner(
            actor=request.user, signal=signal, owner=values["to"], reason=values["reason"]
        ),
        done=_("An owner is named. The owner and the senders got a mail."),
        consequences=[_("The owner answers. Only when the owner refers the signal on, that changes.")],
    )


def add(request: HttpRequest, public_id: str) -> HttpResponse:
    """Add something to the answer, as another addressee or later."""
    signal = find_addressed(request, public_id)
    if signal.state in (SignalState.CLOSED, SignalState.WITHDRAWN):
        raise Http404
    return act(
        request,
        signal,
        form=TextForm(
            posted(request), label=_("What do you add?"), hint=_("Whoever reads the signal reads this.")
        ),
        title=_("Add to the answer"),
        action=_("Add"),
        do=lambda values: answering.add_to_answer(actor=request.user, signal=signal, text=values["text"]),
        done=_("What you added stands with the signal."),
    )
