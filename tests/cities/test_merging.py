"""One municipality goes on in another: nothing is lost, it can be rehearsed, planned, called off."""

from datetime import date, timedelta
from io import StringIO

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.models import ForeignKey
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoAssertNumQueries

from activities.models import Lesson
from cities.models import (
    Bottleneck,
    Involvement,
    InvolvementRequest,
    Municipality,
    MunicipalityMerger,
    MunicipalityName,
)
from cities.models.merger import MergerState
from cities.services.merging import (
    cancel_merger,
    carry_out_due_mergers,
    carry_out_merger,
    plan_merger,
    rehearse_merger,
)
from cities.services.municipalities import import_municipalities
from cities.services.municipality_table import read_table
from contracts.models import ClimateContract, ContractMunicipality, ContractStandard, ContractVersion, Party
from governance.models import Invitation, Membership, Organisation, User
from governance.models.membership import Function
from governance.selectors import standing_for
from governance.services.invitations import make_invitation
from nss_portal.core import jobs
from nss_portal.core.access import NotAllowed, may
from nss_portal.core.carrying import all_carried
from nss_portal.core.models import AuditEvent
from nss_portal.core.time import today
from nss_portal.core.workflow import TransitionRefused
from tests.access.cast import Cast, join, make_city, make_user
from tests.cities.matrix import make_bottleneck

pytestmark = pytest.mark.django_db

OVERVIEW_QUERIES = 9


@pytest.fixture
def cast() -> Cast:
    return Cast()


@pytest.fixture
def coordinator(cast: Cast) -> User:
    user = cast.person("coordinator").user
    assert isinstance(user, User)
    return user


@pytest.fixture
def pair(cast: Cast) -> tuple[Municipality, Municipality]:
    old, new = make_city("eoi", name="Gemeente Wijde Plassen"), make_city("interested", name="Gemeente Gooi")
    for organisation, number in ((old, 24_605), (new, 94_435)):
        Municipality.objects.filter(organisation=organisation).update(population=number, population_year=2024)
    return old.municipality, new.municipality


def merge(actor: User, pair: tuple[Municipality, Municipality], on: date | None = None) -> MunicipalityMerger:
    return plan_merger(actor=actor, old=pair[0], new=pair[1], on=on or today(), reason="Wet")


def contract_of(municipality: Municipality) -> ClimateContract:
    standard = ContractStandard.objects.create(code=f"s{municipality.pk}", label_nl="s", label_en="s")
    contract = ClimateContract.objects.create(title="Contract", standard=standard)
    ContractMunicipality.objects.create(contract=contract, municipality=municipality)
    version = ContractVersion.objects.create(contract=contract, number=1, target_year=2030)
    Party.objects.create(
        version=version, organisation=municipality.organisation, name=str(municipality), group="municipality"
    )
    return contract


def test_every_reference_to_a_municipality_is_carried_over_or_left_on_purpose() -> None:
    """Whoever adds a model that points to a municipality or an organisation says what a merger does with it."""
    pointing = {
        (model._meta.label, field.name)
        for model in apps.get_models(include_auto_created=True)
        for field in model._meta.get_fields()
        if isinstance(field, ForeignKey) and field.related_model in {Municipality, Organisation}
    }
    said = {(carried.model, carried.field) for carried in all_carried()}
    assert pointing - said == set(), "name these in a function under registry.merger_handlers"
    for carried in all_carried():
        assert apps.get_model(carried.model)._meta.get_field(carried.field)
        assert str(carried.label) or str(carried.stays)


def test_everything_goes_on_in_the_successor(coordinator: User, pair: tuple[Municipality, Municipality]) -> None:
    old, new = pair
    lead = make_user()
    join(lead, old.organisation, Function.TEAM, is_lead=True)
    bottleneck = make_bottleneck(old.organisation, "network")
    elsewhere = make_bottleneck(make_city())
    elsewhere.invited.set([old.organisation, new.organisation])
    lesson = Lesson.objects.create(
        organisation=old.organisation, author_organisation=old.organisation, title="Les"
    )
    contract = contract_of(old)
    make_invitation(
        actor=coordinator, email="nieuw@voorbeeld.example", organisation=old.organisation, function=Function.TEAM
    )
    MunicipalityName.objects.create(municipality=old, name="Plassen")
    InvolvementRequest.objects.create(
        municipality=old, name="A", email="a@b.example", position="p", motivation="m"
    )

    merger = merge(coordinator, pair)

    assert merger.state == MergerState.DONE
    old.refresh_from_db()
    new.refresh_from_db()
    bottleneck.refresh_from_db()
    lesson.refresh_from_db()
    assert (old.valid_to, old.successor) == (today() - timedelta(days=1), new)
    assert bottleneck.organisation == new.organisation
    assert list(elsewhere.invited.filter(pk=new.organisation_id)) == [new.organisation]
    assert (lesson.organisation, lesson.author_organisation) == (new.organisation, new.organisation)
    assert list(contract.municipalities.all()) == [new]
    assert Party.objects.get().organisation == new.organisation
    assert Invitation.objects.get().organisation == new.organisation
    assert InvolvementRequest.objects.get().municipality == new
    assert {"Plassen", "Gemeente Wijde Plassen"} <= set(new.other_names.values_list("name", flat=True))
    assert (new.population, new.population_year) == (24_605 + 94_435, 2024)
    assert [part["code"] for part in new.population_parts] == [new.code, old.code]
    counts = {line["label"]: line["moved"] for line in merger.outcome}
    assert counts["knelpunten"] == 1
    assert counts["mensen"] == 1
    assert AuditEvent.objects.filter(object_type="cities.municipality", object_id=str(new.pk)).exists()


def test_people_go_on_with_their_role_and_the_past_stays_dated(
    coordinator: User, pair: tuple[Municipality, Municipality]
) -> None:
    old, new = pair
    lead, both = make_user(), make_user()
    join(lead, old.organisation, Function.TEAM, is_lead=True)
    for municipality in pair:
        join(both, municipality.organisation, Function.STAFF)
    merge(coordinator, pair)
    past = Membership.objects.get(user=lead, organisation=old.organisation)
    present = Membership.objects.get(user=lead, organisation=new.organisation)
    assert past.valid_to == today() - timedelta(days=1)
    assert (present.valid_from, present.is_lead, present.valid_to) == (today(), True, None)
    assert Membership.objects.filter(user=both, organisation=new.organisation).count() == 1
    standing = standing_for(lead)
    assert {old.organisation_id, new.organisation_id} <= standing.lead_of


def test_the_successor_takes_the_higher_level_and_shows_both_histories(
    client: Client, coordinator: User, pair: tuple[Municipality, Municipality]
) -> None:
    old, new = pair
    merge(coordinator, pair)
    assert Involvement.objects.get(municipality=new, valid_to__isnull=True).level == "eoi"
    assert not Involvement.objects.filter(municipality=old, valid_to__isnull=True).exists()
    names = [row["name"] for row in client.get(f"/gemeenten/{new.code}/").context["history"]]
    assert names.count("Gemeente Wijde Plassen") == 1
    assert names.count("") == 2


def test_what_was_adopted_stays_and_people_of_the_successor_act_for_it(
    coordinator: User, pair: tuple[Municipality, Municipality]
) -> None:
    """A record that never changes still opens for those who go on."""
    old, new = pair
    staff = make_user()
    join(staff, new.organisation, Function.TEAM)
    kept = make_bottleneck(old.organisation)
    merge(coordinator, pair)
    Bottleneck.objects.filter(pk=kept.pk).update(organisation=old.organisation)
    assert may(User.objects.get(pk=staff.pk), "bottleneck", "view", kept)
    assert not may(make_user(), "bottleneck", "view", kept)


def test_what_clashes_stays_and_is_named(coordinator: User, pair: tuple[Municipality, Municipality]) -> None:
    old, new = pair
    contract = contract_of(old)
    ContractMunicipality.objects.create(contract=contract, municipality=new)
    lines = {line["label"]: line for line in merge(coordinator, pair).outcome}
    assert (lines["klimaatcontracten"]["moved"], lines["klimaatcontracten"]["stayed"]) == (0, 1)
    assert "al gebonden" in lines["klimaatcontracten"]["reason"]
    assert set(contract.municipalities.all()) == {old, new}


def test_of_two_mergers_in_a_row_the_last_one_holds_all(coordinator: User, cast: Cast) -> None:
    first, second, third = (make_city(name=f"Gemeente {name}") for name in ("Een", "Twee", "Drie"))
    kept = make_bottleneck(first)
    staff = make_user()
    join(staff, third, Function.TEAM)
    for old, new in ((first, second), (second, third)):
        towns = [Municipality.objects.get(organisation=organisation) for organisation in (old, new)]
        merge(coordinator, (towns[0], towns[1]))
    kept.refresh_from_db()
    assert kept.organisation == third
    assert standing_for(staff).organisations == {first.pk, second.pk, third.pk}


def test_the_old_address_leads_to_the_successor_from_that_day(
    client: Client, coordinator: User, pair: tuple[Municipality, Municipality]
) -> None:
    old, new = pair
    tomorrow = today() + timedelta(days=1)
    merge(coordinator, pair, tomorrow)
    page = client.get(f"/gemeenten/{old.code}/")
    assert page.status_code == 200
    assert "Gepland: Gemeente Wijde Plassen gaat met ingang van" in page.content.decode()
    MunicipalityMerger.objects.update(on=today())
    assert len(carry_out_due_mergers()) == 1
    moved = client.get(f"/gemeenten/{old.code}/")
    assert (moved.status_code, moved["Location"]) == (301, f"/gemeenten/{new.code}/")
    assert "24.605" in client.get(f"/gemeenten/{new.code}/").content.decode()


def test_a_rehearsal_says_the_same_and_changes_nothing(
    coordinator: User, pair: tuple[Municipality, Municipality]
) -> None:
    old, new = pair
    join(make_user(), old.organisation, Function.TEAM, is_lead=True)
    make_bottleneck(old.organisation)
    before = AuditEvent.objects.count()
    lines = rehearse_merger(actor=coordinator, old=old, new=new, on=today())
    assert AuditEvent.objects.count() == before
    assert not Municipality.objects.filter(valid_to__isnull=False).exists()
    merger = merge(coordinator, pair)
    assert [(line.label, line.moved, line.stayed) for line in lines] == [
        (line["label"], line["moved"], line["stayed"]) for line in merger.outcome
    ]


def test_a_merger_in_the_future_waits_for_the_clock(
    coordinator: User, pair: tuple[Municipality, Municipality]
) -> None:
    merger = merge(coordinator, pair, today() + timedelta(days=40))
    assert merger.state == MergerState.PLANNED
    assert carry_out_due_mergers() == []
    with pytest.raises(TransitionRefused):
        carry_out_merger(merger=merger)
    MunicipalityMerger.objects.update(on=today())
    jobs.enqueue(kind="cities.day", key="cities.day:test", payload={}, title="test")
    jobs.run_all_here()
    merger.refresh_from_db()
    assert merger.state == MergerState.DONE


def test_what_is_in_the_way_on_the_day_is_work_for_a_coordinator(
    client: Client, coordinator: User, pair: tuple[Municipality, Municipality]
) -> None:
    merger = merge(coordinator, pair, today() + timedelta(days=1))
    Municipality.objects.filter(pk=pair[1].pk).update(valid_to=today() - timedelta(days=3))
    MunicipalityMerger.objects.update(on=today())
    assert carry_out_due_mergers() == []
    merger.refresh_from_db()
    assert merger.state == MergerState.PLANNED
    assert "bestaat op deze dag niet meer" in merger.problem
    client.force_login(coordinator)
    assert "kon niet worden uitgevoerd" in client.get("/").content.decode()


def test_a_planned_merger_is_called_off_with_a_reason(
    coordinator: User, pair: tuple[Municipality, Municipality]
) -> None:
    merger = merge(coordinator, pair, today() + timedelta(days=1))
    with pytest.raises(TransitionRefused):
        cancel_merger(actor=coordinator, merger=merger, reason=" ")
    cancel_merger(actor=coordinator, merger=merger, reason="De wet is verworpen")
    MunicipalityMerger.objects.update(on=today())
    assert carry_out_due_mergers() == []
    done = merge(coordinator, pair)
    with pytest.raises(TransitionRefused):
        cancel_merger(actor=coordinator, merger=done, reason="Te laat")


def test_only_the_coordination_team_merges(cast: Cast, pair: tuple[Municipality, Municipality]) -> None:
    for role in ("visitor", "team", "ministry", "steering"):
        person = cast.person(role, leads=True)
        with pytest.raises(NotAllowed):
            plan_merger(actor=person.user, old=pair[0], new=pair[1], on=today())
        with pytest.raises(NotAllowed):
            rehearse_merger(actor=person.user, old=pair[0], new=pair[1], on=today())


def test_bad_mergers_are_refused_by_field(coordinator: User, pair: tuple[Municipality, Municipality]) -> None:
    old, new = pair
    with pytest.raises(ValidationError) as caught:
        plan_merger(actor=coordinator, old=old, new=old, on=today())
    assert "new" in caught.value.message_dict
    merge(coordinator, pair, today() + timedelta(days=1))
    with pytest.raises(ValidationError) as caught:
        merge(coordinator, pair, today() + timedelta(days=2))
    assert "old" in caught.value.message_dict
    with pytest.raises(ValidationError) as caught:
        plan_merger(actor=coordinator, old=new, new=old, on=date(2019, 1, 1))
    assert "on" in caught.value.message_dict
    coordinating = make_city()
    Municipality.objects.filter(organisation=coordinating).update(valid_to=today() - timedelta(days=9))
    with pytest.raises(ValidationError) as caught:
        plan_merger(actor=coordinator, old=coordinating.municipality, new=new, on=today())
    assert "old" in caught.value.message_dict


def test_a_newer_figure_of_cbs_takes_the_place_of_the_sum(
    coordinator: User, pair: tuple[Municipality, Municipality]
) -> None:
    merge(coordinator, pair)
    new = Municipality.objects.get(pk=pair[1].pk)
    table = (
        "cbs_code,name,province_code,province,population,population_year,lat,lon\n"
        f"{new.code},{new.name},PV27,Noord-Holland,120000,2027,,\n"
    )
    import_municipalities(actor=User.objects.system(), rows=read_table(table))
    new.refresh_from_db()
    assert (new.population, new.population_parts) == (120_000, [])


def test_the_coordinating_municipality_does_not_end() -> None:
    cast = Cast("cities-lead")
    with pytest.raises(ValidationError, match="coördineert"):
        plan_merger(
            actor=User.objects.system(),
            old=cast.coordinating.municipality,
            new=cast.other.municipality,
            on=today(),
        )


def run(*args: str) -> str:
    out = StringIO()
    call_command("merge_municipalities", *args, stdout=out)
    return out.getvalue()


def test_the_command_previews_plans_cancels_and_merges(pair: tuple[Municipality, Municipality]) -> None:
    old, new = pair
    make_bottleneck(old.organisation)
    later = (today() + timedelta(days=5)).isoformat()
    assert "knelpunten 1\n" in run(old.code, new.code, "--on", later, "--preview")
    assert not MunicipalityMerger.objects.exists()
    assert run(old.code, new.code, "--on", later) == f"planned {later}\n"
    with pytest.raises(CommandError) as caught:
        run(old.code, new.code, "--on", later, "--cancel")
    assert caught.value.returncode == 2
    assert run(old.code, new.code, "--on", later, "--cancel", "--reason", "Uitgesteld") == "cancelled\n"
    assert "knelpunten 1\n" in run(old.code, new.code, "--on", today().isoformat())
    for bad in (["GM0000", new.code], [old.code, new.code]):
        with pytest.raises(CommandError) as caught:
            run(*bad, "--on", today().isoformat())
        assert caught.value.returncode == 2


def test_a_coordinator_merges_on_the_page(
    client: Client, coordinator: User, pair: tuple[Municipality, Municipality]
) -> None:
    old, new = pair
    client.force_login(coordinator)
    make_bottleneck(old.organisation)
    values = {"old": old.code, "new": new.code, "on": today().isoformat(), "reason": "Wet"}
    address = "/gemeenten/samenvoegen/voorbeeld/"
    with CaptureQueriesContext(connection) as opened:
        form = client.get(address, values).content.decode()
    assert not [one["sql"] for one in opened if not one["sql"].startswith("SELECT")]
    assert f'value="{old.code}" selected' in form
    seen = client.post(address, values).content.decode()
    assert ">Knelpunten</th>" in seen
    assert not MunicipalityMerger.objects.exists()
    assert Bottleneck.objects.get().organisation == old.organisation
    bad = client.post(address, {**values, "new": old.code})
    assert bad.status_code == 422
    answer = client.post(address, {**values, "confirm": "1"}, follow=True)
    assert "gaat nu verder in" in answer.content.decode()
    assert Bottleneck.objects.get().organisation == new.organisation


def test_the_pages_are_for_coordinators(client: Client, cast: Cast, coordinator: User) -> None:
    merger = MunicipalityMerger.objects.create(
        old=make_city().municipality, new=make_city().municipality, on=today() + timedelta(days=3)
    )
    pages = ["/gemeenten/samenvoegen/", "/gemeenten/samenvoegen/voorbeeld/", merger.get_absolute_url()]
    pages.append(f"{merger.get_absolute_url()}afblazen/")
    client.force_login(cast.person("team", leads=True).user)
    assert [client.get(page).status_code for page in pages] == [404] * 4
    client.force_login(coordinator)
    assert [client.get(page).status_code for page in pages] == [200] * 4
    client.post(pages[-1], {"reason": "Verworpen"})
    merger.refresh_from_db()
    assert merger.state == MergerState.CANCELLED


@pytest.mark.parametrize("number", [1, 3])
def test_queries_of_the_overview(
    client: Client, coordinator: User, django_assert_num_queries: DjangoAssertNumQueries, number: int
) -> None:
    for _again in range(number):
        MunicipalityMerger.objects.create(
            old=make_city().municipality, new=make_city().municipality, on=today() + timedelta(days=3)
        )
    client.force_login(coordinator)
    client.get("/gemeenten/samenvoegen/")
    with django_assert_num_queries(OVERVIEW_QUERIES):
        client.get("/gemeenten/samenvoegen/")


def test_every_page_of_a_code_that_ended_leads_to_that_of_the_successor(
    client: Client, coordinator: User, pair: tuple[Municipality, Municipality]
) -> None:
    old, new = pair
    lead = make_user()
    join(lead, old.organisation, Function.TEAM, is_lead=True)
    merge(coordinator, pair)
    pages = {
        "/gemeenten/{}/": None,
        "/gemeenten/{}/meedoen/": None,
        "/gemeenten/{}/team/": lead,
        "/gemeenten/{}/welkom/": lead,
        "/gemeenten/{}/betrokkenheid/": coordinator,
        "/routekaart/gemeente/{}/": None,
        "/routekaart/gemeente/{}/vergelijkbaar/": None,
        "/routekaart/gemeente/{}/bijwerken/": lead,
        "/en/gemeenten/{}/": None,
    }
    for page, person in pages.items():
        client.logout()
        if person is not None:
            client.force_login(User.objects.get(pk=person.pk))
        answer = client.get(page.format(old.code) + "?van=mail")
        assert (answer.status_code, answer["Location"]) == (301, page.format(new.code) + "?van=mail"), page
    client.force_login(User.objects.get(pk=coordinator.pk))
    answer = client.post(
        f"/gemeenten/{old.code}/betrokkenheid/", {"level": "eoi", "valid_from": today(), "reason": "x"}
    )
    assert "bestaat niet meer" in answer.content.decode()
