"""Begin a date poll, change what it offers, and ask people."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from activities.forms.people import PeopleForm
from activities.forms.polls import MORE, MomentFormSet, PollForm, lines_of
from activities.models import Activity, DatePoll
from activities.models.date_poll import PollState
from activities.services import polls
from activities.views.agenda import changeable as changeable_activity
from activities.views.polls import changeable
from cities.views.posting import posted
from nss_portal.core.editing import EditConflict
from nss_portal.core.rendering import render


def new(request: HttpRequest, public_id: str) -> HttpResponse:
    """Offer moments for an activity; leads on to the poll where there is one already."""
    activity = changeable_activity(request, public_id)
    held = activity.polls.filter(state=PollState.OPEN).first()
    if held is not None:
        return redirect(held)
    if activity.state not in polls.LOOKED_FOR:
        raise Http404
    return _edit(request, activity, None)


def edit(request: HttpRequest, public_id: str) -> HttpResponse:
    """Change the moments and the last day."""
    poll = changeable(request, public_id)
    if poll.state != PollState.OPEN:
        raise Http404
    return _edit(request, poll.activity, poll)


def _edit(request: HttpRequest, activity: Activity, poll: DatePoll | None) -> HttpResponse:
    data = _more_lines(request) if "more" in request.POST else posted(request)
    names = ("closes_on", "note", "shown", "version")
    initial = {name: getattr(poll, name) for name in names} if poll else {}
    form = PollForm(data, initial=initial, is_new=poll is None)
    formset = MomentFormSet(data, initial=lines_of(activity, poll), prefix="m")
    problems: list[str] = []
    status = 200
    drawn_only = "more" in request.POST
    if request.method == "POST" and not drawn_only and form.is_valid() and formset.is_valid():
        try:
            saved = _save(request, activity, poll, form, formset)
        except ValidationError as error:
            problems = error.messages
        except EditConflict as error:
            status = 409
            problems = [
                _("A colleague changed this poll in the meantime. Look at it beside yours, then save again.")
            ]
            data = request.POST.copy()
            data["version"] = str(getattr(error.record, "version"))  # noqa: B009 - Model itself has no version
            form = PollForm(data, initial=initial, is_new=False)
        else:
            messages.success(request, _("The moments are saved."))
            return redirect("activities:poll_ask", public_id=saved.public_id) if poll is None else redirect(saved)
    if drawn_only:
        form.errors.clear()
        for line in formset:
            line.errors.clear()
    context = {
        "activity": activity,
        "poll": poll,
        "form": form,
        "formset": formset,
        "lines": list(formset),
        "problems": [
            *problems,
            *(formset.non_form_errors() if request.method == "POST" and not drawn_only else []),
        ],
        "is_new": poll is None,
        "back_url": poll.get_absolute_url() if poll else activity.get_absolute_url(),
    }
    return render(request, "activities/poll_form.html", context, status=status)


def _more_lines(request: HttpRequest) -> QueryDict:
    """Give what was sent with some more empty lines, as far as a poll goes."""
    data = request.POST.copy()
    held = data.get("m-TOTAL_FORMS", "")
    number = min(int(held) + MORE, polls.MOST) if held.isdecimal() and len(held) < 4 else MORE
    data["m-TOTAL_FORMS"] = str(number)
    return data


def _save(
    request: HttpRequest, activity: Activity, poll: DatePoll | None, form: PollForm, formset: Any
) -> DatePoll:
    moments = [one for one in (line.moment(activity) for line in formset) if one is not None]
    if poll is None:
        return polls.start_poll(
            actor=request.user,
            activity=activity,
            values=form.values(),
            moments=moments,
            ask_those_there=form.cleaned_data["ask_those_there"],
        )
    version = form.cleaned_data["version"] or 0
    return polls.change_poll(actor=request.user, poll=poll, version=version, values=form.values(), moments=moments)


def ask(request: HttpRequest, public_id: str) -> HttpResponse:
    """Search people and organisations and ask several at once."""
    poll = changeable(request, public_id)
    if poll.state != PollState.OPEN:
        raise Http404
    there = poll.guests.values_list("user", "organisation")
    searching = "search" in request.POST
    form = PeopleForm(
        posted(request),
        actor=request.user,
        without=[user for user, _organisation in there if user],
        without_organisations=[organisation for user, organisation in there if not user],
    )
    if request.method == "POST" and not searching and form.is_valid():
        try:
            rows = polls.ask(
                actor=request.user,
                poll=poll,
                members=form.cleaned_data["people"],
                organisations=form.cleaned_data["organisations"],
            )
        except ValidationError as error:
            form.add_error(None, error)
        else:
            text = ngettext("%(number)d is asked by mail.", "%(number)d are asked by mail.", len(rows))
            messages.success(request, text % {"number": len(rows)})
            return redirect(poll)
    if searching:
        form.errors.clear()
    context = {
        "activity": poll.activity,
        "form": form,
        "searching": searching,
        "title": _("Whom do you ask?"),
        "intro": _("Each gets a mail and says per moment yes, if need be or no. You can ask more people later."),
        "action": _("Ask them"),
        "back_url": poll.get_absolute_url(),
    }
    return render(request, "activities/people_find.html", context)


@require_POST
def take_off(request: HttpRequest, public_id: str, number: int) -> HttpResponse:
    """Ask somebody no longer."""
    poll = changeable(request, public_id)
    guest = get_object_or_404(poll.guests.select_related("poll", "user", "organisation"), pk=number)
    try:
        polls.take_off(actor=request.user, guest=guest)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("{name} is asked no longer.").format(name=guest))
    return redirect(poll)
