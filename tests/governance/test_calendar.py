"""One's own calendar address: made, changed, replaced, stopped, and what leavers keep of it."""

from datetime import timedelta

import pytest
from django.test import Client

from governance.models import CalendarAddress, Membership
from governance.services.calendar import keep_calendar, reader_of, replace_calendar, stop_calendar
from nss_portal.core.models import AuditEvent
from nss_portal.core.time import today
from tests.access.cast import Cast

pytestmark = pytest.mark.django_db


def test_an_address_is_made_changed_replaced_and_stopped() -> None:
    user = Cast().person("team").user
    first = keep_calendar(actor=user, content="mine").token
    assert keep_calendar(actor=user, content="all").token == first
    assert keep_calendar(actor=user, content="all").content == "all"
    second = replace_calendar(actor=user)
    assert second is not None
    assert reader_of(first) is None
    assert reader_of(second.token) == second
    stop_calendar(actor=user)
    stop_calendar(actor=user)
    assert reader_of(second.token) is None
    assert replace_calendar(actor=user) is None
    events = AuditEvent.objects.filter(object_type="governance.calendaraddress").order_by("pk")
    assert list(events.values_list("event", flat=True)) == ["granted", "changed", "changed", "revoked"]
    assert first[10:] not in str(list(events.values_list("changes", flat=True)))


def test_another_content_is_refused() -> None:
    with pytest.raises(ValueError, match="everything"):
        keep_calendar(actor=Cast().person("team").user, content="everything")


@pytest.mark.parametrize("token", ["", "x", "2" * 42, "é" * 42])
def test_what_is_no_token_opens_nothing(token: str) -> None:
    keep_calendar(actor=Cast().person("team").user, content="mine")
    assert reader_of(token) is None


def test_a_token_with_another_seal_opens_nothing() -> None:
    cast = Cast()
    one = keep_calendar(actor=cast.person("team").user, content="mine").token
    other = keep_calendar(actor=cast.person("ministry").user, content="mine").token
    assert reader_of(one[:10] + other[10:]) is None


def test_a_leaver_reads_nothing_any_more() -> None:
    user = Cast().person("team").user
    token = keep_calendar(actor=user, content="all").token
    assert reader_of(token) is not None
    Membership.objects.filter(user=user).update(valid_to=today() - timedelta(days=1))
    assert reader_of(token) is None


def test_a_locked_account_reads_nothing_any_more() -> None:
    user = Cast().person("team").user
    token = keep_calendar(actor=user, content="all").token
    user.is_active = False
    user.save()
    assert reader_of(token) is None


def test_the_page_makes_shows_replaces_and_stops(client: Client) -> None:
    user = Cast().person("team").user
    client.force_login(user)
    page = client.get("/account/agenda/").content.decode()
    assert "Maak mijn agenda-adres" in page
    refused = client.post("/account/agenda/", {"content": "wat dan ook"})
    assert refused.status_code == 422
    assert not CalendarAddress.objects.exists()
    client.post("/account/agenda/", {"content": "mine"})
    token = CalendarAddress.objects.get().token
    page = client.get("/account/agenda/").content.decode()
    assert f"/agenda/mijn/{token}.ics" in page
    assert "webcal://" in page
    client.post("/account/agenda/nieuw-adres/")
    assert CalendarAddress.objects.get().token != token
    client.post("/account/agenda/stoppen/")
    assert not CalendarAddress.objects.exists()
    assert client.get("/account/agenda/stoppen/").status_code == 405
