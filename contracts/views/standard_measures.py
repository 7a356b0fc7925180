"""The library of measures: a list with filters, a measure, and a copy of it in a contract of one's own."""

from typing import Any

import django_filters
from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cities.models import TransitionStep
from contracts.models import StandardMeasure, StandardVersion
from contracts.models.action import Sector
from contracts.presenting.standard import MeasureRow, effect_chart, item_url
from contracts.selectors import standard as selectors
from contracts.services.contract import making_for
from contracts.sheets_standard import measure_sheet
from contracts.views.standard import XLSX
from nss_portal.core.exports import xlsx
from nss_portal.core.kept import KeptPart
from nss_portal.core.rendering import render

# Up to how many million euros per kt less a year a measure counts as cheap, and as middling.
COSTS = (("laag", gettext_lazy("up to 1 million euros per kt"), None, 1), ("midden", gettext_lazy("1 to 5"), 1, 5))
HIGH = 5


class MeasureFilter(django_filters.FilterSet):
    """Measures by words, sector, step of the transition map, cost and size of the municipality."""

    q = django_filters.CharFilter(method="by_words", label=gettext_lazy("Search"), max_length=100)
    sector = django_filters.ChoiceFilter(
        "sector", label=gettext_lazy("Sector"), choices=Sector.choices, empty_label=gettext_lazy("all")
    )
    stap = django_filters.ModelChoiceFilter(
        method="by_step",
        label=gettext_lazy("Step of the transition map"),
        queryset=TransitionStep.objects.all(),
        to_field_name="code",
        empty_label=gettext_lazy("all"),
    )
    kosten = django_filters.ChoiceFilter(
        method="by_cost",
        label=gettext_lazy("Cost per kt less a year"),
        choices=[*((code, label) for code, label, *_rest in COSTS), ("hoog", gettext_lazy("more than 5"))],
        empty_label=gettext_lazy("all"),
    )
    inwoners = django_filters.NumberFilter(
        method="by_people",
        label=gettext_lazy("Fits a municipality of (inhabitants)"),
        min_value=0,
        max_value=2000000,
    )

    class Meta:
        model = StandardMeasure
        fields: list[str] = []

    def by_words(self, queryset: QuerySet[StandardMeasure], name: str, value: str) -> QuerySet[StandardMeasure]:
        for word in value.split():
            found = Q(title_nl__icontains=word) | Q(title_en__icontains=word)
            queryset = queryset.filter(found | Q(text_nl__icontains=word) | Q(text_en__icontains=word))
        return queryset

    def by_step(self, queryset: QuerySet[Any], name: str, value: TransitionStep) -> QuerySet[StandardMeasure]:
        return queryset.filter(steps__contains=[value.code])

    def by_cost(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[StandardMeasure]:
        queryset = queryset.filter(cost_basis="kt")
        for code, _label, low, high in COSTS:
            if code == value:
                found = queryset.filter(cost__lte=high)
                return found.filter(cost__gt=low) if low is not None else found
        return queryset.filter(cost__gt=HIGH)

    def by_people(self, queryset: QuerySet[Any], name: str, value: Any) -> QuerySet[StandardMeasure]:
        low = Q(people_from__isnull=True) | Q(people_from__lte=value)
        return queryset.filter(low, Q(people_to__isnull=True) | Q(people_to__gte=value))


def library(request: HttpRequest) -> HttpResponse:
    """All measures of the version in force."""
    body = KeptPart(request, "measures", lambda: _library_context(request))
    return render(request, "contracts/standard/measures.html", {"body": body})


def _library_context(request: HttpRequest) -> dict[str, Any]:
    version = selectors.in_force()
    labels = selectors.step_labels()
    held = StandardMeasure.objects.filter(version=version) if version else StandardMeasure.objects.none()
    found = MeasureFilter(request.GET, queryset=held.order_by("order", "pk"), request=request)
    rows = [MeasureRow(one, labels) for one in found.qs]
    query = request.GET.urlencode()
    return {
        "version": version,
        "filter": found,
        "rows": rows,
        "chart": effect_chart(row.measure for row in rows),
        "xlsx_url": f"{reverse('contracts:measures_xlsx')}{'?' + query if query else ''}",
    }


def download(request: HttpRequest) -> HttpResponse:
    """The selection as a workbook."""
    version = selectors.in_force()
    held = StandardMeasure.objects.filter(version=version) if version else StandardMeasure.objects.none()
    found = MeasureFilter(request.GET, queryset=held.order_by("order", "pk"), request=request)
    sheet = measure_sheet(list(found.qs), selectors.step_labels())
    response = HttpResponse(xlsx([sheet], title=_("Measures")), content_type=XLSX)
    response["Content-Disposition"] = 'attachment; filename="maatregelen.xlsx"'
    return response


def find_measure(request: HttpRequest, code: str) -> tuple[StandardVersion, StandardMeasure, bool]:
    """Give a measure of the version in force, or of the newest that the person sees which has it.

    The last value says whether it is in force; raises Http404.
    """
    seen = StandardVersion.objects.visible_to(request.user).values("pk")
    rows = StandardMeasure.objects.filter(code=code, version__in=seen).select_related("version")
    found = sorted(rows, key=lambda row: (row.version.state == "published", row.version.number))
    if not found:
        raise Http404
    best = found[-1]
    return best.version, best, best.version.state == "published"


def measure(request: HttpRequest, code: str) -> HttpResponse:
    """One measure: what it is, does and costs, by which source, and who uses it."""
    version, found, is_current = find_measure(request, code)
    body = KeptPart(request, "measure", lambda: _measure_context(request, version, found))
    context = {"measure": found, "version": version, "is_current": is_current, "body": body}
    return render(request, "contracts/standard/measure.html", context)


def _measure_context(request: HttpRequest, version: StandardVersion, found: StandardMeasure) -> dict[str, Any]:
    row = MeasureRow(found, selectors.step_labels())
    return {
        "row": row,
        "facts": row.facts(),
        "contracts": selectors.uses_of_measure(request.user, found.code),
        "may_use": bool(making_for(request.user)),
        "item_url": item_url(version, "measure", found.code),
        "speaks": request.user.is_authenticated,
    }


def adapt(request: HttpRequest, code: str) -> HttpResponse:
    """Put a copy into a draft of one's own, scaled to the municipality, and go on to change it."""
    from contracts.services.standard.making import adapt_measure

    version, found, is_current = find_measure(request, code)
    drafts = selectors.drafts_of(request.user)
    if request.method == "POST":
        chosen = next((one for one in drafts if str(one.pk) == request.POST.get("draft")), None)
        if chosen is None:
            messages.error(request, _("Choose the draft that the measure goes into."))
        else:
            action = adapt_measure(measure=found, draft=chosen, actor=request.user)
            messages.success(request, _("The measure is in your draft, scaled to your municipality."))
            return redirect("contracts:action_change", chosen.contract.public_id, chosen.number, action.pk)
    context = {"measure": found, "version": version, "drafts": drafts, "is_current": is_current}
    return render(request, "contracts/standard/adapt.html", context)
