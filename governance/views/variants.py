"""How the cooperation is run: the page of governance and the three variants side by side."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from governance.models import GovernanceVariant, Organisation, VariantPeriod, VariantPoint, VariantRole
from governance.models.organisation import Group
from governance.selectors import current_period
from governance.views.organisations import by_strand
from nss_portal.core.time import today


@dataclass(frozen=True)
class RoleCell:
    """The part of one organisation in one variant; None where it has none."""

    variant: GovernanceVariant
    role: VariantRole | None


@dataclass(frozen=True)
class RoleRow:
    """One organisation, or kind of organisations, with its part in each variant."""

    organisation: str
    cells: list[RoleCell]


def role_rows(variants: list[GovernanceVariant]) -> list[RoleRow]:
    """Give the table of who does what in which variant, in the order of the source."""
    by_order: dict[int, dict[int, VariantRole]] = {}
    for variant in variants:
        for role in variant.roles.all():
            by_order.setdefault(role.order, {})[variant.pk] = role
    return [
        RoleRow(
            organisation=next(iter(row.values())).organisation,
            cells=[RoleCell(variant, row.get(variant.pk)) for variant in variants],
        )
        for _order, row in sorted(by_order.items())
    ]


def periods() -> list[VariantPeriod]:
    """Give all periods, the newest first."""
    return list(VariantPeriod.objects.select_related("variant", "coordinating_organisation"))


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """How the cooperation is run now, and who is in."""
    organisations = Organisation.objects.visible_to(request.user).existing_on(today())
    context = {
        "period": current_period(),
        "strands": by_strand(list(organisations.exclude(group=Group.MUNICIPALITY))),
        "variants": list(GovernanceVariant.objects.visible_to(request.user)),
    }
    return render(request, "governance/index.html", context)


@require_safe
def variants(request: HttpRequest) -> HttpResponse:
    """The three variants side by side, which one is in force, and which were."""
    found = list(GovernanceVariant.objects.visible_to(request.user).prefetch_related("roles", "points"))
    kinds = VariantPoint.Kind
    context = {
        "variants": found,
        "period": current_period(),
        "periods": periods(),
        "rows": role_rows(found),
        "columns": [
            {
                "variant": variant,
                "advantages": [p for p in variant.points.all() if p.kind == kinds.ADVANTAGE],
                "drawbacks": [p for p in variant.points.all() if p.kind == kinds.DRAWBACK],
            }
            for variant in found
        ],
    }
    return render(request, "governance/variants.html", context)
