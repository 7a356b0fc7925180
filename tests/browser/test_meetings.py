"""Meetings and decisions in a real browser: planned, decided, followed, read by everybody."""

import pytest
from playwright.sync_api import expect

from governance.models import Decision
from tests.access.cast import Cast
from tests.governance.matrix_meetings import make_meeting

pytestmark = pytest.mark.django_db(transaction=True)


def test_from_the_meeting_to_the_public_register(page, new_page, login_as, check_page):
    person = Cast().person("coordinator")
    meeting = make_meeting("held")
    login_as(page, person.user).goto("/sturing/overleggen/")
    check_page(page)
    for part in ("plannen/", "groep/stuurgroep/", "groep/stuurgroep/zetels/nieuw/"):
        page.goto(f"/sturing/overleggen/{part}")
        check_page(page)
    page.goto(meeting.get_absolute_url())
    page.get_by_role("link", name="Punt toevoegen").click()
    page.get_by_label("Onderwerp").fill("Signalen die wachten")
    page.get_by_role("button", name="Punt opslaan").click()
    page.get_by_role("link", name="Besluit vastleggen").click()
    check_page(page)
    page.get_by_label("Wat is er besloten?").fill("Elk signaal krijgt binnen acht weken een antwoord")
    page.get_by_label("Wie zorgt ervoor?").select_option(str(person.own.pk))
    page.get_by_role("button", name="Besluit opslaan").click()
    check_page(page, dark=True)
    page.get_by_role("link", name="Besluiten vaststellen").click()
    page.get_by_role("button", name="Besluiten vaststellen").click()
    page.get_by_role("link", name="Besluiten publiceren").click()
    page.get_by_role("button", name="Besluiten publiceren").click()
    visitor = new_page()
    visitor.goto("/sturing/besluiten/")
    check_page(visitor)
    visitor.get_by_role("link", name="Elk signaal krijgt").click()
    expect(visitor.get_by_role("link", name="Vertel hoe het gaat")).to_have_count(0)
    check_page(visitor)
    page.goto(Decision.objects.get().get_absolute_url())
    page.get_by_role("link", name="Vertel hoe het gaat").click()
    page.get_by_label("Hoe gaat het?").fill("Alle signalen zijn verdeeld")
    page.get_by_role("radio", name="Klaar").check()
    page.get_by_role("button", name="Vertel hoe het gaat").click()
    expect(page.get_by_text("Alle signalen zijn verdeeld")).to_be_visible()
    check_page(page)
