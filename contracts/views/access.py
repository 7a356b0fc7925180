"""Finding what a page is about: what one may not see is a 404, what one may see but not do a 403."""

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404

from contracts.models import ClimateContract, ContractVersion
from contracts.selectors.contract import contract_for_page, versions_of


def find_contract(request: HttpRequest, public_id: str) -> ClimateContract:
    """Give a contract that the person sees, with all that its page needs of it; raises Http404."""
    return get_object_or_404(contract_for_page(request.user), public_id=public_id)


def find_version(request: HttpRequest, public_id: str, number: int) -> ContractVersion:
    """Give a version that the person sees, with its contract; raises Http404."""
    contract = find_contract(request, public_id)
    version = versions_of(request.user).filter(contract=contract, number=number).first()
    if version is None:
        raise Http404
    version.contract = contract
    return version
