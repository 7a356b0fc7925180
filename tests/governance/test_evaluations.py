"""Whether the variant still fits: coordination begins and concludes, the steering group decides, all read it."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from governance.models import (
    Assessment,
    Body,
    EvaluationConclusion,
    Meeting,
    Outcome,
    User,
    VariantEvaluation,
    VariantPeriod,
)
from governance.models.design import ProposalState
from governance.registrations.design import (
    conclusions_to_decide,
    evaluation_due,
    evaluations_to_conclude,
    variants_to_propose,
)
from governance.services import Refused
from governance.services.assessments.reference import load_instruments
from governance.services.design.deciding import decline
from governance.services.design.evaluating import begin_evaluation, decide_conclusion, propose_conclusion
from governance.services.design.proposals import propose_variant
from nss_portal.core.access import NotAllowed
from nss_portal.core.time import end_of, today
from tests.access.cast import Cast, make_variant
from tests.governance.making_assessments import answered

pytestmark = pytest.mark.django_db
NEXT = today() + timedelta(days=300)
PAGE = "/sturing/varianten/"


@pytest.fixture(autouse=True)
def _empty_cache() -> None:
    cache.clear()


@pytest.fixture
def cast() -> Cast:
    load_instruments()
    return Cast()


def begun(cast: Cast, scores: list[int] | None = None, **fields: Any) -> tuple[User, VariantEvaluation]:
    coordinator = cast.person("coordinator").user
    assessment = answered(cast.coordinating, scores or [2, 3, 4, 4, 5], **fields)
    return coordinator, begin_evaluation(actor=coordinator, assessment=assessment)


def concluded(actor: User, evaluation: VariantEvaluation, outcome: Outcome = Outcome.STAY) -> EvaluationConclusion:
    return propose_conclusion(
        actor=actor, evaluation=evaluation, outcome=outcome, reason="Het gaat goed", next_on=NEXT
    )


@pytest.mark.parametrize("role", ["member", "team", "signatory", "ministry", "partner", "desk", "steering"])
def test_only_the_coordination_team_begins_and_concludes(cast: Cast, role: str) -> None:
    _coordinator, evaluation = begun(cast)
    actor = cast.person(role, leads=True).user
    with pytest.raises(NotAllowed):
        begin_evaluation(actor=actor, closes_on=NEXT)
    with pytest.raises(NotAllowed):
        concluded(actor, evaluation)


@pytest.mark.parametrize("variant", ["cities-lead", "national-lead", "independent-lead"])
def test_from_the_first_look_to_the_next_one_in_every_variant(variant: str) -> None:
    load_instruments()
    cast = Cast(variant=variant)
    coordinator = cast.person("coordinator").user
    evaluation = begin_evaluation(actor=coordinator, closes_on=NEXT, note="Graag")
    assert evaluation.assessment is not None
    assert evaluation.assessment.organisation == cast.coordinating
    with pytest.raises(Refused, match="onderweg"):
        begin_evaluation(actor=coordinator, closes_on=NEXT)
    with pytest.raises(Refused, match="gesloten"):
        concluded(coordinator, evaluation)
    Assessment.objects.filter(pk=evaluation.assessment.pk).delete()
    evaluation.refresh_from_db()
    conclusion = concluded(coordinator, evaluation)
    with pytest.raises(NotAllowed):
        decide_conclusion(actor=coordinator, conclusion=conclusion)
    decide_conclusion(actor=cast.person("steering").user, conclusion=conclusion)
    evaluation.refresh_from_db()
    assert evaluation.is_concluded
    assert VariantPeriod.objects.get().evaluate_on == NEXT


def test_a_conclusion_says_why_and_what_and_one_that_was_declined_makes_room(cast: Cast) -> None:
    coordinator, evaluation = begun(cast)
    wrong: list[dict[str, Any]] = [
        {"reason": " "},
        {"outcome": Outcome.ADJUST},
        {"next_on": today()},
    ]
    for fields in wrong:
        wanted = {"outcome": Outcome.STAY, "reason": "Goed", "next_on": NEXT, **fields}
        with pytest.raises(Refused):
            propose_conclusion(actor=coordinator, evaluation=evaluation, **wanted)
    first = concluded(coordinator, evaluation)
    with pytest.raises(Refused):
        concluded(coordinator, evaluation)
    steering = cast.person("steering").user
    decline(actor=steering, proposal=first, reason="Te vroeg")
    second = concluded(coordinator, evaluation, Outcome.CHANGE)
    decide_conclusion(actor=steering, conclusion=second)
    with pytest.raises(Refused):
        decide_conclusion(actor=steering, conclusion=second)


def test_an_assessment_belongs_to_one_evaluation_and_is_about_the_cooperation(cast: Cast) -> None:
    coordinator, evaluation = begun(cast)
    VariantEvaluation.objects.update(is_concluded=True)
    with pytest.raises(Refused):
        begin_evaluation(actor=coordinator, assessment=evaluation.assessment)
    other = answered(cast.coordinating, [3] * 5, subject_kind="programme", subject_key="x")
    with pytest.raises(Refused):
        begin_evaluation(actor=coordinator, assessment=other)


def test_work_comes_up_by_the_clock_and_goes_from_hand_to_hand(cast: Cast) -> None:
    coordinator, steering = cast.person("coordinator").user, cast.person("steering").user
    assert not list(evaluation_due(coordinator))
    for days, number in ((31, 0), (30, 1), (-3, 1)):
        VariantPeriod.objects.update(evaluate_on=today() + timedelta(days=days))
        assert len(list(evaluation_due(coordinator))) == number
    assert not list(evaluation_due(steering))
    evaluation = begin_evaluation(actor=coordinator, assessment=answered(cast.coordinating, [3] * 5))
    assert not list(evaluation_due(coordinator))
    assert len(list(evaluations_to_conclude(coordinator))) == 1
    conclusion = concluded(coordinator, evaluation, Outcome.CHANGE)
    assert not list(evaluations_to_conclude(coordinator))
    assert [str(item.url) for item in conclusions_to_decide(steering)] == [evaluation.get_absolute_url()]
    decide_conclusion(actor=steering, conclusion=conclusion)
    (item,) = variants_to_propose(coordinator)
    assert evaluation.public_id in item.url
    propose_variant(
        actor=coordinator,
        variant=make_variant("independent-lead"),
        coordinating_organisation=cast.coordinating,
        valid_from=today() + timedelta(days=5),
        reason="Zo besloten",
        evaluation=evaluation,
    )
    assert not list(variants_to_propose(coordinator))


def test_the_pages_from_begin_to_decision_and_on_the_agenda(cast: Cast, client: Client) -> None:
    coordinator, steering = cast.person("coordinator").user, cast.person("steering").user
    body = Body.objects.create(code="stuurgroep", label_nl="Stuurgroep", label_en="Steering group")
    starts = end_of(today() + timedelta(days=5))
    meeting = Meeting.objects.create(body=body, starts_at=starts, ends_at=starts + timedelta(hours=1))
    assessment = answered(cast.coordinating, [2, 3, 4, 4, 5])
    assert client.get(f"{PAGE}evaluatie/beginnen/").status_code == 302
    client.force_login(steering)
    assert client.get(f"{PAGE}evaluatie/beginnen/").status_code == 403
    client.force_login(coordinator)
    assert "Evaluatie beginnen" in client.get(PAGE).content.decode()
    answer = client.post(f"{PAGE}evaluatie/beginnen/", {"assessment": assessment.pk})
    evaluation = VariantEvaluation.objects.get()
    assert answer.url == evaluation.get_absolute_url()
    assert client.get(f"{PAGE}evaluatie/beginnen/").url == answer.url
    assert client.post(f"{PAGE}evaluatie/beginnen/", {"closes_on": NEXT.isoformat()}).url == answer.url
    wrong = {"outcome": "adjust", "reason": "Cijfers komen laat", "next_on": NEXT.isoformat()}
    answer = client.post(f"{answer.url}conclusie/", wrong)
    assert "Cijfers komen laat" in answer.content.decode()
    right = {**wrong, "adjustments": "Elk half jaar", "meeting": meeting.pk}
    assert client.post(f"{evaluation.get_absolute_url()}conclusie/", right).status_code == 302
    assert "Elk half jaar" not in meeting.items.get().title
    assert "Cijfers komen laat" in meeting.items.get().text
    client.force_login(steering)
    assert client.post(evaluation.get_absolute_url(), {"step": "decline", "reason": ""}).status_code == 422
    assert client.post(evaluation.get_absolute_url(), {"step": "decide"}).status_code == 302
    client.logout()
    text = client.get(evaluation.get_absolute_url()).content.decode()
    assert "Elk half jaar" in text
    assert coordinator.name not in text
    assert "Elk half jaar" in client.get(PAGE).content.decode()
    assert client.post(evaluation.get_absolute_url(), {"step": "decide"}).status_code in (302, 403)


def test_what_people_answered_shows_to_who_sees_the_result_and_from_five_up(cast: Cast, client: Client) -> None:
    _coordinator, evaluation = begun(cast, closes_on=today() - timedelta(days=1))
    text = client.get(evaluation.get_absolute_url()).content.decode()
    assert "3,6" not in text
    client.force_login(cast.person("steering").user)
    assert "3,6" in client.get(evaluation.get_absolute_url()).content.decode()
    VariantEvaluation.objects.update(is_concluded=True)
    few = begun(cast, [1, 1, 1, 5])[1]
    assert "Minder dan vijf mensen" in client.get(few.get_absolute_url()).content.decode()
    client.logout()
    Assessment.objects.update(sharing="published")
    cache.clear()
    text = client.get(PAGE).content.decode()
    assert text.count("3,6") >= 9  # the mean, and eight factors of the year in which five answered
    assert "1,0" not in text
    assert "2,0" not in text


@pytest.mark.parametrize("number", [1, 3])
def test_as_many_queries_for_one_evaluation_as_for_three(
    cast: Cast, client: Client, number: int, django_assert_num_queries: Any
) -> None:
    for _each in range(number):
        begun(cast)
        VariantEvaluation.objects.update(is_concluded=True)
    Assessment.objects.update(sharing="published")
    evaluation = VariantEvaluation.objects.latest("pk")
    concluded(cast.person("coordinator").user, evaluation)
    assert EvaluationConclusion.objects.filter(state=ProposalState.PROPOSED).count() == 1
    client.force_login(cast.person("steering").user)
    client.get(evaluation.get_absolute_url())
    with django_assert_num_queries(8):
        client.get(evaluation.get_absolute_url())
