"""Single people are invited to an activity: found by name or organisation, several at once, and taken back."""

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from ical.calendar_stream import IcsCalendarStream

from activities.models import Activity, Participation
from activities.registrations.agenda import invitations
from activities.services import places
from governance.models import Membership
from nss_portal.core.access import NotAllowed
from nss_portal.core.models import OutgoingMail
from tests.access.cast import Cast, Person
from tests.activities.matrix_activity import make_activity, take_part

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return Cast()


@pytest.fixture
def runner(cast: Cast) -> Person:
    return cast.person("coordinator")


def browser(person: Person) -> Client:
    client = Client()
    client.force_login(person.user)
    return client


def at(activity: Activity, part: str) -> str:
    return f"/agenda/{activity.public_id}/deelnemers/{part}"


def membership(person: Person) -> Membership:
    return Membership.objects.get(user=person.user, organisation=person.own)


def test_search_keeps_who_was_chosen_and_leaves_out_who_was_asked(cast: Cast, runner: Person) -> None:
    activity = make_activity(cast.other, "planned")
    first, second, third = (cast.person("ministry") for _each in range(3))
    take_part(activity, third.user, third.own)
    client = browser(runner)
    sent = {"find": second.user.name, "people": [membership(first).pk], "search": "yes"}
    page = client.post(at(activity, "uitnodigen/"), sent)
    shown = [key for key, _label in page.context["form"].fields["people"].widget.choices]
    assert shown[0] == membership(first).pk
    assert membership(second).pk in shown
    assert membership(third).pk not in shown
    assert Participation.objects.count() == 1
    nobody = client.post(at(activity, "uitnodigen/"), {"find": ""})
    assert "Kies er ten minste één" in nobody.content.decode()
    people = [membership(first).pk, membership(second).pk]
    answer = client.post(at(activity, "uitnodigen/"), {"people": people})
    assert answer.status_code == 302
    assert set(activity.participations.filter(state="invited").values_list("user", flat=True)) == {
        first.user.pk,
        second.user.pk,
    }
    assert OutgoingMail.objects.count() == 2


def test_who_is_invited_sees_it_and_says_yes_whoever_it_is_for(cast: Cast, runner: Person) -> None:
    activity = make_activity(cast.other, "planned", audience="cop")
    guest = cast.person("member")
    client = browser(guest)
    assert client.get(activity.get_absolute_url()).status_code == 404
    rows = places.invite_members(actor=runner.user, activity=activity, members=[membership(guest)])
    assert [str(item.title) for item in invitations(guest.user)] == [f"Kom je naar '{activity.title}'?"]
    assert "Ik kom" in client.get(activity.get_absolute_url()).content.decode()
    assert (
        client.post(f"/agenda/{activity.public_id}/aanmelden/", {"organisation": guest.own.pk}).status_code == 302
    )
    rows[0].refresh_from_db()
    assert rows[0].state == "registered"
    assert places.invite_members(actor=runner.user, activity=activity, members=[membership(guest)]) == []


def test_an_invitation_is_taken_back_while_it_waits(cast: Cast, runner: Person) -> None:
    activity = make_activity(cast.other, audience="cop")
    guest = cast.person("member")
    (row,) = places.invite_members(actor=runner.user, activity=activity, members=[membership(guest)])
    with pytest.raises(NotAllowed):
        places.take_invitation_back(actor=guest.user, participation=row)
    client = browser(runner)
    assert "uitnodiging" in client.get(at(activity, f"{row.pk}/intrekken/")).content.decode()
    assert client.post(at(activity, f"{row.pk}/intrekken/")).status_code == 302
    assert not Participation.objects.exists()
    assert client.post(at(activity, f"{row.pk}/intrekken/")).status_code == 404
    gone = OutgoingMail.objects.order_by("pk").last()
    assert gone is not None
    (event,) = IcsCalendarStream.calendar_from_ics(gone.calendar).events
    assert (gone.recipient, event.status) == (guest.user.email, "CANCELLED")
    assert browser(guest).get(activity.get_absolute_url()).status_code == 404
    # Asked again after all: a mail again.
    places.invite_members(actor=runner.user, activity=activity, members=[membership(guest)])
    assert OutgoingMail.objects.count() == 3
    places.register(actor=guest.user, activity=activity, organisation=guest.own)
    with pytest.raises(ValidationError, match="al geantwoord"):
        places.take_invitation_back(actor=runner.user, participation=Participation.objects.get())


def test_only_the_organiser_invites_people_whom_it_may_see(cast: Cast, runner: Person) -> None:
    activity = make_activity(cast.other)
    guest, other = cast.person("team"), cast.person("team")
    assert browser(other).get(at(activity, "uitnodigen/")).status_code == 403
    with pytest.raises(NotAllowed):
        places.invite_members(actor=other.user, activity=activity, members=[membership(guest)])
    own = make_activity(cast.person("partner").own, "planned")
    partner = Membership.objects.get(organisation=own.organisation)
    hidden = membership(guest)
    Membership.objects.filter(pk=hidden.pk).update(sharing="own")
    with pytest.raises(NotAllowed, match="contactpersoon"):
        places.invite_members(actor=partner.user, activity=own, members=[hidden])
    for state in ("draft", "held"):
        assert browser(runner).get(at(make_activity(cast.coordinating, state), "uitnodigen/")).status_code == 404
    with pytest.raises(ValidationError):
        places.invite(
            actor=runner.user,
            activity=make_activity(cast.coordinating, "held"),
            user=guest.user,
            organisation=guest.own,
        )
