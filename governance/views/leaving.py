"""Somebody leaves: hand over per kind of thing, and end after a last day."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from governance.forms.leaving import HandOverForm
from governance.models import Membership
from governance.selectors import leads_of
from governance.services import Refused
from governance.services.leaving import colleagues_of, hand_over, may_hand_over
from nss_portal.core.handing import Held, held_by
from nss_portal.core.rendering import render
from nss_portal.core.time import today


def hand_over_page(request: HttpRequest, public_id: str, pk: int) -> HttpResponse:
    """Choose who takes over what. For who is in: with a last day. For who has gone: what is left, for a lead."""
    found = Membership.objects.filter(organisation__public_id=public_id).select_related("user", "organisation")
    membership = get_object_or_404(found, pk=pk)
    user, organisation = membership.user, membership.organisation
    if not may_hand_over(request.user, user, organisation):
        raise Http404
    is_in = Membership.objects.current(today()).filter(user=user, organisation=organisation).exists()
    if not is_in and request.user.pk == user.pk:
        raise Http404  # gone is gone
    held = held_by(user, organisation)
    form = HandOverForm(
        request.POST if request.method == "POST" else None,
        held=held,
        colleagues=colleagues_of(user, organisation),
        ends=is_in,
    )
    if request.method == "POST" and form.is_valid():
        last_day = form.cleaned_data.get("last_day")
        try:
            remains = hand_over(
                actor=request.user,
                user=user,
                organisation=organisation,
                successors=form.successors,
                last_day=last_day,
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            _tell(request, membership, remains, bool(last_day))
            if request.GET.get("terug") == "rechten" and request.user.pk != user.pk:
                return redirect("governance:rights", public_id)
            return redirect("account" if request.user.pk == user.pk else organisation)
    context = {
        "membership": membership,
        "organisation": organisation,
        "form": form,
        "held": held,
        "is_in": is_in,
        "is_self": request.user.pk == user.pk,
        "leads": list(leads_of(organisation).exclude(pk=user.pk)[:3]),
    }
    return render(request, "governance/hand_over.html", context)


def _tell(request: HttpRequest, membership: Membership, remains: list[Held], ends: bool) -> None:
    name = membership.user
    if ends:
        day = Membership.objects.get(pk=membership.pk).valid_to
        text = _("{name} has handed over. The last day is {day}.")
        messages.success(request, text.format(name=name, day=date_format(day, "j F Y") if day else ""))
    else:
        messages.success(request, _("What you chose has been handed over."))
    if remains:
        kinds = ", ".join(str(kind.label).lower() for kind in remains)
        text = _("Not handed over yet: {kinds}. The leads see this in their work.")
        messages.warning(request, text.format(kinds=kinds))
