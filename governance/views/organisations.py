"""Organisations of the quadruple helix: the register, a page each, and their people."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_safe

from governance.filters import OrganisationFilter
from governance.models import Organisation
from governance.models.organisation import HELIX_GROUPS, Group, Helix
from governance.presenting_contributions import newest_rows
from governance.selectors import current_period, people_of
from governance.services.design.landscape import may_keep
from nss_portal.core.access import may, standing_of
from nss_portal.core.kept import KeptPart
from nss_portal.core.rendering import render
from nss_portal.core.time import today


@dataclass(frozen=True)
class GroupOfOrganisations:
    """The organisations of one group, as they stand in the register."""

    group: Group
    organisations: list[Organisation]


@dataclass(frozen=True)
class Strand:
    """One strand of the quadruple helix with its groups."""

    helix: Helix
    groups: list[GroupOfOrganisations]


def by_strand(organisations: list[Organisation]) -> list[Strand]:
    """Order organisations by strand of the helix and group; empty groups are left out."""
    by_group: dict[str, list[Organisation]] = defaultdict(list)
    for organisation in organisations:
        by_group[organisation.group].append(organisation)
    strands = [
        Strand(helix, [GroupOfOrganisations(group, by_group[group]) for group in groups if by_group[group]])
        for helix, groups in HELIX_GROUPS.items()
    ]
    return [strand for strand in strands if strand.groups]


@require_safe
def organisation_list(request: HttpRequest) -> HttpResponse:
    """Who is in, by strand of the quadruple helix.

    The 342 municipalities have a register of their own, and stand here only where somebody looks for a name.
    """
    body = KeptPart(request, "organisations", lambda: _list(request))
    return render(request, "governance/organisation_list.html", {"body": body})


def _list(request: HttpRequest) -> dict[str, Any]:
    existing = Organisation.objects.visible_to(request.user).existing_on(today())
    shown = existing if request.GET.get("q", "").strip() else existing.exclude(group=Group.MUNICIPALITY)
    register = OrganisationFilter(request.GET, queryset=shown)
    organisations = list(register.qs)
    return {
        "filter": register,
        "strands": by_strand(organisations),
        "count": len(organisations),
        "period": current_period(),
        "may_add": may_keep(request.user, None),
    }


@require_safe
def organisation(request: HttpRequest, public_id: str, slug: str = "") -> HttpResponse:
    """What an organisation is, which names it had, and whom to call there."""
    found = get_object_or_404(
        Organisation.objects.visible_to(request.user).select_related("successor").prefetch_related("names"),
        public_id=public_id,
    )
    if slug != found.slug:
        return redirect(found, permanent=True)
    body = KeptPart(request, "organisation", lambda: _record(request, found), request.user.pk)
    return render(request, "governance/organisation.html", {"organisation": found, "body": body})


def _record(request: HttpRequest, found: Organisation) -> dict[str, Any]:
    people = people_of(found).open_to(request.user, "view_contacts")
    return {
        "organisation": found,
        "people": list(people),
        "predecessors": list(found.predecessors.all()),
        "period": current_period(),
        "contributions": newest_rows(request.user, found),
        "may_contribute": found.pk in standing_of(request.user).organisations,
        "may_manage": may(request.user, "account", "invite", found),
        "may_change": may_keep(request.user, found),
        "may_end": may_keep(request.user, None) and not found.valid_to and found.group != Group.MUNICIPALITY,
    }
