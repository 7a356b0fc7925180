"""Asking to take part, verifying the address, deciding."""

import re
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from cities.models import InvolvementRequest, Municipality
from cities.models.request import RequestState
from cities.selectors import requests_to_decide
from cities.services import requests as services
from governance.models import User
from nss_portal.core import jobs
from nss_portal.core.access import LinkActor, NotAllowed
from nss_portal.core.mail import OutgoingMail
from nss_portal.core.models import AuditEvent
from nss_portal.core.workflow import TransitionRefused, history
from tests.access.cast import Cast, make_city

pytestmark = pytest.mark.django_db

VISITOR = LinkActor(label="bezoeker", organisation_id=None, purpose="form")
TEXTS = {"name": "Beleid", "position": "adviseur", "motivation": "Wij willen leren."}


def ask(municipality: Municipality, email: str = "beleid@delft.example", actor: object = VISITOR, **texts: str):
    return services.ask_to_take_part(actor=actor, municipality=municipality, email=email, **{**TEXTS, **texts})


def verified(municipality: Municipality, email: str = "beleid@delft.example") -> InvolvementRequest:
    request = ask(municipality, email)
    return services.verify_address(actor=services.asker(request), request=request)


def coordinator() -> User:
    user = Cast().person("coordinator").user
    assert isinstance(user, User)
    return user


@pytest.fixture
def town() -> Municipality:
    return make_city("other", name="Delft").municipality


def test_a_visitor_gets_a_mail_and_does_not_count_yet(town: Municipality) -> None:
    somebody = coordinator()
    request = ask(town)
    mail = OutgoingMail.objects.get()
    assert mail.recipient == "beleid@delft.example"
    found = re.search(r"/gemeenten/meedoen/(\S+)/", mail.text)
    assert found
    assert services.request_of_link(found.group(1)) == request
    assert list(requests_to_decide(somebody)) == []
    services.verify_address(actor=services.asker(request), request=request)
    assert list(requests_to_decide(somebody)) == [request]


def test_asking_twice_is_one_request_and_one_mail(town: Municipality) -> None:
    first, second = ask(town), ask(town, email="BELEID@Delft.example ", motivation="Nog eens")
    assert first == second
    assert InvolvementRequest.objects.get().motivation == "Wij willen leren."
    assert OutgoingMail.objects.count() == 1


def test_a_member_asks_for_the_own_municipality_without_a_mail() -> None:
    cast = Cast()
    person = cast.person("member")
    town = person.own.municipality
    town.involvements.all().delete()
    request = ask(town, email=person.user.email, actor=person.user)
    assert request.verified_at is not None
    assert OutgoingMail.objects.count() == 0
    with pytest.raises(NotAllowed):
        ask(make_city("other").municipality, email=person.user.email, actor=person.user)


@pytest.mark.parametrize("role", ["ministry", "partner", "publisher", "steering", "advisor"])
def test_who_holds_no_right_to_ask_is_refused(role: str, town: Municipality) -> None:
    with pytest.raises(NotAllowed):
        ask(town, actor=Cast().person(role).user)


def test_a_city_that_takes_part_already_is_told_so() -> None:
    with pytest.raises(ValidationError) as caught:
        ask(make_city("eoi").municipality)
    assert "municipality" in caught.value.message_dict


def test_one_address_asks_for_a_few_municipalities_a_day_at_most() -> None:
    for _number in range(services.PER_ADDRESS_A_DAY):
        ask(make_city("other").municipality)
    with pytest.raises(ValidationError) as caught:
        ask(make_city("other").municipality)
    assert list(caught.value.message_dict) == ["email"]
    InvolvementRequest.objects.update(received_at=timezone.now() - timedelta(days=2))
    ask(make_city("other").municipality)


def test_confirming_makes_the_municipality_interested_from_today(town: Municipality) -> None:
    request, somebody = verified(town), coordinator()
    services.confirm_request(actor=somebody, request=request, reason="Past goed")
    period = town.involvements.get()
    assert (period.level, period.valid_from, period.reason_nl) == (
        "interested",
        timezone.localdate(),
        "Past goed",
    )
    request.refresh_from_db()
    assert (request.state, request.decision_reason) == (RequestState.CONFIRMED, "Past goed")
    answer = OutgoingMail.objects.order_by("pk").last()
    assert "Past goed" in answer.text
    assert [(row.source, row.target) for row in history(request)] == [("received", "confirmed")]


def test_colleagues_who_asked_too_are_answered_together(town: Municipality) -> None:
    first, second = verified(town), verified(town, "wethouder@delft.example")
    unverified = ask(town, "nog-iemand@delft.example")
    services.confirm_request(actor=coordinator(), request=first, reason="Ja")
    for request in (second, unverified):
        request.refresh_from_db()
    assert (second.state, unverified.state) == ("confirmed", "received")
    assert town.involvements.count() == 1


def test_declining_tells_the_asker_why_and_changes_no_level(town: Municipality) -> None:
    services.decline_request(actor=coordinator(), request=verified(town), reason="Eerst een raadsbesluit")
    assert not town.involvements.exists()
    assert "Eerst een raadsbesluit" in OutgoingMail.objects.order_by("pk").last().text


def test_a_second_decision_is_refused(town: Municipality) -> None:
    request, somebody = verified(town), coordinator()
    services.decline_request(actor=somebody, request=request, reason="Nee")
    for decide in (services.confirm_request, services.decline_request):
        with pytest.raises(TransitionRefused):
            decide(actor=somebody, request=request, reason="Toch")
    assert InvolvementRequest.objects.get().decision_reason == "Nee"
    assert not town.involvements.exists()


@pytest.mark.parametrize("role", ["visitor", "member", "team", "ministry", "steering"])
def test_nobody_else_decides(role: str, town: Municipality) -> None:
    request, person = verified(town), Cast().person(role, leads=True)
    for decide in (services.confirm_request, services.decline_request):
        with pytest.raises(NotAllowed):
            decide(actor=person.user, request=request, reason="Ja")


def test_an_address_that_is_not_verified_cannot_be_decided_on(town: Municipality) -> None:
    with pytest.raises(TransitionRefused):
        services.confirm_request(actor=coordinator(), request=ask(town), reason="Ja")


def test_a_decision_needs_a_reason(town: Municipality) -> None:
    with pytest.raises(TransitionRefused):
        services.decline_request(actor=coordinator(), request=verified(town), reason="  ")


def test_the_link_opens_one_request_only(town: Municipality) -> None:
    request, other = ask(town), ask(make_city("other").municipality, "ander@stad.example")
    for act in (services.verify_address, services.withdraw_request):
        with pytest.raises(NotAllowed):
            act(actor=services.asker(other), request=request)
        with pytest.raises(NotAllowed):
            act(actor=VISITOR, request=request)
    services.withdraw_request(actor=services.asker(request), request=request)
    assert InvolvementRequest.objects.get(pk=request.pk).state == "withdrawn"
    event = AuditEvent.objects.filter(object_type="cities.involvementrequest", event="state").get()
    assert event.actor is None


def test_a_link_that_was_tampered_with_or_is_old_opens_nothing(
    town: Municipality, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = services.link_token(ask(town))
    assert services.request_of_link(token) is not None
    assert services.request_of_link(token[:-1] + ("a" if token[-1] != "a" else "b")) is None
    monkeypatch.setattr(services, "LINK_DAYS", -1)
    assert services.request_of_link(token) is None


def test_who_withdrew_can_ask_again(town: Municipality) -> None:
    first = verified(town)
    services.withdraw_request(actor=services.asker(first), request=first)
    assert ask(town) != first


def test_requests_that_nobody_confirmed_are_forgotten_after_thirty_days(town: Municipality) -> None:
    old, young = ask(town), ask(town, "nieuw@delft.example")
    confirmed = verified(town, "bevestigd@delft.example")
    long_ago = timezone.now() - timedelta(days=31)
    InvolvementRequest.objects.filter(pk__in=[old.pk, confirmed.pk]).update(received_at=long_ago)
    jobs.enqueue(kind="cities.day", key="cities.day:test", payload={}, title="test")
    jobs.run_all_here()
    assert set(InvolvementRequest.objects.all()) == {young, confirmed}
    assert AuditEvent.objects.filter(event="deleted", object_id=str(old.pk)).exists()
