"""Two versions of a contract side by side."""

import json
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect

from contracts.canonical import contents
from contracts.comparison import compare
from contracts.models import ContractVersion, VersionSnapshot
from contracts.naming import names_of
from contracts.presenting.contract import state_mark
from contracts.selectors.contract import versions_of
from contracts.snapshot_words import unfolded
from contracts.views.access import find_contract
from nss_portal.core.rendering import render


def comparison(request: HttpRequest, public_id: str, number: int, other: int | None = None) -> HttpResponse:
    """Compare a version with an earlier one, or with the one that the form asks for (`?met=2`)."""
    contract: Any = find_contract(request, public_id)
    versions = sorted(versions_of(request.user).filter(contract=contract), key=lambda each: each.number)
    new = _numbered(versions, number)
    wanted = request.GET.get("met", "")
    if other is None or wanted.isdecimal():
        before = int(wanted[:5]) if wanted.isdecimal() else _one_before(versions, number)
        return redirect("contracts:version_comparison", public_id, number, before)
    old = _numbered(versions, other)
    for version in (old, new):
        version.contract = contract
    said = contents_of([old, new])
    names = names_of(contract.standard_id)
    parts = compare(unfolded(said[old.pk], names), unfolded(said[new.pk], names)) if old.pk != new.pk else []
    context = {
        "contract": contract,
        "old": old,
        "new": new,
        "marks": [(version, state_mark(version)) for version in (old, new)],
        "versions": [version for version in versions if version.pk != new.pk],
        "parts": [part for part in parts if not part.is_same],
        "same": [part.label for part in parts if part.is_same],
    }
    return render(request, "contracts/comparison.html", context)


def _numbered(versions: list[ContractVersion], number: int) -> ContractVersion:
    """Give the version of a number; raises Http404."""
    found = next((version for version in versions if version.number == number), None)
    if found is None:
        raise Http404
    return found


def _one_before(versions: list[ContractVersion], number: int) -> int:
    """Give the version before this one; of the first version the one after it, where there is one."""
    earlier = [version.number for version in versions if version.number < number]
    return earlier[-1] if earlier else next((each.number for each in versions if each.number > number), number)


def contents_of(versions: list[ContractVersion]) -> dict[int, Any]:
    """Give what versions say by primary key: of an adopted one the data that its hash was taken of."""
    frozen = [version.pk for version in versions if not version.is_open]
    kept = dict(VersionSnapshot.objects.filter(version__in=frozen).values_list("version_id", "content"))
    missing = [version.pk for version in versions if version.pk not in kept]
    if missing:
        kept |= contents(missing)
    return {pk: json.loads(content) for pk, content in kept.items()}
