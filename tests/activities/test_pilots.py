"""Joint pilots and twinning: proposed, joined, run, followed, and what was learned of it."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from activities.models import Lesson, Pilot, PilotPart, Twinning
from activities.registrations import pilots as registrations
from activities.selectors.pilot_fit import fitting_pilots
from activities.services.demo_pilots import PILOTS, load_demo
from activities.services.pilots import pilots, twinnings
from cities.models import Municipality
from governance.models import Organisation
from nss_portal.core.access import NotAllowed, may
from nss_portal.core.editing import EditConflict
from nss_portal.core.models import OutgoingMail
from nss_portal.core.time import today
from nss_portal.core.workflow import TransitionRefused
from tests.access.cast import Cast, Person, make_city
from tests.activities.desk import make_theme
from tests.cities.matrix import make_bottleneck

pytestmark = pytest.mark.django_db

NEXT_YEAR = today() + timedelta(days=400)
VALUES = {
    "title": "Loket in de wijk",
    "plan": "Een loket per stad",
    "starts_on": today(),
    "ends_on": today() + timedelta(days=200),
    "cost": 90_000,
    "key_note": "Naar inwoners",
    "sharing": "draft",
}
PART = {"does": "Richt het loket in", "pays": 45_000, "gains": "Minder vragen"}
TERMS = {"learns": "Hoe je begint", "gives": "Onze cijfers", "until": NEXT_YEAR}


@pytest.fixture
def cast() -> Cast:
    return Cast()


@pytest.fixture
def lead(cast: Cast) -> Person:
    return cast.person("team")


def browser(person: Person) -> Client:
    client = Client()
    client.force_login(person.user)
    return client


def propose(lead: Person, **more: object) -> Pilot:
    return pilots.propose_pilot(actor=lead.user, organisation=lead.own, values={**VALUES, **more})  # type: ignore[arg-type]


def join(lead: Person, pilot: Pilot, organisation: Organisation, person: Person | None = None) -> PilotPart:
    (part,) = pilots.ask_parties(actor=lead.user, pilot=pilot, organisations=[organisation])
    if person is None:
        part.state = "joined"
        part.save()
        return part
    return pilots.take_part(actor=person.user, part=part, values=PART)


def running(lead: Person, other: Organisation, **more: object) -> Pilot:
    pilot = propose(lead, **more)
    join(lead, pilot, other)
    return pilots.move_pilot(actor=lead.user, pilot=pilot, step="start")


def follow(lead: Person, pilot: Pilot, person: Person) -> Twinning:
    return twinnings.ask_to_follow(
        actor=person.user,
        pilot=pilot,
        follower=person.own,
        city=lead.own,
        wish="Hoe begon het?",  # type: ignore[arg-type]
    )


def test_a_pilot_starts_with_two_cities_a_plan_a_period_and_a_key(cast: Cast, lead: Person) -> None:
    bare = {"plan": "", "starts_on": None, "ends_on": None, "key_note": ""}
    pilot = propose(lead, **bare)
    with pytest.raises(TransitionRefused, match=r"Twee steden|twee of meer"):
        pilots.move_pilot(actor=lead.user, pilot=pilot, step="start")
    other = cast.person("team")
    assert browser(other).get(pilot.get_absolute_url()).status_code == 404
    (part,) = pilots.ask_parties(actor=lead.user, pilot=pilot, organisations=[other.own])  # type: ignore[list-item]
    assert [str(item.title) for item in registrations.asked_to_pilot(other.user)] == [
        "Doe je mee aan deze pilot? 'Loket in de wijk'"
    ]
    with pytest.raises(NotAllowed):
        pilots.take_part(actor=lead.user, part=part, values=PART)
    pilots.take_part(actor=other.user, part=part, values=PART)
    assert not list(registrations.asked_to_pilot(other.user))
    with pytest.raises(NotAllowed):
        pilots.change_pilot(actor=other.user, pilot=pilot, version=1, values=VALUES)
    pilots.change_pilot(actor=lead.user, pilot=pilot, version=1, values=VALUES)
    with pytest.raises(EditConflict):
        pilots.change_pilot(actor=lead.user, pilot=pilot, version=1, values={**VALUES, "title": "Anders"})
    started = pilots.move_pilot(actor=lead.user, pilot=pilot, step="start")
    assert (started.state, started.sharing) == ("running", "network")
    page = browser(other).get(pilot.get_absolute_url()).content.decode()
    assert "50%" in page
    assert "nog niet gedekt" in page
    assert "45.000" in page


def test_what_is_not_covered_is_said_to_the_euro(lead: Person) -> None:
    pilot = propose(lead, cost=1_250_000)
    part = pilot.parts.get()
    pilots.take_part(actor=lead.user, part=part, values={**PART, "pays": 300_001})
    page = browser(lead).get(pilot.get_absolute_url()).content.decode()
    assert "949.999 euro van 1.250.000 euro is nog niet gedekt" in page
    assert "miljoen" not in page


def test_a_pilot_ends_with_what_came_of_it(cast: Cast, lead: Person) -> None:
    pilot = running(lead, make_city())
    with pytest.raises(TransitionRefused, match="reden"):
        pilots.move_pilot(actor=lead.user, pilot=pilot, step="complete")
    ended = pilots.move_pilot(actor=lead.user, pilot=pilot, step="complete", reason="Het werkt")
    assert (ended.state, ended.outcome) == ("completed", "Het werkt")
    with pytest.raises(ValidationError, match="afgelopen"):
        pilots.ask_parties(actor=lead.user, pilot=ended, organisations=[make_city()])
    stopped = pilots.move_pilot(actor=lead.user, pilot=propose(lead), step="stop", reason="Geen geld")
    again = pilots.move_pilot(actor=lead.user, pilot=stopped, step="resume", reason="Toch geld")
    assert (again.state, again.outcome) == ("proposed", "")


def test_who_is_asked_says_no_with_a_reason(cast: Cast, lead: Person) -> None:
    pilot, other = propose(lead), cast.person("team")
    part = join(lead, pilot, other.own, other)  # type: ignore[arg-type]
    with pytest.raises(ValidationError):
        pilots.leave_pilot(actor=other.user, part=part, reason=" ")
    own = pilot.parts.get(organisation=lead.own)
    with pytest.raises(ValidationError, match="leidt de pilot"):
        pilots.leave_pilot(actor=lead.user, part=own, reason="Weg")
    pilots.leave_pilot(actor=other.user, part=part, reason="Geen mensen")
    assert "Geen mensen" in OutgoingMail.objects.order_by("-pk")[0].text
    with pytest.raises(NotAllowed):
        pilots.discard_pilot(actor=lead.user, pilot=pilot)
    pilots.discard_pilot(actor=lead.user, pilot=propose(lead))
    assert Pilot.objects.count() == 1


def test_a_city_follows_agrees_looks_back_and_makes_a_lesson(cast: Cast, lead: Person) -> None:
    pilot, guest = running(lead, make_city()), cast.person("team")
    twinning = follow(lead, pilot, guest)
    with pytest.raises(ValidationError, match="volgt hem al"):
        follow(lead, pilot, guest)
    assert [str(item.title) for item in registrations.asked_to_teach(lead.user)] == [
        f"{guest.own.name} wil 'Loket in de wijk' volgen"  # type: ignore[union-attr]
    ]
    with pytest.raises(NotAllowed):
        twinnings.agree(actor=guest.user, twinning=twinning, values=TERMS)
    with pytest.raises(ValidationError, match="nog komt"):
        twinnings.agree(actor=lead.user, twinning=twinning, values={**TERMS, "until": today()})
    agreed = twinnings.agree(actor=lead.user, twinning=twinning, values=TERMS)
    assert agreed.ask_on == today() + timedelta(days=365)
    assert not list(registrations.asked_what_was_learned(guest.user))
    twinnings.plan_meeting(actor=guest.user, twinning=agreed, on=today() + timedelta(days=9), about="Bezoek")
    days = registrations.meetings_of_twinnings(lead.user, today(), NEXT_YEAR)
    assert [entry.title for entry in days] == ["Twinning: Bezoek"]
    with pytest.raises(TransitionRefused, match="geleerd"):
        twinnings.move_twinning(actor=lead.user, twinning=agreed, step="finish")
    Twinning.objects.update(ask_on=today())
    assert len(list(registrations.asked_what_was_learned(guest.user))) == 1
    with pytest.raises(NotAllowed):
        twinnings.look_back(actor=lead.user, twinning=agreed, learned="Veel", applied="yes")
    with pytest.raises(ValidationError, match="waarom"):
        twinnings.look_back(actor=guest.user, twinning=agreed, learned="Veel", applied="no")
    review = twinnings.look_back(actor=guest.user, twinning=agreed, learned="Bel aan", applied="partly")
    assert not list(registrations.asked_what_was_learned(guest.user))
    answer = browser(guest).post(f"{agreed.get_absolute_url()}les/{review.pk}/")
    lesson = Lesson.objects.get()
    assert (answer.status_code, lesson.state, lesson.organisation, lesson.what_worked) == (
        302,
        "draft",
        guest.own,
        "Bel aan",
    )
    assert twinnings.make_lesson(actor=guest.user, review=review) == lesson
    done = twinnings.move_twinning(actor=guest.user, twinning=agreed, step="finish")
    assert (done.state, done.ask_on) == ("finished", None)


def test_who_sees_what(cast: Cast, lead: Person) -> None:
    pilot = running(lead, make_city(), sharing="published")
    guest, stranger, ministry = cast.person("team"), cast.person("member"), cast.person("ministry")
    twinning = follow(lead, pilot, guest)
    for person, codes in ((guest, (200, 200)), (stranger, (200, 404)), (ministry, (200, 404))):
        client = browser(person)
        found = tuple(client.get(one.get_absolute_url()).status_code for one in (pilot, twinning))
        assert found == codes
    assert Client().get(pilot.get_absolute_url()).status_code == 200
    assert Client().get(twinning.get_absolute_url()).status_code == 302
    assert "Hoe begon het?" not in Client().get(pilot.get_absolute_url()).content.decode()
    assert not may(ministry.user, "pilot", "follow")
    with pytest.raises(NotAllowed):
        twinnings.ask_to_follow(
            actor=stranger.user,
            pilot=pilot,
            follower=guest.own,
            city=lead.own,
            wish="Namens een ander",  # type: ignore[arg-type]
        )
    twinnings.agree(actor=lead.user, twinning=twinning, values=TERMS)
    assert browser(ministry).get(twinning.get_absolute_url()).status_code == 200
    assert browser(guest).get(f"{pilot.get_absolute_url()}bewerken/").status_code == 403


def test_the_best_fit_comes_first_with_why(cast: Cast, lead: Person) -> None:
    theme, guest = make_theme(), cast.person("team")
    mine = make_bottleneck(guest.own, "published", theme=theme, title="Te weinig monteurs")
    near, far = make_city(), make_city()
    Municipality.objects.filter(organisation__in=[guest.own, near]).update(population=80_000, province_code="PV30")
    Municipality.objects.filter(organisation__in=[lead.own, far]).update(population=700_000, province_code="PV22")
    plain = running(lead, far, title="Alleen groot", sharing="network")
    fits = running(lead, near, title="Monteurs delen", sharing="network", theme=theme, bottlenecks=[mine])
    own = Municipality.objects.get(organisation=guest.own)
    (first, *rest) = fitting_pilots(guest.user, own)
    assert first.pilot == fits
    assert first.city is not None
    assert first.city.organisation == near.pk
    assert "Te weinig monteurs" in first.reasons[0]
    assert any("ongeveer even groot" in reason for reason in first.reasons)
    assert plain not in [fit.pilot for fit in rest]
    page = browser(guest).get(f"{fits.get_absolute_url()}volgen/")
    assert page.context["form"].initial["city"] == near
    follow(lead, fits, guest)
    assert fits not in [fit.pilot for fit in fitting_pilots(guest.user, own)]


def test_forms_lose_nothing(lead: Person, cast: Cast) -> None:
    client = browser(lead)
    sent = {"organisation": lead.own.public_id, "title": "", "plan": "Blijft staan", "sharing": "draft"}  # type: ignore[union-attr]
    wrong = client.post("/programmas/pilots/nieuw/", sent)
    assert (wrong.status_code, Pilot.objects.count()) == (422, 0)
    assert "Blijft staan" in wrong.content.decode()
    assert client.post("/programmas/pilots/nieuw/", {**sent, "title": "Nieuw"}).status_code == 302
    pilot = Pilot.objects.get()
    address = f"{pilot.get_absolute_url()}bewerken/"
    late = client.post(address, {"title": "Later", "sharing": "draft", "version": "0"})
    assert late.status_code == 409
    assert "Later" in late.content.decode()
    days = {"starts_on": "2027-05-01", "ends_on": "2027-04-01"}
    bad = client.post(address, {"title": "Later", "sharing": "draft", "version": "1", **days})
    assert "laatste dag" in bad.content.decode()
    assert browser(cast.person("steering")).get("/programmas/pilots/nieuw/").status_code == 403


def test_number_of_queries(lead: Person, cast: Cast, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    visitor, member = Client(), browser(cast.person("team"))
    for _number in range(2):
        pilot = running(lead, make_city(), sharing="published")
        addresses = {"/programmas/pilots/": (4, 7), pilot.get_absolute_url(): (5, 10)}
        for address, numbers in addresses.items():
            for client, number in zip((visitor, member), numbers, strict=True):
                client.get(address)
                with django_assert_num_queries(number, info=address):
                    client.get(address)
        running(lead, make_city(), sharing="published")
        join(lead, pilot, make_city())


def test_demo_pilots_come_once() -> None:
    assert load_demo("small", 1) == ["demo: pilots 0"]
    for _number in range(5):
        make_city()
    assert load_demo("small", 1) == [f"demo: pilots {PILOTS['small']}"]
    assert load_demo("small", 1) == ["demo: pilots are there already"]
    assert Twinning.objects.count() == 3
