"""Which lessons fit my municipality."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_safe

from activities.selectors.lesson_fit import Fit, fitting
from cities.models import Municipality
from nss_portal.core.access import standing_of
from nss_portal.core.kept import KeptPart
from nss_portal.core.rendering import render


@require_safe
def for_us(request: HttpRequest) -> HttpResponse:
    """Lead to the list of the own municipality; who belongs to none chooses one."""
    mine = standing_of(request.user).organisations
    own = Municipality.objects.current().filter(organisation__in=mine).order_by("common_name", "pk").first()
    if own is not None:
        return redirect("activities:lessons_for", code=own.code)
    asked = request.GET.get("gemeente", "").strip()
    found = list(Municipality.objects.current().named(asked)[:20]) if asked else []
    exact = [one for one in found if asked.lower() in (one.code.lower(), one.common_name.lower())]
    if len(found) == 1 or len(exact) == 1:
        return redirect("activities:lessons_for", code=(exact or found)[0].code)
    context = {"asked": asked, "found": found}
    return render(request, "activities/lessons_for_whom.html", context)


@require_safe
def for_municipality(request: HttpRequest, code: str) -> HttpResponse:
    """The lessons that fit one municipality, with why."""
    municipality = get_object_or_404(Municipality.objects.visible_to(request.user).current(), code=code.upper())
    body = KeptPart(
        request,
        "lessons-for",
        lambda: {"rows": [_shown(fit) for fit in fitting(request.user, municipality)]},
    )
    context = {"municipality": municipality, "body": body}
    return render(request, "activities/lessons_for.html", context)


def _shown(fit: Fit) -> dict[str, object]:
    row = fit.row
    return {
        "title": row.title,
        "url": reverse("activities:lesson", args=[row.public_id]),
        "about": row.about,
        "reasons": fit.reasons,
        "is_illustrative": row.is_illustrative,
    }
