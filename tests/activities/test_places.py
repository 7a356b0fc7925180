"""Places: who registers, who waits, and exactly as many get in as there are places."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.utils import timezone
from ical.calendar_stream import IcsCalendarStream

from activities.models import Participation
from activities.services import agenda, places
from governance.models import PrivacyRequest, PrivacyState
from governance.services.privacy.asking import ask_to_be_forgotten
from governance.tasks import ask_for_privacy_day
from nss_portal.core import jobs
from nss_portal.core.access import NotAllowed
from nss_portal.core.mail.deliver import as_message
from nss_portal.core.models import OutgoingMail
from nss_portal.core.time import today
from tests.access.cast import Cast, Function, Person, join, make_city, make_user
from tests.activities.matrix_activity import make_activity, take_part
from tests.activities.test_agenda import values

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return Cast()


def go(person: Person, activity: object) -> Participation:
    return places.register(actor=person.user, activity=activity, organisation=person.own)  # type: ignore[arg-type]


def test_a_full_activity_has_a_waiting_list_that_moves_by_itself(cast: Cast) -> None:
    activity = make_activity(cast.other, capacity=1)
    first, second, third = (cast.person("team") for _each in range(3))
    assert [go(one, activity).state for one in (first, second, third)] == ["registered", "waiting", "waiting"]
    assert go(first, activity).state == "registered"
    places.withdraw(actor=first.user, activity=activity, reason="Ziek")
    states = dict(Participation.objects.values_list("user", "state"))
    assert (states[second.user.pk], states[third.user.pk]) == ("registered", "waiting")
    assert OutgoingMail.objects.get().recipient == second.user.email
    assert go(first, activity).state == "waiting"
    runner = cast.person("coordinator")
    agenda.change_activity(actor=runner.user, activity=activity, version=1, values=values(capacity=None))
    assert set(Participation.objects.values_list("state", flat=True)) == {"registered"}


def test_who_gets_a_place_twice_hears_of_it_twice(cast: Cast) -> None:
    activity = make_activity(cast.other, capacity=1)
    first, second = cast.person("team"), cast.person("team")
    for _round in range(2):
        go(first, activity)
        go(second, activity)
        places.withdraw(actor=first.user, activity=activity)
        places.withdraw(actor=second.user, activity=activity)
    assert OutgoingMail.objects.filter(recipient=second.user.email).count() == 2


def test_the_place_of_somebody_who_is_forgotten_goes_to_the_next_one(cast: Cast) -> None:
    activity, past = make_activity(cast.other, capacity=1), make_activity(cast.other, capacity=1)
    first, second = (cast.person("team") for _each in range(2))
    for one in (first, second):
        go(one, activity)
        go(one, past)
    type(past).objects.filter(pk=past.pk).update(ends_at=timezone.now() - timedelta(hours=1))
    request = ask_to_be_forgotten(actor=first.user)
    PrivacyRequest.objects.filter(pk=request.pk).update(due_on=today())
    ask_for_privacy_day()
    jobs.run_all_here()
    assert PrivacyRequest.objects.get().state == PrivacyState.DONE
    theirs = dict(Participation.objects.filter(user=second.user).values_list("activity", "state"))
    assert theirs == {activity.pk: "registered", past.pk: "waiting"}
    assert OutgoingMail.objects.filter(recipient=second.user.email).count() == 1
    assert places.give_back_all(user=second.user, actor=first.user) == 1
    assert places.give_back_all(user=second.user, actor=first.user) == 0


def test_the_organiser_admits_or_refuses_with_a_reason(cast: Cast) -> None:
    activity = make_activity(cast.other, capacity=1, needs_approval=True)
    runner = cast.person("coordinator").user
    asked = [go(cast.person("team"), activity) for _each in range(3)]
    assert {row.state for row in asked} == {"requested"}
    with pytest.raises(NotAllowed):
        places.decide(actor=asked[0].user, participation=asked[0], admit=True)
    with pytest.raises(ValidationError):
        places.decide(actor=runner, participation=asked[0], admit=False)
    admitted = [places.decide(actor=runner, participation=row, admit=True).state for row in asked[:2]]
    assert admitted == ["registered", "waiting"]
    refused = places.decide(actor=runner, participation=asked[2], admit=False, reason="Alleen wethouders")
    assert refused.state == "refused"
    with pytest.raises(ValidationError, match="niet toegelaten"):
        places.register(actor=asked[2].user, activity=activity, organisation=asked[2].organisation)
    with pytest.raises(ValidationError, match="al beslist"):
        places.decide(actor=runner, participation=asked[0], admit=True)
    assert OutgoingMail.objects.count() == 3


def test_who_is_invited_gets_in_and_who_is_not_does_not(cast: Cast) -> None:
    activity = make_activity(cast.other, audience="cop", needs_approval=True)
    runner, guest = cast.person("coordinator").user, cast.person("partner")
    with pytest.raises(NotAllowed):
        go(guest, activity)
    places.invite(actor=runner, activity=activity, user=guest.user, organisation=guest.own)
    assert go(guest, activity).state == "registered"
    no = cast.person("partner")
    places.invite(actor=runner, activity=activity, user=no.user, organisation=no.own)
    assert places.withdraw(actor=no.user, activity=activity).state == "declined"
    with pytest.raises(NotAllowed):
        places.invite(actor=guest.user, activity=activity, user=no.user, organisation=no.own)
    with pytest.raises(NotAllowed):
        go(cast.person("member"), activity)
    with pytest.raises(NotAllowed):
        places.register(actor=guest.user, activity=activity, organisation=cast.other)


@pytest.mark.parametrize("state", ["planned", "held", "closed", "cancelled"])
def test_registration_closes(cast: Cast, state: str) -> None:
    activity = make_activity(cast.coordinating, state)
    person = cast.person("coordinator")
    with pytest.raises(ValidationError, match="niet open"):
        go(person, activity)
    with pytest.raises(ValidationError, match="niet aangemeld"):
        places.withdraw(actor=person.user, activity=activity)


def test_the_organiser_notes_who_was_there(cast: Cast) -> None:
    activity = make_activity(cast.other, "held")
    runner = cast.person("coordinator").user
    rows = [take_part(activity, one.user, one.own) for one in (cast.person("team"), cast.person("team"))]
    assert places.note_attendance(actor=runner, activity=activity, present=[rows[0].pk]) == 1
    assert list(Participation.objects.order_by("pk").values_list("attended", flat=True)) == [True, False]
    with pytest.raises(ValidationError):
        places.note_attendance(actor=runner, activity=make_activity(cast.other), present=[])
    with pytest.raises(NotAllowed):
        places.note_attendance(actor=rows[0].user, activity=activity, present=[])


@pytest.mark.django_db(transaction=True)
def test_exactly_as_many_get_in_as_there_are_places() -> None:
    city, number, capacity = make_city(), 8, 3
    activity = make_activity(make_city(), capacity=capacity)
    people = [make_user() for _each in range(number)]
    for user in people:
        join(user, city, Function.TEAM)
    together = Barrier(number, timeout=30)

    def press(user: object) -> str:
        try:
            together.wait()
            return places.register(actor=user, activity=activity, organisation=city).state  # type: ignore[arg-type]
        finally:
            connection.close()

    with ThreadPoolExecutor(number) as pool:
        states = list(pool.map(press, people))
    assert sorted(states) == ["registered"] * capacity + ["waiting"] * (number - capacity)
    assert Participation.objects.filter(state="registered").count() == capacity


def test_a_place_comes_with_the_appointment_and_a_cancellation_takes_it_out(cast: Cast) -> None:
    activity = make_activity(cast.other, capacity=1, place="Zaal 2")
    first, second = cast.person("team"), cast.person("team")
    go(first, activity)
    go(second, activity)
    places.withdraw(actor=first.user, activity=activity, reason="Ziek")
    mail = OutgoingMail.objects.get(recipient=second.user.email)
    (event,) = IcsCalendarStream.calendar_from_ics(mail.calendar).events
    assert (event.summary, event.location, event.status) == (activity.title, "Zaal 2", "CONFIRMED")
    assert [part.get_content_type() for part in as_message(mail).message().walk()][-1] == "text/calendar"
    agenda.move_activity(
        actor=cast.person("coordinator").user, activity=activity, step="cancel", reason="Zaal dicht"
    )
    later = OutgoingMail.objects.filter(recipient=second.user.email).exclude(pk=mail.pk).get()
    (gone,) = IcsCalendarStream.calendar_from_ics(later.calendar).events
    assert (gone.uid, gone.status) == (event.uid, "CANCELLED")
