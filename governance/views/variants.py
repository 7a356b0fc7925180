"""How the cooperation is run: the page of governance and the three variants side by side."""

from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from governance.models import GovernanceVariant, Organisation, VariantPeriod, VariantPoint, VariantRole
from governance.models.design import ProposalState, VariantProposal
from governance.models.organisation import Group
from governance.selectors import current_period
from governance.selectors_design import growth_path
from governance.selectors_evaluations import factors_over_years, looks
from governance.services.design.deciding import may_propose
from governance.services.design.evaluating import may_evaluate
from governance.views.organisations import by_strand
from nss_portal.core.access import may
from nss_portal.core.kept import KeptPart
from nss_portal.core.rendering import render
from nss_portal.core.time import today

# What the variants are compared on, in the order of the page: the field, and its heading.
ASPECTS = (
    ("lead", gettext_lazy("Takes the lead")),
    ("goal", gettext_lazy("Goal")),
    ("contract_form", gettext_lazy("Climate contract")),
    ("contract_users", gettext_lazy("For whom")),
    ("figureheads", gettext_lazy("Figureheads")),
    ("operational", gettext_lazy("Working when")),
)
# Who does what, by the parts of `governance_roles.csv`.
PARTS = (
    (VariantRole.Part.OWNER, gettext_lazy("Owner")),
    (VariantRole.Part.COORDINATOR, gettext_lazy("Coordinates")),
    (VariantRole.Part.CO_OWNER, gettext_lazy("Co-owners")),
    (VariantRole.Part.INVOLVED, gettext_lazy("Involved")),
)
POINTS = (
    (VariantPoint.Kind.ADVANTAGE, gettext_lazy("What speaks for it")),
    (VariantPoint.Kind.DRAWBACK, gettext_lazy("What speaks against it")),
)


@dataclass(frozen=True)
class AspectCell:
    """What one variant says on one aspect: a text, or a list of points."""

    variant: GovernanceVariant
    text: str = ""
    points: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Aspect:
    """One row of the comparison."""

    label: str | Promise
    cells: list[AspectCell]


def aspects_of(variants: list[GovernanceVariant]) -> list[Aspect]:
    """Give the comparison of the variants row by row."""
    texts = [
        Aspect(label, [AspectCell(variant, text=getattr(variant, name)) for variant in variants])
        for name, label in ASPECTS
    ]
    points = [
        Aspect(
            label,
            [
                AspectCell(variant, points=[point.text for point in variant.points.all() if point.kind == kind])
                for variant in variants
            ],
        )
        for kind, label in POINTS
    ]
    parts = [Aspect(label, [_part_cell(variant, part) for variant in variants]) for part, label in PARTS]
    return [*texts, *parts, *points]


def _part_cell(variant: GovernanceVariant, part: str) -> AspectCell:
    """Name who has a part in a variant; an owner that is to hand coordination over to nobody coordinates."""
    there = {
        kind: [role.organisation for role in variant.roles.all() if role.part == kind] for kind, _label in PARTS
    }
    names = there[VariantRole.Part(part)]
    if part == VariantRole.Part.COORDINATOR and not names:
        return AspectCell(variant, text=_("the owner, or whom the owner asks"))
    if part == VariantRole.Part.OWNER and not names:
        return AspectCell(variant, text=_("the co-owners together"))
    return AspectCell(variant, text=", ".join(names))


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
    """Give all periods, the newest first, each with the proposal that brought it."""
    return list(VariantPeriod.objects.select_related("variant", "coordinating_organisation", "proposal"))


def is_in_force(period: VariantPeriod) -> bool:
    """Say whether a period runs today."""
    return period.valid_from <= today() and (period.valid_to is None or period.valid_to >= today())


@dataclass(frozen=True)
class Number:
    """A figure with what it counts and where one sees it."""

    value: int
    label: str
    url: str


def numbers_of(organisations: list[Organisation]) -> list[Number]:
    """Count organisations per strand of the quadruple helix."""
    register = reverse("governance:organisations")
    return [
        Number(
            sum(len(g.organisations) for g in s.groups), str(s.helix.label), f"{register}?helix={s.helix.value}"
        )
        for s in by_strand(organisations)
    ]


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """How the cooperation is run now, and who is in."""
    return render(
        request,
        "governance/index.html",
        {"body": KeptPart(request, "governance", lambda: _index(request), request.user.pk)},
    )


def _index(request: HttpRequest) -> dict[str, Any]:
    organisations = Organisation.objects.visible_to(request.user).existing_on(today())
    return {
        "period": current_period(),
        "numbers": numbers_of(list(organisations.exclude(group=Group.MUNICIPALITY))),
        "for_who_steers": _for_who_steers(request),
    }


def _for_who_steers(request: HttpRequest) -> list[tuple[str, str]]:
    """Give the pages (address, label) about accounts, for the coordination team and the steering group."""
    user = request.user
    pages = []
    if may(user, "rights_review", "overview"):
        pages.append((reverse("governance:rights_overview"), _("Yearly review of rights")))
        pages.append((reverse("governance:sign_ups"), _("Requests for an account")))
    if pages or may(user, "emergency_role", "give"):
        pages.append((reverse("governance:emergency"), _("When no coordinator can log in")))
    return pages


@require_safe
def variants(request: HttpRequest) -> HttpResponse:
    """The three variants side by side, which one is in force, which were, and which may come."""
    body = KeptPart(request, "variants", lambda: _variants_context(request), request.user.pk)
    return render(request, "governance/variants.html", {"body": body})


def _variants_context(request: HttpRequest) -> dict[str, Any]:
    proposals = VariantProposal.objects.filter(state=ProposalState.PROPOSED)
    waiting = list(proposals.select_related("variant", "coordinating_organisation"))
    found = list(GovernanceVariant.objects.visible_to(request.user).prefetch_related("roles", "points"))
    past = periods()
    evaluations = looks(request.user)
    return {
        "looks": evaluations,
        "running": any(not one.evaluation.is_concluded for one in evaluations),
        "factors": factors_over_years(evaluations),
        "may_evaluate": may_evaluate(request.user) and all(one.evaluation.is_concluded for one in evaluations),
        "variants": found,
        "aspects": aspects_of(found),
        "rows": role_rows(found),
        "period": next((one for one in past if is_in_force(one)), None),
        "periods": past,
        "path": growth_path(past, waiting),
        "waiting": waiting,
        "may_propose": may_propose(request.user) and not waiting,
    }
