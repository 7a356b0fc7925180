"""Changing how a municipality takes part: dated, with who and why, and only by the coordination team."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import Client

from cities.models import Involvement, Municipality
from cities.models.involvement import Level
from cities.selectors import current_levels
from cities.services.involvement import change_involvement
from nss_portal.core.access import NotAllowed
from nss_portal.core.models import AuditEvent
from nss_portal.core.time import today
from tests.access.cast import Cast, make_city

pytestmark = pytest.mark.django_db


def periods(municipality: Municipality) -> list[tuple[str, str, str]]:
    rows = municipality.involvements.order_by("valid_from")
    return [(p.level, str(p.valid_from), str(p.valid_to)) for p in rows]


def test_a_change_closes_the_former_period_the_day_before() -> None:
    coordinator = Cast().person("coordinator").user
    city = make_city("interested").municipality
    change_involvement(
        actor=coordinator, municipality=city, level=Level.EOI, valid_from=date(2026, 3, 1), reason="Nieuwe oproep"
    )
    assert periods(city) == [("interested", "2020-01-01", "2026-02-28"), ("eoi", "2026-03-01", "None")]
    present = city.involvements.get(valid_to__isnull=True)
    assert (present.reason_nl, present.decided_by, present.decided_by_label) == (
        "Nieuwe oproep",
        coordinator,
        str(coordinator),
    )


def test_the_public_page_says_who_decided_without_naming_a_person(client: Client) -> None:
    coordinator = Cast().person("coordinator").user
    city = make_city("interested").municipality
    change_involvement(actor=coordinator, municipality=city, level=Level.EOI, valid_from=today(), reason="Oproep")
    public = client.get(city.get_absolute_url()).content.decode()
    assert "besloten door: het coördinatieteam" in public
    assert str(coordinator) not in public
    client.force_login(coordinator)
    assert f"besloten door: {coordinator}" in client.get(city.get_absolute_url()).content.decode()


def test_the_change_is_in_the_audit_log_with_its_reason() -> None:
    coordinator = Cast().person("coordinator").user
    city = make_city("other").municipality
    change_involvement(
        actor=coordinator, municipality=city, level=Level.INTERESTED, valid_from=today(), reason="Gevraagd"
    )
    event = AuditEvent.objects.get(object_type="cities.municipality", object_id=str(city.pk))
    assert event.changes["level"] == ["other", "interested"]
    assert (event.actor, event.reason) == (coordinator, "Gevraagd")


def test_the_level_gives_the_organisation_its_level_at_once() -> None:
    coordinator = Cast().person("coordinator").user
    organisation = make_city("other")
    assert current_levels([organisation.pk]) == {}
    change_involvement(
        actor=coordinator,
        municipality=organisation.municipality,
        level=Level.MISSION,
        valid_from=today(),
        reason="x",
    )
    assert current_levels([organisation.pk]) == {organisation.pk: "mission"}


def test_a_change_on_the_first_day_corrects_the_period() -> None:
    coordinator = Cast().person("coordinator").user
    city = make_city("other").municipality
    for level in (Level.MISSION, Level.INTERESTED):
        change_involvement(actor=coordinator, municipality=city, level=level, valid_from=today(), reason=level)
    assert periods(city) == [("interested", str(today()), "None")]
    assert AuditEvent.objects.filter(object_id=str(city.pk), object_type="cities.municipality").count() == 2


@pytest.mark.parametrize(
    ("level", "day", "reason", "field"),
    [
        (Level.EOI, today() + timedelta(days=1), "x", "valid_from"),
        (Level.EOI, date(2019, 12, 31), "x", "valid_from"),
        (Level.INTERESTED, today(), "x", "level"),
        (Level.EOI, today(), "  ", "reason"),
    ],
)
def test_what_cannot_be_is_refused_by_field(level: Level, day: date, reason: str, field: str) -> None:
    coordinator = Cast().person("coordinator").user
    city = make_city("interested").municipality
    with pytest.raises(ValidationError) as caught:
        change_involvement(actor=coordinator, municipality=city, level=level, valid_from=day, reason=reason)
    assert list(caught.value.message_dict) == [field]
    assert periods(city) == [("interested", "2020-01-01", "None")]


def test_a_municipality_that_has_ended_does_not_change() -> None:
    coordinator = Cast().person("coordinator").user
    city = make_city("other").municipality
    Municipality.objects.filter(pk=city.pk).update(valid_to=date(2021, 12, 31))
    with pytest.raises(ValidationError):
        change_involvement(actor=coordinator, municipality=city, level=Level.EOI, valid_from=today(), reason="x")


@pytest.mark.parametrize("role", ["visitor", "member", "team", "ministry", "steering", "publisher"])
def test_nobody_else_changes_a_level(role: str) -> None:
    person = Cast().person(role, leads=True)
    city = make_city("interested").municipality
    with pytest.raises(NotAllowed):
        change_involvement(actor=person.user, municipality=city, level=Level.EOI, valid_from=today(), reason="x")
    assert periods(city) == [("interested", "2020-01-01", "None")]


def test_the_database_holds_one_open_period() -> None:
    city = make_city("interested").municipality
    with pytest.raises(IntegrityError, match="involvement_one_at_a_time"), transaction.atomic():
        Involvement.objects.create(
            municipality=city, level="eoi", valid_from=today(), reason_nl="x", decided_by_label="x"
        )
