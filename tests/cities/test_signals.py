"""Writing, co-signing and sending signals."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError

from cities.models import NamingDuty, Signal
from cities.models.signal_parts import EntryKind
from cities.selectors_signals import naming_duty
from cities.services.signals import answering, cosigning, drafts, sending
from cities.services.signals.answering import Answer
from cities.services.signals.cosigning import CosignRefused
from cities.services.signals.drafts import Room
from governance.models.organisation import Group
from nss_portal.core import workflow
from nss_portal.core.access import NotAllowed
from nss_portal.core.editing import EditConflict
from nss_portal.core.models import AuditEvent, OutgoingMail
from nss_portal.core.time import today
from nss_portal.core.workflow import TransitionRefused
from tests.access.cast import Cast, Person, make_city, make_organisation
from tests.cities.matrix import make_bottleneck
from tests.cities.signals import (
    add_cosigner,
    draft,
    make_ministry,
    make_signal,
    send,
    subjects,
    values,
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


def test_every_change_leaves_an_event(team: Person) -> None:
    made = draft(team)
    send(team, made)
    kinds = set(AuditEvent.objects.filter(object_type="cities.signal").values_list("event", flat=True))
    assert kinds == {"created", "state"}
