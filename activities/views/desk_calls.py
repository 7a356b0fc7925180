"""Subsidies and calls: the list with what fits one's city, and interest."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from activities.forms.desk_calls import InterestForm
from activities.models.desk import MONEY_KINDS, DirectoryEntry
from activities.models.desk_call import JointApplication
from activities.selectors.desk_calls import (
    City,
    Match,
    Offer,
    cities,
    cities_for,
    interested_in,
    matches_for,
    offers,
    own_cities,
    theme_labels,
)
from activities.selectors.desk_search import with_words
from activities.services.desk import calls as services
from activities.views.desk_common import add_errors, find_entry
from cities.views.posting import posted
from governance.services.ownership import organisations_for
from nss_portal.core.access import NotAllowed, Role, standing_of
from nss_portal.core.formats import format_date
from nss_portal.core.kept import kept_part
from nss_portal.core.rendering import render
from nss_portal.core.time import today

PER_PAGE = 50
CITIES_SHOWN = 12


def call_list(request: HttpRequest) -> HttpResponse:
    """What one can apply for, the first deadline first; for a city what fits it, and why."""
    body = kept_part(request, "activities/desk/includes/calls_body.html", lambda: _list_context(request))
    return render(request, "activities/desk/calls.html", {"body": body})


def _list_context(request: HttpRequest) -> dict[str, Any]:
    words = request.GET.get("q", "").replace("\x00", "").strip()[:100]
    entries = DirectoryEntry.objects.visible_to(request.user).open_on(today())
    found = offers(with_words(entries, words, "search"))
    own = own_cities(request.user)
    mine = cities(request.user, own, {key for offer in found for key in offer.themes}) if own else []
    city = _chosen(mine, request.GET.get("gemeente", ""))
    rows = _rows(found, city) if city else [_row(offer, None) for offer in found]
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    return {"words": words, "page_obj": page, "rows": page.object_list, "city": city, "cities": mine}


def _chosen(mine: list[City], code: str) -> City | None:
    return next((city for city in mine if city.code == code), mine[0] if mine else None)


def _rows(found: list[Offer], city: City) -> list[dict[str, Any]]:
    """Give what fits first, with why; what is for all after it; what does not fit is left out."""
    return [_row(one.offer, one) for one in matches_for(found, city, theme_labels())]


def _row(offer: Offer, held: Match | None) -> dict[str, Any]:
    return {
        "url": offer.url,
        "name": offer.name,
        "run_by": offer.run_by,
        "deadline": format_date(offer.deadline) if offer.deadline else "",
        "days": (offer.deadline - today()).days if offer.deadline else None,
        "made_up": offer.made_up,
        "is_unsure": offer.certainty == "unconfirmed",
        "reasons": held.reasons if held else [],
    }


def money_context(request: HttpRequest, entry: DirectoryEntry) -> dict[str, Any]:
    """Give what the page of a subsidy or call shows to members: who looks at it, who applies, whom it fits."""
    if entry.kind not in MONEY_KINDS or not standing_of(request.user).organisations:
        return {"is_money": False}
    own = own_cities(request.user)
    interests = interested_in(entry)
    applications = JointApplication.objects.visible_to(request.user).filter(entry=entry)
    return {
        "is_money": True,
        "is_closed": services.is_closed(entry),
        "interests": [(one, one.organisation_id in own) for one in interests],
        "is_interested": any(one.organisation_id in own for one in interests),
        "applications": list(applications.select_related("organisation")),
        "may_lead": services.may_lead(request.user),
        "fitting": _fitting(request, entry),
    }


def _fitting(request: HttpRequest, entry: DirectoryEntry) -> list[Match]:
    """Give the cities that an entry fits, for the desk and the coordination team, who point it out to them."""
    if not standing_of(request.user).has(Role.DESK, Role.COORDINATOR, Role.PUBLISHER):
        return []
    held = offers(DirectoryEntry.objects.filter(pk=entry.pk))
    if not held:
        return []
    return cities_for(held[0], cities(request.user, themes=held[0].themes), theme_labels())[:CITIES_SHOWN]


def interest(request: HttpRequest, public_id: str) -> HttpResponse:
    """'We are interested': one line, and others find you."""
    entry = find_entry(request, public_id)
    organisations = organisations_for(request.user, "desk_question", "ask")
    if not organisations.exists():
        raise NotAllowed(_("Interest is shown in the name of an organisation."))
    form = InterestForm(posted(request), organisations=organisations)
    if request.method == "POST" and form.is_valid():
        try:
            services.show_interest(actor=request.user, entry=entry, **form.cleaned_data)
        except ValidationError as error:
            refuse(form, error)
        else:
            messages.success(request, _("Noted. You hear of joint applications, and see the deadline in my work."))
            return redirect(entry)
    context = {
        "title": _("We are interested"),
        "intro": entry.local_name,
        "action": _("We are interested"),
        "form": form,
        "back_url": entry.get_absolute_url(),
        "danger": False,
        "consequences": [_("Other organisations with an account see that you look at this.")],
    }
    return render(request, "components/confirm.html", context)


def refuse(form: Any, error: ValidationError) -> None:
    """Put what a service refused at its field, or above the form."""
    if hasattr(error, "error_dict"):
        add_errors(form, error)
    else:
        form.add_error(None, error)


@require_POST
def no_interest(request: HttpRequest, public_id: str) -> HttpResponse:
    """Take the interest back."""
    entry = find_entry(request, public_id)
    mine = entry.interests.filter(organisation__in=own_cities(request.user)).select_related("organisation")
    found = get_object_or_404(mine, pk=request.POST.get("welke") if request.POST.get("welke", "").isdigit() else 0)
    services.drop_interest(actor=request.user, interest=found)
    messages.success(request, _("Your interest is taken back."))
    return redirect(entry)
