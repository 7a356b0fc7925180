"""Proposals, the agenda of a period and the planning board in a real browser."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from activities.models import AgendaProposal, AgendaVersion, AgendaVote, HoursLimit
from nss_portal.core.time import today
from tests.access.cast import Cast
from tests.activities.matrix_activity import make_activity
from tests.activities.test_periods import close, make_draft
from tests.cities.matrix import make_theme

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_proposal_is_made_supported_and_taken_up(page, without_script, new_page, login_as, check_page):
    cast = Cast()
    theme = make_theme()
    login_as(page, cast.person("team").user).goto("/agenda/voorstellen/")
    page.get_by_role("link", name="Doe het eerste voorstel").click()
    page.get_by_label("Wat stel je voor").fill("Deep Dive over warmtenetten")
    page.get_by_role("button", name="Als concept opslaan").click()
    with page.expect_response("**/bewaren/"):
        page.get_by_label("Waarom dit op de agenda hoort").fill("De grond ligt vol.")
    page.get_by_label("Wat voor activiteit").select_option("deep_dive")
    page.get_by_label("Thema").select_option(theme.code)
    check_page(page)
    page.get_by_role("button", name="Voorstellen", exact=True).click()
    expect(page.get_by_text("Het is voorgesteld")).to_be_visible()
    address = AgendaProposal.objects.get().get_absolute_url()
    ministry = login_as(without_script, cast.person("ministry").user)
    ministry.goto(address)
    ministry.get_by_role("link", name="Dit voorstel steunen").click()
    ministry.get_by_label("Waarom, of wat je zou inbrengen").fill("Met een jurist")
    ministry.get_by_role("button", name="Dit voorstel steunen").click()
    expect(ministry.get_by_text("Met een jurist")).to_be_visible()
    expect(ministry.get_by_role("link", name="Dit voorstel oppakken")).to_have_count(0)
    coordinator = login_as(new_page(), cast.person("coordinator").user)
    coordinator.goto("/agenda/voorstellen/")
    check_page(coordinator)
    coordinator.goto(address)
    check_page(coordinator, dark=True)
    coordinator.get_by_role("link", name="Dit voorstel oppakken").click()
    coordinator.get_by_role("button", name="Er een activiteit van maken").click()
    expect(coordinator.get_by_label("Titel")).to_have_value("Deep Dive over warmtenetten")


def test_an_agenda_is_drawn_up_voted_on_and_adopted(page, without_script, new_page, login_as, check_page):
    cast = Cast()
    coordinator = cast.person("coordinator")
    draft = make_draft(coordinator)
    address = draft.period.get_absolute_url()
    login_as(page, coordinator.user).goto(address)
    check_page(page)
    page.get_by_role("link", name="Iets nieuws toevoegen").click()
    check_page(page)
    page.get_by_label("Activiteit in één regel").fill("Werkbezoek")
    page.get_by_label("Trekker").select_option(str(cast.other.pk))
    page.get_by_label("Door wie").first.select_option(str(cast.other.pk))
    page.locator("[name=m-0-hours]").fill("16")
    page.get_by_role("button", name="De regel opslaan").click()
    page.get_by_role("link", name="Geplande activiteiten toevoegen").click()
    check_page(page)
    page.goto(f"{address}bewerken/")
    check_page(page)
    page.goto(f"{address}stemming/")
    page.get_by_label("Stemmen tot en met").fill((today() + timedelta(days=20)).isoformat())
    page.get_by_role("button", name="In stemming brengen").click()
    expect(page.get_by_text("De stemming is open")).to_be_visible()
    voter = login_as(without_script, cast.person("team").user)
    voter.goto(address)
    voter.get_by_role("link", name="Over de agenda stemmen").click()
    voter.get_by_label("Nee, met de reden").check()
    voter.get_by_role("button", name="Stemmen").click()
    expect(voter.get_by_text("Schrijf de opmerking of de reden").first).to_be_visible()
    voter.get_by_label("Opmerking of reden").fill("Te veel uren")
    voter.get_by_role("button", name="Stemmen").click()
    expect(voter.get_by_text("Te veel uren")).to_be_visible()
    AgendaVote.objects.update(choice="yes")
    version = AgendaVersion.objects.get()
    AgendaVersion.objects.update(cities_asked=1)
    close(version)
    steering = login_as(new_page(), cast.person("steering").user)
    steering.goto(address)
    steering.get_by_role("link", name="De agenda vaststellen").click()
    check_page(steering)
    steering.get_by_role("button", name="De agenda vaststellen").click()
    page.goto(address)
    page.get_by_role("link", name="De agenda publiceren").click()
    page.get_by_role("button", name="De agenda publiceren").click()
    visitor = new_page()
    visitor.goto(address)
    expect(visitor.get_by_role("rowheader", name=re.compile("Werkbezoek"))).to_be_visible()
    expect(visitor.get_by_text("Te veel uren")).to_have_count(0)
    check_page(visitor, dark=True)
    visitor.goto("/agenda/periodes/")
    check_page(visitor)


def test_the_board_warns_and_moves_a_day(page, without_script, login_as, check_page):
    cast = Cast()
    coordinator = cast.person("coordinator").user
    HoursLimit.objects.create(hours=5, valid_from=today(), reason="Genoeg")
    activity = make_activity(cast.other, audience="nop", preparation_hours=9)
    make_activity(cast.other, audience="nop", title="Tegelijk", starts_at=activity.starts_at)
    login_as(page, coordinator).goto("/agenda/bord/")
    first = activity.starts_at
    board = f"/agenda/bord/?kwartaal={first.year}-{(first.month + 2) // 3}"
    for query in ("", "&als=tabel"):
        page.goto(f"{board}{query}")
        expect(page.get_by_text(re.compile("twee keer gevraagd: Tegelijk"))).to_be_visible()
        check_page(page)
    plain = login_as(without_script, coordinator)
    plain.goto(board)
    plain.get_by_role("link", name=re.compile("Verplaatsen.*Warmtenetten")).click()
    plain.get_by_role("button", name="Kijk wat er die dag is").click()
    expect(plain.get_by_text("Tegelijk")).to_be_visible()
    plain.get_by_label("Nieuwe eerste dag").fill((first.date() + timedelta(days=1)).isoformat())
    plain.get_by_role("button", name="Verplaatsen").click()
    expect(plain.get_by_text("Het is nu op")).to_be_visible()
    page.goto(f"/agenda/{activity.public_id}/verplaatsen/")
    check_page(page)
    login_as(page, cast.person("steering").user).goto("/agenda/urengrens/")
    check_page(page)
