"""The variant in force, and the coordination role that follows it."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from governance.models import Organisation, User, VariantPeriod
from governance.models.membership import Function
from governance.models.organisation import Group
from governance.selectors import coordinators, current_period
from governance.services import Refused
from governance.services.variants import start_variant
from governance.variants import coordinating_organisation_id
from nss_portal.core.access import NotAllowed, Role
from nss_portal.core.models import AuditEvent
from nss_portal.core.time import today
from tests.access.cast import SINCE, Cast, join, make_organisation, make_user, make_variant

pytestmark = pytest.mark.django_db
TOMORROW = timedelta(days=1)


@pytest.fixture
def cast() -> Cast:
    return Cast()


@pytest.fixture
def successor() -> Organisation:
    organisation = make_organisation(Group.INDEPENDENT)
    join(make_user(), organisation, Function.COORDINATION)
    return organisation


def change(cast: Cast, organisation: Organisation, **fields: object) -> VariantPeriod:
    """Let the steering group decide what the coordination team proposed, with some things otherwise."""
    wanted: dict[str, object] = {
        "actor": cast.person("steering").user,
        "proposed_by": cast.person("coordinator").user,
        "variant": make_variant("independent-lead"),
        "coordinating_organisation": organisation,
        "valid_from": today() + TOMORROW,
        "reason": "Breder gedragen",
        **fields,
    }
    return start_variant(**wanted)


def test_the_coordination_role_moves_on_the_day(cast: Cast, successor: Organisation) -> None:
    old, new = cast.person("coordinator").user, coordinators_of(successor)[0]
    change(cast, successor)
    assert coordinating_organisation_id(today()) == cast.coordinating.pk
    assert coordinating_organisation_id(today() + TOMORROW) == successor.pk
    from governance.selectors import standing_for

    assert set(standing_for(old).roles) == {Role.COORDINATOR}
    assert set(standing_for(new).roles) == {Role.VISITOR}
    assert set(standing_for(old, today() + TOMORROW).roles) == {Role.VISITOR}
    assert set(standing_for(new, today() + TOMORROW).roles) == {Role.COORDINATOR}
    assert list(coordinators(today() + TOMORROW)) == [new]


def coordinators_of(organisation: Organisation) -> list[User]:
    return [membership.user for membership in organisation.memberships.filter(function=Function.COORDINATION)]


def test_the_period_before_ends_the_day_before_and_the_log_tells(cast: Cast, successor: Organisation) -> None:
    period = change(cast, successor)
    before = VariantPeriod.objects.exclude(pk=period.pk).get()
    assert before.valid_to == today()
    assert (period.decided_by is not None, period.proposed_by is not None) == (True, True)
    event = AuditEvent.objects.filter(object_type="governance.variantperiod").latest("pk")
    assert event.changes["variant"] == ["national-lead", "independent-lead"]
    assert event.reason == "Breder gedragen"


@pytest.mark.parametrize("role", ["member", "team", "signatory", "ministry", "partner", "coordinator", "desk"])
def test_only_the_steering_group_decides(cast: Cast, successor: Organisation, role: str) -> None:
    with pytest.raises(NotAllowed):
        change(cast, successor, actor=cast.person(role, leads=True).user)


def test_somebody_else_proposes(cast: Cast, successor: Organisation) -> None:
    steering = cast.person("steering").user
    join(steering, cast.coordinating, Function.COORDINATION)
    for proposer in (None, steering, cast.person("partner").user):
        with pytest.raises(Refused):
            change(cast, successor, actor=steering, proposed_by=proposer)


def test_nothing_begins_in_the_past_without_a_reason_or_without_people(
    cast: Cast, successor: Organisation
) -> None:
    for wrong in (
        {"valid_from": today() - TOMORROW},
        {"reason": " "},
        {"coordinating_organisation": make_organisation(Group.INDEPENDENT)},
    ):
        with pytest.raises(Refused):
            change(cast, successor, **wrong)
    assert VariantPeriod.objects.count() == 1


def test_a_period_does_not_begin_before_the_one_in_force(cast: Cast, successor: Organisation) -> None:
    with pytest.raises(Refused):
        change(cast, successor, actor=User.objects.system(), proposed_by=None, valid_from=SINCE)


def test_the_system_sets_the_first_period() -> None:
    assert current_period() is None
    period = start_variant(
        actor=User.objects.system(),
        variant=make_variant("cities-lead"),
        coordinating_organisation=make_organisation(),
        valid_from=date(2023, 1, 1),
        reason="Begin",
    )
    assert current_period() == period
    assert (period.decided_by, period.proposed_by) == (None, None)


def test_the_database_keeps_one_variant_at_a_time(cast: Cast) -> None:
    with pytest.raises(IntegrityError, match="variant_period_one_at_a_time"), transaction.atomic():
        VariantPeriod.objects.create(
            variant=make_variant(), coordinating_organisation=cast.coordinating, valid_from=today()
        )
