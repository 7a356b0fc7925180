"""Invite single people to an activity, and take an invitation back."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from activities.forms.people import PeopleForm
from activities.models import Participation
from activities.models.activity import ParticipationState
from activities.selectors.agenda import IN_LINE
from activities.services import places
from activities.views.agenda import changeable
from cities.views.posting import posted
from nss_portal.core.rendering import render


def invite(request: HttpRequest, public_id: str) -> HttpResponse:
    """Search people and invite several at once; a search keeps who was chosen before."""
    activity = changeable(request, public_id)
    if activity.state not in places.OPEN:
        raise Http404
    there = activity.participations.filter(state__in=IN_LINE).values_list("user", flat=True)
    searching = "search" in request.POST
    form = PeopleForm(posted(request), actor=request.user, without=there)
    if request.method == "POST" and not searching and form.is_valid():
        try:
            rows = places.invite_members(
                actor=request.user, activity=activity, members=form.cleaned_data["people"]
            )
        except ValidationError as error:
            form.add_error(None, error)
        else:
            text = ngettext(
                "%(number)d person is invited and gets a mail.",
                "%(number)d people are invited and get a mail.",
                len(rows),
            )
            messages.success(request, text % {"number": len(rows)})
            return redirect("activities:activity_people", public_id=activity.public_id)
    if searching:
        form.errors.clear()
    context = {
        "activity": activity,
        "form": form,
        "searching": searching,
        "title": _("Invite people"),
        "intro": _("Whoever you invite gets a mail, may come whoever the activity is for, and says yes or no."),
        "action": _("Invite them"),
        "back_url": f"{activity.get_absolute_url()}",
    }
    return render(request, "activities/people_find.html", context)


def take_back(request: HttpRequest, public_id: str, number: int) -> HttpResponse:
    """Withdraw an invitation, after asking."""
    activity = changeable(request, public_id)
    invited = Participation.objects.filter(activity=activity, state=ParticipationState.INVITED)
    row = get_object_or_404(invited.select_related("activity", "user"), pk=number)
    if request.method == "POST":
        try:
            places.take_invitation_back(actor=request.user, participation=row)
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
        else:
            messages.success(request, _("The invitation is withdrawn."))
        return redirect("activities:activity_people", public_id=activity.public_id)
    context = {
        "title": _("Withdraw the invitation of {name}?").format(name=row.user),
        "intro": activity.title,
        "consequences": [_("The person gets a mail that takes it out of the calendar.")],
        "action": _("Withdraw the invitation"),
        "back_url": "../../",
        "danger": True,
        "form": None,
    }
    return render(request, "components/confirm.html", context)
