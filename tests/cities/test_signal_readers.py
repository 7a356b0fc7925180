"""Addressees without an account, and whoever had a signal on the desk before."""

from datetime import timedelta

import pytest
from django.test import Client

import tests.cities.matrix  # noqa: F401 - before its own parts
from cities.models import Signal
from cities.registrations.signals import nobody_reads
from cities.selectors_signals import present_addressees
from cities.services.signals.people import without_readers
from cities.services.signals.sending import refer_signal
from governance.models import User
from governance.models.membership import Function
from governance.models.organisation import Group
from nss_portal.core.access import may
from nss_portal.core.time import today
from tests.access.cast import Cast, Person, join, make_organisation, make_user
from tests.cities.signals import TERM, make_ministry, make_signal

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return Cast()


@pytest.fixture
def team(cast: Cast) -> Person:
    return cast.person("team", leads=True)


@pytest.fixture
def ministry(cast: Cast) -> Person:
    return cast.person("ministry")


def test_where_nobody_has_an_account_sender_and_coordinator_are_told(cast: Cast, team: Person) -> None:
    """Nothing is held back: the signal waits, and whoever is invited finds it."""
    empty = make_ministry("Ministerie zonder accounts")
    signal = make_signal(team.own, empty)
    coordinator = cast.person("coordinator").user
    assert without_readers(present_addressees(signal)) == [empty]
    [item] = list(nobody_reads(coordinator))
    assert item.detail == "Ministerie zonder accounts"
    assert list(nobody_reads(team.user)) == []
    client = Client()
    for user, words, link in (
        (team.user, "coördinatieteam ziet dit ook", False),
        (coordinator, "Nodig degene uit", True),
        (cast.person("steering").user, "", False),
    ):
        client.force_login(user)
        page = client.get(signal.get_absolute_url()).content.decode()
        assert ("Niemand bij Ministerie zonder accounts" in page) == bool(words)
        assert words in page
        assert (f"/sturing/organisaties/{empty.public_id}/uitnodigen/" in page) == link
    join(make_user(), empty, Function.STAFF)
    assert without_readers(present_addressees(signal)) == []
    assert list(nobody_reads(coordinator)) == []


def test_what_is_sent_to_nobody_does_not_say_that_a_mail_went(team: Person) -> None:
    client = Client()
    client.force_login(team.user)
    signal = make_signal(team.own, make_ministry("Ministerie zonder accounts"), state="draft")
    signal.answer_by = today() + timedelta(days=TERM)
    signal.save()
    before = client.get(f"/signalen/{signal.public_id}/versturen/").content.decode()
    assert "Niemand bij Ministerie zonder accounts" in before
    sent = client.post(f"/signalen/{signal.public_id}/versturen/", {"version": signal.version}, follow=True)
    assert "Het signaal is verstuurd. Hier volg je het." in sent.content.decode()


def test_whoever_referred_a_signal_on_keeps_sight_of_it(team: Person, ministry: Person) -> None:
    province = make_organisation(Group.PROVINCE)
    person = make_user()
    join(person, province)
    other = make_user()
    join(other, make_organisation(Group.PROVINCE))
    signal = make_signal(team.own, province, audience="network")
    refer_signal(actor=person, signal=signal, to=ministry.own, reason="Dit is van het Rijk.")
    fresh = User.objects.get(pk=person.pk)
    assert Signal.objects.visible_to(fresh).filter(pk=signal.pk).exists()
    assert not may(fresh, "signal", "respond", signal)
    assert not Signal.objects.visible_to(other).filter(pk=signal.pk).exists()
