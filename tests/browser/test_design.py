"""Goal, choices and what stands around the structure, in a browser."""

from datetime import timedelta

from playwright.sync_api import Page, expect

from governance.models import DesignPosition, Organisation, VariantPeriod
from governance.models.membership import Function
from governance.models.organisation import Group
from governance.services.design.proposals import adopt_variant, propose_variant
from governance.services.reference import load_reference
from nss_portal.core.time import today
from tests.access.cast import Cast, join, make_organisation, make_user, make_variant


def test_from_a_proposal_to_a_position(
    page: Page, without_script: Page, phone: Page, check_page, login_as
) -> None:
    load_reference()
    cast = Cast()
    for url in ("/sturing/keuzes/", "/sturing/ministeries/", "/sturing/aansluiting/", "/sturing/andere-landen/"):
        phone.goto(url)
        check_page(phone)
    login_as(without_script, cast.person("team").user)
    without_script.goto("/sturing/keuzes/")
    without_script.get_by_role("link", name="Uitwisselen →").click()
    without_script.get_by_label("Keuze", exact=True).fill(
        "Programmeren, met twee dagen per jaar om uit te wisselen"
    )
    without_script.get_by_role("radio", name="Dichter bij: Programmeren").check()
    without_script.get_by_label("Waarom").fill("De agenda is vol")
    without_script.get_by_label("Vanaf").fill((today() - timedelta(days=1)).isoformat())
    without_script.get_by_role("button", name="Aan de stuurgroep voorleggen").click()
    assert "Deze dag is voorbij" in without_script.content()
    without_script.get_by_label("Vanaf").fill(today().isoformat())
    without_script.get_by_role("button", name="Aan de stuurgroep voorleggen").click()
    login_as(page, cast.person("steering").user)
    page.goto("/")
    page.get_by_role("link", name="Lezen en beslissen").first.click()
    check_page(page)
    page.get_by_role("button", name="Voorstel overnemen").click()
    check_page(page, dark=True)
    page.goto("/sturing/keuzes/")
    check_page(page, dark=True)
    assert DesignPosition.objects.filter(place=3, proposed_by__isnull=False).get().state == "decided"
    assert "plek 4 van 5" in page.content()


def test_a_decided_change_is_taken_back(page: Page, phone: Page, check_page, login_as) -> None:
    cast = Cast()
    successor = make_organisation(Group.INDEPENDENT)
    join(make_user(), successor, Function.COORDINATION)
    change = propose_variant(
        actor=cast.person("team").user,
        variant=make_variant("independent-lead"),
        coordinating_organisation=successor,
        valid_from=today() + timedelta(days=20),
        reason="Breder gedragen",
    )
    adopt_variant(actor=cast.person("steering").user, proposal=change)
    cast.person("coordinator")
    login_as(phone, cast.person("ministry").user)
    phone.goto("/sturing/varianten/")
    phone.get_by_role("link", name="Het besluit lezen").click()
    check_page(phone)
    phone.get_by_label("Waarom de verandering er niet moet komen").fill("Te vroeg")
    phone.get_by_role("button", name="Terugdraaien voorstellen").click()
    expect(phone.get_by_role("button", name="Voorstel intrekken")).to_be_visible()
    check_page(phone)
    login_as(page, cast.person("steering").user)
    page.goto("/sturing/varianten/")
    page.get_by_role("link", name="Lees het voorstel").click()
    page.get_by_role("button", name="Voorstel overnemen").click()
    check_page(page, dark=True)
    page.get_by_role("link", name="Het besluit lezen dat wordt teruggedraaid").click()
    expect(page.get_by_text("Deze verandering komt er niet.")).to_be_visible()
    check_page(page)
    assert [period.coordinating_organisation for period in VariantPeriod.objects.all()] == [cast.coordinating]


def test_a_ministry_keeps_desk_and_money(page: Page, check_page, login_as) -> None:
    load_reference()
    cast = Cast()
    login_as(page, cast.person("coordinator").user)
    page.goto("/sturing/ministeries/")
    page.get_by_role("link", name="Bedrag toevoegen").click()
    check_page(page)
    page.get_by_role("button", name="Bewaren").click()
    check_page(page)
    vro = Organisation.objects.get(code="vro")
    page.goto(f"/sturing/ministeries/{vro.public_id}/loket/")
    check_page(page)
    page.get_by_label("Voor welke vragen").fill("Wonen en ruimte")
    page.get_by_label("E-mailadres").fill("loket@vro.example")
    page.get_by_role("button", name="Bewaren").click()
    check_page(page)
    page.goto("/sturing/ministeries/acties/1/")
    check_page(page)
    page.goto("/sturing/varianten/voorstellen/")
    check_page(page)


def test_variants_one_at_a_time_on_a_phone(page: Page, new_page, check_page) -> None:
    load_reference()
    Cast()
    # Without script, as it is the browser's own list of choices and the style sheet that do it.
    phone = new_page(viewport={"width": 390, "height": 844}, java_script_enabled=False)
    phone.goto("/sturing/varianten/")
    cells = (
        phone.get_by_role("table", name="De drie varianten naast elkaar").locator("tbody tr").first.locator("td")
    )
    expect(cells).to_have_count(3)
    assert [cell.is_visible() for cell in cells.all()].count(True) == 1
    one = phone.evaluate("document.documentElement.scrollHeight")
    phone.get_by_label("Welke variant").select_option("Onafhankelijke organisatie neemt voortouw")
    assert [cell.is_visible() for cell in cells.all()] == [False, False, True]
    phone.get_by_label("Welke variant").select_option("alle drie, onder elkaar")
    assert all(cell.is_visible() for cell in cells.all())
    assert one < 0.7 * phone.evaluate("document.documentElement.scrollHeight")
    page.goto("/sturing/varianten/")
    expect(page.get_by_label("Welke variant")).to_be_hidden()
    check_page(page, dark=True)
    page.set_viewport_size({"width": 390, "height": 844})
    check_page(page)


def test_a_day_past_is_said_at_the_day(page: Page, check_page, login_as) -> None:
    load_reference()
    cast = Cast()
    login_as(page, cast.person("coordinator").user).goto("/sturing/varianten/voorstellen/")
    page.get_by_label("Steden nemen voortouw").check()
    page.get_by_label("Coördineert dan").select_option(index=1)
    page.get_by_label("Vanaf").fill((today() - timedelta(days=1)).isoformat())
    page.get_by_label("Waarom").fill("De steden zijn zover.")
    page.get_by_role("button", name="Aan de stuurgroep voorleggen").click()
    page.get_by_role("link", name="Vanaf").click()
    expect(page.get_by_label("Vanaf")).to_be_focused()
    expect(page.get_by_label("Waarom")).to_have_value("De steden zijn zover.")
    check_page(page)
