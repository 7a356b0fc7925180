"""Positions and variants are proposed by one and decided by another; organisations keep their own facts."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from governance.models import Budget, DesignPosition, DesignQuestion, Membership, Organisation, User, VariantPeriod
from governance.models.design import ProposalState, VariantProposal
from governance.models.landscape import AskedAction, MinistryDesk
from governance.models.membership import Function
from governance.models.organisation import Group
from governance.selectors_design import growth_path, questions
from governance.services import Refused
from governance.services.design.deciding import decline, withdraw
from governance.services.design.landscape import add_budget, keep_action, keep_desk, remove_budget
from governance.services.design.positions import propose_position, take_position
from governance.services.design.proposals import adopt_variant, propose_taking_back, propose_variant, take_back
from governance.services.design.reference import load_design
from governance.services.reference import load_reference
from governance.variants import coordinating_organisation_id
from nss_portal.core.access import NotAllowed, standing_of
from nss_portal.core.models import AuditEvent
from nss_portal.core.time import today
from tests.access.cast import Cast, join, make_organisation, make_user, make_variant

pytestmark = pytest.mark.django_db
SOON = timedelta(days=10)


@pytest.fixture
def cast() -> Cast:
    return Cast()


@pytest.fixture
def question() -> DesignQuestion:
    return DesignQuestion.objects.create(
        number=1, start_nl="Uitwisselen", start_en="Exchange", end_nl="Programmeren", end_en="Programming"
    )


def user(cast: Cast, role: str, *, leads: bool = False) -> User:
    return cast.person(role, leads=leads).user


def proposed(actor: User, question: DesignQuestion, **fields: object) -> DesignPosition:
    wanted: dict[str, object] = {
        "text_nl": "Meer programmeren",
        "reason": "De agenda is vol",
        "valid_from": today() + SOON,
        "place": 3,
        **fields,
    }
    return propose_position(actor=actor, question=question, **wanted)


def test_the_reference_has_the_goal_ten_dilemmas_and_what_stands_around_them() -> None:
    load_reference()
    assert DesignQuestion.objects.count() == 11
    assert [one.now is not None for one in questions(User.objects.system())] == [True] * 11
    before = AuditEvent.objects.count()
    AskedAction.objects.filter(number=1).update(label_nl="anders")
    lines = load_design()
    assert [line for line in lines if "kept as edited" in line] == ["askedaction 1: kept as edited (label_nl)"]
    assert AuditEvent.objects.count() == before


def test_a_position_is_proposed_decided_and_holds_from_its_day(cast: Cast, question: DesignQuestion) -> None:
    position = proposed(user(cast, "coordinator"), question)
    with pytest.raises(Refused, match="ligt al een voorstel"):
        proposed(user(cast, "team"), question)
    take_position(actor=user(cast, "steering"), position=position, reason="Eens")
    [now] = questions(cast.person("visitor").user)
    assert (now.now, now.waiting, [one.pk for one in now.coming]) == (None, None, [position.pk])
    [later] = questions(cast.person("visitor").user, on=today() + SOON)
    assert later.now == position
    with pytest.raises(Refused, match="al beslist"):
        decline(actor=user(cast, "steering"), proposal=position, reason="Toch niet")


@pytest.mark.parametrize("role", ["member", "advisor", "partner", "desk", "publisher", "steering"])
def test_who_does_not_propose(cast: Cast, question: DesignQuestion, role: str) -> None:
    with pytest.raises(NotAllowed):
        proposed(user(cast, role), question)


def test_proposing_and_deciding_are_two_people(cast: Cast, question: DesignQuestion) -> None:
    both = user(cast, "steering")
    join(both, cast.coordinating, Function.COORDINATION)
    both = User.objects.get(pk=both.pk)
    position = proposed(both, question)
    with pytest.raises(Refused, match="beslist er niet ook over"):
        take_position(actor=both, position=position)
    with pytest.raises(NotAllowed):
        take_position(actor=user(cast, "coordinator"), position=position)
    with pytest.raises(NotAllowed):
        withdraw(actor=user(cast, "steering"), proposal=position)
    withdraw(actor=both, proposal=position)
    position.refresh_from_db()
    assert position.state == ProposalState.WITHDRAWN


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"reason": " "}, "Geef een reden"),
        ({"valid_from": today() - timedelta(days=1)}, "voorbij"),
        ({"text_nl": ""}, "wat de keuze is"),
    ],
)
def test_a_proposal_that_cannot_be(
    cast: Cast, question: DesignQuestion, fields: dict[str, object], message: str
) -> None:
    with pytest.raises(Refused, match=message):
        proposed(user(cast, "team"), question, **fields)
    assert DesignPosition.objects.count() == 0


def test_declining_asks_for_a_reason(cast: Cast, question: DesignQuestion) -> None:
    position = proposed(user(cast, "ministry"), question)
    with pytest.raises(Refused, match="waarom"):
        decline(actor=user(cast, "steering"), proposal=position, reason="")
    decline(actor=user(cast, "steering"), proposal=position, reason="Te vroeg")
    position.refresh_from_db()
    assert (position.state, position.decision_reason) == (ProposalState.DECLINED, "Te vroeg")


def variant_proposed(cast: Cast, organisation: Organisation, valid_from: date) -> VariantProposal:
    return propose_variant(
        actor=user(cast, "team"),
        variant=make_variant("independent-lead"),
        coordinating_organisation=organisation,
        valid_from=valid_from,
        reason="Breder gedragen",
    )


def test_a_variant_moves_the_coordination_on_its_day(cast: Cast) -> None:
    successor = make_organisation(Group.INDEPENDENT)
    with pytest.raises(Refused, match="coördinatieteam"):
        variant_proposed(cast, successor, today() + SOON)
    join(make_user(), successor, Function.COORDINATION)
    proposal = variant_proposed(cast, successor, today() + SOON)
    adopt_variant(actor=user(cast, "steering"), proposal=proposal)
    proposal.refresh_from_db()
    assert (proposal.state, proposal.period is not None) == (ProposalState.DECIDED, True)
    assert coordinating_organisation_id(today()) == cast.coordinating.pk
    assert coordinating_organisation_id(today() + SOON) == successor.pk
    periods = list(VariantPeriod.objects.select_related("variant", "coordinating_organisation"))
    assert [one.state for one in growth_path(periods, [])] == ["current", "todo"]


def test_a_variant_whose_coordinators_left_meanwhile_is_not_adopted(cast: Cast) -> None:
    successor = make_organisation(Group.INDEPENDENT)
    held = join(make_user(), successor, Function.COORDINATION)
    proposal = variant_proposed(cast, successor, today() + SOON)
    held.valid_to = today()
    held.save(update_fields=["valid_to"])
    with pytest.raises(Refused):
        adopt_variant(actor=user(cast, "steering"), proposal=proposal)
    proposal.refresh_from_db()
    assert proposal.state == ProposalState.PROPOSED
    assert coordinating_organisation_id(today() + SOON) == cast.coordinating.pk


def decided_change(cast: Cast, valid_from: date) -> VariantProposal:
    successor = make_organisation(Group.INDEPENDENT)
    join(make_user(), successor, Function.COORDINATION)
    proposal = variant_proposed(cast, successor, valid_from)
    adopt_variant(actor=user(cast, "steering"), proposal=proposal)
    proposal.refresh_from_db()
    return proposal


def test_a_decided_change_is_taken_back_before_its_day(cast: Cast) -> None:
    change = decided_change(cast, today() + SOON)
    with pytest.raises(Refused, match="Geef een reden"):
        propose_taking_back(actor=user(cast, "team"), proposal=change, reason=" ")
    back = propose_taking_back(actor=user(cast, "team"), proposal=change, reason="Te vroeg")
    assert coordinating_organisation_id(today() + SOON) == change.coordinating_organisation_id, "only proposed"
    with pytest.raises(Refused, match="ligt al een voorstel"):
        propose_taking_back(actor=user(cast, "ministry"), proposal=change, reason="Ook")
    people = [user(cast, one).pk for one in ("coordinator", "steering", "team")]
    people += change.coordinating_organisation.memberships.values_list("user_id", flat=True)
    roles = [standing_of(User.objects.get(pk=one)).roles for one in people]
    take_back(actor=user(cast, "steering"), proposal=back, reason="Eens")
    for one in (change, back):
        one.refresh_from_db()
    assert (change.state, change.period, back.state) == (ProposalState.TAKEN_BACK, None, ProposalState.DECIDED)
    assert [standing_of(User.objects.get(pk=one)).roles for one in people] == roles, "rights stay as they are"
    [period] = VariantPeriod.objects.all()
    assert (period.coordinating_organisation, period.valid_to) == (cast.coordinating, None)
    assert [coordinating_organisation_id(today() + n * SOON) for n in (0, 1, 9)] == [cast.coordinating.pk] * 3
    event = AuditEvent.objects.get(object_type="governance.variantperiod", event="withdrawn")
    assert event.changes["variant"] == ["independent-lead", "national-lead"]
    assert event.reason == "Te vroeg"
    assert AuditEvent.objects.filter(object_type="governance.variantproposal", event="state").count() == 3
    with pytest.raises(Refused, match="al beslist"):
        take_back(actor=user(cast, "steering"), proposal=back)
    earlier = variant_proposed(cast, change.coordinating_organisation, today() + SOON / 2)
    adopt_variant(actor=user(cast, "steering"), proposal=earlier)
    assert coordinating_organisation_id(today() + SOON / 2) == change.coordinating_organisation_id


def test_who_proposes_to_take_back_does_not_decide_on_it(cast: Cast) -> None:
    change = decided_change(cast, today() + SOON)
    both = user(cast, "steering")
    join(both, cast.coordinating, Function.COORDINATION)
    both = User.objects.get(pk=both.pk)
    back = propose_taking_back(actor=both, proposal=change, reason="Te vroeg")
    with pytest.raises(Refused, match="beslist er niet ook over"):
        take_back(actor=both, proposal=back)
    decline(actor=user(cast, "steering"), proposal=back, reason="Het gaat door")
    assert coordinating_organisation_id(today() + SOON) == change.coordinating_organisation_id


def test_from_its_day_on_a_change_is_not_taken_back(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    change = decided_change(cast, today() + SOON)
    back = propose_taking_back(actor=user(cast, "team"), proposal=change, reason="Te vroeg")
    day = today() + SOON
    monkeypatch.setattr("governance.services.variants.today", lambda: day)
    with pytest.raises(Refused, match="begon op"):
        take_back(actor=user(cast, "steering"), proposal=back)
    decline(actor=user(cast, "steering"), proposal=back, reason="Te laat")
    with pytest.raises(Refused, match="begon op"):
        propose_taking_back(actor=user(cast, "team"), proposal=change, reason="Te vroeg")
    assert VariantPeriod.objects.count() == 2


def test_only_the_last_change_is_taken_back_and_somebody_has_to_go_on(cast: Cast) -> None:
    first = decided_change(cast, today() + SOON)
    last = decided_change(cast, today() + 2 * SOON)
    with pytest.raises(Refused, match="eerst terug"):
        propose_taking_back(actor=user(cast, "team"), proposal=first, reason="Te vroeg")
    back = propose_taking_back(actor=user(cast, "team"), proposal=last, reason="Te vroeg")
    who = first.coordinating_organisation
    Membership.objects.filter(organisation=who).update(valid_to=today() + SOON)
    with pytest.raises(Refused, match="coördinatieteam"):
        take_back(actor=user(cast, "steering"), proposal=back)
    last.refresh_from_db()
    assert (last.state, VariantPeriod.objects.count()) == (ProposalState.DECIDED, 3)


def test_an_organisation_keeps_its_own_amounts(cast: Cast) -> None:
    lead = cast.person("ministry", leads=True)
    fields = {"title": "City Deals", "year": 2027, "amount_meur": Decimal("2.5"), "source": "Begroting"}
    assert lead.own is not None
    budget = add_budget(actor=lead.user, organisation=lead.own, **fields)
    with pytest.raises(ValidationError, match="al een bedrag"):
        add_budget(actor=lead.user, organisation=lead.own, **fields)
    with pytest.raises(ValidationError, match="2015"):
        add_budget(actor=lead.user, organisation=lead.own, **{**fields, "year": 20230})
    with pytest.raises(ValidationError):
        add_budget(actor=lead.user, organisation=lead.own, **{**fields, "amount_meur": Decimal(-1)})
    for other in (user(cast, "ministry"), user(cast, "team", leads=True), user(cast, "steering")):
        with pytest.raises(NotAllowed):
            remove_budget(actor=other, budget=budget)
    remove_budget(actor=user(cast, "coordinator"), budget=budget)
    assert Budget.objects.count() == 0


def test_a_ministry_keeps_its_desk(cast: Cast) -> None:
    lead = cast.person("ministry", leads=True)
    assert lead.own is not None
    fields = {"text": "Vragen", "email": "loket@min.example", "url": "", "answers_within_days": None}
    keep_desk(actor=lead.user, organisation=lead.own, fields=fields)
    keep_desk(actor=user(cast, "coordinator"), organisation=lead.own, fields={**fields, "text": "Alle vragen"})
    assert MinistryDesk.objects.get().text == "Alle vragen"
    with pytest.raises(Refused, match="bereikbaar"):
        keep_desk(actor=lead.user, organisation=lead.own, fields={**fields, "email": ""})
    with pytest.raises(NotAllowed):
        keep_desk(actor=user(cast, "ministry"), organisation=lead.own, fields=fields)
    with pytest.raises(Refused, match="Alleen een ministerie"):
        keep_desk(actor=user(cast, "coordinator"), organisation=make_organisation(), fields=fields)


def test_an_asked_action_is_taken_up(cast: Cast) -> None:
    action = AskedAction.objects.create(number=1, label_nl="Loket", label_en="Desk")
    lead = cast.person("ministry", leads=True)
    fields = {"action": action, "state": "taken_up", "note": "Wij doen dit"}
    with pytest.raises(Refused, match="welke organisatie"):
        keep_action(actor=user(cast, "coordinator"), organisation=None, **fields)
    keep_action(actor=lead.user, organisation=lead.own, **fields)
    with pytest.raises(NotAllowed):
        keep_action(actor=user(cast, "team", leads=True), organisation=cast.person("team").own, **fields)
    action.refresh_from_db()
    assert (action.state, action.organisation, action.note) == ("taken_up", lead.own, "Wij doen dit")
