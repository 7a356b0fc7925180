"""Contributions: pledged, confirmed once a year, corrected; asked by the clock; sums that tell of nobody."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from governance.contribution_tasks import ask_for_contributions_day
from governance.models import Contribution, ContributionSharing, Organisation, VariantRole
from governance.models.organisation import Group, Helix
from governance.registrations import contributions as registrations
from governance.selectors_contributions import Pile, safe_sum, shown, sums
from governance.services import Refused
from governance.services.contributions import asking, giving
from governance.services.contributions.demo import load_demo
from governance.services.contributions.giving import Given
from governance.services.contributions.parts import asked_organisations, role_of, roles_in_force
from governance.services.reference import load_reference
from nss_portal.core import jobs
from nss_portal.core.access import NotAllowed
from nss_portal.core.editing import EditConflict
from nss_portal.core.models import AuditEvent, OutgoingMail
from nss_portal.core.time import today
from tests.access.cast import Cast, Person, make_city, make_organisation
from tests.governance.matrix_contributions import make_contribution

pytestmark = pytest.mark.django_db
THIS = today().year
LAST = THIS - 1
SOME = Given(5000, 120, "Vergaderruimte")


@pytest.fixture
def lead() -> Person:
    return Cast().person("partner", leads=True)


def pledge(person: Person, year: int = THIS, figures: Given = SOME, **more: Any) -> Contribution:
    more.setdefault("organisation", person.own)
    return giving.pledge(actor=person.user, year=year, figures=figures, **more)


def confirm(person: Person, year: int = LAST, **more: Any) -> Contribution:
    more.setdefault("organisation", person.own)
    return giving.confirm(actor=person.user, year=year, **more)


def test_a_pledge_is_changed_until_the_year_is_over_and_keeps_its_history(lead: Person) -> None:
    first = pledge(lead, sharing=ContributionSharing.PUBLISHED, purpose=" Deep Dives ")
    assert (first.pledged_hours, first.purpose, first.sharing) == (120, "Deep Dives", "published")
    assert pledge(lead, purpose="Deep Dives").version == first.version  # twice the same is once
    changed = pledge(lead, figures=Given(None, 80), version=first.version)
    assert [(one.kind, one.hours) for one in changed.entries.all()] == [("pledged", 120), ("changed", 80)]
    with pytest.raises(EditConflict):
        pledge(lead, figures=Given(None, 60), version=first.version)
    event = AuditEvent.objects.latest("pk")
    assert (event.on_behalf_of_label, event.changes["hours"]) == (str(lead.own), 80)


@pytest.mark.parametrize("figures", [Given(-1), Given(10**12), Given(None, -5), Given(None, 10**6), Given()])
def test_figures_that_cannot_be_are_refused_and_leave_nothing(lead: Person, figures: Given) -> None:
    with pytest.raises(ValidationError):
        pledge(lead, figures=figures)
    with pytest.raises(ValidationError):
        confirm(lead, figures=figures)
    assert not Contribution.objects.exists()


@pytest.mark.parametrize("year", [LAST, THIS + giving.YEARS_AHEAD + 1])
def test_nobody_pledges_for_a_year_that_is_over_or_far_off(lead: Person, year: int) -> None:
    with pytest.raises(ValidationError):
        pledge(lead, year)


@pytest.mark.parametrize("year", [THIS, THIS + 1, THIS - giving.YEARS_BACK - 1])
def test_nobody_confirms_a_year_that_is_not_over_or_long_ago(lead: Person, year: int) -> None:
    with pytest.raises(ValidationError):
        confirm(lead, year, figures=SOME)


def test_as_pledged_in_one_click_and_twice_is_once(lead: Person) -> None:
    make_contribution(lead.own, LAST, pledged_hours=100, pledged_in_kind="Zaal")
    done = confirm(lead)
    assert (done.given_hours, done.given_in_kind, done.is_as_pledged) == (100, "Zaal", True)
    assert confirm(lead).version == done.version
    assert done.entries.count() == 1
    with pytest.raises(Refused):
        confirm(lead, figures=Given(None, 20), reason="Anders")


def test_otherwise_asks_a_reason_and_a_correction_keeps_what_stood_there(lead: Person) -> None:
    row = make_contribution(lead.own, LAST)
    with pytest.raises(ValidationError) as refused:
        confirm(lead, figures=Given(None, 80))
    assert "reason" in refused.value.message_dict
    with pytest.raises(Refused):
        giving.correct(actor=lead.user, contribution=row, version=None, figures=SOME, reason="x")
    done = confirm(lead, figures=Given(None, 80), reason="Een collega ging weg", version=0)
    with pytest.raises(ValidationError):
        giving.correct(actor=lead.user, contribution=row, version=done.version, figures=SOME, reason=" ")
    right = {"actor": lead.user, "contribution": row, "figures": Given(None, 90), "reason": "Vergeten uren"}
    with pytest.raises(EditConflict):
        giving.correct(version=0, **right)
    fixed = giving.correct(version=done.version, **right)
    assert (fixed.given_hours, fixed.reason) == (90, "Vergeten uren")
    assert [one.hours for one in fixed.entries.all()] == [80, 90]
    assert giving.correct(version=0, **right).version == fixed.version


def test_who_pledged_nothing_can_say_what_was_given_but_not_as_pledged(lead: Person) -> None:
    with pytest.raises(ValidationError):
        confirm(lead)
    assert confirm(lead, figures=Given(0, 0)).confirmed_at


@pytest.mark.parametrize(("role", "leads"), [("partner", False), ("coordinator", False), ("steering", False)])
def test_only_who_leads_the_organisation_speaks_for_it(lead: Person, role: str, leads: bool) -> None:
    other = lead.cast.person(role, leads=leads)
    row = make_contribution(lead.own, LAST)
    for act in (
        lambda: pledge(other, organisation=lead.own),
        lambda: confirm(other, organisation=lead.own),
        lambda: pledge(lead, organisation=other.own),
        lambda: confirm(lead, organisation=other.own),
        lambda: giving.share(actor=other.user, contribution=row, sharing=ContributionSharing.PUBLISHED),
        lambda: giving.correct(actor=other.user, contribution=row, version=0, figures=SOME, reason="x"),
    ):
        with pytest.raises(NotAllowed):
            act()
    row.refresh_from_db()
    assert (row.confirmed_at, row.sharing) == (None, "own")


def test_who_sees_it_is_the_choice_of_the_owner(lead: Person) -> None:
    row = make_contribution(lead.own, LAST)
    assert not Contribution.objects.visible_to(None).exists()
    giving.share(actor=lead.user, contribution=row, sharing=ContributionSharing.PUBLISHED)
    assert Contribution.objects.visible_to(None).get() == row


def test_the_variant_in_force_says_who_is_asked() -> None:
    load_reference()
    cast = Cast("national-lead")
    city, small = make_city("mission"), make_city("interested")
    rvo = Organisation.objects.get(code="rvo")
    company = make_organisation(Group.COMPANY)
    asked = set(asked_organisations(today()))
    assert {cast.coordinating, city, rvo} <= asked
    assert not asked & {small, company}
    roles = roles_in_force()[1]
    assert role_of(company, "", roles).organisation == "Bedrijven en brancheorganisaties (FME, VNO-NCW)"
    assert role_of(make_organisation(Group.FINANCIAL), "", roles).organisation.startswith("Financiële")
    for code in ("bzk", "vro", "unl", "vh", "europa-decentraal", "fme"):
        named = Organisation.objects.get(code=code)
        named.name = named.short_name = "Heet nu anders"
        assert role_of(named, "", roles) is not None, code
    assert role_of(small, "interested", roles).part == "involved"
    assert role_of(make_organisation(Group.EUROPEAN), "", roles) is None
    assert role_of(make_organisation(Group.MINISTRY, name="RVO en VNG"), "", roles) is None


def test_roles_name_organisations_and_groups_that_exist() -> None:
    load_reference()
    named = {code for role in VariantRole.objects.all() for code in role.organisation_codes}
    assert named == set(Organisation.objects.filter(code__in=named).values_list("code", flat=True))
    assert {one for role in VariantRole.objects.all() for one in role.organisation_groups} <= set(Group.values)
    for role in VariantRole.objects.all():
        by_level = role.group in ("cities", "municipalities")
        assert bool(role.organisation_codes or role.organisation_groups) != by_level, role


def test_the_clock_asks_opens_and_reminds_each_once() -> None:
    load_reference()
    cast = Cast("national-lead")
    team = cast.person("team", leads=True)
    pledged = make_contribution(team.own, LAST)
    assert asking.ask_for_pledges(date(LAST, 10, 31)) == 0
    assert asking.ask_for_pledges(date(LAST, 11, 1)) > 0
    assert asking.ask_for_pledges(date(LAST, 11, 2)) == 0
    assert not Contribution.objects.given().filter(year=THIS).exists()
    (item,) = registrations.asked(team.user)
    by = date(THIS, 1, 31)
    assert (item.minutes, item.due) == (3, by if by >= today() else None)
    assert asking.open_confirmation(date(THIS, 1, 1)) == 1
    assert asking.open_confirmation(date(THIS, 1, 2)) == 0
    (item, _pledge) = registrations.asked(team.user)
    by = date(THIS, 3, 1)
    assert (item.minutes, item.due) == (1, by if by >= today() else None)
    Contribution.objects.update(
        confirm_asked_at=timezone.now() - timedelta(days=800), asked_at=timezone.now() - timedelta(days=800)
    )
    before = OutgoingMail.objects.count()
    due = asking.confirm_by(LAST)
    assert asking.remind(due - timedelta(days=20)) == 0
    for days in (14, 13, 2, 1):
        asking.remind(due - timedelta(days=days))
    assert OutgoingMail.objects.count() == before + 2
    assert asking.remind(due + timedelta(days=1)) == 0
    giving.confirm(actor=team.user, organisation=team.own, year=LAST)
    pledge(team)
    assert list(registrations.asked(team.user)) == []
    assert pledged.entries.count() == 1


def test_the_days_job_bears_a_second_time(lead: Person) -> None:
    make_contribution(lead.own, LAST)
    ask_for_contributions_day()
    ask_for_contributions_day()
    jobs.run_all_here()
    assert Contribution.objects.get(year=LAST).confirm_asked_at
    assert OutgoingMail.objects.filter(subject__contains=str(LAST)).count() == 1


def piles(**numbers: list[int]) -> dict[str, Pile]:
    found = {}
    for name, figures in numbers.items():
        found[name] = pile = Pile()
        for figure in figures:
            pile.add(figure, 1, figure)
    return found


@pytest.mark.parametrize(
    ("own", "network", "total", "partial"),
    [
        ([], [], 100, False),
        ([10] * 4, [], 100, True),  # four could be guessed
        ([10] * 5, [], 150, False),
        ([10] * 4 + [1000], [], 100, True),  # one makes up most of it
        ([10] * 3, [10] * 3, 100, True),  # three each: whoever sees the network could tell the rest
        ([10] * 3, [10] * 5, 150, True),
        ([10] * 5, [10], 160, False),
    ],
)
def test_a_sum_tells_nothing_of_one_organisation(
    own: list[int], network: list[int], total: int, partial: bool
) -> None:
    cell = shown(piles(published=[100], own=own, network=network))
    assert (cell.value, cell.is_partial) == (total, partial)


def test_sums_of_strands_add_up_to_the_whole_and_leave_out_what_they_leave_out() -> None:
    for number in range(5):
        make_contribution(make_organisation(Group.COMPANY), LAST, pledged_hours=10 + number)
    make_contribution(make_organisation(Group.KNOWLEDGE), LAST, pledged_hours=500)
    make_contribution(make_organisation(Group.PROVINCE), LAST, pledged_hours=7, sharing="published")
    make_contribution(make_organisation(Group.PROVINCE), LAST, pledged_at=None, asked_at=timezone.now())
    found = sums([LAST])[LAST]
    assert [found[one].cells["pledged_hours"].value for one in Helix] == [7, 0, 60, 0]
    assert (found[None].cells["pledged_hours"].value, found[None].is_partial) == (67, True)
    assert found[None].cells["pledged"].value == 6
    assert (safe_sum([5] * 4), safe_sum([5] * 5), safe_sum([])) == (None, 25, 0)


def test_the_demonstration_shows_every_state_and_comes_once() -> None:
    load_reference()
    Cast()
    for _number in range(12):
        make_city("mission")
    load_demo("small", 1)
    assert load_demo("small", 1) == []
    last = Contribution.objects.filter(year=LAST)
    assert last.filter(confirmed_at=None).exists()
    assert last.exclude(reason="").exists()
    assert (
        not Contribution.objects.filter(is_illustrative=False)
        .exclude(asked_at=None, pledged_at=None)
        .filter(pledged_at__isnull=False)
    )
