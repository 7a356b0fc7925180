"""Invitations and reminders: per person, once, about what is still open."""

from datetime import date, timedelta

import pytest
from django.test import override_settings
from django.utils import timezone

from contracts.models import ReviewRound
from contracts.services.review import people, reminders, yearly
from contracts.services.review.answers import Answer
from contracts.services.review.errors import ReviewRefused
from contracts.services.review.letters import parts_of, unreachable
from contracts.services.review.links import link_actor, link_for
from contracts.services.review.reviews import submit_review
from contracts.tasks import ask_for_review_day
from governance.models.membership import Function
from nss_portal.core import jobs
from nss_portal.core.access import NotAllowed
from nss_portal.core.models import OutgoingMail
from tests.access.cast import Cast, join, make_city, make_user
from tests.contracts.reviewing import YEAR, hand_in, in_days, make_contract, opened, system

pytestmark = pytest.mark.django_db


def invited() -> ReviewRound:
    current = opened()
    jobs.run_all_here("contracts.invite_round")
    return current


def remind(current: ReviewRound, day: date) -> int:
    return reminders.remind(current, on=day, guard=lambda: None)


def test_everybody_gets_one_invitation_for_all_their_parts() -> None:
    first = make_contract(parties=2, actions=2, commitments=1)
    second = make_contract(parties=2, actions=2, commitments=1)
    for contract in (first, second):
        party = contract.parties[1]
        type(party).objects.filter(pk=party.pk).update(contact_email="Samen@Voorbeeld.example")
    team = first.team()
    invited()
    mails = OutgoingMail.objects.filter(recipient__iexact="samen@voorbeeld.example")
    assert mails.count() == 1
    text = mails.get().text
    assert link_for(first.part(1)) in text
    assert link_for(second.part(1)) in text
    assert "2025" in text
    assert "2.025" not in text
    to_team = OutgoingMail.objects.get(recipient=team.email)
    assert "/herijking/" in to_team.text
    assert link_for(first.part(0)) not in to_team.text, "who has an account logs in"
    jobs.Job.objects.filter(kind="contracts.invite_round").update(state="queued", run_after=timezone.now())
    jobs.run_all_here("contracts.invite_round")
    assert OutgoingMail.objects.count() == 2, "a second run writes nobody twice"


def test_leads_are_written_to_and_all_of_a_team_without_one() -> None:
    contract = make_contract(parties=1)
    lead, colleague = contract.team(), make_user()
    join(colleague, contract.city, Function.TEAM)
    opened()
    part = contract.part(0)
    assert [one.user_id for one in people.recipients([part])[part.pk]] == [lead.pk]
    lead.memberships.update(is_lead=False)
    assert {one.user_id for one in people.recipients([part])[part.pk]} == {lead.pk, colleague.pk}
    lead.is_active = False
    lead.save()
    assert [one.user_id for one in people.recipients([part])[part.pk]] == [colleague.pk]


def test_a_party_that_cannot_be_reached_is_shown_and_not_forgotten() -> None:
    contract = make_contract(parties=2, emails=False)
    current = invited()
    silent = unreachable(parts_of(current))
    assert [part.party for part in silent] == contract.parties
    assert list(people.without_recipients(parts_of(current))) == silent, "the board counts the same ones"
    assert not OutgoingMail.objects.exists()
    with pytest.raises(ReviewRefused):
        reminders.remind_party(part=contract.part(1), actor=system())


@pytest.mark.parametrize(
    ("day", "offset"),
    [
        (-45, None),
        (-30, -30),
        (-29, -30),
        (-8, -30),
        (-7, -7),
        (-2, -7),
        (-1, -1),
        (0, -1),
        (1, 1),
        (6, 1),
        (7, 7),
        (60, 7),
    ],
)
def test_the_newest_reminder_that_is_due(day: int, offset: int | None) -> None:
    make_contract()
    current = opened(due_in=60)
    assert reminders.due_offset(current, current.due_on + timedelta(days=day)) == offset


def test_a_reminder_of_before_the_round_opened_is_not_sent() -> None:
    make_contract()
    current = opened(due_in=5)
    assert reminders.due_offset(current, in_days(0)) is None
    assert reminders.due_offset(current, in_days(4)) == -1


def test_reminders_go_once_and_stop_after_handing_in() -> None:
    contract = make_contract(parties=2, actions=2)
    other = make_contract(parties=2, actions=2)
    current = opened(due_in=60)
    done, waiting = contract.part(1), other.part(1)
    hand_in(done, link_actor(done))
    week_before = current.due_on - timedelta(days=7)
    assert remind(current, week_before) == 1
    assert remind(current, week_before) == 1
    mail = OutgoingMail.objects.get()
    assert mail.recipient == waiting.party.contact_email
    assert link_for(waiting) in mail.text
    hand_in(waiting, link_actor(waiting))
    assert remind(current, current.due_on - timedelta(days=1)) == 0
    assert OutgoingMail.objects.count() == 1


def test_a_missed_day_causes_no_burst() -> None:
    contract = make_contract(parties=2, actions=2)
    current = opened(due_in=60)
    remind(current, current.due_on + timedelta(days=8))
    assert OutgoingMail.objects.filter(recipient=contract.parties[1].contact_email).count() == 1


def test_the_city_is_reminded_to_hand_in_when_its_own_part_is_done() -> None:
    contract = make_contract(parties=1, actions=1, commitments=0)
    team = contract.team()
    current = opened(due_in=60)
    hand_in(contract.part(0), team)
    day = current.due_on - timedelta(days=7)
    assert remind(current, day) == 1
    assert f"/herijking/{YEAR}/" in OutgoingMail.objects.get().text
    submit_review(review=contract.review(), conclusion="", revision=0, actor=team)
    assert remind(current, day + timedelta(days=6)) == 0


def test_a_party_is_reminded_by_hand_at_most_once_a_day() -> None:
    contract = make_contract(parties=2, actions=2)
    opened()
    part, team = contract.part(1), contract.team()
    assert [person.email for person in reminders.remind_party(part=part, actor=team)] == [part.party.contact_email]
    reminders.remind_party(part=part, actor=team)
    assert OutgoingMail.objects.count() == 1
    cast = Cast()
    reminders.remind_party(part=part, actor=cast.person("coordinator").user)
    with pytest.raises(NotAllowed):
        reminders.remind_party(part=part, actor=cast.person("partner").user)
    hand_in(part, link_actor(part), [Answer("on_course")])
    with pytest.raises(ReviewRefused):
        reminders.remind_party(part=part, actor=team)


def test_a_mail_is_in_the_language_of_its_reader() -> None:
    contract = make_contract(parties=1)
    contract.team(language="en")
    invited()
    mail = OutgoingMail.objects.get()
    assert mail.language == "en"
    assert "/en/klimaatcontracten/" in mail.text
    assert "looks back on" in mail.text


@override_settings(NSS_REVIEW_OPENS_ON="09-01", NSS_REVIEW_DUE_AFTER_DAYS=75)
@pytest.mark.parametrize(
    ("day", "year"),
    [
        (date(2026, 8, 31), None),
        (date(2026, 9, 1), 2025),
        (date(2026, 9, 20), 2025),
        (date(2026, 11, 1), 2025),
        (date(2026, 11, 2), None),
        (date(2027, 1, 10), None),
    ],
)
def test_the_yearly_round_is_due_on_its_day_and_a_missed_one_is_made_up_for(day: date, year: int | None) -> None:
    due = yearly.round_due(day)
    assert (due and due[0]) == year
    assert due is None or due[1] == date(2026, 11, 15)


def test_the_clock_opens_the_yearly_round_by_itself_once() -> None:
    make_contract()
    with override_settings(NSS_REVIEW_OPENS_ON=in_days(0).strftime("%m-%d")):
        for _ in range(3):
            ask_for_review_day()
        assert jobs.Job.objects.filter(kind="contracts.review_day").count() == 1
        jobs.run_all_here()
        jobs.Job.objects.filter(kind="contracts.review_day").update(state="queued", run_after=timezone.now())
        jobs.run_all_here()
    current = ReviewRound.objects.get()
    assert (current.year, current.state) == (in_days(0).year - 1, "open")
    assert current.opened_by.is_system


def test_nothing_opens_without_a_running_contract() -> None:
    make_city()
    with override_settings(NSS_REVIEW_OPENS_ON=in_days(0).strftime("%m-%d")):
        assert yearly.open_yearly_round(in_days(0)) is None
