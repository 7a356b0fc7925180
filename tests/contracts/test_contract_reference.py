"""Contracts that come with the portal: the published ones, and the made-up ones of the demonstration."""

import hashlib
from datetime import timedelta

import pytest

from cities.models import Municipality
from cities.services.reference import load_reference as load_cities
from contracts.demo.national import load_national
from contracts.demo.published import load_published
from contracts.models import ClimateContract, EmissionFigure
from contracts.services.reference import load_reference
from contracts.services.template_reference import load_templates
from nss_portal.core.time import today
from tests.contracts.places import PLACES, make_place

pytestmark = pytest.mark.django_db


def test_loading_twice_adds_nothing(published: dict[str, ClimateContract]) -> None:
    figures = EmissionFigure.objects.count()
    lines = load_reference()
    assert load_published("small", 1) == ["published contracts added 0"]
    assert EmissionFigure.objects.count() == figures
    assert not [line for line in lines if "differs" in line]


def test_what_people_changed_is_reported_and_kept(published: dict[str, ClimateContract]) -> None:
    figure = EmissionFigure.objects.filter(series__municipality__code="GM0363", printed="2657362").get()
    EmissionFigure.objects.filter(pk=figure.pk).update(printed="2657000")
    lines = load_reference()
    assert [line for line in lines if "differs" in line and "2657000" in line]
    figure.refresh_from_db()
    assert figure.printed == "2657000"


def test_suppressed_values_are_empty_and_not_zero(published: dict[str, ClimateContract]) -> None:
    empty = EmissionFigure.objects.filter(printed="")
    assert empty.count() >= 1
    assert not empty.filter(value__isnull=False).exists()


def test_nothing_of_a_published_contract_is_made_up_but_parties_and_promises(
    published: dict[str, ClimateContract],
) -> None:
    for contract in published.values():
        version = contract.versions.get()
        assert not version.actions.filter(is_illustrative=True).exists()
        assert not version.investments.filter(is_illustrative=True).exists()
        assert not version.parties.filter(is_illustrative=False, is_leading=False).exists()
        assert not version.commitments.filter(is_illustrative=False).exists()
        assert (version.adopted_on, version.signed_on) == (None, None), "no day that nobody published"


def test_a_fixed_version_of_the_demonstration_keeps_its_indicators() -> None:
    for code, name in PLACES.items():
        make_place(code, name)
    load_reference()
    load_templates()
    load_published("small", 1)
    for contract in ClimateContract.objects.all():
        rows = contract.versions.get().table_rows.filter(table__holds="indicators", is_illustrative=True)
        assert rows.count() == contract.indicators.count() == 3


def test_a_contract_for_every_municipality() -> None:
    load_cities()
    load_reference()
    load_published("small", 7)
    # A dozen tells as much as all of them.
    gone = Municipality.objects.filter(code__gt="GM0150").exclude(code="GM0344")
    gone.update(valid_to=today() - timedelta(days=1))
    without = Municipality.objects.current().filter(contracts=None).count()
    assert without > 10
    lines = load_national("national", 7)
    assert lines == [f"made-up contracts {without}, actions {without * 25}, emission figures {without * 60}"]
    assert load_national("small", 7) == []
    made_up = ClimateContract.objects.filter(is_illustrative=True)
    assert made_up.count() == without
    version = made_up.get(municipalities__code="GM0344").versions.get()
    assert (version.actions.count(), version.parties.count(), version.state) == (25, 12, "published")
    assert hashlib.sha256(version.snapshot.content.encode()).hexdigest() == version.digest
