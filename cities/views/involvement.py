"""A coordinator changes how a municipality takes part."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from cities.forms.involvement import LevelForm
from cities.models.involvement import LEVEL_TONES, Level
from cities.presenting import involvement_history
from cities.services.involvement import change_involvement
from cities.views.codes import find_municipality
from cities.views.posting import posted
from nss_portal.core.access import may
from nss_portal.core.rendering import render


def change(request: HttpRequest, code: str) -> HttpResponse:
    """The form with the present level and history beside it."""
    if not may(request.user, "involvement", "decide"):
        raise Http404
    municipality = find_municipality(request, code)
    periods = list(municipality.involvements.all())
    form = LevelForm(posted(request))
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        try:
            period = change_involvement(
                actor=request.user,
                municipality=municipality,
                level=Level(values["level"]),
                valid_from=values["valid_from"],
                reason=values["reason"],
                source=values["source"],
            )
        except ValidationError as error:
            for field, texts in error.message_dict.items():
                for text in texts:
                    form.add_error(field if field in form.fields else None, text)
        else:
            text = _("{name} is now: {level}.")
            messages.success(request, text.format(name=municipality, level=period.get_level_display()))
            return redirect(municipality)
    level = next((period.level for period in periods if period.valid_to is None), Level.OTHER.value)
    context = {
        "municipality": municipality,
        "form": form,
        "level": Level(level),
        "tone": LEVEL_TONES[Level(level)],
        "history": involvement_history(periods, with_people=True),
    }
    return render(request, "cities/involvement.html", context)
