"""The agenda's own pages in a real browser: for visitor, participant, organiser and coordinator."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from tests.access.cast import Cast
from tests.activities.matrix_activity import make_activity, take_part
from tests.activities.programmes import make_programme
from tests.cities.matrix import make_theme

pytestmark = pytest.mark.django_db(transaction=True)


def make_agenda(cast: Cast, owner, participant):
    """Make an open reflection session of a programme, that a city leads, with people and two sessions."""
    starts = timezone.now() + timedelta(days=20)
    programme = make_programme(owner.own, title="Warmte in de stad")
    activity = make_activity(
        owner.own,
        "published",
        kind="reflection",
        title="Terugkijken op warmte",
        summary="Wat de eerste straten leerden.",
        body="Neem je cijfers mee.",
        audience="everybody",
        sharing="published",
        programme=programme,
        starts_at=starts,
        ends_at=starts + timedelta(hours=2),
    )
    again = starts + timedelta(days=14)
    activity.sessions.create(starts_at=again, ends_at=again + timedelta(hours=2), place="Utrecht")
    activity.subjects.create(kind="programme", title=programme.title, programme=programme, finding="Tien straten.")
    take_part(activity, participant.user, participant.own)
    take_part(activity, cast.person("ministry").user, cast.other, "requested")
    return activity


def test_the_agenda_for_visitor_participant_organiser_and_coordinator(page, new_page, login_as, check_page):
    cast = Cast()
    organiser, team = cast.person("team", leads=True), cast.person("team")
    activity = make_agenda(cast, organiser, team)
    page.goto("/agenda/")
    check_page(page, dark=True)
    page.get_by_role("link", name="Terugkijken op warmte").first.click()
    expect(page.get_by_role("link", name="Warmte in de stad").first).to_be_visible()
    check_page(page, dark=True)

    member = login_as(new_page(), team.user)
    for address in ("/agenda/", activity.get_absolute_url()):
        member.goto(address)
        check_page(member)

    runner = login_as(new_page(), organiser.user)
    base = f"/agenda/{activity.public_id}/"
    for part in ("", "bewerken/", "bijeenkomsten/", "deelnemers/", "onderwerpen/"):
        runner.goto(base + part)
        check_page(runner)
    draft = make_activity(organiser.own, "draft", title="Een begin", starts_at=None)
    runner.goto(f"/agenda/{draft.public_id}/bewerken/")
    with runner.expect_response("**/bewaren/"):
        runner.get_by_label("Titel").fill("Een goed begin")
    check_page(runner)
    programme = activity.programme.get_absolute_url()
    for address in (programme, f"{programme}werkruimte/"):
        runner.goto(address)
        check_page(runner)
    runner.goto("/agenda/nieuw/")
    check_page(runner)
    runner.goto("/agenda/nieuw/deep_dive/")
    check_page(runner)

    coordinator = login_as(new_page(), cast.person("coordinator").user)
    theme = make_theme()
    year = timezone.localdate().year
    for address in ("/agenda/overzicht/", f"/agenda/jaar/{year}/", "/loket/wegen/", f"/loket/wegen/{theme.code}/"):
        coordinator.goto(address)
        check_page(coordinator)


def test_a_form_that_is_left_unsaved_asks_and_lets_go(page, login_as):
    cast = Cast()
    organiser = cast.person("team", leads=True)
    activity = make_agenda(cast, organiser, cast.person("team"))
    login_as(page, organiser.user).goto(f"/agenda/{activity.public_id}/onderwerpen/")
    page.get_by_label("Titel").first.fill("Iets anders")
    asked = []
    page.on("dialog", lambda dialog: asked.append(dialog.type))
    page.goto("/agenda/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Agenda")
    assert asked == ["beforeunload"]
