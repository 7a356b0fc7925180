"""A date poll: answer it, see what others can, choose a moment."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from activities.forms.polls import AnswerForm, moment_in_words
from activities.models import Activity, DatePoll, PollGuest
from activities.models.date_poll import PollState, Reply, ShownAnswers
from activities.selectors.polls import answers_of
from activities.services import poll_choice, polls
from cities.forms.reasons import ReasonForm
from cities.views.posting import posted
from governance.models import User
from nss_portal.core.access import NotAllowed, may, require
from nss_portal.core.formats import format_date
from nss_portal.core.kept import KeptPart
from nss_portal.core.rendering import render
from nss_portal.core.workflow import TransitionRefused

TONES = {PollState.OPEN: "attention", PollState.DECIDED: "good", PollState.STOPPED: "neutral"}


def find(request: HttpRequest, public_id: str) -> DatePoll:
    """Give a poll that the person may see; raises Http404."""
    seen = DatePoll.objects.visible_to(request.user).select_related("activity__organisation", "chosen")
    return get_object_or_404(seen, public_id=public_id)


def changeable(request: HttpRequest, public_id: str) -> DatePoll:
    """Give a poll that the person runs: 404 when it is not visible, 403 when it is another's."""
    poll = find(request, public_id)
    require(request.user, "date_poll", "change", poll)
    return poll


def record(request: HttpRequest, public_id: str) -> HttpResponse:
    """Answer for oneself or one's organisation, and see what others can as far as the organiser shows it."""
    poll = find(request, public_id)
    status, made = 200, lambda: _context(request, poll)
    if request.method == "POST":
        context = _context(request, poll)
        if context["form"] is None:
            raise NotAllowed(_("Somebody else is asked here."))
        answered, context["problem"], status = _answer(request, poll, context["guest"], context["form"])
        if answered:
            return answered
        made = lambda: context  # noqa: E731 - the same page, with what is wrong
    # Each reads it as who is asked.
    body = KeptPart(request, "poll", made, request.user.pk)
    page = {"poll": poll, "activity": poll.activity, "activity_url": _activity_url(request, poll), "body": body}
    return render(request, "activities/poll.html", page, status=status)


def _context(request: HttpRequest, poll: DatePoll) -> dict[str, Any]:
    guests = list(poll.guests.select_related("user", "organisation", "answered_by"))
    mine = polls.guests_of(request.user, poll, guests)
    chosen = request.POST.get("guest") or request.GET.get("voor", "")
    guest = next((one for one in mine if str(one.pk) == chosen), mine[0] if mine else None)
    may_change = may(request.user, "date_poll", "change", poll)
    columns = answers_of(poll, guests)
    form = None
    if guest is not None and (poll.takes_answers() or request.method == "POST"):
        moments = [column.moment for column in columns]
        form = AnswerForm(posted(request), activity=poll.activity, moments=moments, guest=guest)
    return {
        "form": form,
        "guest": guest,
        "others": [one for one in mine if one != guest],
        "problem": "",
        "may_change": may_change,
        "tone": TONES[PollState(poll.state)] if poll.takes_answers() or poll.state != "open" else "neutral",
        "status_label": poll.get_state_display() if poll.takes_answers() or poll.state != "open" else _("closed"),
        **_answers(poll, guests, columns, may_change=may_change),
    }


def _answer(
    request: HttpRequest, poll: DatePoll, guest: PollGuest, form: AnswerForm
) -> tuple[HttpResponse | None, str, int]:
    """Save an answer; gives where to go, or what is wrong (what was chosen stays in the form)."""
    user = request.user
    assert isinstance(user, User)  # noqa: S101 - this page asks for a login
    if not poll.takes_answers():
        form.is_valid()
        return None, polls.closed_in_words(poll), 409
    if not form.is_valid():
        return None, "", 200
    try:
        note = form.cleaned_data["note"]
        polls.answer(actor=user, poll=poll, guest=guest, replies=form.replies(), note=note)
    except polls.PollClosed as error:
        return None, " ".join(error.messages), 409
    except ValidationError as error:
        return None, " ".join(error.messages), 200
    messages.success(request, _("Your answer is saved. You can change it until the last day."))
    return redirect(poll), "", 302


def _activity_url(request: HttpRequest, poll: DatePoll) -> str:
    """Give the address of the activity to whoever may see it; who is asked need not."""
    visible = Activity.objects.visible_to(request.user).filter(pk=poll.activity_id).exists()
    return poll.activity.get_absolute_url() if visible else ""


def _answers(poll: DatePoll, guests: list[PollGuest], columns: list[Any], *, may_change: bool) -> dict[str, Any]:
    """Give what of the answers is shown to this person."""
    with_names = may_change or poll.shown == ShownAnswers.NAMES
    best = next((one.moment.pk for one in columns if one.fits_best), None)
    rows = [
        {
            "pk": one.moment.pk,
            "when": moment_in_words(one.moment, poll.activity),
            "counts": [one.counts[reply] for reply in Reply],
            "names": [(reply.label, one.names[reply]) for reply in Reply if one.names[reply]]
            if with_names
            else [],
            "fits_best": one.fits_best,
            "is_strong": one.moment.pk == best,
            "is_chosen": one.moment.pk == poll.chosen_id,
        }
        for one in columns
    ]
    return {
        "rows": rows,
        "shows": may_change or poll.shown != ShownAnswers.NOBODY,
        "answered": sum(1 for one in guests if one.answered_at),
        "asked": len(guests),
        # Who has answered folds away: what is left to do is to wait for the others.
        "waiting": [_person(one) for one in guests if not one.answered_at] if may_change else [],
        "heard": [_person(one) for one in guests if one.answered_at] if may_change else [],
        "reply_labels": [str(reply.label) for reply in Reply],
        "chosen": moment_in_words(poll.chosen, poll.activity) if poll.chosen else "",
    }


def _person(guest: PollGuest) -> dict[str, Any]:
    return {
        "pk": guest.pk,
        "name": str(guest.user) if guest.user else _("the organisation as a whole"),
        "organisation": guest.organisation.local_name,
        "answered": format_date(guest.answered_at) if guest.answered_at else "",
        "by": str(guest.answered_by) if guest.answered_by and guest.answered_by != guest.user else "",
        "note": guest.note,
    }


def pick(request: HttpRequest, public_id: str, number: int) -> HttpResponse:
    """Choose a moment: one page that says what happens, one press that does all of it."""
    poll = changeable(request, public_id)
    moment = get_object_or_404(poll.moments, pk=number)
    if poll.state != PollState.OPEN:
        raise Http404
    if request.method == "POST":
        try:
            activity = poll_choice.choose(actor=request.user, poll=poll, moment=moment)
        except (ValidationError, TransitionRefused) as error:
            messages.error(request, " ".join(getattr(error, "messages", [str(error)])))
            return redirect(poll)
        messages.success(request, _("The date is chosen. Everybody gets a mail with the appointment."))
        return redirect(activity)
    activity = poll.activity
    consequences = [_("Whoever said yes to this moment has a place at once, as far as there are places.")]
    consequences.append(_("Everybody else whom you asked is invited and can still say yes or no."))
    consequences.append(_("All of them get a mail with the appointment for their own calendar."))
    if activity.sessions.exists() and not activity.is_series:
        consequences.append(_("It replaces when the activity was going to be until now."))
    if activity.state == "draft":
        consequences.append(_("The draft goes into the planning, so that those who come can see it."))
    context = {
        "title": _("Choose this moment?"),
        "intro": moment_in_words(moment, activity),
        "consequences": consequences,
        "action": _("Choose this moment"),
        "back_url": poll.get_absolute_url(),
        "danger": False,
        "form": None,
    }
    return render(request, "components/confirm.html", context)


def stop(request: HttpRequest, public_id: str) -> HttpResponse:
    """Call the poll off, with a reason that those who were asked read."""
    poll = changeable(request, public_id)
    if poll.state != PollState.OPEN:
        raise Http404
    form = ReasonForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            polls.stop_poll(actor=request.user, poll=poll, reason=form.cleaned_data["reason"])
        except TransitionRefused as error:
            messages.error(request, str(error))
        else:
            messages.success(request, _("The poll is called off."))
        return redirect(poll)
    context = {
        "title": _("Call the poll off"),
        "intro": poll.activity.title,
        "consequences": [_("Whoever was asked gets a mail with the reason.")],
        "action": _("Call the poll off"),
        "back_url": poll.get_absolute_url(),
        "danger": True,
        "form": form,
    }
    return render(request, "components/confirm.html", context)
