"""The team of a municipality, who's who of all parties, and the briefing for whoever arrives."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from cities.forms.teams import ContactFilter, ContactThemesForm
from cities.models import Municipality, Theme
from cities.selectors_team import by_group, contact_persons, first_of_groups, in_groups, team_of
from cities.services.teams import set_contact_themes
from cities.views.codes import find_municipality
from cities.views.posting import posted
from governance.models import Membership
from governance.selectors import manageable_by
from governance.services.memberships import resource_of
from nss_portal.core.access import may, require, standing_of
from nss_portal.core.kept import KeptPart
from nss_portal.core.registry import briefing_sections
from nss_portal.core.rendering import render
from nss_portal.core.time import today

PER_PAGE = 50


def who_is_who(request: HttpRequest) -> HttpResponse:
    """Whom to call at which party, by theme: those that share themselves with the person who asks."""
    body = KeptPart(request, "who_is_who", lambda: _who_context(request))
    return render(request, "cities/who_is_who.html", {"body": body})


def _who_context(request: HttpRequest) -> dict[str, Any]:
    found = ContactFilter(request.GET, queryset=contact_persons(request.user), request=request)
    narrowed = any(found.form.cleaned_data.values()) if found.form.is_valid() else False
    page = Paginator(by_group(found.qs), PER_PAGE).get_page(request.GET.get("page")) if narrowed else None
    groups = in_groups(page) if page is not None else first_of_groups(contact_persons(request.user))
    chosen = request.GET.get("thema", "")
    query = request.GET.copy()
    query.pop("page", None)
    chips = []
    for theme in Theme.objects.all():
        query["thema"] = "" if theme.code == chosen else theme.code
        chips.append({"label": theme.label, "url": f"?{query.urlencode()}", "on": theme.code == chosen})
    manages = may(request.user, "contact_person", "manage") or may(request.user, "transition_team", "manage")
    own = standing_of(request.user).lead_of if manages else frozenset()
    return {
        "filter": found,
        "page_obj": page,
        "is_narrowed": narrowed,
        "groups": groups,
        "chips": chips,
        "own": own,
    }


def themes(request: HttpRequest, pk: int) -> HttpResponse:
    """Choose the themes that somebody of the own organisation answers for."""
    visible = Membership.objects.visible_to(request.user).current(today()).select_related("user", "organisation")
    membership = get_object_or_404(visible, pk=pk)
    require(request.user, resource_of(membership), "manage", membership)
    held = Theme.objects.filter(contacts__membership=membership)
    form = ContactThemesForm(posted(request), initial={"themes": held})
    back = _back(request)
    if request.method == "POST" and form.is_valid():
        set_contact_themes(actor=request.user, membership=membership, themes=form.cleaned_data["themes"])
        messages.success(request, _("The themes of {name} are saved.").format(name=membership.user))
        return redirect(back)
    context = {
        "title": _("What can others call {name} about?").format(name=membership.user),
        "intro": membership.organisation.name,
        "form": form,
        "action": _("Save the themes"),
        "back_url": back,
        "danger": False,
    }
    return render(request, "components/confirm.html", context)


def _back(request: HttpRequest) -> str:
    """Give the page that the person came from, when it is one of ours."""
    wanted = request.GET.get("terug", "")
    safe = url_has_allowed_host_and_scheme(wanted, allowed_hosts={request.get_host()})
    return wanted if wanted and safe else reverse("cities:who_is_who")


def team(request: HttpRequest, code: str) -> HttpResponse:
    """Who works for a municipality, in which role, since when, and who was in before."""
    municipality = find_municipality(request, code)
    if not standing_of(request.user).organisations:
        raise Http404
    # Somebody's own row offers to leave, so the page is for each person another one.
    body = KeptPart(request, "team", lambda: _team_context(request, municipality), request.user.pk)
    return render(request, "cities/team.html", {"municipality": municipality, "body": body})


def _team_context(request: HttpRequest, municipality: Municipality) -> dict[str, Any]:
    found = team_of(request.user, municipality.organisation)
    organisation = municipality.organisation
    manageable = set(manageable_by(request.user, organisation).values_list("pk", flat=True))
    standing = standing_of(request.user)
    return {
        "organisation": organisation,
        "team": found,
        "groups": [
            (_("Leads"), found.leads),
            (_("Members"), found.members),
            (_("City Advisor"), found.advisors),
            (_("Sign for the municipality"), found.signatories),
        ],
        "manageable": manageable,
        "may_invite": may(request.user, "account", "invite", organisation),
        "is_own": organisation.pk in standing.organisations,
        "reads_briefing": organisation.pk in standing.organisations | standing.advised,
    }


def briefing(request: HttpRequest, code: str) -> HttpResponse:
    """'Welcome, this is what goes on': what was agreed, by whom and why, for people of the municipality itself."""
    municipality = find_municipality(request, code)
    standing = standing_of(request.user)
    if municipality.organisation_id not in standing.organisations | standing.advised:
        raise Http404
    sections = [section(request.user, municipality) for section in briefing_sections]
    shown = sorted((section for section in sections if section), key=lambda section: section.order)
    return render(request, "cities/briefing.html", {"municipality": municipality, "sections": shown})
