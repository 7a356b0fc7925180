"""Contributions: the register with the sums that everybody sees, its files, and one organisation."""

from typing import Any

import django_filters
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from governance import presenting_contributions as presenting
from governance.models import Contribution, Organisation
from governance.models.organisation import HELIX_GROUPS, Helix
from governance.presenting_contributions_own import own_context
from governance.selectors_contributions import elsewhere, sums
from governance.selectors_exchange import national
from nss_portal.core.access import granted, standing_of
from nss_portal.core.exports import csv_bytes, xlsx
from nss_portal.core.kept import KeptPart
from nss_portal.core.rendering import render
from nss_portal.core.time import today

PER_PAGE = 25
YEARS_SHOWN = 6
ORDERINGS = {
    "organisatie": ("organisation__name", "-year", "pk"),
    "-organisatie": ("-organisation__name", "-year", "pk"),
    "jaar": ("year", "organisation__name", "pk"),
    "-jaar": ("-year", "organisation__name", "pk"),
}
DEFAULT_ORDERING = "-jaar"
TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
STATES = (
    ("toegezegd", gettext_lazy("pledged")),
    ("te-bevestigen", gettext_lazy("to be confirmed")),
    ("bevestigd", gettext_lazy("confirmed")),
)


def years_shown() -> range:
    """Give the years of which sums are shown: next year's pledges, and back."""
    last = today().year + 1
    return range(last - YEARS_SHOWN + 1, last + 1)


class ContributionFilter(django_filters.FilterSet):
    """Contributions by organisation, year, strand of the quadruple helix and state."""

    q = django_filters.CharFilter(
        "organisation__name", "icontains", label=gettext_lazy("Organisation"), max_length=100
    )
    jaar = django_filters.NumberFilter("year", label=gettext_lazy("Year"), min_value=2000, max_value=2100)
    soort = django_filters.ChoiceFilter(
        method="in_strand",
        label=gettext_lazy("Kind"),
        choices=Helix.choices,
        empty_label=gettext_lazy("All"),
    )
    stand = django_filters.ChoiceFilter(
        method="by_state", label=gettext_lazy("State"), choices=STATES, empty_label=gettext_lazy("All")
    )

    class Meta:
        model = Contribution
        fields: list[str] = []

    def in_strand(self, queryset: Any, _name: str, value: str) -> Any:
        """Keep those of one strand."""
        return queryset.filter(organisation__group__in=HELIX_GROUPS[Helix(value)])

    def by_state(self, queryset: Any, _name: str, value: str) -> Any:
        """Keep those in a state."""
        if value == "bevestigd":
            return queryset.filter(confirmed_at__isnull=False)
        waiting = queryset.filter(confirmed_at__isnull=True)
        over = {"year__lt" if value == "te-bevestigen" else "year__gte": today().year}
        return waiting.filter(**over)


def _selection(request: HttpRequest) -> ContributionFilter:
    visible = Contribution.objects.visible_to(request.user).given()
    ordering = ORDERINGS.get(request.GET.get("sort", ""), ORDERINGS[DEFAULT_ORDERING])
    return ContributionFilter(request.GET, queryset=visible.order_by(*ordering), request=request)


@require_safe
def register(request: HttpRequest) -> HttpResponse:
    """What everybody brings together, and per organisation as far as each lets the reader know."""
    part = KeptPart(request, "contributions", lambda: _context(request))
    return render(request, "governance/contributions/list.html", {"body": part})


def _year(found: ContributionFilter, years: range) -> int:
    """Give the year of which the strands are shown: the one in the filter, else the last one that is over."""
    chosen = found.form.cleaned_data.get("jaar") if found.form.is_valid() else None
    return int(chosen) if chosen is not None and chosen in years else today().year - 1


def _context(request: HttpRequest) -> dict[str, Any]:
    found = _selection(request)
    paginator = Paginator(found.qs.values_list(*presenting.REGISTER), PER_PAGE)
    paginator.count = found.qs.order_by().count()
    page = paginator.get_page(request.GET.get("page"))
    query = request.GET.copy()
    query.pop("page", None)
    years = years_shown()
    added_up, year = sums(years), _year(found, years)
    drawn = (presenting.sums_chart(added_up, unit) for unit in ("hours", "euros"))
    return {
        "filter": found,
        "page_obj": page,
        "rows": presenting.register_rows(page),
        "default_ordering": DEFAULT_ORDERING,
        "files": {
            kind: f"{reverse(f'governance:contributions_{kind}')}?{query.urlencode()}".rstrip("?")
            for kind in TYPES
        },
        "year": year,
        "years": years,
        "strands": presenting.strand_rows(added_up[year]),
        "is_partial": added_up[year][None].is_partial,
        "charts": [chart for chart in drawn if chart],
        "elsewhere": [one for one in elsewhere(years) if any(one.pledged) or any(one.given)],
        "exchange": national([one for one in years if one <= today().year]),
        "mine": list(
            Organisation.objects.filter(pk__in=standing_of(request.user).organisations)
            .order_by("name")
            .values("public_id", "name", "short_name")[:5]
        ),
    }


@require_safe
def download(request: HttpRequest, kind: str = "csv") -> HttpResponse:
    """The selection of the register, as far as the reader sees it, as CSV or XLSX."""
    sheet = presenting.register_sheet(_selection(request).qs.values_list(*presenting.REGISTER))
    content = csv_bytes(sheet) if kind == "csv" else xlsx([sheet], title=_("Contributions"))
    answer = HttpResponse(content, content_type=TYPES[kind])
    answer["Content-Disposition"] = f'attachment; filename="bijdragen.{kind}"'
    return answer


@require_safe
def record(request: HttpRequest, public_id: str) -> HttpResponse:
    """One organisation over the years; for its own people also what it brought and took, for nobody else."""
    organisation = get_object_or_404(Organisation.objects.visible_to(request.user), public_id=public_id)
    years = list(Contribution.objects.visible_to(request.user).filter(organisation=organisation).order_by("-year"))
    is_own = organisation.pk in standing_of(request.user).organisations
    sees_all = is_own or "all" in granted(request.user, "contribution", "view")
    years = years if sees_all else [one for one in years if one.pledged_at or one.confirmed_at]
    if not years and not sees_all:
        raise Http404
    part = KeptPart(
        request,
        "contribution",
        lambda: own_context(request, organisation, years, is_own=is_own, sees_all=sees_all),
        request.user.pk,
    )
    return render(request, "governance/contributions/record.html", {"organisation": organisation, "body": part})
