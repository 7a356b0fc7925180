"""Keeping an organisation: its facts, its name over time, and the organisation in which it goes on."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from governance.forms.organisations import HandoverForm, NewOrganisationForm, OrganisationForm, RenameForm
from governance.models import Organisation
from governance.models.organisation import Group
from governance.services import Refused
from governance.services import organisations as services
from governance.services.design.landscape import may_keep
from governance.views.doing import complain, one_thing, posted
from nss_portal.core.access import NotAllowed
from nss_portal.core.carrying import Line
from nss_portal.core.rendering import render
from nss_portal.core.time import today


def _kept(request: HttpRequest, public_id: str) -> Organisation:
    found = get_object_or_404(Organisation.objects.visible_to(request.user), public_id=public_id)
    if not may_keep(request.user, found):
        raise NotAllowed(_("A lead of {name} keeps this, or the coordination team.").format(name=found))
    return found


def _require_coordinator(request: HttpRequest) -> None:
    if not may_keep(request.user, None):
        raise NotAllowed(_("Only the coordination team does this."))


def add(request: HttpRequest) -> HttpResponse:
    """Add an organisation to the register."""
    _require_coordinator(request)
    made: list[Organisation] = []
    answer = one_thing(
        request,
        NewOrganisationForm(posted(request)),
        lambda values: made.append(services.add_organisation(actor=request.user, **values)),
        title=_("Add an organisation"),
        intro=_("Then invite its first lead, who invites colleagues and keeps the page."),
        action=_("Add the organisation"),
        back=reverse("governance:organisations"),
        done=_("Added. Invite the first lead now."),
    )
    if made:
        answer["Location"] = reverse("governance:people", args=[made[0].public_id])
    return answer


def change(request: HttpRequest, public_id: str) -> HttpResponse:
    """Change what an organisation says of itself."""
    found = _kept(request, public_id)
    return one_thing(
        request,
        OrganisationForm(posted(request), instance=Organisation.objects.get(pk=found.pk)),
        lambda values: services.change_organisation(actor=request.user, organisation=found, fields=values),
        title=_("What the organisation says of itself"),
        intro=found.name,
        action=_("Save"),
        back=found.get_absolute_url(),
        done=_("Saved."),
    )


def rename(request: HttpRequest, public_id: str) -> HttpResponse:
    """Give an organisation another name from a day on."""
    found = _kept(request, public_id)
    form = RenameForm(posted(request), knows_since=services.old_name_since(found) is not None)
    return one_thing(
        request,
        form,
        lambda values: services.rename_organisation(actor=request.user, organisation=found, **values),
        title=_("Another name"),
        intro=found.name,
        action=_("Change the name"),
        # The readable part of the address follows the name; the short one leads to it.
        back=reverse("governance:organisation_short", args=[found.public_id]),
        consequences=[_("The old name stays on the page with its dates; old records keep it.")],
        done=_("The name is changed; the old one stays with its dates."),
    )


def hand_over(request: HttpRequest, public_id: str) -> HttpResponse:
    """Let an organisation go on in another one: first what would go over, then, with `confirm`, for real."""
    _require_coordinator(request)
    found = get_object_or_404(Organisation.objects.visible_to(request.user), public_id=public_id)
    others = Organisation.objects.existing_on(today()).exclude(group=Group.MUNICIPALITY).exclude(pk=found.pk)
    form = HandoverForm(posted(request), organisations=others.order_by("name"))
    lines: list[Line] | None = None
    if request.method == "POST" and form.is_valid():
        values: dict[str, Any] = form.cleaned_data
        try:
            if "confirm" in request.POST:
                services.hand_task_over(actor=request.user, old=found, **values)
                messages.success(request, _("{old} now goes on in {new}.").format(old=found, new=values["new"]))
                return redirect("governance:organisation_short", found.public_id)
            lines = services.rehearse_handover(actor=request.user, old=found, new=values["new"], on=values["on"])
        except Refused as refusal:
            form.add_error(None, str(refusal))
        except ValidationError as error:
            complain(form, error)
    context = {"organisation": found, "form": form, "lines": lines}
    return render(request, "governance/organisation_handover.html", context)
