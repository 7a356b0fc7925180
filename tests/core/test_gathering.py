"""Sources that are asked together: one query, records with what was asked of them, in the sources' order."""

from collections.abc import Iterator
from datetime import date

import pytest
from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Q
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from cities.models import Involvement, Municipality
from governance.models import Membership, Organisation
from nss_portal.core.gathering import Rows, gather
from tests.access.cast import Cast, make_city

pytestmark = pytest.mark.django_db


def named(organisation: Organisation) -> str:
    return organisation.name


def cities() -> Rows[str]:
    return Rows(Organisation.objects.filter(municipality__isnull=False).order_by("name"), "name", each=named)


def test_all_sources_are_one_query_and_keep_their_order(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    make_city(name="Gemeente Aa")
    make_city(name="Gemeente Bee")

    def counted(found: list[Involvement]) -> Iterator[str]:
        yield str(len(found))

    sources = [
        Rows(Organisation.objects.none(), "name", each=named),
        cities(),
        ["by itself"],
        Rows(Involvement.objects.order_by(), "level", together=counted),
        Rows(Involvement.objects.filter(level="none"), "level", together=counted),
    ]
    with django_assert_num_queries(1):
        assert gather(sources) == ["Gemeente Aa", "Gemeente Bee", "by itself", "2"]
    with django_assert_num_queries(0):
        assert gather([["only", "these"], ()]) == ["only", "these"]


def test_a_source_that_nobody_gathers_asks_for_itself(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    make_city(name="Gemeente Aa")
    with django_assert_num_queries(1):
        assert list(cities()) == ["Gemeente Aa"]


def test_records_hold_what_was_asked_in_its_own_type(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    person = Cast().person("team")
    city = make_city(name="Gemeente Aa")
    Membership.objects.filter(user=person.user).update(valid_from=date(2026, 3, 1), organisation=city)
    leaders = Membership.objects.filter(organisation=OuterRef("organisation"), is_lead=True)
    found = Membership.objects.filter(user=person.user).annotate(
        is_led=Exists(leaders), never=ExpressionWrapper(Q(pk__in=[]), BooleanField())
    )
    place = "organisation__municipality"
    fields = ("valid_from", "is_led", "never", "user__last_login", "organisation__name", f"{place}__code")
    type(person.user).objects.update(last_login=timezone.now())
    person.user.refresh_from_db()
    with django_assert_num_queries(1):
        (record,) = Rows(found, *fields, f"{place}__lat", each=lambda membership: membership)
        assert record.valid_from == date(2026, 3, 1)
        assert record.is_led in {True, False}
        assert not record.never
        assert record.user.last_login == person.user.last_login
        assert record.organisation.name == "Gemeente Aa"
    municipality = Municipality.objects.get(organisation=city)
    assert record.organisation.municipality.get_absolute_url() == municipality.get_absolute_url()
    assert record.organisation.municipality.lat == municipality.lat


def test_where_a_relation_leads_nowhere_there_is_none() -> None:
    partner = Cast().person("partner")
    found = Membership.objects.filter(user=partner.user)
    (record,) = Rows(found, "organisation__successor__name", each=lambda membership: membership)
    assert record.organisation.successor is None
