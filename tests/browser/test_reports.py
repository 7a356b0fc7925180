"""Charts and reports in a real browser."""

import pytest
from playwright.sync_api import expect

from nss_portal.core import jobs
from nss_portal.core.models import Report
from nss_portal.core.reports import services
from tests.access.cast import Cast
from tests.core.reports.conftest import code_of
from tests.core.reports.conftest import kind as kind
from tests.core.reports.conftest import storage as storage

pytestmark = pytest.mark.django_db(transaction=True)
SHOWN_TYPE = """() => [...document.querySelectorAll('figure.chart svg')]
    .filter((svg) => svg.getBoundingClientRect().width > 0)
    .map((svg) => svg.getBoundingClientRect().width / svg.viewBox.baseVal.width * parseFloat(
        getComputedStyle(svg.querySelector('text')).fontSize))"""
COLOURS = """() => [...document.querySelectorAll('figure.chart svg text')]
    .filter((text) => text.getBoundingClientRect().width > 0)
    .map((text) => getComputedStyle(text).fill)"""


def coordinator(page, login_as):
    return login_as(page, Cast().person("coordinator").user)


def luminance(colour: str) -> float:
    parts = [float(part) / 255 for part in colour.removeprefix("rgb(").removesuffix(")").split(",")]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_a_column_gets_the_wide_drawing_and_a_phone_the_narrow_one(page, phone, login_as):
    user = Cast().person("coordinator").user
    for screen, shown, hidden in ((page, "wide", "narrow"), (phone, "narrow", "wide")):
        login_as(screen, user).goto("/beheer/componenten/")
        expect(screen.locator(f".chart__{shown} svg").first).to_be_visible()
        expect(screen.locator(f".chart__{hidden} svg").first).to_be_hidden()
        assert min(screen.evaluate(SHOWN_TYPE)) >= 12


def test_the_figures_are_one_click_away(page, login_as, check_page):
    coordinator(page, login_as).goto("/beheer/componenten/")
    chart = page.locator("figure.chart").first
    expect(chart.get_by_role("table")).to_be_hidden()
    chart.get_by_text("Cijfers als tabel").click()
    expect(chart.get_by_role("table")).to_be_visible()
    expect(chart.get_by_role("img")).to_have_count(1)
    check_page(page)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_texts_in_charts_can_be_read_by_day_and_by_night(new_page, login_as, scheme):
    page = new_page(color_scheme=scheme)
    coordinator(page, login_as).goto("/beheer/componenten/")
    paper = page.evaluate("() => getComputedStyle(document.body).backgroundColor")
    assert min(contrast(colour, paper) for colour in set(page.evaluate(COLOURS))) >= 4.5


def test_from_asking_for_a_report_to_its_file(page, phone, login_as, check_page):
    person = Cast().person("team")
    login_as(page, person.user).goto("/rapporten/")
    check_page(page, dark=True)
    page.get_by_role("button", name="Maak het rapport").click()
    expect(page.get_by_text("Wacht op zijn beurt").or_(page.locator(".job-progress")).first).to_be_visible()
    check_page(page)
    jobs.run_all_here(services.JOB)
    page.goto(f"/rapporten/{Report.objects.get().public_id}/")
    expect(page.get_by_role("link", name="Open het rapport (PDF)")).to_be_visible()
    check_page(page, dark=True)
    login_as(phone, person.user).goto("/rapporten/")
    expect(phone.get_by_text(f"Feiten {person.own.name}")).to_be_visible()
    assert code_of(person) == Report.objects.get().object_ref
