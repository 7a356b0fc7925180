"""Answers of reviews and signals name bottlenecks: their links follow a merger of these, and its undoing."""

import pytest
from django.apps import apps
from django.db.models import ForeignKey

from cities.models import Bottleneck, Signal
from cities.models.bottleneck import BottleneckState, Sharing
from cities.services.bottleneck_groups import merge_bottlenecks, undo_merge
from contracts.models import Effort
from contracts.services.review.answers import Answer
from contracts.services.review.links import link_actor
from contracts.services.review.parts import reopen_part, submit_part
from contracts.services.review.rounds import close_round
from nss_portal.core import jobs
from tests.access.cast import make_city
from tests.cities.matrix import make_bottleneck
from tests.cities.signals import make_signal
from tests.contracts.reviewing import YEAR, Contract, hand_in, make_contract, opened, system

pytestmark = pytest.mark.django_db

BLOCKED = Answer("blocked", obstacle="De netaansluiting komt pas in 2029.")


@pytest.fixture
def contract() -> Contract:
    contract = make_contract(parties=2, actions=2, commitments=0)
    opened()
    part = contract.part(1)
    hand_in(part, link_actor(part), [BLOCKED])
    return contract


def named(contract: Contract) -> Bottleneck:
    """Give the bottleneck that the answer made, shared as its city would."""
    bottleneck = Bottleneck.objects.get(organisation=contract.city)
    bottleneck.state, bottleneck.sharing, bottleneck.severity = BottleneckState.OPEN, Sharing.PUBLISHED, "blocking"
    bottleneck.save()
    return bottleneck


def published() -> Bottleneck:
    return make_bottleneck(make_city(), "published")


def test_whatever_points_to_a_bottleneck_is_known_here() -> None:
    """Whoever adds a foreign key to a bottleneck registers a merge handler, and then names it here."""
    pointing = {
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models(include_auto_created=True)
        for field in model._meta.get_fields()
        if isinstance(field, ForeignKey) and field.related_model is Bottleneck
    }
    moved = {
        "contracts.Effort.bottleneck",
        "contracts.StandardChange_bottlenecks.bottleneck",
        "cities.Signal_bottlenecks.bottleneck",
        *(
            f"activities.{name}_bottlenecks.bottleneck"
            for name in ("Activity", "AgendaProposal", "Lesson", "Pilot", "Programme")
        ),
    }
    of_the_merger = {
        "cities.Bottleneck.merged_into",
        "cities.BottleneckJoin.bottleneck",
        "cities.BottleneckMerge.into",
        "cities.MergedBottleneck.bottleneck",
        *(f"cities.Bottleneck_{name}.bottleneck" for name in ("invited", "helped_by", "covered_by")),
    }
    assert pointing == moved | of_the_merger


def test_answers_follow_a_merger_and_come_back(contract: Contract) -> None:
    gone, into = named(contract), published()
    part = contract.part(1)
    close_round(year=YEAR, actor=system())
    jobs.run_all_here("contracts.close_round")
    merge = merge_bottlenecks(actor=system(), into=into, bottlenecks=[gone])
    effort = Effort.objects.get(part=part, status="blocked")
    assert effort.bottleneck == into
    undo_merge(actor=system(), merge=merge)
    effort.refresh_from_db()
    assert effort.bottleneck == gone


def test_what_was_named_since_stays(contract: Contract) -> None:
    gone, into = named(contract), published()
    merge = merge_bottlenecks(actor=system(), into=into, bottlenecks=[gone])
    later = contract.part(0).efforts.first()
    assert later is not None
    Effort.objects.filter(pk=later.pk).update(bottleneck=into)
    undo_merge(actor=system(), merge=merge)
    assert set(Effort.objects.filter(bottleneck=into)) == {later}
    assert Effort.objects.get(bottleneck=gone).obstacle == BLOCKED.obstacle


def test_handing_in_again_names_where_the_bottleneck_went_on(contract: Contract) -> None:
    gone, into = named(contract), published()
    merge_bottlenecks(actor=system(), into=into, bottlenecks=[gone])
    part = contract.part(1)
    reopen_part(part=part, actor=link_actor(part))
    submit_part(part=part, actor=link_actor(part))
    assert Effort.objects.get(part=part, status="blocked").bottleneck == into
    assert Bottleneck.objects.count() == 2


@pytest.mark.parametrize("first", ["inner", "outer"])
def test_links_come_back_in_whatever_order_mergers_are_undone(contract: Contract, first: str) -> None:
    gone, middle, last = named(contract), published(), published()
    signal = make_signal(contract.city, bottleneck=gone)
    inner = merge_bottlenecks(actor=system(), into=middle, bottlenecks=[gone])
    outer = merge_bottlenecks(actor=system(), into=last, bottlenecks=[middle])
    effort = Effort.objects.get(bottleneck=last)
    assert list(signal.bottlenecks.all()) == [last]
    for merge in (inner, outer) if first == "inner" else (outer, inner):
        undo_merge(actor=system(), merge=merge)
    effort.refresh_from_db()
    assert effort.bottleneck == gone
    assert list(Signal.objects.get(pk=signal.pk).bottlenecks.all()) == [gone]
