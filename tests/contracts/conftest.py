"""What tests of contracts share."""

import pytest

from contracts.demo.published import load_published
from contracts.models import ClimateContract
from contracts.services.reference import load_reference
from tests.contracts.places import PLACES, make_place


@pytest.fixture
def published(db: None) -> dict[str, ClimateContract]:
    """The four published contracts, by the code of their publication."""
    for code, name in PLACES.items():
        make_place(code, name)
    load_reference()
    load_published("small", 1)
    return {each.publication.code: each for each in ClimateContract.objects.select_related("publication")}
