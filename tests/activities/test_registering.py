"""People who press at once, over HTTP: exactly as many get in as there are places, others wait, nobody twice."""

from typing import Any

import pytest

from tests.activities.registering import load, outcome, press_all

PEOPLE, PLACES = 12, 5


@pytest.mark.django_db(transaction=True)
def test_exactly_as_many_get_in_over_http(live_server: Any) -> None:
    loaded = load(PEOPLE, PLACES)
    found = press_all(live_server.url, loaded, times=2)
    assert {one.status for one in found} == {302}
    assert outcome(loaded["activity"]) == {
        "registered": PLACES,
        "waiting": PEOPLE - PLACES,
        "people": PEOPLE,
        "in_order": True,
    }
