"""The e-mail domains of an organisation, kept by who manages its accounts."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from governance.forms.sign_up import DomainForm
from governance.services import Refused
from governance.services.sign_up_domains import add_domain, end_domain
from governance.views.account import person
from governance.views.people import managed
from nss_portal.core.rendering import render
from nss_portal.core.time import today


def domains(request: HttpRequest, public_id: str) -> HttpResponse:
    """By which domains the organisation is known when somebody asks for an account."""
    organisation = managed(request, public_id)
    form = DomainForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = add_domain(actor=person(request), organisation=organisation, domain=form.cleaned_data["domain"])
        except Refused as refusal:
            form.add_error("domain", str(refusal))
        else:
            text = _("The domain is kept.") if made else _("This domain stands with the organisation already.")
            messages.success(request, text)
            return redirect("governance:domains", public_id)
    held = organisation.domains.select_related("added_by")
    context = {
        "organisation": organisation,
        "form": form,
        "current": list(held.current(today())),
        "today": today(),
    }
    return render(request, "governance/domains.html", context)


@require_POST
def domain_end(request: HttpRequest, public_id: str, pk: int) -> HttpResponse:
    """Say that a domain is no longer the organisation's."""
    organisation = managed(request, public_id)
    end_domain(actor=person(request), domain=get_object_or_404(organisation.domains, pk=pk))
    messages.success(request, _("From tomorrow the domain is no longer the organisation's."))
    return redirect("governance:domains", public_id)
