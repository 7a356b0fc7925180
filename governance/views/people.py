"""The people of an organisation, for whoever manages its accounts."""

from datetime import date
from typing import Any

from allauth.account.decorators import reauthentication_required
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from governance.forms.people import (
    EndMembershipForm,
    InviteForm,
    MandateForm,
    MembershipForm,
    RemoveSecondFactorForm,
)
from governance.models import Invitation, Membership, Organisation, User
from governance.models.membership import Function
from governance.selectors import manageable_by, people_of
from governance.services import Refused
from governance.services.invitations import functions_for, invite, withdraw_invitation
from governance.services.mandates import give_mandate, withdraw_mandate
from governance.services.memberships import change_membership, end_membership
from governance.services.second_factor import may_remove_second_factor, remove_second_factor
from governance.views.account import person
from nss_portal.core.access import NotAllowed
from nss_portal.core.kept import KeptPart
from nss_portal.core.rendering import render
from nss_portal.core.time import today


def managed(request: HttpRequest, public_id: str) -> Organisation:
    """Give the organisation when the person manages its accounts; to others this page is not there."""
    return get_object_or_404(Organisation.objects.can_invite(request.user), public_id=public_id)


@require_safe
def people(request: HttpRequest, public_id: str) -> HttpResponse:
    """Who belongs to the organisation, who is invited, and what it lets the coordination team do."""
    organisation = managed(request, public_id)
    body = KeptPart(request, "people", lambda: _people_context(request, organisation), request.user.pk)
    return render(request, "governance/people.html", {"organisation": organisation, "body": body})


def _people_context(request: HttpRequest, organisation: Organisation) -> dict[str, Any]:
    return {
        "people": list(people_of(organisation)),
        "manageable": set(manageable_by(request.user, organisation).values_list("pk", flat=True)),
        "invitations": list(organisation.invitations.filter(accepted_at=None, withdrawn_at=None)),
        "mandates": list(organisation.mandates.current(today()).select_related("given_by")),
        "leads_it": organisation.pk in person(request).standing.lead_of,
        "with_second_factor": _with_second_factor(person(request), organisation),
    }


def _with_second_factor(actor: User, organisation: Organisation) -> set[int]:
    """Give the accounts of an organisation whose second factor the actor could take off; none for most."""
    if not may_remove_second_factor(actor):
        return set()
    people = people_of(organisation).filter(user__is_staff=False).exclude(user=actor).values("user")
    found = Authenticator.objects.filter(user__in=people, type=Authenticator.Type.TOTP)
    return set(found.values_list("user_id", flat=True))


def invite_person(request: HttpRequest, public_id: str) -> HttpResponse:
    """Invite somebody to the organisation."""
    organisation = managed(request, public_id)
    form = InviteForm(request.POST or None, functions=functions_for(request.user, organisation))
    if request.method == "POST" and form.is_valid():
        data = {**form.cleaned_data, "function": Function(form.cleaned_data["function"])}
        try:
            invitation = invite(actor=person(request), organisation=organisation, **data)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            until = date_format(invitation.expires_at, "j F")
            messages.success(
                request,
                _("The invitation to {email} is on its way. The link works until {until}.").format(
                    email=invitation.email, until=until
                ),
            )
            return redirect("governance:people", organisation.public_id)
    return render(request, "governance/invite.html", {"organisation": organisation, "form": form})


@require_POST
def withdraw(request: HttpRequest, public_id: str, invitation_id: str) -> HttpResponse:
    """Withdraw an open invitation."""
    organisation = managed(request, public_id)
    invitation = get_object_or_404(
        Invitation.objects.visible_to(request.user), organisation=organisation, public_id=invitation_id
    )
    try:
        withdraw_invitation(actor=person(request), invitation=invitation)
        messages.success(request, _("The invitation has been withdrawn; its link no longer works."))
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("governance:people", organisation.public_id)


def _membership(request: HttpRequest, public_id: str, pk: int) -> Membership:
    organisation = managed(request, public_id)
    return get_object_or_404(people_of(organisation), pk=pk)


def membership_change(request: HttpRequest, public_id: str, pk: int) -> HttpResponse:
    """Change somebody's position, sharing and lead."""
    membership = _membership(request, public_id, pk)
    form = MembershipForm(request.POST or None, instance=Membership.objects.get(pk=membership.pk))
    if request.method == "POST" and form.is_valid():
        try:
            change_membership(actor=request.user, membership=membership, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The details of {name} have been saved.").format(name=membership.user))
            return redirect(came_from(request), public_id)
    return render(request, "governance/membership.html", {"membership": membership, "form": form})


def membership_end(request: HttpRequest, public_id: str, pk: int) -> HttpResponse:
    """End somebody's membership, after asking."""
    membership = _membership(request, public_id, pk)
    form = EndMembershipForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            end_membership(actor=request.user, membership=membership, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The membership of {name} ends.").format(name=membership.user))
            still_there = Organisation.objects.can_invite(request.user).filter(public_id=public_id).exists()
            return redirect("governance:people", public_id) if still_there else redirect("account")
    context = {
        "form": form,
        "title": _("End the membership of {name}").format(name=membership.user),
        "intro": membership.organisation.name,
        "consequences": [
            _("The account stays; the rights for this organisation go."),
            _("What this person wrote stays under their name."),
        ],
        "action": _("End the membership"),
        "danger": True,
        "back_url": people_url(public_id),
    }
    return render(request, "components/confirm.html", context)


def second_factor_remove(request: HttpRequest, public_id: str, pk: int) -> HttpResponse:
    """Take off the second factor that somebody lost, after asking; the coordinator proves who it is first."""
    membership = _membership(request, public_id, pk)
    if not may_remove_second_factor(person(request)):
        raise NotAllowed(_("Only the coordination team takes a second step off, with a second step of their own."))
    view = (
        reauthentication_required(_second_factor_remove) if settings.NSS_SECOND_FACTOR else _second_factor_remove
    )
    answer: HttpResponse = view(request, membership)
    return answer


def _second_factor_remove(request: HttpRequest, membership: Membership) -> HttpResponse:
    public_id, user = membership.organisation.public_id, membership.user
    form = RemoveSecondFactorForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            remove_second_factor(actor=person(request), user=user, reason=form.cleaned_data["reason"])
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(
                request, _("The second step of {name} is off; a mail is on its way.").format(name=user)
            )
            return redirect("governance:people", public_id)
    context = {
        "form": form,
        "title": _("Take off the second step of {name}").format(name=user),
        "intro": _("For somebody who lost both the phone with the app and the recovery codes."),
        "consequences": [
            _("First make sure who asks: call back on a number that you know, not on one from a mail."),
            _("This person is logged out everywhere, and gets a mail about it."),
            _("Where the role asks for a second step, a new one is set up after the next login."),
        ],
        "action": _("Take off the second step"),
        "danger": True,
        "back_url": people_url(public_id),
    }
    return render(request, "components/confirm.html", context)


def came_from(request: HttpRequest) -> str:
    """Give the name of the page to go back to: the review of rights for who came from there."""
    return "governance:rights" if request.GET.get("terug") == "rechten" else "governance:people"


def people_url(public_id: str) -> str:
    """Give the address of an organisation's people."""
    return reverse("governance:people", args=[public_id])


def mandate(request: HttpRequest, public_id: str) -> HttpResponse:
    """Let the coordination team act for the organisation, until a day."""
    organisation = managed(request, public_id)
    form = MandateForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        valid_to: date = form.cleaned_data["valid_to"]
        try:
            give_mandate(
                actor=person(request),
                organisation=organisation,
                valid_to=valid_to,
                reason=form.cleaned_data["reason"],
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(
                request, _("The mandate holds until {day}.").format(day=date_format(valid_to, "j F Y"))
            )
            return redirect("governance:people", public_id)
    return render(request, "governance/mandate.html", {"organisation": organisation, "form": form})


@require_POST
def mandate_withdraw(request: HttpRequest, public_id: str, pk: int) -> HttpResponse:
    """Take a mandate back."""
    organisation = managed(request, public_id)
    withdraw_mandate(actor=person(request), mandate=get_object_or_404(organisation.mandates, pk=pk))
    messages.success(request, _("The mandate has been withdrawn."))
    return redirect("governance:people", public_id)
