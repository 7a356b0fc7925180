"""The ecosystem, an evaluation of the variant, and an organisation that is kept, in a browser."""

from playwright.sync_api import Page

from governance.models import VariantEvaluation
from governance.services.assessments.reference import load_instruments
from governance.services.design.evaluating import begin_evaluation
from governance.services.reference import load_reference
from tests.access.cast import Cast
from tests.governance.making_assessments import answered


def test_the_drawings_and_an_evaluation_from_result_to_decision(
    page: Page, phone: Page, check_page, login_as
) -> None:
    load_reference()
    load_instruments()
    cast = Cast("independent-lead")
    coordinator = cast.person("coordinator").user
    begin_evaluation(actor=coordinator, assessment=answered(cast.coordinating, [2, 3, 4, 4, 5]))
    phone.goto("/sturing/ecosysteem/")
    phone.get_by_text("Hetzelfde als tabel").click()
    check_page(phone)
    login_as(page, coordinator).goto("/sturing/ecosysteem/?variant=national-lead")
    check_page(page, dark=True)
    page.goto(VariantEvaluation.objects.get().get_absolute_url())
    page.get_by_role("link", name="Conclusie trekken").click()
    page.get_by_role("radio", name="De variant blijft zoals hij is").check()
    page.get_by_label("Waarom").fill("Het vertrouwen groeit")
    page.get_by_role("button", name="Aan de stuurgroep voorleggen").click()
    login_as(page, cast.person("steering").user).goto(VariantEvaluation.objects.get().get_absolute_url())
    check_page(page)
    page.get_by_role("button", name="Conclusie overnemen").click()
    assert "Besloten" in page.content()
    page.goto("/sturing/varianten/")
    check_page(page)
