"""A contract beside a newer version of the approach, taking over what changed."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from contracts.models import StandardUse
from contracts.presenting.standard_changes import with_causes
from contracts.selectors import standard as selectors
from contracts.services.errors import Refused
from contracts.services.standard import newer as services
from contracts.views.access import find_contract
from nss_portal.core.access import require
from nss_portal.core.rendering import render


def compare(request: HttpRequest, public_id: str) -> HttpResponse:
    """What changed in the approach since the version that a contract follows; each taken over or left."""
    contract = find_contract(request, public_id)
    require(request.user, "contract", "change", contract)
    use = StandardUse.objects.select_related("started", "follows").filter(contract=contract).first()
    current = selectors.in_force()
    if use is None or current is None:
        raise Http404
    use.contract = contract
    if request.method == "POST":
        return _post(request, use, current)
    found = services.pending(use, current)
    for one in found:
        one.changes.extend(
            change
            for change in selectors.changes_between(request.user, use.follows, current)
            if (change.kind, change.code) == (one.kind, one.code)
        )
    draft = services.draft_of(use)
    context = {
        "contract": contract,
        "use": use,
        "current": current,
        "items": with_causes(found, request.user),
        "draft": draft,
        "answered": list(use.answers.filter(version=current)),
    }
    return render(request, "contracts/standard/newer.html", context)


def _post(request: HttpRequest, use: StandardUse, current: Any) -> HttpResponse:
    kind, _dash, code = request.POST.get("part", "").partition("-")
    answer = "taken" if "take" in request.POST else "left"
    try:
        services.answer_change(actor=request.user, use=use, current=current, kind=kind, code=code, answer=answer)
    except (Refused, ValidationError) as error:
        messages.error(request, str(error) if isinstance(error, Refused) else " ".join(error.messages))
    else:
        taken = _("It is in your draft now.")
        messages.success(request, taken if answer == "taken" else _("Left as it is."))
    return redirect("contracts:standard_newer", use.contract.public_id)
