"""Joining a bottleneck of another city, merging bottlenecks, and taking that back."""

from typing import Any, ClassVar

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from cities.models import Bottleneck, BottleneckJoin, BottleneckMerge
from cities.models.bottleneck import Severity, Sharing
from cities.presenting_bottlenecks import number_behind
from cities.selectors_bottleneck_groups import family_of, goes_on_in, stand_behind
from cities.services import bottleneck_groups as services
from cities.services import bottlenecks as writing
from governance.models import Organisation
from nss_portal.core import registry
from nss_portal.core.access import NotAllowed
from nss_portal.core.editing import EditConflict
from nss_portal.core.models import AuditEvent, Transition
from nss_portal.core.workflow import TransitionRefused
from tests.access.cast import Cast, Person, make_city
from tests.cities.matrix import make_bottleneck

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return Cast()


@pytest.fixture
def coordinator(cast: Cast) -> Person:
    return cast.person("coordinator")


def join(user: object, bottleneck: Bottleneck, organisation: Organisation, **values: Any) -> BottleneckJoin:
    values = {"severity": Severity.BLOCKING, "words": "Bij ons ook", **values}
    return services.join_bottleneck(actor=user, bottleneck=bottleneck, organisation=organisation, **values)


def merge(user: object, into: Bottleneck, *others: Bottleneck) -> BottleneckMerge:
    return services.merge_bottlenecks(actor=user, into=into, bottlenecks=others, reason="Hetzelfde")


def behind(bottleneck: Bottleneck) -> tuple[int, int]:
    bottleneck.refresh_from_db()
    return bottleneck.cities_behind, bottleneck.cities_behind_public


def state_of(*bottlenecks: Bottleneck) -> list[dict[str, Any]]:
    return list(Bottleneck.objects.filter(pk__in=[one.pk for one in bottlenecks]).order_by("pk").values())


@pytest.mark.parametrize("role", ["member", "team"])
def test_a_city_joins_in_its_own_words(cast: Cast, role: str) -> None:
    person = cast.person(role)
    bottleneck = make_bottleneck(cast.other, "published")
    made = join(person.user, bottleneck, person.own, sharing=Sharing.NETWORK)
    assert (made.organisation, made.severity, made.words) == (person.own, "blocking", "Bij ons ook")
    assert behind(bottleneck) == (2, 1)
    assert join(person.user, bottleneck, person.own) == made
    assert AuditEvent.objects.filter(object_type="cities.bottleneckjoin", event="created").count() == 1
    changed = services.change_join(
        actor=person.user, join=made, version=1, severity=Severity.SMALL, words="Minder", sharing=Sharing.PUBLISHED
    )
    assert (changed.severity, changed.version, behind(bottleneck)) == ("small", 2, (2, 2))
    with pytest.raises(EditConflict):
        services.change_join(
            actor=person.user, join=made, version=1, severity=Severity.SMALL, words="x", sharing=Sharing.NETWORK
        )
    services.leave_bottleneck(actor=person.user, join=made)
    assert behind(bottleneck) == (1, 1)


@pytest.mark.parametrize("role", ["visitor", "advisor", "signatory", "ministry", "partner", "desk", "publisher"])
def test_others_join_nothing(cast: Cast, role: str) -> None:
    person = cast.person(role)
    bottleneck = make_bottleneck(cast.other, "published")
    there = join(cast.person("team").user, bottleneck, make_own(cast))
    with pytest.raises(NotAllowed):
        join(person.user, bottleneck, person.own or cast.advised)
    with pytest.raises(NotAllowed):
        services.leave_bottleneck(actor=person.user, join=there)


def make_own(cast: Cast) -> Organisation:
    """Give the city of the last team: the newest organisation with a team."""
    return Organisation.objects.filter(memberships__function="team").order_by("-pk")[0]


def test_one_joins_for_the_own_city_only_and_not_oneself(cast: Cast) -> None:
    person = cast.person("team")
    bottleneck = make_bottleneck(cast.other, "network")
    with pytest.raises(NotAllowed):
        join(person.user, bottleneck, cast.mandating)
    with pytest.raises(ValidationError):
        join(person.user, make_bottleneck(person.own, "network"), person.own)
    coordinator = cast.person("coordinator").user
    assert join(coordinator, bottleneck, cast.mandating)
    with pytest.raises(NotAllowed):
        join(coordinator, bottleneck, cast.advised)


def test_a_closed_or_hidden_one_is_not_joined(cast: Cast) -> None:
    person = cast.person("team")
    with pytest.raises(ValidationError):
        join(person.user, make_bottleneck(cast.other, "network", state="solved"), person.own)
    with pytest.raises(NotAllowed):
        join(person.user, make_bottleneck(cast.other), person.own)
    assert not BottleneckJoin.objects.exists()


def test_who_stands_behind_is_told_to_those_who_may_know(cast: Cast) -> None:
    bottleneck = make_bottleneck(cast.other, "published")
    quiet, open_ = cast.person("team"), cast.person("team")
    join(quiet.user, bottleneck, quiet.own, sharing=Sharing.NETWORK)
    join(open_.user, bottleneck, open_.own, sharing=Sharing.PUBLISHED)
    bottleneck.refresh_from_db()

    def seen(actor: object) -> set[Organisation]:
        found = {row.organisation for row in stand_behind(actor, bottleneck, family_of(bottleneck))}
        assert number_behind(actor, bottleneck) == len(found)
        return found

    everyone = {cast.other, quiet.own, open_.own}
    assert seen(None) == seen(cast.person("partner").user) == {cast.other, open_.own}
    for actor in (quiet.user, cast.person("ministry").user, cast.person("coordinator").user):
        assert seen(actor) == everyone
    assert not BottleneckJoin.objects.visible_to(cast.person("member").user).exclude(sharing="published").exists()


def test_what_others_stand_behind_is_not_taken_from_them(cast: Cast) -> None:
    owner, other = cast.person("team"), cast.person("team")
    bottleneck = make_bottleneck(owner.own, "network")
    join(other.user, bottleneck, other.own)
    with pytest.raises(TransitionRefused):
        writing.move_bottleneck(actor=owner.user, bottleneck=bottleneck, step="withdraw", reason="Weg")
    with pytest.raises(ValidationError):
        writing.share_bottleneck(actor=owner.user, bottleneck=bottleneck, sharing=Sharing.DRAFT)
    bottleneck.refresh_from_db()
    assert (bottleneck.state, bottleneck.sharing) == ("open", "network")


def test_a_coordinator_merges_and_undoes_it_exactly(cast: Cast, coordinator: Person) -> None:
    into = make_bottleneck(cast.other, "network", title="Net vol")
    first = make_bottleneck(cast.advised, "published", title="Geen stroom", state="solved")
    second = make_bottleneck(make_city(), "network", title="Wachten op de netbeheerder")
    joined = cast.person("team")
    join(joined.user, second, joined.own)
    before = state_of(into, first, second)

    done = merge(coordinator.user, into, first, second)
    assert behind(into) == (4, 2)
    for one in (first, second):
        one.refresh_from_db()
        assert (one.state, one.merged_into) == ("merged", into)
        assert Transition.objects.filter(object_id=str(one.pk), name="merge", reason="Hetzelfde").count() == 1
    texts = {row.merged.title for row in stand_behind(joined.user, into, family_of(into)) if row.merged}
    assert texts == {"Geen stroom", "Wachten op de netbeheerder"}
    assert set(Bottleneck.objects.listed()) == {into}

    services.undo_merge(actor=coordinator.user, merge=done)
    assert state_of(into, first, second) == before
    assert Transition.objects.filter(object_id=str(first.pk)).count() == 2
    with pytest.raises(ValidationError):
        services.undo_merge(actor=coordinator.user, merge=done)


def test_mergers_of_mergers_lead_to_the_last_and_part_in_any_order(cast: Cast, coordinator: Person) -> None:
    a, b, c = (make_bottleneck(make_city(), "network") for _number in range(3))
    before = state_of(a, b, c)
    inner, outer = merge(coordinator.user, b, c), merge(coordinator.user, a, b)
    assert [goes_on_in(one) for one in (a, b, c)] == [a.pk] * 3
    assert behind(a) == (3, 1)
    later = cast.person("team")
    join(later.user, a, later.own)
    services.undo_merge(actor=coordinator.user, merge=inner)
    c.refresh_from_db()
    assert (c.state, behind(a)) == ("open", (3, 1))
    services.undo_merge(actor=coordinator.user, merge=outer)
    assert behind(a) == (2, 1)
    a_before = {**before[0], "cities_behind": 2}
    assert state_of(a, b, c) == [a_before, *before[1:]]


def test_a_team_merges_its_own_and_no_others(cast: Cast) -> None:
    person = cast.person("team")
    into, draft = make_bottleneck(person.own, "network"), make_bottleneck(person.own)
    other = make_bottleneck(cast.other, "network")
    done = merge(person.user, into, draft)
    assert behind(into) == (1, 1)
    for pair in ((into, other), (other, into)):
        with pytest.raises(NotAllowed):
            merge(person.user, *pair)
    services.undo_merge(actor=person.user, merge=done)
    draft.refresh_from_db()
    assert (draft.state, draft.sharing) == ("draft", "draft")


@pytest.mark.parametrize(
    "role", ["visitor", "member", "advisor", "signatory", "ministry", "partner", "desk", "publisher", "steering"]
)
def test_others_merge_nothing(cast: Cast, coordinator: Person, role: str) -> None:
    person = cast.person(role)
    one, two = make_bottleneck(cast.other, "published"), make_bottleneck(cast.advised, "published")
    with pytest.raises(NotAllowed):
        merge(person.user, one, two)
    done = merge(coordinator.user, one, two)
    with pytest.raises(NotAllowed):
        services.undo_merge(actor=person.user, merge=done)


def test_a_coordinator_does_not_merge_drafts_of_cities(cast: Cast, coordinator: Person) -> None:
    into, draft = make_bottleneck(cast.other, "network"), make_bottleneck(cast.advised)
    with pytest.raises(NotAllowed):
        merge(coordinator.user, into, draft)
    draft.refresh_from_db()
    assert draft.state == "draft"


def test_merging_that_makes_no_sense_is_refused_in_words(cast: Cast, coordinator: Person) -> None:
    into, gone = make_bottleneck(cast.other, "network"), make_bottleneck(cast.advised, "network")
    with pytest.raises(ValidationError, match="niet met zichzelf"):
        merge(coordinator.user, into, into)
    with pytest.raises(ValidationError, match="ten minste één"):
        merge(coordinator.user, into)
    merge(coordinator.user, into, gone)
    with pytest.raises(ValidationError, match="al ingetrokken of samengevoegd"):
        merge(coordinator.user, into, gone)
    with pytest.raises(ValidationError, match="open in het register"):
        merge(coordinator.user, gone, into)
    assert BottleneckMerge.objects.count() == 1


def test_what_is_merged_does_not_change(cast: Cast, coordinator: Person) -> None:
    owner = cast.person("team")
    into, gone = make_bottleneck(cast.other, "network"), make_bottleneck(owner.own, "network")
    merge(coordinator.user, into, gone)
    with pytest.raises(NotAllowed):
        writing.change_bottleneck(actor=owner.user, bottleneck=gone, version=1, title="Anders")
    with pytest.raises(ValidationError):
        writing.share_bottleneck(actor=owner.user, bottleneck=gone, sharing=Sharing.PUBLISHED)
    with pytest.raises(TransitionRefused):
        writing.move_bottleneck(actor=owner.user, bottleneck=gone, step="withdraw", reason="x")


@pytest.mark.parametrize("values", [{"state": "merged"}, {"since_year": 1800}])
def test_the_database_refuses_what_cannot_be(cast: Cast, values: dict[str, object]) -> None:
    one = make_bottleneck(cast.other, "network")
    with pytest.raises(IntegrityError), transaction.atomic():
        Bottleneck.objects.filter(pk=one.pk).update(**values)
    with pytest.raises(IntegrityError), transaction.atomic():
        Bottleneck.objects.filter(pk=one.pk).update(merged_into=one, state="merged")


class Links:
    """Links of another part of the portal, by the public identifier of the bottleneck that they lead to."""

    there: ClassVar[dict[str, str]] = {}

    def move(self, *, source: Bottleneck, target: Bottleneck) -> list[str]:
        moved = [name for name, key in self.there.items() if key == source.public_id]
        self.there.update(dict.fromkeys(moved, target.public_id))
        return moved

    def move_back(self, *, source: Bottleneck, target: Bottleneck, moved: list[str]) -> None:
        self.there.update(dict.fromkeys(moved, source.public_id))


def test_links_of_other_parts_move_along_and_come_back(
    cast: Cast, coordinator: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(registry.merge_handlers, "_functions", {})
    registry.merge_handlers.register(Links)
    into, gone = make_bottleneck(cast.other, "network"), make_bottleneck(cast.advised, "network")
    Links.there = {"signal": gone.public_id, "activity": into.public_id}
    done = merge(coordinator.user, into, gone)
    assert set(Links.there.values()) == {into.public_id}
    Links.there["later"] = into.public_id
    services.undo_merge(actor=coordinator.user, merge=done)
    assert Links.there == {"signal": gone.public_id, "activity": into.public_id, "later": into.public_id}
