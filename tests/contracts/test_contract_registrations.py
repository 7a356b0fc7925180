"""What contracts add to my work, the news, the home page, the page of a municipality and the navigation."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from contracts.registrations import contract as registrations
from contracts.services import version as services
from nss_portal.core.time import today
from tests.access.cast import Cast
from tests.contracts.make import (
    make_contract,
    make_figure,
    make_published,
    make_series,
    make_source,
    make_version,
)

pytestmark = pytest.mark.django_db


def test_a_lead_is_asked_to_adopt_what_lies_under_review(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    cast = Cast()
    lead, colleague = cast.person("team", leads=True), cast.person("team")
    version = make_version(make_contract(lead.own), "internal_review")
    make_version(make_contract(lead.own))
    make_version(make_contract(cast.other), "internal_review")
    assert lead.user.standing.lead_of

    with django_assert_num_queries(1):
        items = list(registrations.versions_to_adopt(lead.user))
    assert [item.url for item in items] == [version.get_absolute_url()]
    assert list(registrations.versions_to_adopt(colleague.user)) == []


def test_news_tells_of_steps_that_one_may_see(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    cast = Cast()
    lead = cast.person("team", leads=True)
    since = timezone.now() - timedelta(days=1)
    version = make_version(make_contract(lead.own, title="Klimaatcontract Delft"), "internal_review")
    services.adopt(version=version, actor=lead.user)
    member = cast.person("team").user

    assert list(registrations.steps_of_contracts(member, since)) == [], "not shared yet"
    services.record_signed(version=version, actor=lead.user, signed_on=today(), reason="Op papier getekend")
    services.publish(version=version, actor=lead.user)
    assert member.standing
    with django_assert_num_queries(1):
        items = list(registrations.steps_of_contracts(member, since))
    assert [str(item.text) for item in items] == [
        "is nu: gepubliceerd",
        "is nu: ondertekend",
        "is nu: vastgesteld",
    ]
    assert {item.subject for item in items} == {"Klimaatcontract Delft"}
    assert list(registrations.steps_of_contracts(member, timezone.now())) == []


def test_home_shows_real_contracts_and_counts_all(client: Client) -> None:
    assert registrations.contracts_in_short(None) is None
    cast = Cast()
    make_published(cast.other, title="Echt")
    make_published(cast.other, title="Verzonnen", is_illustrative=True)
    make_contract(cast.other, title="Concept")
    page = client.get("/").content.decode()
    assert "Echt" in page
    assert "Verzonnen" not in page
    assert "Alle 2 klimaatcontracten" in page


def test_the_page_of_a_municipality_shows_figures_of_each_source_apart(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    city = Cast().other.municipality
    assert registrations.emissions_of(None, city) is None
    for number in range(3):
        series = make_series(make_source(f"bron-{number}", f"Bron {number}"), municipality=city)
        make_figure(series, 2019, "100")
        make_figure(series, 2020, "")
    with django_assert_num_queries(1):
        section = registrations.emissions_of(None, city)
    assert section is not None
    found = section.context["all_series"]
    assert [series.source for series in found] == ["Bron 0", "Bron 1", "Bron 2"]
    assert [(cell.label, cell.number) for cell in found[0].figures] == [("total, 2020", "niet gepubliceerd")]


def test_contracts_stand_in_the_navigation(client: Client) -> None:
    page = client.get("/klimaatcontracten/").content.decode()
    assert '<a href="/klimaatcontracten/" aria-current="page">Klimaatcontracten</a>' in page
