"""The ecosystem: who has which part in a variant, and who is tied to whom; drawn, and as a table."""

from typing import Any

import django_filters
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from governance import presenting_ecosystem as drawing
from governance import selectors_ecosystem as selectors
from governance.models import GovernanceVariant
from governance.selectors import current_period
from nss_portal.core.kept import KeptPart
from nss_portal.core.rendering import render

PER_PAGE = 100


class EcosystemFilter(django_filters.FilterSet):
    """A variant for the first drawing; a theme or an organisation for the second."""

    variant = django_filters.ChoiceFilter(
        label=gettext_lazy("Variant"), method="as_it_is", empty_label=gettext_lazy("in force now")
    )
    thema = django_filters.ChoiceFilter(
        label=gettext_lazy("Theme"), method="as_it_is", empty_label=gettext_lazy("All")
    )
    organisatie = django_filters.ChoiceFilter(
        label=gettext_lazy("Organisation"), method="as_it_is", empty_label=gettext_lazy("All")
    )

    class Meta:
        model = GovernanceVariant
        fields: list[str] = []

    def offer(self, **choices: list[tuple[str, str]]) -> None:
        """Say what can be chosen: what occurs."""
        for name, found in choices.items():
            self.filters[name].extra["choices"] = found

    def as_it_is(self, queryset: Any, name: str, value: str) -> Any:
        """Choose among what was read already."""
        return queryset

    def value(self, name: str) -> str:
        """Give what was chosen, '' for nothing or what is not there."""
        return str(self.form.cleaned_data.get(name) or "") if self.form.is_valid() else ""


@require_safe
def ecosystem(request: HttpRequest) -> HttpResponse:
    """Who has which part, and who is tied to whom."""
    # Which programmes somebody sees follows from more than the role: the person's own ones.
    body = KeptPart(request, "ecosystem", lambda: _context(request), request.user.pk)
    return render(request, "governance/ecosystem.html", {"body": body})


def _context(request: HttpRequest) -> dict[str, Any]:
    period = current_period()
    lines = selectors.all_lines(request.user)
    wanted = str(request.GET.get("variant", ""))
    variants, roles = selectors.roles_in(request.user, wanted, period.variant_id if period else None)
    found = EcosystemFilter(request.GET, queryset=GovernanceVariant.objects.none(), request=request)
    found.offer(
        variant=[(one.code, one.label) for one in variants],
        thema=selectors.themes_of(lines),
        organisatie=selectors.organisations_of(lines),
    )
    theme, organisation = found.value("thema"), found.value("organisatie")
    shown = selectors.chosen(lines, theme, organisation)
    is_chosen = bool(theme or organisation)
    in_force = period is not None and bool(roles) and roles[0].variant_id == period.variant_id
    coordinator = period.coordinating_organisation.local_name if period and in_force else ""
    groups = [] if is_chosen else selectors.by_group(shown)
    page = Paginator(sorted(shown, key=_in_order), PER_PAGE).get_page(request.GET.get("page"))
    return {
        "filter": found,
        "roles": roles,
        "variant": roles[0].variant if roles else None,
        "in_force": in_force,
        "lanes": drawing.lanes_of(roles, coordinator),
        "is_chosen": is_chosen,
        "groups": groups,
        "chart": drawing.names_drawn(shown, organisation) if is_chosen else drawing.groups_drawn(groups),
        "page_obj": page,
        "count": len(shown),
    }


def _in_order(line: selectors.Line) -> tuple[str, str, int]:
    return line.who.name, line.tied.label, line.tied.weight
