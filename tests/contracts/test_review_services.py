"""Handing in, what follows from it, the city's review, closing and what is frozen afterwards."""

from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from activities.models import Lesson
from cities.models import Bottleneck
from contracts.models import AnnualReview, ContractMunicipality, Effort, PartyReview, ReviewRound
from contracts.services.review.access import answerable, may_answer
from contracts.services.review.answers import Answer, same_as_last_year, save_effort
from contracts.services.review.errors import AnswerRefused, AnswersMissing, Overtaken, PartsOpen, ReviewRefused
from contracts.services.review.links import link_actor
from contracts.services.review.parts import reopen_part, submit_part
from contracts.services.review.reviews import reopen_review, save_conclusion, submit_review
from contracts.services.review.rounds import close_round
from nss_portal.core import jobs
from nss_portal.core.access import NotAllowed
from nss_portal.core.models import AuditEvent
from nss_portal.core.models.audit import Event
from tests.access.cast import Cast, join, make_city, make_organisation, make_user
from tests.contracts.reviewing import YEAR, Contract, answer_all, hand_in, in_days, make_contract, opened, system

pytestmark = pytest.mark.django_db

BEHIND = Answer("behind", reason="De vergunning kwam laat.", learned="Vraag eerder aan.", expected_kt=Decimal(60))
BLOCKED = Answer("blocked", obstacle="De netaansluiting komt pas in 2029.", expected_kt=Decimal(70))


def closed() -> None:
    close_round(year=YEAR, actor=system())
    jobs.run_all_here("contracts.close_round")


def started(**fields: int) -> Contract:
    contract = make_contract(parties=2, actions=4, commitments=1, **fields)
    opened()
    return contract


def test_setbacks_become_lessons_and_obstacles_bottlenecks_once() -> None:
    contract = started()
    part = contract.part(1)
    hand_in(part, link_actor(part), [BEHIND, BLOCKED])
    lesson, bottleneck = Lesson.objects.get(), Bottleneck.objects.get()
    assert lesson.organisation == bottleneck.organisation == contract.city
    assert lesson.state == bottleneck.state == "draft"
    assert lesson.what_failed == BEHIND.reason
    assert "Vraag eerder aan." in (lesson.what_worked + lesson.what_failed)
    assert bottleneck.title == BLOCKED.obstacle
    assert str(YEAR) in lesson.origin_label
    assert lesson.origin_url == contract.review().get_absolute_url()
    assert {effort.lesson_id for effort in part.efforts.all()} == {lesson.pk, None}
    reopen_part(part=part, actor=link_actor(part))
    submit_part(part=part, actor=link_actor(part))
    assert Lesson.objects.count() == Bottleneck.objects.count() == 1


def test_a_second_city_of_a_contract_keeps_its_own_drafts() -> None:
    second = make_city()
    contract = make_contract(parties=3, actions=6, organisation=second)
    ContractMunicipality.objects.create(contract=contract.record, municipality=second.municipality, order=2)
    opened()
    for number, owner in ((1, second), (2, contract.city)):
        part = contract.part(number)
        hand_in(part, link_actor(part), [BLOCKED] * part.efforts.count())
        drafts = Bottleneck.objects.filter(pk__in=part.efforts.values("bottleneck"))
        assert {draft.organisation for draft in drafts} == {owner}


def test_on_course_and_a_setback_without_a_lesson_make_no_drafts() -> None:
    part = started().part(1)
    hand_in(part, link_actor(part), [Answer("behind", reason="Later.", expected_kt=Decimal(1))])
    assert not Lesson.objects.exists()
    assert not Bottleneck.objects.exists()


def test_a_part_is_handed_in_whole_and_once() -> None:
    part = started().part(1)
    actor = link_actor(part)
    first, second, third = part.efforts.all()
    save_effort(effort=first, answer=Answer("on_course"), revision=0, actor=actor)
    save_effort(effort=second, answer=Answer("behind"), revision=0, actor=actor)
    with pytest.raises(AnswersMissing) as caught:
        submit_part(part=part, actor=actor)
    assert set(caught.value.efforts) == {second, third}
    part.refresh_from_db()
    assert part.state == "started"
    answer_all(part, actor)
    submit_part(part=part, actor=actor)
    with pytest.raises(ReviewRefused):
        submit_part(part=part, actor=actor)
    with pytest.raises(ReviewRefused):
        save_effort(effort=first, answer=BEHIND, revision=1, actor=actor)
    assert AuditEvent.objects.filter(event=Event.SUBMITTED, object_type="contracts.partyreview").count() == 1


def test_an_answer_that_cannot_be_is_refused_and_nothing_written() -> None:
    part = started().part(1)
    effort = part.efforts.all()[0]
    for answer in (
        Answer("zomaar"),
        Answer("behind", reason="x" * 4001),
        Answer("ahead", expected_kt=Decimal(-1)),
    ):
        with pytest.raises(AnswerRefused):
            save_effort(effort=effort, answer=answer, revision=0, actor=link_actor(part))
    with pytest.raises(Overtaken):
        save_effort(effort=effort, answer=BEHIND, revision=7, actor=link_actor(part))
    with pytest.raises(ReviewRefused):
        same_as_last_year(effort=effort, revision=0, actor=link_actor(part))
    effort.refresh_from_db()
    assert (effort.revision, effort.status) == (0, "")


def test_each_party_answers_for_itself_and_the_city_where_nobody_else_can() -> None:
    contract = started()
    ministry = make_organisation()
    part_of_city, part = contract.part(0), contract.part(1)
    team = contract.team()
    assert may_answer(team, part_of_city)
    assert may_answer(team, part), "nobody of this party has an account"
    other = make_contract(parties=2)
    assert not may_answer(team, PartyReview(review=AnnualReview(contract=other.record), party=other.parties[0]))
    official = make_user()
    join(official, ministry)
    assert not may_answer(official, part)


def test_a_party_with_people_of_its_own_is_not_answered_for() -> None:
    ministry = make_organisation()
    official = make_user()
    join(official, ministry)
    contract = make_contract(parties=2, actions=4, organisation=ministry)
    opened()
    part, team = contract.part(1), contract.team()
    assert may_answer(official, part)
    assert not may_answer(official, contract.part(0))
    assert not may_answer(team, part)
    review = contract.review()
    parts = list(review.parts.select_related("party"))
    assert answerable(team, review, parts) == {contract.part(0).pk}
    with pytest.raises(NotAllowed):
        submit_part(part=part, actor=team)


@pytest.mark.parametrize("role", ["member", "team", "ministry", "partner", "publisher", "steering", "coordinator"])
def test_nobody_of_another_city_answers(role: str) -> None:
    contract = started()
    person = Cast().person(role).user
    part = contract.part(0)
    effort = part.efforts.all()[0]
    with pytest.raises(NotAllowed):
        save_effort(effort=effort, answer=Answer("on_course"), revision=0, actor=person)
    with pytest.raises(NotAllowed):
        submit_part(part=part, actor=person)
    with pytest.raises(NotAllowed):
        submit_review(review=contract.review(), conclusion="", revision=0, actor=person, accept_open=True)


def test_a_review_is_handed_in_knowingly_with_open_parts() -> None:
    contract = started()
    team, review = contract.team(), contract.review()
    hand_in(contract.part(0), team)
    with pytest.raises(PartsOpen) as caught:
        submit_review(review=review, conclusion="Het net zit vol.", revision=0, actor=team)
    assert [part.party for part in caught.value.parts] == [contract.parties[1]]
    assert AnnualReview.objects.get().state == "open"
    submit_review(review=review, conclusion="Het net zit vol.", revision=0, actor=team, accept_open=True)
    review = contract.review()
    assert (review.state, review.conclusion, review.submitted_by_label) == (
        "submitted",
        "Het net zit vol.",
        str(team),
    )
    with pytest.raises(ReviewRefused):
        submit_review(review=review, conclusion="Nog eens", revision=1, actor=team, accept_open=True)
    late = contract.part(1)
    hand_in(late, link_actor(late))
    with pytest.raises(ReviewRefused):
        reopen_part(part=late, actor=link_actor(late))
    reopen_review(review=review, actor=team)
    assert contract.review().submitted_at is None
    reopen_part(part=late, actor=link_actor(late))


def test_a_conclusion_that_a_colleague_overtook_is_not_overwritten() -> None:
    contract = started()
    team, review = contract.team(), contract.review()
    save_conclusion(review=review, conclusion="Eerste", revision=0, actor=team)
    with pytest.raises(Overtaken):
        save_conclusion(review=review, conclusion="Tweede", revision=0, actor=contract.team())
    with pytest.raises(AnswerRefused):
        save_conclusion(review=review, conclusion="x" * 4001, revision=1, actor=team)
    assert contract.review().conclusion == "Eerste"


def test_closing_keeps_the_answers_and_makes_nothing_up() -> None:
    contract = make_contract(parties=3, actions=6, commitments=2)
    opened()
    part, drafted = contract.part(1), contract.part(2)
    hand_in(part, link_actor(part), [BEHIND, BLOCKED])
    effort = drafted.efforts.all()[0]
    save_effort(effort=effort, answer=BEHIND, revision=0, actor=link_actor(drafted))
    closed()
    review = contract.review()
    outcome = review.outcome
    assert review.state == "closed"
    assert [one["handed_in"] for one in outcome["parts"]] == [False, True, False]
    said = {row["effort"]: row for row in outcome["efforts"]}
    assert said[effort.pk]["status"] == "", "a draft is nobody's word"
    assert said[effort.pk]["reason"] == ""
    assert said[effort.pk]["expected_kt"] is None
    assert outcome["counts"]["behind"] == 1
    assert outcome["counts"]["none"] == 8 - part.efforts.count()
    # 500 kt remain by the contract; 40 less by one action, 30 by another. Drafts do not count.
    assert Decimal(outcome["position"]["expected_kt"]) == 570
    assert Decimal(outcome["position"]["gap_kt"]) == 170


def test_nothing_is_taken_after_closing() -> None:
    contract = started()
    part, team = contract.part(1), contract.team()
    answer_all(part, link_actor(part))
    closed()
    effort = part.efforts.all()[0]
    for refused in (
        lambda: save_effort(effort=effort, answer=BEHIND, revision=1, actor=link_actor(part)),
        lambda: submit_part(part=part, actor=link_actor(part)),
        lambda: submit_review(review=contract.review(), conclusion="", revision=0, actor=team, accept_open=True),
        lambda: save_conclusion(review=contract.review(), conclusion="x", revision=0, actor=team),
        lambda: reopen_review(review=contract.review(), actor=team),
    ):
        with pytest.raises(ReviewRefused, match=str(YEAR)):
            refused()


def test_answers_are_refused_from_the_moment_that_closing_begins() -> None:
    contract = started()
    part = contract.part(1)
    close_round(year=YEAR, actor=system())
    with pytest.raises(ReviewRefused):
        save_effort(effort=part.efforts.all()[0], answer=BEHIND, revision=0, actor=link_actor(part))


def test_the_database_itself_keeps_a_closed_review_as_it_is() -> None:
    contract = started()
    part = contract.part(1)
    hand_in(part, link_actor(part), [BEHIND])
    closed()
    review, effort = contract.review(), part.efforts.all()[0]
    attempts = (
        lambda: AnnualReview.objects.filter(pk=review.pk).update(conclusion="anders"),
        lambda: AnnualReview.objects.filter(pk=review.pk).update(state="open"),
        lambda: AnnualReview.objects.filter(pk=review.pk).update(outcome={}),
        lambda: Effort.objects.filter(pk=effort.pk).update(reason="anders"),
        lambda: Effort.objects.filter(pk=effort.pk).delete(),
        lambda: Effort.objects.create(part=part, action=contract.actions[0]),
        lambda: PartyReview.objects.filter(pk=part.pk).update(state="asked"),
        lambda: ReviewRound.objects.filter(year=YEAR).update(due_on=in_days(300)),
        lambda: ReviewRound.objects.filter(year=YEAR).update(reflection={}),
    )
    for attempt in attempts:
        with pytest.raises(IntegrityError), transaction.atomic():
            attempt()
    Effort.objects.filter(pk=effort.pk).update(lesson=None)
    PartyReview.objects.filter(pk=part.pk).update(link_nonce="x")
