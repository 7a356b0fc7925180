"""The page that gives a form back to somebody whose login had ended when they sent it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from nss_portal.core.held_forms import held, release
from nss_portal.core.rendering import render


class Again(HttpResponseRedirect):
    """Sends the browser on with the same fields, as if the form was sent there itself."""

    status_code = 307


@never_cache
@require_http_methods(["GET", "POST"])
def held_form(request: HttpRequest) -> HttpResponse:
    """Show what was filled in, and send it where it was going, or throw it away."""
    found = held(request)
    if found is None:
        return redirect("home")
    if request.method == "GET":
        return render(request, "pages/held_form.html", {"held": found})
    release(request)
    if "held_form_discard" in request.POST:
        messages.success(request, _("What you filled in is thrown away."))
        return redirect("home")
    return Again(found.path)
