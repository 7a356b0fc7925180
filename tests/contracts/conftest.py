"""What tests of contracts share."""

import pytest

from contracts.demo.published import load_published
from contracts.models import ClimateContract
from contracts.services.reference import load_reference
from contracts.services.template_reference import load_templates
from tests.access.cast import Cast, Person
from tests.contracts.places import PLACES, make_place


@pytest.fixture
def lead(db: None) -> Person:
    """A lead of a transition team, with the forms of contracts there."""
    load_reference()
    load_templates()
    return Cast().person("team", leads=True)


@pytest.fixture
def published(db: None) -> dict[str, ClimateContract]:
    """The four published contracts, by the code of their publication."""
    for code, name in PLACES.items():
        make_place(code, name)
    load_reference()
    load_published("small", 1)
    return {each.publication.code: each for each in ClimateContract.objects.select_related("publication")}
