"""The engine behind the matrix: words, narrowing, and what each record is."""

from collections.abc import Iterator

import pytest
from django.core.management import call_command
from django.db.models import Q

from governance.models import Membership, Organisation, User
from governance.models.membership import Function
from nss_portal.core.access import (
    LinkActor,
    NotAllowed,
    Resource,
    Role,
    Standing,
    cells,
    granted,
    may,
    register,
    require,
    visible_q,
)
from nss_portal.core.access.querysets import narrow
from nss_portal.core.access.resources import EVERYTHING, NOTHING, _registry, action_q, allowed
from nss_portal.core.access.standing import SYSTEM
from tests.access.cast import Cast, join, make_city, make_organisation, make_user
from tests.access.matrix import MATRIX_FILE


class Somebody:
    """An actor with a standing of our own making."""

    def __init__(self, **standing: object) -> None:
        self.standing = Standing(**standing)


@pytest.fixture
def toys() -> Iterator[Resource]:
    """A resource with every kind of word, gone again after the test."""
    yield register(
        Resource(
            name="toy",
            model="governance.Organisation",
            actions={
                "view": cells(visitor="published", member="own", advisor="advised", coordinator="all"),
                "change": cells(member="own-lead", coordinator="mandate"),
                "adopt": cells(member="propose", steering="decide", visitor="form", partner="link"),
            },
            scopes={
                "own": lambda standing, organisations: Q(pk__in=sorted(organisations)),
                "network": lambda standing, organisations: Q(name="shared"),
                "published": lambda standing, organisations: Q(name="published"),
            },
        )
    )
    del _registry["toy"]


def test_cells_refuse_a_role_that_does_not_exist() -> None:
    with pytest.raises(ValueError, match="mayor"):
        cells(mayor="all")


def test_cells_left_out_hold_nothing() -> None:
    assert cells(team="own") == {role: "own" if role == Role.TEAM else "no" for role in Role}


def test_own_lead_counts_only_what_one_leads(toys: Resource) -> None:
    member = Somebody(roles={Role.MEMBER: frozenset({1, 2})}, lead_of=frozenset({2, 3}))
    assert granted(member, "toy", "change") == {"own-lead": frozenset({2})}
    assert action_q(member, "toy", "change") == Q(pk__in=[2])


def test_a_word_that_comes_to_nothing_is_not_held(toys: Resource) -> None:
    member = Somebody(roles={Role.MEMBER: frozenset({1})})
    coordinator = Somebody(roles={Role.COORDINATOR: frozenset({1})})
    assert granted(member, "toy", "change") == granted(coordinator, "toy", "change") == {}
    assert not may(member, "toy", "change")
    assert not may(coordinator, "toy", "change")


def test_a_mandate_opens_the_records_of_whoever_gave_it(toys: Resource) -> None:
    coordinator = Somebody(roles={Role.COORDINATOR: frozenset({1})}, mandates=frozenset({7}))
    assert granted(coordinator, "toy", "change") == {"mandate": frozenset({7})}


def test_advised_without_a_scope_is_only_what_the_city_shares(toys: Resource) -> None:
    advisor = Somebody(roles={Role.ADVISOR: frozenset({1})}, advised=frozenset({5}))
    own_and_shared = Q(pk__in=[5]) & Q(name="shared")
    assert visible_q(advisor, "toy") == own_and_shared | Q(name="published")


def test_rights_of_several_roles_add_up(toys: Resource) -> None:
    both = Somebody(roles={Role.MEMBER: frozenset({1}), Role.COORDINATOR: frozenset({2})})
    assert visible_q(both, "toy") == EVERYTHING


def test_a_form_or_a_link_opens_no_record_but_is_held(toys: Resource) -> None:
    partner = Somebody(roles={Role.PARTNER: frozenset({1})})
    assert may(partner, "toy", "adopt")
    assert may(None, "toy", "adopt")
    assert action_q(partner, "toy", "adopt") == action_q(None, "toy", "adopt") == NOTHING


@pytest.mark.django_db
def test_a_manner_goes_for_what_one_sees(toys: Resource) -> None:
    mine, other = make_organisation(), make_organisation()
    member = Somebody(roles={Role.MEMBER: frozenset({mine.pk})})
    assert set(allowed(member, "toy", "adopt")) == {mine}
    assert may(member, "toy", "adopt", mine)
    assert not may(member, "toy", "adopt", other)


@pytest.mark.django_db
def test_published_is_the_floor_for_everybody(toys: Resource) -> None:
    published = make_organisation(name="published")
    make_organisation(name="shared")
    for actor in (None, Somebody(roles={Role.DESK: frozenset({1})}), LinkActor("x", None, "y")):
        assert set(allowed(actor, "toy", "view")) == {published}


@pytest.mark.django_db
def test_the_system_may_do_everything(toys: Resource) -> None:
    organisation = make_organisation()
    system = User.objects.system()
    assert system.standing == SYSTEM
    assert may(system, "toy", "change", organisation)
    assert organisation in allowed(system, "toy", "view")


def test_a_word_without_a_meaning_is_an_error_not_a_right() -> None:
    resource = Resource(name="odd", model="governance.Organisation", actions={})
    with pytest.raises(LookupError, match="addressed"):
        resource.word_q("addressed", Standing(), frozenset())


@pytest.mark.django_db
def test_require_refuses_with_a_reason(toys: Resource) -> None:
    with pytest.raises(NotAllowed, match=r"\w+"):
        require(None, "toy", "change", make_organisation())


@pytest.mark.django_db
def test_narrow_gives_every_record_once_and_lets_rows_be_locked() -> None:
    organisation, user = make_organisation(), make_user()
    join(user, organisation)
    join(user, organisation, Function.SIGNATORY)
    found = narrow(Organisation.objects.all(), Q(memberships__user=user) | Q(pk=organisation.pk))
    assert list(found.select_for_update()) == [organisation]


@pytest.mark.django_db
def test_narrow_leaves_a_plain_condition_without_a_subquery() -> None:
    assert "IN (SELECT" not in str(narrow(Membership.objects.all(), Q(organisation__in=[1])).query)


@pytest.mark.django_db
def test_an_advisor_acts_for_the_own_organisation_and_not_for_the_city() -> None:
    advisor = Cast().person("advisor")
    assert advisor.own is not None
    assert advisor.user.standing.organisations == {advisor.own.pk}
    assert advisor.user.standing.advised == {advisor.cast.advised.pk}


@pytest.mark.django_db
def test_a_coordinator_elsewhere_than_in_the_coordinating_organisation_holds_nothing() -> None:
    cast = Cast("national-lead")
    user = make_user()
    join(user, make_city(), Function.COORDINATION)
    assert set(user.standing.roles) == {Role.VISITOR}
    assert set(cast.person("coordinator").user.standing.roles) == {Role.COORDINATOR}


def test_the_command_prints_rows_of_the_matrix(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("permissions_matrix")
    lines = capsys.readouterr().out.splitlines()
    expected = MATRIX_FILE.read_text().splitlines()
    assert lines[0] == expected[0]
    assert len(lines) > 15
    assert set(lines) <= set(expected)
