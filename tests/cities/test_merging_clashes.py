"""Two municipalities that merge did the same thing, or took part in what the other one did: nothing is lost."""

import pytest

from cities.models import (
    Bottleneck,
    BottleneckJoin,
    CityRoadmap,
    EoiSubmission,
    Municipality,
    MunicipalityMerger,
    Proposition,
    PropositionSupport,
    SignalCosigner,
    Theme,
)
from cities.models.signal import CosignState
from cities.selectors_bottleneck_themes import transversal_themes
from cities.services.bottleneck_groups import join_bottleneck, recount
from cities.services.merging import plan_merger
from governance.models import Organisation, User
from governance.models.membership import Function
from nss_portal.core.access import may
from nss_portal.core.time import today
from tests.access.cast import Cast, join, make_city, make_user
from tests.cities.eoi import make_call
from tests.cities.matrix import make_bottleneck
from tests.cities.matrix_propositions import make_proposition, make_support
from tests.cities.signals import make_ministry, make_signal

pytestmark = pytest.mark.django_db


@pytest.fixture
def pair() -> tuple[Organisation, Organisation]:
    Cast()
    return make_city(name="Gemeente Wijde Plassen"), make_city(name="Gemeente Gooi")


def merge(pair: tuple[Organisation, Organisation]) -> dict[str, tuple[int, int]]:
    """Merge the first into the second; gives per kind how many went over and how many stayed."""
    old, new = (Municipality.objects.get(organisation=organisation) for organisation in pair)
    merger = plan_merger(actor=User.objects.system(), old=old, new=new, on=today(), reason="Wet")
    assert MunicipalityMerger.objects.get(pk=merger.pk).state == "done"
    return {line["label"]: (line["moved"], line["stayed"]) for line in merger.outcome}


def test_both_stood_behind_the_same_bottleneck(pair: tuple[Organisation, Organisation]) -> None:
    """Their words stay both; they count as the one city that they are now."""
    old, new = pair
    shared, other = make_bottleneck(make_city(), "published"), make_bottleneck(make_city(), "published")
    system = User.objects.system()
    for organisation in pair:
        join_bottleneck(
            actor=system,
            bottleneck=shared,
            organisation=organisation,
            severity="blocking",
            words=str(organisation),
        )
    join_bottleneck(actor=system, bottleneck=other, organisation=old, severity="blocking")
    shared.refresh_from_db()
    assert shared.cities_behind == 3
    counts = merge(pair)
    assert counts["knelpunten die de gemeente met andere deelt"] == (1, 1)
    assert set(shared.joins.values_list("words", flat=True)) == {str(old), str(new)}
    assert BottleneckJoin.objects.get(bottleneck=other).organisation == new
    for bottleneck, behind in ((shared, 2), (other, 2)):
        bottleneck.refresh_from_db()
        assert bottleneck.cities_behind == behind


def test_one_stood_behind_the_bottleneck_of_the_other(pair: tuple[Organisation, Organisation]) -> None:
    old, new = pair
    bottleneck = make_bottleneck(old, "published")
    join_bottleneck(actor=User.objects.system(), bottleneck=bottleneck, organisation=new, severity="blocking")
    merge(pair)
    bottleneck.refresh_from_db()
    assert (bottleneck.organisation, bottleneck.cities_behind) == (new, 1)
    assert bottleneck.joins.count() == 1


def test_of_mergers_in_a_row_all_count_as_the_last(pair: tuple[Organisation, Organisation]) -> None:
    old, new = pair
    last = make_city(name="Gemeente Regio")
    bottleneck = make_bottleneck(make_city(), "published")
    for organisation in (old, new, last):
        join_bottleneck(
            actor=User.objects.system(), bottleneck=bottleneck, organisation=organisation, severity="blocking"
        )
    merge(pair)
    merge((new, last))
    recount()
    bottleneck.refresh_from_db()
    assert bottleneck.cities_behind == 2
    assert bottleneck.joins.count() == 3
    theme = Theme.objects.create(code="finance", label_nl="Geld", label_en="Money")
    Bottleneck.objects.filter(pk=bottleneck.pk).update(theme=theme)
    assert transversal_themes(User.objects.system()).rows[0].cities == 2


def test_both_answered_the_same_call_and_have_a_roadmap(pair: tuple[Organisation, Organisation]) -> None:
    old, new = pair
    both, one = make_call(), make_call()
    for organisation in pair:
        EoiSubmission.objects.create(call=both, organisation=organisation)
        CityRoadmap.objects.create(organisation=organisation)
    alone = EoiSubmission.objects.create(call=one, organisation=old)
    person = make_user()
    join(person, new, Function.TEAM)
    counts = merge(pair)
    assert counts["Expressions of Interest"] == (1, 1)
    alone.refresh_from_db()
    assert alone.organisation == new
    kept = EoiSubmission.objects.get(call=both, organisation=old)
    person = User.objects.get(pk=person.pk)
    assert may(person, "eoi_submission", "view", kept)
    assert may(person, "roadmap_progress", "view", CityRoadmap.objects.get(organisation=old))


def test_both_support_a_proposition_or_the_others(pair: tuple[Organisation, Organisation]) -> None:
    old, new = pair
    both = make_proposition(make_city(), "on-agenda")
    of_old, of_new = make_proposition(old, "on-agenda"), make_proposition(new, "on-agenda")
    for proposition, organisation in ((both, old), (both, new), (of_old, new), (of_new, old)):
        make_support(proposition, organisation)
    draft = make_proposition(old)
    counts = merge(pair)
    assert counts["proposities"] == (1, 1)
    draft.refresh_from_db()
    of_old.refresh_from_db()
    assert (draft.organisation, of_old.organisation) == (new, old)
    assert PropositionSupport.objects.count() == 4
    assert Proposition.objects.with_support().get(pk=both.pk).supporters == 1
    own = PropositionSupport.objects.filter(proposition__organisation=new, organisation=new)
    assert not own.exists(), "nobody supports a proposition of its own"


def test_both_signed_a_signal_or_one_of_the_other(pair: tuple[Organisation, Organisation]) -> None:
    """What was sent together still reads as it was sent; the successor's people act for all of it."""
    old, new = pair
    ministry = make_ministry()
    both, of_old, of_new = (make_signal(sender, ministry) for sender in (make_city(), old, new))
    alone = make_signal(old, ministry)
    for signal, organisation in ((both, old), (both, new), (of_old, new), (of_new, old)):
        SignalCosigner.objects.create(signal=signal, organisation=organisation, state=CosignState.SIGNED)
    person = make_user()
    join(person, new, Function.TEAM, is_lead=True)
    merge(pair)
    for signal in (of_old, alone):
        signal.refresh_from_db()
    assert (alone.organisation, of_old.organisation) == (new, old)
    assert set(both.cosigners.values_list("organisation", flat=True)) == {old.pk, new.pk}
    assert [one.organisation for one in of_new.cosigners.all()] == [old]
    assert may(User.objects.get(pk=person.pk), "signal", "send", of_old)
