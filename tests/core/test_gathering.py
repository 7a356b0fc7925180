"""Sources that are asked together: one query, records with what was asked of them, in the sources' order."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from cities.models import Involvement, Municipality
from governance.models import Membership, Organisation, User
from nss_portal.core import gathering
from nss_portal.core.gathering import Rows, Several, as_keys, gather, prepared, rows_of, written
from nss_portal.core.time import today
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


@prepared
def of_people(*, people: Any, day: Any) -> QuerySet[Membership]:
    return Membership.objects.current(day).filter(user__in=people).order_by("organisation__name")


@prepared
def joined(limit: int, *, person: Any, since: Any) -> QuerySet[User]:
    return User.objects.filter(Q(pk=person) & Q(date_joined__gt=since))[:limit]


def employer(membership: Membership) -> str:
    return membership.organisation.name


def test_a_prepared_question_is_written_once_and_asked_with_each_ones_values(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    cast = Cast()
    one, other = cast.person("partner"), cast.person("ministry")

    def names(*people: User, day: date) -> list[str]:
        found = of_people(people=frozenset(user.pk for user in people), day=day)
        return list(Rows(found, "organisation__name", each=employer))

    here, there = one.user.memberships.get(), other.user.memberships.get()
    assert names(one.user, day=today()) == [here.organisation.name]
    # From here on nothing may be written any more.
    monkeypatch.setattr(gathering, "_write", None)
    assert names(other.user, day=today()) == [there.organisation.name]
    assert sorted(names(one.user, other.user, day=today())) == sorted(
        [here.organisation.name, there.organisation.name]
    )
    assert names(day=today()) == []
    assert names(one.user, day=here.valid_from - timedelta(days=1)) == []


def test_a_prepared_question_takes_moments_keys_and_a_shape() -> None:
    user = Cast().person("partner").user
    ago, ahead = user.date_joined - timedelta(seconds=1), user.date_joined

    def found(limit: int, since: datetime) -> list[int]:
        return list(Rows(joined(limit, person=user.pk, since=since), "name", each=lambda one: one.pk))

    assert found(1, ago) == [user.pk]
    assert found(1, ahead) == []
    assert found(0, ago) == []


def test_a_value_of_another_kind_is_refused() -> None:
    with pytest.raises(KeyError):
        list(Rows(of_people(people=[1, 2], day=today()), "organisation__name", each=employer))


def test_a_source_may_give_several_rows(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    make_city(name="Gemeente Aa")
    several = Several(cities(), Rows(Organisation.objects.none(), "name", each=named), cities())
    with django_assert_num_queries(1):
        assert list(several) == ["Gemeente Aa", "Gemeente Aa"]
    with django_assert_num_queries(1):
        assert gather([several, ["by itself"], cities()]) == ["Gemeente Aa"] * 2 + ["by itself", "Gemeente Aa"]
    with django_assert_num_queries(0):
        assert list(Several()) == []


def test_questions_with_the_same_columns_are_asked_at_once(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    city = make_city(name="Gemeente Aa")
    keys = as_keys(Municipality.objects.filter(organisation=city).values("organisation"))
    found = Organisation.objects.filter(pk__in=keys).order_by("pk").values_list("pk", "name")
    with django_assert_num_queries(1):
        assert rows_of([found, Organisation.objects.none().values_list("pk", "name"), found]) == [
            (city.pk, "Gemeente Aa"),
            (city.pk, "Gemeente Aa"),
        ]
    nobody = as_keys(Municipality.objects.none().values("organisation"))
    assert not Organisation.objects.filter(pk__in=nobody).exists()
    with django_assert_num_queries(0):
        assert rows_of([]) == []


def test_an_expression_with_its_sql_written_reads_the_same() -> None:
    city = make_city(name="Gemeente Aa")
    codes = Municipality.objects.filter(organisation=OuterRef("pk")).values("code")
    found = Organisation.objects.annotate(place=written(Organisation, Subquery(codes))).get(pk=city.pk)
    assert found.place == city.municipality.code
