"""Meetings planned, held, adopted and published; decisions followed until they are done; their pages."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from governance.models import Body, Decision, DecisionState, Figurehead, Meeting, MeetingState, Seat
from governance.models.membership import Function
from governance.registrations import meetings as registrations
from governance.services.meetings import decisions, holding
from governance.services.meetings.demo import load_demo
from governance.services.meetings.reference import load_bodies
from nss_portal.core.access import NotAllowed
from nss_portal.core.editing import EditConflict
from nss_portal.core.models import OutgoingMail, StoredFile
from nss_portal.core.time import today
from nss_portal.core.workflow import TransitionRefused
from tests.access.cast import Cast, Person, join, make_organisation, make_user
from tests.governance.matrix_meetings import make_meeting

pytestmark = pytest.mark.django_db
REGISTER, MEETINGS = "/sturing/besluiten/", "/sturing/overleggen/"
REGISTER_QUERIES = 4
MEETING_QUERIES = 12
SOON = timezone.now() + timedelta(days=7)


@pytest.fixture
def person() -> Person:
    return Cast().person("coordinator")


@pytest.fixture
def coordinator(client: Client, person: Person) -> Client:
    client.force_login(person.user)
    return client


def make_decision(meeting: Meeting, owner: object, **fields: object) -> Decision:
    fields.setdefault("text", "Elk signaal krijgt een antwoord")
    fields.setdefault("number", meeting.decisions.count() + 1)
    return Decision.objects.create(meeting=meeting, owner=owner, **fields)


def client_of(user: object) -> Client:
    client = Client()
    client.force_login(user)
    return client


def page(client: Client, address: str, status: int = 200) -> str:
    response = client.get(address)
    assert response.status_code == status, address
    return response.content.decode()


def test_planned_with_the_appointment_and_told_again_when_it_moves(person: Person) -> None:
    load_bodies()
    one, other = make_user(), make_user()
    values = {"starts_at": SOON, "ends_at": SOON + timedelta(hours=1), "place": "Utrecht", "chair": None}
    body = Body.objects.get(code="kernteam")
    plan = {"actor": person.user, "body": body, "participants": [one]}
    made = holding.plan_meeting(values=values, **plan)
    mail = OutgoingMail.objects.get()
    assert (mail.recipient, "BEGIN:VEVENT" in mail.calendar) == (one.email, True)
    change = {"actor": person.user, "meeting": made, "participants": [one, other]}
    changed = holding.change_meeting(version=1, values=values, **change)
    assert set(OutgoingMail.objects.values_list("recipient", flat=True)) == {one.email, other.email}
    holding.change_meeting(version=changed.version, values={**values, "place": "Den Haag"}, **change)
    assert OutgoingMail.objects.count() == 4
    with pytest.raises(EditConflict):
        holding.change_meeting(version=1, values={**values, "place": "Delft"}, **change)
    with pytest.raises(ValidationError):
        holding.plan_meeting(values={**values, "ends_at": SOON}, **plan)
    (entry,) = registrations.meetings(one, today(), today() + timedelta(days=9))
    assert (entry.title, entry.mine) == ("Kernteam", True)
    assert list(registrations.meetings(person.user, today(), today() + timedelta(days=9))) == []
    holding.step_meeting(actor=person.user, meeting=made, step="cancel", reason="Ziek")
    assert OutgoingMail.objects.filter(calendar__contains="STATUS:CANCELLED").count() == 2


def test_the_chair_runs_the_meeting_and_others_do_not(person: Person) -> None:
    cast = person.cast
    chair = cast.person("steering")
    made = make_meeting("held", chair=chair.user)
    holding.keep_item(actor=chair.user, meeting=made, values={"title": "Signalen"})
    for role in ("steering", "team", "ministry", "desk", "signatory"):
        other = cast.person(role).user
        made.participants.add(other)
        for act in (
            lambda who: holding.keep_item(actor=who, meeting=made, values={"title": "x"}),
            lambda who: holding.step_meeting(actor=who, meeting=made, step="adopt"),
            lambda who: holding.publish_decisions(actor=who, meeting=made, publish=True),
            lambda who: holding.require_all(who),
        ):
            with pytest.raises(NotAllowed):
                act(other)
    assert not holding.runs_all(chair.user)
    (item,) = registrations.lists_to_adopt(chair.user)
    assert item.url == made.get_absolute_url()


def test_steps_in_their_order(person: Person) -> None:
    planned = make_meeting()
    with pytest.raises(TransitionRefused):
        holding.step_meeting(actor=person.user, meeting=planned, step="hold")
    with pytest.raises(NotAllowed):
        holding.publish_decisions(actor=person.user, meeting=planned, publish=True)
    held = make_meeting("held")
    decide = {"text": "Besloten", "owner": person.own, "due_on": None, "is_published": True}
    with pytest.raises(ValidationError):
        decisions.keep_decision(actor=person.user, meeting=held, **{**decide, "text": " "})
    kept = decisions.keep_decision(actor=person.user, meeting=held, **decide)
    decisions.keep_decision(actor=person.user, meeting=held, **{**decide, "text": "Anders", "decision": kept})
    assert list(registrations.decisions_to_do(person.user)) == []
    adopted = holding.step_meeting(actor=person.user, meeting=held, step="adopt")
    for late in (
        lambda: decisions.keep_decision(actor=person.user, meeting=adopted, **decide),
        lambda: holding.keep_minutes(actor=person.user, meeting=adopted, version=adopted.version, minutes="x"),
    ):
        with pytest.raises(NotAllowed):
            late()
    (item,) = registrations.decisions_to_do(person.user)
    assert item.title == "Anders"
    holding.publish_decisions(actor=person.user, meeting=adopted, publish=True)
    (news,) = registrations.published(make_user(), timezone.now() - timedelta(days=1))
    assert news.url == adopted.get_absolute_url()


def test_followed_until_it_is_done(person: Person) -> None:
    cast = person.cast
    owner = cast.person("ministry")
    decision = make_decision(make_meeting("adopted"), owner.own, due_on=today())
    for role in ("team", "steering", "partner"):
        with pytest.raises(NotAllowed):
            decisions.follow(actor=cast.person(role).user, decision=decision, text="x")
    with pytest.raises(NotAllowed):  # who sees to it does not let it go by itself
        decisions.follow(actor=owner.user, decision=decision, text="x", state=DecisionState.DROPPED)
    with pytest.raises(ValidationError):
        decisions.follow(actor=owner.user, decision=decision, text=" ")
    with pytest.raises(ValidationError):
        decisions.follow(actor=owner.user, decision=decision, text="x", due_on=today() - timedelta(days=1))
    decisions.follow(actor=owner.user, decision=decision, text="Loopt", due_on=today() + timedelta(days=5))
    (item,) = registrations.decisions_to_do(owner.user)
    assert item.due == today() + timedelta(days=5)
    decisions.follow(actor=owner.user, decision=decision, text="Klaar", state=DecisionState.DONE)
    assert list(registrations.decisions_to_do(owner.user)) == []
    with pytest.raises(NotAllowed):
        decisions.follow(actor=person.user, decision=decision, text="Nog iets")
    assert [one.text for one in decision.updates.all()] == ["Loopt", "Klaar"]


def test_what_is_not_published_shows_to_nobody_else(person: Person) -> None:
    cast = person.cast
    owner, member, outsider = cast.person("ministry"), cast.person("team"), cast.person("partner")
    shown = make_meeting("adopted", is_published=True, minutes="Vertrouwelijk verslag")
    shown.participants.add(member.user)
    open_one = make_decision(shown, cast.other)
    hidden = make_decision(shown, owner.own, text="Geheim besluit", is_published=False)
    early = make_decision(make_meeting("held"), owner.own, text="Nog niet vastgesteld")
    item = holding.keep_item(actor=person.user, meeting=make_meeting(), values={"title": "Stil agendapunt"})
    for client in (Client(), client_of(outsider.user)):
        for address in (
            REGISTER,
            f"{REGISTER}besluiten.csv",
            shown.get_absolute_url(),
            f"{MEETINGS}groep/stuurgroep/",
        ):
            text = page(client, address)
            for words in ("Geheim", "Vertrouwelijk", "Nog niet", "Stil agendapunt"):
                assert words not in text, address
        page(client, open_one.get_absolute_url())
        for gone in (hidden, early, item.meeting):
            page(client, gone.get_absolute_url(), 404)
    assert "Geheim besluit" in page(client_of(owner.user), REGISTER)
    assert "Geheim besluit" not in page(client_of(owner.user), f"{REGISTER}besluiten.csv")
    page(client_of(owner.user), early.get_absolute_url(), 404)
    for words in ("Geheim besluit", "Vertrouwelijk verslag"):
        assert words in page(client_of(member.user), shown.get_absolute_url())
    assert "Geheim" not in str(hidden)


def test_papers_are_for_who_takes_part(coordinator: Client, person: Person) -> None:
    made = make_meeting("held")
    address = made.get_absolute_url()
    coordinator.post(f"{address}agenda/nieuw/", {"title": "Signalen", "minutes": 20})
    item = made.items.get()
    upload = SimpleUploadedFile("stuk.txt", b"Vertrouwelijk", content_type="text/plain")
    coordinator.post(f"{address}agenda/{item.pk}/stuk/", {"file": upload})
    bad = coordinator.post(f"{address}agenda/{item.pk}/stuk/", {})
    assert bad.status_code == 422
    stored = StoredFile.objects.get()
    member = person.cast.person("team")
    made.participants.add(member.user)
    assert "stuk.txt" in page(client_of(member.user), address)
    Meeting.objects.filter(pk=made.pk).update(state=MeetingState.ADOPTED, is_published=True)
    for client, status in ((client_of(member.user), 200), (Client(), 404), (client_of(make_user()), 404)):
        answer = client.get(f"/bestanden/{stored.public_id}/")
        assert not answer.streaming or b"".join(answer) == b"Vertrouwelijk"
        assert answer.status_code == status
    Meeting.objects.filter(pk=made.pk).update(state=MeetingState.HELD, is_published=False)
    coordinator.post(f"{address}agenda/{item.pk}/weg/")
    assert not made.items.exists()


def test_from_the_plan_to_the_register(coordinator: Client, person: Person) -> None:
    load_bodies()
    assert "Nog geen besluiten" in page(coordinator, REGISTER)
    user = make_user()
    begin = timezone.localtime() - timedelta(hours=3)
    values = {
        "body": "stuurgroep",
        "starts_at": f"{begin:%Y-%m-%dT%H:%M}",
        "ends_at": f"{begin + timedelta(hours=1):%Y-%m-%dT%H:%M}",
        "more": user.email,
    }
    bad = coordinator.post(f"{MEETINGS}plannen/", {**values, "more": "wie@weet.example"})
    assert "wie@weet.example" in bad.context["form"].errors["more"][0]
    coordinator.post(f"{MEETINGS}plannen/", values)
    made = Meeting.objects.get()
    address = made.get_absolute_url()
    page(coordinator, f"{address}bewerken/")
    moved = coordinator.post(f"{address}bewerken/", {**values, "version": 1, "place": "Utrecht"})
    assert moved.url == address
    late = coordinator.post(f"{address}bewerken/", {**values, "version": 1, "place": "Delft"})
    assert (late.status_code, "Delft" in late.content.decode()) == (409, True)
    assert ("Delft", "Utrecht") in [(row["mine"], row["theirs"]) for row in late.context["conflict"]]
    made.refresh_from_db()
    coordinator.post(f"{address}verslag/", {"minutes": "Kort", "version": made.version})
    both = coordinator.post(f"{address}verslag/", {"minutes": "Lang", "version": 1})
    assert both.status_code == 409
    assert [(row["mine"], row["theirs"]) for row in both.context["conflict"]] == [("Lang", "Kort")]
    kept = {"minutes": "Lang", "version": both.context["form"]["version"].value()}
    assert coordinator.post(f"{address}verslag/", kept).status_code == 302, "sent again it goes over the other"
    decision = {"text": "Eén loket", "owner": person.own.pk, "is_published": "on"}
    early = {**decision, "due_on": f"{begin - timedelta(days=1):%Y-%m-%d}"}
    before = coordinator.post(f"{address}besluiten/nieuw/", early)
    assert (before.status_code, "due_on" in before.context["form"].errors) == (422, True)
    assert "Eén loket" in before.content.decode(), "nothing typed is lost"
    assert "owner" in coordinator.post(f"{address}besluiten/nieuw/", {"text": "x"}).context["form"].errors
    coordinator.post(f"{address}besluiten/nieuw/", decision)
    coordinator.post(f"{address}besluiten/nieuw/", {**decision, "text": "Fout"})
    coordinator.post(f"{address}besluiten/2/weg/")
    coordinator.post(f"{address}besluiten/1/", {**decision, "text": "Eén loket voor allen"})
    for name in ("hold", "adopt"):
        page(coordinator, f"{address}stap/{name}/")
        coordinator.post(f"{address}stap/{name}/")
    page(coordinator, f"{address}stap/cancel/", 404)
    owner = f'value="{person.own.public_id}"'
    assert owner not in page(Client(), REGISTER), "who sees to what is not public is not told either"
    coordinator.post(f"{address}publiceren/")
    assert owner in page(Client(), REGISTER)
    text = page(Client(), f"{REGISTER}?q=loket&stand=open&overleg=stuurgroep&eigenaar={person.own.public_id}")
    assert "Eén loket voor allen" in text
    assert "Eén loket voor allen" in page(Client(), f"{REGISTER}besluiten.csv")
    assert "Geen besluit past" in page(Client(), f"{REGISTER}?stand=late")
    kept = Decision.objects.get()
    coordinator.post(f"{kept.get_absolute_url()}opvolgen/", {"text": "Gedaan", "state": "done"})
    assert "Gedaan" in page(Client(), kept.get_absolute_url())
    page(coordinator, f"{kept.get_absolute_url()}opvolgen/", 403)


def test_what_is_written_ahead_of_a_meeting_is_not_taken_yet(coordinator: Client, person: Person) -> None:
    meeting = make_meeting()
    Meeting.objects.filter(pk=meeting.pk).update(starts_at=SOON, ends_at=SOON + timedelta(hours=2))
    ahead = make_decision(meeting, person.own)
    for address in (REGISTER, ahead.get_absolute_url(), meeting.get_absolute_url()):
        assert "nog niet genomen" in page(coordinator, address), address
    assert "op de agenda van" in page(coordinator, REGISTER)
    assert "Sturing" in page(coordinator, meeting.get_absolute_url()).split("breadcrumb", 1)[1].split("<h1", 1)[0]
    Meeting.objects.filter(pk=meeting.pk).update(state=MeetingState.HELD)
    cache.clear()
    assert "nog niet genomen" not in page(coordinator, REGISTER)


def test_what_is_left_from_before_comes_back(coordinator: Client, person: Person) -> None:
    make_decision(make_meeting("adopted"), person.own, text="Nog te doen")
    make_decision(make_meeting("adopted"), person.own, text="Al klaar", state="done")
    text = page(coordinator, make_meeting().get_absolute_url())
    assert "Nog te doen" in text
    assert "Al klaar" not in text


def test_seats_and_figureheads_are_dated(coordinator: Client, person: Person) -> None:
    load_bodies()
    organisation, address = make_organisation(), f"{MEETINGS}groep/kernteam/"
    values = {"organisation": organisation.pk, "valid_from": today().isoformat()}
    for _again in range(2):
        coordinator.post(f"{address}zetels/nieuw/", values)
    seats = list(Seat.objects.order_by("pk"))
    assert [seat.valid_to for seat in seats] == [today(), None]
    assert (
        "user"
        in coordinator.post(f"{address}zetels/nieuw/", {**values, "user": "wie@x.example"}).context["form"].errors
    )
    early = {"valid_to": "2001-01-01"}
    assert (
        "valid_to" in coordinator.post(f"{address}zetels/{seats[1].pk}/beeindigen/", early).context["form"].errors
    )
    coordinator.post(f"{address}zetels/{seats[1].pk}/beeindigen/", {"valid_to": today().isoformat()})
    head = {"name": "Hoogleraar", "mandate": "Spreekt over warmte", **values}
    coordinator.post(f"{MEETINGS}boegbeelden/nieuw/", head)
    assert "Spreekt over warmte" in page(Client(), MEETINGS)
    Figurehead.objects.update(valid_from=today() - timedelta(days=9), valid_to=today() - timedelta(days=1))
    assert "Eerdere boegbeelden" in page(Client(), MEETINGS)
    steering = client_of(person.cast.person("steering").user)
    for part in ("plannen/", "boegbeelden/nieuw/", "groep/kernteam/zetels/nieuw/"):
        page(steering, f"{MEETINGS}{part}", 403)


def test_who_leaves_hands_over_seat_and_chair(person: Person) -> None:
    leaver, successor = person.cast.person("steering"), make_user()
    load_bodies()
    body = Body.objects.get(code="kernteam")
    seat = {"body": body, "organisation": leaver.own, "user": leaver.user, "is_chair": True}
    holding.keep_seat(actor=person.user, valid_from=today(), **seat)
    made = make_meeting(chair=leaver.user)
    (held,) = registrations.places_of(leaver.user, leaver.own)
    assert held.titles == ["Kernteam", str(made)]
    held.move(successor, person.user)
    made.refresh_from_db()
    assert (made.chair, Seat.objects.get().user) == (successor, successor)
    assert next(iter(registrations.places_of(leaver.user, leaver.own))).titles == []


@pytest.mark.parametrize("number", [1, 3])
def test_pages_ask_the_same_for_one_and_for_many(
    person: Person, coordinator: Client, django_assert_num_queries: DjangoAssertNumQueries, number: int
) -> None:
    meeting = make_meeting("adopted", is_published=True)
    for count in range(number):
        make_decision(meeting, make_organisation())
        meeting.items.create(title=f"Punt {count}", number=count + 1)
        meeting.participants.add(make_user())
    with django_assert_num_queries(REGISTER_QUERIES):
        page(Client(), REGISTER)
    with django_assert_num_queries(MEETING_QUERIES):
        page(coordinator, meeting.get_absolute_url())


def test_the_demonstration() -> None:
    Cast()
    load_bodies()
    join(make_user(is_demo=True), make_organisation(), Function.STEERING)
    assert load_demo("small", 1) == ["demo: meetings 6, decisions 8"]
    assert load_demo("small", 1) == []
