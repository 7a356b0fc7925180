"""Writing, co-signing, sending and answering signals."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError

from cities.models import NamingDuty, Signal, SignalEntry
from cities.models.signal_parts import EntryKind, ExperimentAnswer, Verdict
from cities.selectors_signals import addressable, holder_of, naming_duty, response_times
from cities.services.editing import EditConflict
from cities.services.signals import answering, cosigning, drafts, follow_up, sending
from cities.services.signals.answering import Answer
from cities.services.signals.cosigning import CosignRefused
from cities.services.signals.drafts import Room
from governance.models import User
from governance.models.organisation import Group
from nss_portal.core import workflow
from nss_portal.core.access import NotAllowed
from nss_portal.core.models import AuditEvent, OutgoingMail
from nss_portal.core.time import today
from nss_portal.core.workflow import TransitionRefused
from tests.access.cast import Cast, Person, make_city, make_organisation
from tests.cities.matrix import make_bottleneck
from tests.cities.signals import add_cosigner, ask_for_room, make_ministry, make_signal, values

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


def draft(team: Person, **more: object) -> Signal:
    return drafts.create_signal_draft(
        actor=team.user,
        organisation=team.own,
        values=values(**{"bottleneck": make_bottleneck(team.own, "network"), "lead": make_ministry(), **more}),
    )


def send(team: Person, signal: Signal) -> Signal:
    signal.refresh_from_db()
    return sending.send_signal(actor=team.user, signal=signal, version=signal.version)


def subjects(user: User) -> list[str]:
    return list(OutgoingMail.objects.filter(recipient=user.email).order_by("pk").values_list("subject", flat=True))


# Drafts


def test_a_team_writes_in_its_own_name_only(team: Person) -> None:
    assert draft(team).organisation == team.own
    with pytest.raises(NotAllowed):
        drafts.create_signal_draft(actor=team.user, organisation=team.cast.other, values=values())


@pytest.mark.parametrize("role", ["visitor", "member", "advisor", "signatory", "ministry", "partner", "steering"])
def test_others_write_none(cast: Cast, role: str) -> None:
    person = cast.person(role)
    with pytest.raises(NotAllowed):
        drafts.create_signal_draft(actor=person.user, organisation=person.own or cast.other, values=values())


def test_a_coordinator_writes_as_the_coordination_and_not_as_a_city(cast: Cast) -> None:
    person = cast.person("coordinator")
    assert drafts.create_signal_draft(actor=person.user, organisation=person.own, values=values()).pk
    for city in (cast.other, cast.mandating):
        with pytest.raises(NotAllowed):
            drafts.create_signal_draft(actor=person.user, organisation=city, values=values())


def test_a_draft_may_be_without_anything_but_a_title(team: Person) -> None:
    empty = drafts.SignalValues(title="Nog leeg")
    made = drafts.create_signal_draft(actor=team.user, organisation=team.own, values=empty)
    assert drafts.values_of(made) == empty


def test_what_was_written_comes_back(team: Person) -> None:
    room = Room("Regel", (team.own,), today(), today() + timedelta(days=9), "Of het werkt", "Meten")
    others = (make_ministry(), make_ministry())
    made = draft(team, others=others, experiment=room, background="Zo is het.")
    kept = drafts.values_of(made)
    assert (kept.experiment, kept.others, kept.background) == (room, drafts.in_order(others), "Zo is het.")


def test_the_one_in_the_lead_is_not_addressed_twice(team: Person) -> None:
    lead = make_ministry()
    made = drafts.create_signal_draft(
        actor=team.user, organisation=team.own, values=values(lead=lead, others=(lead,))
    )
    assert [one.organisation for one in made.addressees.all()] == [lead]


@pytest.mark.parametrize(
    ("field", "given"),
    [
        ("bottlenecks", lambda cast: {"bottlenecks": (make_bottleneck(cast.other),)}),
        ("lead", lambda cast: {"lead": make_city()}),
        ("others", lambda cast: {"lead": make_ministry(), "others": (make_organisation(Group.PROVINCE),)}),
        ("room_cities", lambda cast: {"experiment": Room(cities=(make_city("other"),))}),
        ("room_to", lambda cast: {"experiment": Room(valid_from=date(2027, 2, 1), valid_to=date(2027, 1, 1))}),
    ],
)
def test_what_the_form_does_not_offer_is_refused(team: Person, field: str, given: object) -> None:
    with pytest.raises(ValidationError) as caught:
        drafts.create_signal_draft(
            actor=team.user,
            organisation=team.own,
            values=values(**given(team.cast)),  # type: ignore[operator]
        )
    assert list(caught.value.message_dict) == [field]


def test_a_colleague_who_was_first_is_not_overwritten(team: Person) -> None:
    made = draft(team)
    theirs = drafts.change_signal(
        actor=team.user, signal=made, version=made.version, values=values(question="Van de collega")
    )
    with pytest.raises(EditConflict):
        drafts.change_signal(actor=team.user, signal=made, version=made.version, values=values(question="Van mij"))
    same = drafts.change_signal(
        actor=team.user, signal=made, version=made.version, values=values(question="Van de collega")
    )
    assert (same.question, same.version) == ("Van de collega", theirs.version)


def test_only_a_draft_is_thrown_away(team: Person) -> None:
    made, sent = draft(team), make_signal(team.own, make_ministry())
    drafts.discard_signal_draft(actor=team.user, signal=made)
    with pytest.raises(NotAllowed):
        drafts.discard_signal_draft(actor=team.user, signal=sent)
    with pytest.raises(NotAllowed):
        drafts.change_signal(actor=team.user, signal=sent, version=1, values=values())
    assert list(Signal.objects.all()) == [sent]


# Co-signing


def test_another_city_cosigns_for_itself(team: Person) -> None:
    other = team.cast.person("team", leads=True)
    made = draft(team)
    assert not Signal.objects.visible_to(other.user).filter(pk=made.pk).exists()
    cosigning.ask_to_cosign(actor=team.user, signal=made, organisations=[other.own])
    assert subjects(other.user) == ["Tekenen jullie dit signaal mee? Voorrang op het net"]
    with pytest.raises(NotAllowed):
        cosigning.cosign(actor=team.user, signal=made, organisation=other.own, version=made.version)
    row = cosigning.cosign(actor=other.user, signal=made, organisation=other.own, version=made.version)
    assert (row.state, row.by_label) == ("signed", str(other.user))
    with pytest.raises(NotAllowed):
        drafts.change_signal(actor=other.user, signal=made, version=made.version, values=values())
    with pytest.raises(NotAllowed):
        sending.send_signal(actor=other.user, signal=made, version=made.version)


def test_a_change_of_the_text_asks_the_cosigners_again(team: Person) -> None:
    made = draft(team)
    other = team.cast.person("team")
    add_cosigner(made, other.own, "signed")
    changed = drafts.change_signal(
        actor=team.user, signal=made, version=made.version, values=values(question="Anders")
    )
    assert made.cosigners.get().state == "invited"
    with pytest.raises(CosignRefused):
        cosigning.cosign(actor=other.user, signal=made, organisation=other.own, version=made.version)
    cosigning.cosign(actor=other.user, signal=made, organisation=other.own, version=changed.version)
    assert made.cosigners.get().state == "signed"


def test_a_signature_is_taken_back_before_sending_and_not_after(team: Person) -> None:
    made = draft(team)
    one, two = team.cast.person("team"), team.cast.person("team")
    add_cosigner(made, one.own, "signed")
    add_cosigner(made, two.own, "signed")
    cosigning.withdraw_cosigning(actor=one.user, signal=made, organisation=one.own, reason="Toch niet")
    send(team, made)
    assert {row.organisation: row.state for row in made.cosigners.all()} == {
        one.own: "withdrawn",
        two.own: "signed",
    }
    with pytest.raises(CosignRefused):
        cosigning.withdraw_cosigning(actor=two.user, signal=made, organisation=two.own, reason="Te laat")


def test_who_did_not_answer_is_no_sender(team: Person) -> None:
    made = draft(team)
    other = team.cast.person("team")
    add_cosigner(made, other.own)
    sent = send(team, made)
    assert sent.cosigners.get().state == "lapsed"


def test_a_city_declines_and_is_asked_again(team: Person) -> None:
    made = draft(team)
    other = team.cast.person("team")
    cosigning.ask_to_cosign(actor=team.user, signal=made, organisations=[other.own])
    cosigning.decline_to_cosign(actor=other.user, signal=made, organisation=other.own, reason="Anders opgelost")
    with pytest.raises(NotAllowed):
        cosigning.decline_to_cosign(actor=other.user, signal=made, organisation=other.own, reason="x")
    assert cosigning.ask_to_cosign(actor=team.user, signal=made, organisations=[other.own]) == [other.own]
    assert cosigning.ask_to_cosign(actor=team.user, signal=made, organisations=[]) == []
    assert not made.cosigners.exists()


def test_only_cities_with_a_team_are_asked(team: Person) -> None:
    made = draft(team)
    with pytest.raises(ValidationError):
        cosigning.ask_to_cosign(actor=team.user, signal=made, organisations=[make_city("interested")])
    with pytest.raises(NotAllowed):
        cosigning.ask_to_cosign(
            actor=team.cast.person("coordinator").user, signal=made, organisations=[make_city()]
        )


# Sending


def test_sending_notes_the_days_and_writes_to_the_addressee(team: Person, ministry: Person) -> None:
    made = drafts.create_signal_draft(
        actor=team.user,
        organisation=team.own,
        values=values(make_bottleneck(team.own, "network"), ministry.own, others=(make_ministry(),)),
    )
    sent = send(team, made)
    lead = sending.lead_of(sent)
    assert (sent.state, sent.sent_on, lead.addressed_on, lead.due_on) == ("sent", today(), today(), sent.answer_by)
    assert subjects(ministry.user) == ["Een signaal vraagt jullie antwoord: Voorrang op het net"]
    row = workflow.history(sent).get()
    assert (row.name, row.actor_label) == ("send", str(team.user))
    with pytest.raises(TransitionRefused):
        send(team, made)


@pytest.mark.parametrize(
    ("lacks", "words"),
    [
        ({"bottlenecks": ()}, "knelpunt"),
        ({"question": " "}, "vraagt"),
        ({"lead": None}, "eigenaar"),
        ({"contact_reach": ""}, "contactpersoon"),
        ({"answer_by": None}, "antwoord"),
        ({"answer_by": date(2020, 1, 1)}, "toekomst"),
        ({"experiment": Room()}, "regel"),
    ],
)
def test_what_lacks_is_said_and_nothing_is_lost(team: Person, lacks: dict[str, object], words: str) -> None:
    made = draft(team, background="Veel werk", **lacks)
    with pytest.raises(TransitionRefused, match=words):
        send(team, made)
    made.refresh_from_db()
    assert (made.state, made.sent_on, made.background) == ("draft", None, "Veel werk")
    assert OutgoingMail.objects.count() == 0


def test_a_text_that_changed_meanwhile_is_not_sent_unread(team: Person) -> None:
    made = draft(team)
    with pytest.raises(TransitionRefused):
        sending.send_signal(actor=team.user, signal=made, version=made.version - 1)


def test_the_duty_to_name_an_owner_follows_the_task() -> None:
    old = make_ministry("Ministerie van Oud")
    NamingDuty.objects.create(organisation=old, valid_from=date(2023, 1, 1), days=21)
    assert naming_duty(date(2022, 12, 31)) is None
    new = make_ministry("Ministerie van Nieuw")
    old.successor, old.succeeded_on = new, date(2024, 7, 2)
    old.save()
    assert naming_duty(date(2024, 7, 1)) == (old, 21)
    assert naming_duty(date(2024, 7, 2)) == (new, 21)


def test_without_an_owner_the_one_with_the_duty_names_one(team: Person, ministry: Person) -> None:
    made = drafts.create_signal_draft(
        actor=team.user,
        organisation=team.own,
        values=values(make_bottleneck(team.own, "network"), no_owner=True),
    )
    with pytest.raises(TransitionRefused):
        send(team, made)
    NamingDuty.objects.create(organisation=ministry.own, valid_from=date(2023, 1, 1), days=21)
    sent = send(team, made)
    lead = sending.lead_of(sent)
    assert (lead.organisation, lead.task, lead.due_on) == (ministry.own, "name", today() + timedelta(days=21))
    with pytest.raises(TransitionRefused):
        answering.answer_signal(actor=ministry.user, signal=sent, answer=TAKEN_UP)
    owner = team.cast.person("ministry", leads=True)
    for person in (team, owner):
        with pytest.raises(NotAllowed):
            sending.name_owner(actor=person.user, signal=sent, owner=owner.own, reason="x")
    sending.name_owner(actor=ministry.user, signal=sent, owner=owner.own, reason="Gaat over het net")
    assert sending.lead_of(sent).organisation == owner.own
    assert subjects(owner.user) == ["Een signaal vraagt jullie antwoord: Voorrang op het net"]
    assert subjects(team.user) == ["Jullie signaal heeft een andere geadresseerde: Voorrang op het net"]
    with pytest.raises(NotAllowed):
        sending.name_owner(actor=ministry.user, signal=sent, owner=make_ministry(), reason="Nog eens")


def test_a_coordinator_names_an_owner_but_does_not_answer(team: Person) -> None:
    coordinator = team.cast.person("coordinator")
    signal = make_signal(team.own, make_ministry(), task="name", no_owner=True)
    owner = make_ministry()
    sending.name_owner(actor=coordinator.user, signal=signal, owner=owner, reason="Gaat over het net")
    assert sending.lead_of(signal).organisation == owner
    for there in (signal, make_signal(team.own, coordinator.own)):
        with pytest.raises(NotAllowed):
            answering.answer_signal(actor=coordinator.user, signal=there, answer=TAKEN_UP)


def test_a_signal_is_withdrawn_by_its_sender_while_nobody_answered(team: Person) -> None:
    signal = make_signal(team.own, make_ministry())
    with pytest.raises(NotAllowed):
        sending.withdraw_signal(actor=team.cast.person("coordinator").user, signal=signal, reason="Dubbel")
    sending.withdraw_signal(actor=team.user, signal=signal, reason="Dubbel")
    with pytest.raises(TransitionRefused):
        sending.withdraw_signal(
            actor=team.user, signal=make_signal(team.own, make_ministry(), state="answered"), reason="x"
        )


def test_a_network_signal_is_published_by_its_sender(team: Person) -> None:
    signal = make_signal(team.own, make_ministry(), audience="network")
    with pytest.raises(NotAllowed):
        sending.publish_signal(actor=team.cast.person("ministry").user, signal=signal)
    assert sending.publish_signal(actor=team.user, signal=signal).audience == "published"


# Answering


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


def test_every_change_leaves_an_event(team: Person) -> None:
    made = draft(team)
    send(team, made)
    kinds = set(AuditEvent.objects.filter(object_type="cities.signal").values_list("event", flat=True))
    assert kinds == {"created", "state"}
