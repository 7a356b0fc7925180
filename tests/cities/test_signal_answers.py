"""Answering signals, referring them on, and following them up."""

from datetime import date, timedelta

import pytest

from cities.models import SignalEntry
from cities.models.signal_parts import EntryKind, ExperimentAnswer, Verdict
from cities.selectors_signals import addressable, holder_of, response_times
from cities.services.signals import answering, follow_up, sending
from cities.services.signals.answering import Answer
from governance.models.organisation import Group
from nss_portal.core.access import NotAllowed
from nss_portal.core.time import today
from nss_portal.core.workflow import TransitionRefused
from tests.access.cast import Cast, Person, make_organisation
from tests.cities.signals import (
    add_cosigner,
    ask_for_room,
    make_ministry,
    make_signal,
    subjects,
)

pytestmark = pytest.mark.django_db
TAKEN_UP = Answer(EntryKind.TAKEN_UP, "We regelen dit.")


@pytest.fixture
def cast() -> Cast:
    return Cast()


@pytest.fixture
def team(cast: Cast) -> Person:
    return cast.person("team", leads=True)


@pytest.fixture
def ministry(cast: Cast) -> Person:
    return cast.person("ministry", leads=True)


def test_the_addressee_receives_and_answers(team: Person, ministry: Person) -> None:
    signal = make_signal(team.own, ministry.own)
    answering.receive_signal(actor=ministry.user, signal=signal)
    again = answering.receive_signal(actor=ministry.user, signal=signal)
    assert (again.state, sending.lead_of(signal).received_on) == ("received", today())
    done = answering.answer_signal(actor=ministry.user, signal=signal, answer=TAKEN_UP)
    entry = SignalEntry.objects.get()
    assert (done.state, entry.organisation, entry.kind) == ("answered", ministry.own, "taken_up")
    assert sending.lead_of(signal).answered_on == today()
    assert subjects(team.user) == ["Er is een antwoord op jullie signaal: Voorrang op het net"]
    with pytest.raises(TransitionRefused):
        answering.answer_signal(actor=ministry.user, signal=signal, answer=TAKEN_UP)


@pytest.mark.parametrize(
    "role", ["visitor", "member", "team", "advisor", "signatory", "desk", "publisher", "steering", "coordinator"]
)
def test_nobody_else_answers(team: Person, role: str) -> None:
    person = team.cast.person(role)
    signal = make_signal(team.own, person.own or make_ministry())
    with pytest.raises(NotAllowed):
        answering.answer_signal(actor=person.user, signal=signal, answer=TAKEN_UP)
    with pytest.raises(NotAllowed):
        answering.receive_signal(actor=person.user, signal=signal)
    with pytest.raises(NotAllowed):
        sending.refer_signal(actor=person.user, signal=signal, to=make_ministry(), reason="x")


def test_another_ministry_does_not_answer(team: Person, ministry: Person) -> None:
    with pytest.raises(NotAllowed):
        answering.answer_signal(
            actor=ministry.user, signal=make_signal(team.own, make_ministry()), answer=TAKEN_UP
        )


def test_a_province_answers_too(team: Person) -> None:
    person = team.cast.person("partner")
    signal = make_signal(team.own, person.own, audience="network")
    assert answering.answer_signal(actor=person.user, signal=signal, answer=TAKEN_UP).state == "answered"


def test_the_one_beside_the_lead_adds_but_does_not_answer(team: Person, ministry: Person) -> None:
    signal = make_signal(team.own, make_ministry(), ministry.own)
    with pytest.raises(TransitionRefused):
        answering.answer_signal(actor=ministry.user, signal=signal, answer=TAKEN_UP)
    entry = answering.add_to_answer(actor=ministry.user, signal=signal, text="Wij denken mee.")
    assert (entry.kind, entry.organisation) == ("addition", ministry.own)
    with pytest.raises(NotAllowed):
        answering.add_to_answer(actor=team.user, signal=signal, text="x")


def test_declining_needs_reasons(team: Person, ministry: Person) -> None:
    signal = make_signal(team.own, ministry.own)
    with pytest.raises(TransitionRefused):
        answering.answer_signal(actor=ministry.user, signal=signal, answer=Answer(EntryKind.DECLINED, " "))
    assert not SignalEntry.objects.exists()


@pytest.mark.parametrize(
    ("room", "conditions", "good"),
    [
        (ExperimentAnswer.NONE, "", False),
        (ExperimentAnswer.CONDITIONS, " ", False),
        (ExperimentAnswer.CONDITIONS, "Elk jaar meten", True),
        (ExperimentAnswer.GRANTED, "", True),
        (ExperimentAnswer.DECLINED, "", True),
    ],
)
def test_room_to_experiment_is_decided_on(
    team: Person, ministry: Person, room: ExperimentAnswer, conditions: str, good: bool
) -> None:
    signal = make_signal(team.own, ministry.own)
    ask_for_room(signal)
    answer = Answer(EntryKind.TAKEN_UP, "Goed plan.", room, conditions)
    if good:
        answering.answer_signal(actor=ministry.user, signal=signal, answer=answer)
        assert SignalEntry.objects.get().experiment == room
    else:
        with pytest.raises(TransitionRefused):
            answering.answer_signal(actor=ministry.user, signal=signal, answer=answer)


def test_referring_on_moves_the_lead_and_keeps_the_first(team: Person, ministry: Person) -> None:
    other = team.cast.person("ministry", leads=True)
    signal = make_signal(team.own, ministry.own, other.own, days_ago=29)
    sending.refer_signal(actor=ministry.user, signal=signal, to=other.own, reason="Gaat over wegen")
    lead = sending.lead_of(signal)
    assert (lead.organisation, lead.due_on) == (other.own, today() + timedelta(days=14))
    first = signal.addressees.get(organisation=ministry.own)
    assert (first.until, first.answered_on) == (today(), today())
    with pytest.raises(NotAllowed):
        answering.answer_signal(actor=ministry.user, signal=signal, answer=TAKEN_UP)
    answering.answer_signal(actor=other.user, signal=signal, answer=TAKEN_UP)
    with pytest.raises(TransitionRefused):
        sending.refer_signal(actor=other.user, signal=signal, to=make_ministry(), reason="x")


@pytest.mark.parametrize("to", ["itself", "a company"])
def test_a_signal_is_not_referred_to_just_anybody(team: Person, ministry: Person, to: str) -> None:
    signal = make_signal(team.own, ministry.own)
    target = ministry.own if to == "itself" else make_organisation(Group.COMPANY)
    with pytest.raises(TransitionRefused):
        sending.refer_signal(actor=ministry.user, signal=signal, to=target, reason="x")


# Names and tasks that move


def test_whoever_took_the_task_over_answers(team: Person, ministry: Person) -> None:
    old = make_ministry("Ministerie van Oud", successor=ministry.own, succeeded_on=today() - timedelta(days=5))
    before, after = make_signal(team.own, old, days_ago=9), make_signal(team.own, old, days_ago=3)
    assert holder_of(before.addressees.get()) == ministry.own
    assert holder_of(after.addressees.get()) == old
    with pytest.raises(NotAllowed):
        answering.answer_signal(actor=ministry.user, signal=after, answer=TAKEN_UP)
    answering.answer_signal(actor=ministry.user, signal=before, answer=TAKEN_UP)
    assert SignalEntry.objects.get().organisation == ministry.own


def test_an_organisation_that_went_on_under_another_is_not_addressed_any_more() -> None:
    gone = make_ministry(
        "Weg", successor=make_ministry(), succeeded_on=date(2024, 7, 2), valid_to=date(2024, 7, 1)
    )
    assert gone not in addressable()


def test_response_times_follow_the_organisation(team: Person, ministry: Person) -> None:
    old = make_ministry("Ministerie van Oud", successor=ministry.own, succeeded_on=today() - timedelta(days=15))
    for to, days_ago, days in ((old, 40, 10), (old, 30, 12), (ministry.own, 10, None), (ministry.own, 50, None)):
        signal = make_signal(team.own, to, days_ago=days_ago, state="sent" if days is None else "answered")
        answered = None if days is None else signal.sent_on + timedelta(days=days)
        signal.addressees.update(answered_on=answered)
    make_signal(team.own, ministry.own, state="withdrawn", days_ago=90)
    late = make_signal(team.own, ministry.own, state="answered", days_ago=60)
    late.addressees.update(answered_on=late.sent_on + timedelta(days=45))
    (found,) = response_times(team.user)
    assert (found.organisation, found.answered, found.waiting, found.overdue) == (ministry.own, 3, 2, 1)
    assert found.median_days == 12
    assert found.in_time == pytest.approx(2 / 3)


def test_response_times_of_a_visitor_are_about_what_is_public(team: Person) -> None:
    make_signal(team.own, make_ministry(), audience="network")
    assert response_times(None) == []
    assert len(response_times(team.user)) == 1


# After the answer


def test_the_senders_react(team: Person, ministry: Person) -> None:
    signal = make_signal(team.own, ministry.own, state="answered")
    other = team.cast.person("team")
    add_cosigner(signal, other.own, "signed")
    for person in (team, other):
        follow_up.react(
            actor=person.user, signal=signal, organisation=person.own, verdict=Verdict.HELPED, text="Fijn"
        )
    assert SignalEntry.objects.filter(kind="reaction").count() == 2
    with pytest.raises(TransitionRefused):
        follow_up.react(actor=team.user, signal=signal, organisation=team.own, verdict=Verdict.NONE, text="Fijn")
    for person in (ministry, team.cast.person("coordinator")):
        with pytest.raises(NotAllowed):
            follow_up.react(
                actor=person.user, signal=signal, organisation=person.own, verdict=Verdict.HELPED, text="x"
            )


@pytest.mark.parametrize("who", ["team", "ministry"])
def test_a_step_after_the_answer_has_an_owner_and_a_day(team: Person, ministry: Person, who: str) -> None:
    signal = make_signal(team.own, ministry.own, state="answered")
    person = {"team": team, "ministry": ministry}[who]
    step = follow_up.add_follow_up(
        actor=person.user, signal=signal, what="Werksessie", owner=ministry.own, due_on=today()
    )
    signal.refresh_from_db()
    assert (signal.state, step.owner) == ("follow_up", ministry.own)
    for owner, day in ((make_ministry(), today()), (ministry.own, today() - timedelta(days=1))):
        with pytest.raises(TransitionRefused):
            follow_up.add_follow_up(actor=person.user, signal=signal, what="x", owner=owner, due_on=day)
    with pytest.raises(TransitionRefused):
        follow_up.finish_follow_up(actor=ministry.user, step=step, result=" ")
    with pytest.raises(NotAllowed):
        follow_up.finish_follow_up(actor=team.cast.person("ministry").user, step=step, result="x")
    assert follow_up.finish_follow_up(actor=ministry.user, step=step, result="Gehouden").done_on == today()


def test_closing_says_what_became_of_it(team: Person, ministry: Person) -> None:
    signal = make_signal(team.own, ministry.own, state="answered")
    with pytest.raises(NotAllowed):
        follow_up.close_signal(actor=ministry.user, signal=signal, outcome="Klaar")
    with pytest.raises(TransitionRefused):
        follow_up.close_signal(actor=team.user, signal=signal, outcome=" ")
    done = follow_up.close_signal(actor=team.user, signal=signal, outcome="De regel is aangepast.")
    assert (done.state, done.outcome) == ("closed", "De regel is aangepast.")
    assert subjects(ministry.user) == ["Een signaal is afgerond: Voorrang op het net"]
    assert follow_up.reopen_signal(actor=team.user, signal=signal, reason="Toch niet").state == "follow_up"
