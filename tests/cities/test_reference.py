"""Reference data: complete, repeatable, quick, and never in the way of what people edited."""

import time

import pytest

from cities.models import Involvement, Municipality, MunicipalityName, Theme, TransitionStep
from cities.services.reference import load_reference

pytestmark = pytest.mark.django_db

MISSION = {"GM0363", "GM0599", "GM0518", "GM0344", "GM0014", "GM0772", "GM0794"}
EOI = {"GM0193", "GM0080", "GM0546", "GM0362", "GM0392"}


def levels() -> dict[str, str]:
    return dict(Municipality.objects.current().with_level().values_list("code", "level"))


def test_all_municipalities_and_the_twelve_cities_are_there() -> None:
    load_reference()
    found = levels()
    assert len(found) == 342
    assert {code for code, level in found.items() if level == "mission"} == MISSION
    assert {code for code, level in found.items() if level == "eoi"} == EOI
    assert found["GM0034"] == "interested"
    assert (Theme.objects.count(), TransitionStep.objects.count()) == (11, 6)


def test_every_period_says_who_why_and_where_it_is_written() -> None:
    load_reference()
    for period in Involvement.objects.all():
        assert period.decided_by_label
        assert period.source
        assert period.reason_nl
        assert period.reason_en
    chosen = Involvement.objects.get(municipality__code="GM0363", valid_to__isnull=True)
    assert str(chosen.valid_from) == "2022-04-28"


def test_a_second_run_adds_nothing() -> None:
    load_reference()
    lines = load_reference()
    assert [line for line in lines if not line.endswith(" added 0")] == []


def test_what_people_edited_stays_and_is_reported() -> None:
    load_reference()
    Municipality.objects.filter(code="GM0363").update(population=1)
    Involvement.objects.filter(municipality__code="GM0034").update(level="eoi")
    Theme.objects.filter(code="finance").update(label_nl="Geld")
    text = "\n".join(load_reference())
    assert Municipality.objects.get(code="GM0363").population == 1
    assert levels()["GM0034"] == "eoi"
    assert Theme.objects.get(code="finance").label_nl == "Geld"
    assert "GM0363 population: portal 1, table" in text
    assert "GM0034 is not interested from 2022-09-01" in text
    assert "finance label_nl: portal Geld" in text


def test_a_code_that_a_merger_ended_knows_its_successor() -> None:
    load_reference()
    weesp = Municipality.objects.get(code="GM0457")
    assert weesp.successor is not None
    assert weesp.successor.code == "GM0363"
    assert MunicipalityName.objects.filter(municipality__code="GM0363", name="Weesp").exists()


def test_an_organisation_stands_behind_every_municipality() -> None:
    load_reference()
    hague = Municipality.objects.get(code="GM0518")
    assert (hague.name, str(hague)) == ("'s-Gravenhage", "Den Haag")
    assert (hague.organisation.name, hague.organisation.group) == ("Gemeente Den Haag", "municipality")


def test_loading_takes_less_than_two_seconds() -> None:
    start = time.process_time()
    load_reference()
    assert time.process_time() - start < 2
