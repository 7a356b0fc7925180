"""After the answer: react, agree steps, close; and what a sender can do with a signal that was sent."""

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from cities.forms.reasons import ReasonForm
from cities.forms.signals import ReactionForm, StepForm, TextForm
from cities.models import SignalFollowUp
from cities.models.signal import OPEN_STATES, Audience, SignalState
from cities.models.signal_parts import Verdict
from cities.services.signals import follow_up, sending
from cities.services.signals.follow_up import AFTER_ANSWER
from cities.views.posting import posted
from cities.views.signals.common import act, find, find_own, find_to_send, is_addressed, own_senders
from nss_portal.core.access import NotAllowed, require


def react(request: HttpRequest, public_id: str) -> HttpResponse:
    """Say as a sender what one makes of the answer."""
    signal = find(request, public_id)
    own = own_senders(request, signal)
    if not own:
        raise NotAllowed(_("Only a sender reacts on the answer."))
    if signal.state not in AFTER_ANSWER:
        raise Http404
    form = ReactionForm(posted(request), own=own, initial={"organisation": own[0]})
    return act(
        request,
        signal,
        form=form,
        title=_("React on the answer"),
        action=_("Place the reaction"),
        do=lambda values: follow_up.react(
            actor=request.user,
            signal=signal,
            organisation=values["organisation"],
            verdict=Verdict(values["verdict"]),
            text=values["text"],
        ),
        done=_("Your reaction stands with the signal."),
        consequences=[_("Whoever reads the signal reads this too. Closing it comes later.")],
    )


def step(request: HttpRequest, public_id: str) -> HttpResponse:
    """Agree one step after the answer."""
    signal = find(request, public_id)
    if not is_addressed(request, signal):
        require(request.user, "signal", "send", signal)
    if signal.state not in AFTER_ANSWER:
        raise Http404
    return act(
        request,
        signal,
        form=StepForm(posted(request), owners=follow_up.taking_part(signal)),
        title=_("Agree what is done"),
        action=_("Add this step"),
        do=lambda values: follow_up.add_follow_up(actor=request.user, signal=signal, **values),
        done=_("The step is added. Its owner sees it among what is asked."),
    )


def step_done(request: HttpRequest, public_id: str, pk: int) -> HttpResponse:
    """Note that a step is done, and what came of it."""
    signal = find(request, public_id)
    found = get_object_or_404(SignalFollowUp.objects.select_related("signal"), signal=signal, pk=pk)
    if not follow_up.may_finish(request.user, found):
        raise NotAllowed(_("Only the owner of the step and the sender say that it is done."))
    if found.done_on is not None or signal.state == SignalState.CLOSED:
        raise Http404
    return act(
        request,
        signal,
        form=TextForm(posted(request), label=_("What came of it?")),
        title=_("Is this done?"),
        action=_("Note that it is done"),
        do=lambda values: follow_up.finish_follow_up(actor=request.user, step=found, result=values["text"]),
        done=_("Noted: the step is done."),
        consequences=[found.what],
    )


def close(request: HttpRequest, public_id: str) -> HttpResponse:
    """Close a signal with what became of it."""
    signal = find_to_send(request, public_id)
    if signal.state not in AFTER_ANSWER:
        raise Http404
    return act(
        request,
        signal,
        form=TextForm(
            posted(request),
            label=_("What became of it?"),
            hint=_("What changed, or why nothing did. This stands on top of the record."),
        ),
        title=_("Close the signal"),
        action=_("Close the signal"),
        do=lambda values: follow_up.close_signal(actor=request.user, signal=signal, outcome=values["text"]),
        done=_("The signal is closed."),
    )


def reopen(request: HttpRequest, public_id: str) -> HttpResponse:
    """Open a closed signal again."""
    signal = find_to_send(request, public_id)
    if signal.state != SignalState.CLOSED:
        raise Http404
    return act(
        request,
        signal,
        form=ReasonForm(posted(request)),
        title=_("Open the signal again"),
        action=_("Open again"),
        do=lambda values: follow_up.reopen_signal(actor=request.user, signal=signal, **values),
        done=_("The signal is in follow-up again."),
    )


def withdraw(request: HttpRequest, public_id: str) -> HttpResponse:
    """Take back a signal that nobody answered yet."""
    signal = find_own(request, public_id)
    if signal.state not in OPEN_STATES:
        raise Http404
    return act(
        request,
        signal,
        form=ReasonForm(posted(request)),
        title=_("Withdraw this signal?"),
        action=_("Withdraw"),
        do=lambda values: sending.withdraw_signal(actor=request.user, signal=signal, **values),
        done=_("The signal is withdrawn."),
        consequences=[_("Nobody has to answer any more. The signal stays in the register, as withdrawn.")],
        danger=True,
    )


def publish(request: HttpRequest, public_id: str) -> HttpResponse:
    """Show a signal of the network to everybody."""
    signal = find_own(request, public_id)
    if signal.is_draft or signal.audience == Audience.PUBLISHED:
        raise Http404
    return act(
        request,
        signal,
        form=forms.Form(posted(request)),
        title=_("Show this signal to everybody?"),
        action=_("Show it to everybody"),
        do=lambda values: sending.publish_signal(actor=request.user, signal=signal),
        done=_("Everybody can read the signal now."),
        consequences=[_("The signal, the answer and what becomes of it are public from now on.")],
    )
