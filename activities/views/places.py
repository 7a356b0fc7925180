"""Places in an activity: register, withdraw, and for the organiser who takes part and who was there."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from activities.models import Participation
from activities.models.activity import ParticipationState
from activities.presenting.agenda import OWN_TONES
from activities.services import places
from activities.views.agenda import changeable, find
from cities.forms.signals import OwnSideForm
from cities.views.posting import posted
from governance.models import Organisation, User
from nss_portal.core.access import NotAllowed
from nss_portal.core.kept import KeptPart
from nss_portal.core.rendering import render


class WithdrawForm(forms.Form):
    """Why somebody does not come; nobody has to say."""

    reason = forms.CharField(label=gettext_lazy("Why? (the organiser reads this)"), required=False, max_length=300)


def _person(request: HttpRequest) -> User:
    """Give who asks; these pages ask for a login."""
    user = request.user
    assert isinstance(user, User)  # noqa: S101 - for the type
    return user


def register(request: HttpRequest, public_id: str) -> HttpResponse:
    """Register oneself; whoever acts for several organisations says for which one."""
    activity, user = find(request, public_id), _person(request)
    if not activity.may_register and activity.my_state != ParticipationState.INVITED:
        raise NotAllowed(_("This activity is not open to you."))
    if activity.my_state in places.IN_LINE:
        messages.info(request, _("You are registered already."))
        return redirect(activity)
    own = Organisation.objects.filter(pk__in=places.registering_organisations(user)).order_by("name")
    form = OwnSideForm(posted(request), own=own)
    if request.method == "POST" and form.is_valid():
        try:
            row = places.register(actor=user, activity=activity, organisation=form.cleaned_data["organisation"])
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
        else:
            messages.success(request, _receipt(row))
        return redirect(activity)
    consequences = []
    if clash := _clash(request, activity):
        consequences.append(_("You have a place in '{title}' at the same time.").format(title=clash))
    if activity.needs_approval and activity.my_state != ParticipationState.INVITED:
        consequences.append(_("The organiser looks at it first; you get a mail."))
    if activity.capacity is not None and activity.taken >= activity.capacity:
        consequences.append(_("It is full: you join the waiting list and move up by yourself."))
    if activity.required_preparation:
        consequences.append(_("Preparation: {text}").format(text=activity.required_preparation))
    context = {
        "title": _("Register"),
        "intro": activity.title,
        "consequences": consequences,
        "action": _("Register"),
        "form": form,
        "back_url": activity.get_absolute_url(),
        "danger": False,
    }
    return render(request, "components/confirm.html", context)


def _receipt(row: Participation) -> str:
    return {
        ParticipationState.REGISTERED: _("You have a place."),
        ParticipationState.REQUESTED: _("The organiser looks at it and writes to you."),
    }.get(ParticipationState(row.state), _("You are on the waiting list. You get a mail when a place is free."))


def _clash(request: HttpRequest, activity: Any) -> str:
    """Give the title of another activity at the same time in which the person has a place."""
    if activity.starts_at is None:
        return ""
    mine = Participation.objects.filter(user=request.user.pk, state=ParticipationState.REGISTERED)
    times = list(activity.sessions.values_list("starts_at", "ends_at"))
    there = mine.exclude(activity=activity.pk).filter(
        activity__sessions__starts_at__lt=activity.ends_at, activity__sessions__ends_at__gt=activity.starts_at
    )
    found = there.values_list("activity__title", "activity__sessions__starts_at", "activity__sessions__ends_at")
    return next(
        (t for t, begins, ends in found for starts, stops in times if begins < stops and ends > starts), ""
    )


def withdraw(request: HttpRequest, public_id: str) -> HttpResponse:
    """Give a place back, or say no to an invitation."""
    activity = find(request, public_id)
    form = WithdrawForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            places.withdraw(actor=_person(request), activity=activity, reason=form.cleaned_data["reason"])
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
        else:
            messages.success(request, _("You are not registered any more."))
        visible = type(activity).objects.visible_to(request.user).filter(pk=activity.pk).exists()
        return redirect(activity) if visible else redirect("activities:agenda")
    titles = {
        ParticipationState.INVITED: _("Say no to the invitation"),
        ParticipationState.REQUESTED: _("Withdraw my registration"),
        ParticipationState.WAITING: _("Leave the waiting list"),
    }
    has_place = activity.my_state == ParticipationState.REGISTERED
    context = {
        "title": titles.get(activity.my_state, _("Give my place back")),
        "intro": activity.title,
        "consequences": [_("Whoever waits longest gets the place.")] if has_place else [],
        "action": _("I do not come"),
        "form": form,
        "back_url": activity.get_absolute_url(),
        "danger": False,
    }
    return render(request, "components/confirm.html", context)


def people(request: HttpRequest, public_id: str) -> HttpResponse:
    """Who takes part, who asks and who waits, for the organiser; afterwards the list of who was there."""
    activity = changeable(request, public_id)
    if request.method == "POST":
        chosen = {int(one) for one in request.POST.getlist("present") if one.isdecimal() and len(one) < 18}
        try:
            number = places.note_attendance(actor=request.user, activity=activity, present=chosen)
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
        else:
            messages.success(request, _("Noted: {number} were there.").format(number=number))
        return redirect("activities:activity_people", public_id=activity.public_id)
    now = timezone.now()
    begun = activity.starts_at is not None and activity.starts_at <= now
    may_invite = activity.state in places.OPEN and (activity.ends_at is None or activity.ends_at > now)
    body = KeptPart(request, "people", lambda: {"lines": _lines(activity)}, begun, may_invite)
    context = {"activity": activity, "begun": begun, "may_invite": may_invite, "body": body}
    return render(request, "activities/activity_people.html", context)


def _lines(activity: Any) -> list[dict[str, Any]]:
    rows = activity.participations.select_related("user", "organisation").order_by("queued_at", "pk")
    return [
        {
            "row": row,
            "name": str(row.user),
            "organisation": row.organisation.short_name or row.organisation.name,
            "state": ParticipationState(row.state).label,
            "tone": OWN_TONES[ParticipationState(row.state)],
            "asks": row.state == ParticipationState.REQUESTED,
            "in": row.state == ParticipationState.REGISTERED,
            "invited": row.state == ParticipationState.INVITED,
            "attended": row.attended is not False,
        }
        for row in rows
    ]


@require_POST
def decide(request: HttpRequest, public_id: str, number: int) -> HttpResponse:
    """Admit somebody who asked, or not."""
    activity = changeable(request, public_id)
    row = get_object_or_404(Participation.objects.select_related("activity"), pk=number, activity=activity)
    try:
        places.decide(
            actor=request.user,
            participation=row,
            admit="admit" in request.POST,
            reason=request.POST.get("reason", "")[:300],
        )
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect("activities:activity_people", public_id=activity.public_id)
