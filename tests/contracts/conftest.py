"""What tests of contracts share."""

from collections.abc import Iterator

import pytest
from django.utils import translation


@pytest.fixture(autouse=True)
def _in_dutch() -> Iterator[None]:
    """Begin each test in Dutch, whatever language the page of the last one was in."""
    with translation.override("nl"):
        yield
