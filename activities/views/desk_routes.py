"""Who gets questions on which theme: the list, and the form of one."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from activities.models import DeskRoute
from activities.services.desk import routes as services
from activities.services.desk.routing import in_charge
from activities.views.desk_common import add_errors
from cities.models import Theme
from cities.views.posting import posted
from governance.models import Organisation
from nss_portal.core.access import require
from nss_portal.core.rendering import render


class RouteForm(forms.Form):
    """Which organisation gets the questions on a theme, and why."""

    organisation = forms.ChoiceField(label=gettext_lazy("Who gets questions on this theme?"))
    why_nl = forms.CharField(
        label=gettext_lazy("Why, in a few words"),
        max_length=250,
        help_text=gettext_lazy("The asker reads it: 'RVO carries out most subsidies', for example."),
        required=False,
    )
    why_en = forms.CharField(label=gettext_lazy("Why, in English"), max_length=250, required=False)

    def __init__(self, *args: Any, choices: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["organisation"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - for the type
        field.choices = choices


@require_safe
def route_list(request: HttpRequest) -> HttpResponse:
    """All themes with who gets their questions. Two queries."""
    require(request.user, "desk_route", "change")
    routes = {one.theme_id: one for one in DeskRoute.objects.select_related("organisation__successor")}
    rows = []
    for theme in Theme.objects.all():
        route = routes.get(theme.pk)
        now = in_charge(route.organisation) if route else None
        moved = route is not None and now != route.organisation
        rows.append({"theme": theme, "route": route, "now": now, "moved": moved, "why": _why(route)})
    return render(request, "activities/desk/routes.html", {"rows": rows})


def _why(route: DeskRoute | None) -> str:
    if route is None:
        return ""
    return (route.why_en if get_language() == "en" else "") or route.why_nl


def route(request: HttpRequest, code: str) -> HttpResponse:
    """Say who gets the questions on one theme, or let them go to the desk."""
    require(request.user, "desk_route", "change")
    theme = get_object_or_404(Theme, code=code)
    there = DeskRoute.objects.filter(theme=theme).select_related("organisation").first()
    offered = {one.public_id: one for one in services.receivers()}
    choices = [("", _("Who keeps the desk")), *((key, str(one)) for key, one in offered.items())]
    initial = (
        {"organisation": there.organisation.public_id, "why_nl": there.why_nl, "why_en": there.why_en}
        if there
        else {}
    )
    form = RouteForm(posted(request), choices=choices, initial=initial)
    form.fields["organisation"].required = False
    if request.method == "POST" and form.is_valid():
        try:
            _save(request, theme, there, form.cleaned_data, offered)
        except ValidationError as error:
            add_errors(form, error)
        else:
            messages.success(request, _("Questions on this theme find their way from now on."))
            return redirect("activities:desk_routes")
    return render(request, "activities/desk/route_form.html", {"form": form, "theme": theme})


def _save(
    request: HttpRequest,
    theme: Theme,
    there: DeskRoute | None,
    values: dict[str, str],
    offered: dict[str, Organisation],
) -> None:
    if not values["organisation"]:
        if there is not None:
            services.end_route(actor=request.user, route=there)
        return
    services.set_route(
        actor=request.user,
        theme=theme,
        organisation=offered[values["organisation"]],
        why_nl=values["why_nl"],
        why_en=values["why_en"],
    )
