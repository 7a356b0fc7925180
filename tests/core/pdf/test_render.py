"""PDFs that work with a screen reader: tagged, named, in a language, with contents, bookmarks and pages."""

import io
import re

import page
import pytest
from pypdf import PdfReader
from pypdf.generic import ArrayObject, DictionaryObject

from nss_portal.core import pdf
from nss_portal.core.pdf.contents import with_contents
from nss_portal.core.templatetags.reports import css_string
from tests.bench import reflection


@pytest.fixture(autouse=True)
def bench_templates(settings):
    """Let the report of the benchmark be found."""
    folder = str(settings.BASE_DIR / "tests" / "bench" / "templates")
    first = settings.TEMPLATES[0]
    settings.TEMPLATES = [{**first, "DIRS": [*first["DIRS"], folder]}]


def made(count: int = 2, **changes) -> bytes:
    context = {**reflection.context(count), "meta": {"nssreport": "bcdfgh"}}
    options = {"language": "nl", "title": 'Nationale reflectie "2025" <&>', **changes}
    return pdf.render("bench/reflection.html", context, **options)


@pytest.fixture(scope="module")
def report(request) -> bytes:
    """One small report for the tests that only read it."""
    from django.conf import settings
    from django.test import override_settings

    first = settings.TEMPLATES[0]
    folder = str(settings.BASE_DIR / "tests" / "bench" / "templates")
    with override_settings(TEMPLATES=[{**first, "DIRS": [*first["DIRS"], folder]}]):
        return made(22)


def structure(root: DictionaryObject) -> list[DictionaryObject]:
    """Give all elements of the structure tree."""
    found: list[DictionaryObject] = []
    todo = [root]
    while todo:
        element = todo.pop()
        if "/S" in element:
            found.append(element)
        kids = element.get("/K", ArrayObject())
        kids = kids.get_object() if hasattr(kids, "get_object") else kids
        todo += [
            kid.get_object()
            for kid in (kids if isinstance(kids, ArrayObject) else [kids])
            if isinstance(kid.get_object(), DictionaryObject)
        ]
    return found


def test_it_passes_the_rules_of_pdf_ua(report):
    found = page.validate_pdf_bytes(report, profile="ua1")
    assert [(failure.rule_id, failure.message) for failure in found.failures] == []
    assert found.is_compliant


def test_the_check_would_see_a_pdf_without_tags():
    from weasyprint import HTML

    plain = HTML(string="<html><body><p>x</p></body></html>").write_pdf()
    assert not page.validate_pdf_bytes(plain, profile="ua1").is_compliant


def test_language_title_and_metadata_are_set(report):
    reader = PdfReader(io.BytesIO(report))
    catalogue = reader.trailer["/Root"]
    assert catalogue["/Lang"] == "nl"
    assert catalogue["/MarkInfo"]["/Marked"]
    assert catalogue["/ViewerPreferences"]["/DisplayDocTitle"]
    assert reader.metadata["/Title"] == 'Nationale reflectie "2025" <&>'
    assert reader.metadata["/nssreport"] == "bcdfgh"


def test_headings_tables_and_figures_are_tagged_and_figures_speak(report):
    elements = structure(PdfReader(io.BytesIO(report)).trailer["/Root"]["/StructTreeRoot"])
    kinds = [str(element["/S"]) for element in elements]
    assert kinds.count("/H1") == 1
    assert kinds.count("/H2") == 3
    assert kinds.count("/H3") == 23
    assert kinds.count("/Table") >= 23  # one that goes on on the next page counts twice
    figures = [element for element in elements if element["/S"] == "/Figure"]
    spoken = [str(figure.get("/Alt", "")) for figure in figures]
    assert all(spoken)
    assert any("De uitstoot daalt van" in text for text in spoken)


def test_contents_link_to_their_pages_and_bookmarks_follow(report):
    reader = PdfReader(io.BytesIO(report))
    listed = reader.pages[1].extract_text()
    at = next(
        number
        for number, one in enumerate(reader.pages, 1)
        if "Gemeente D003" in one.extract_text() and "corporaties" in one.extract_text().replace("-", "")
    )
    assert re.search(rf"Gemeente D003[ .]*{at}\b", listed)
    links = [note.get_object() for note in reader.pages[1].get("/Annots", [])]
    assert len([note for note in links if note["/Subtype"] == "/Link"]) >= 23
    assert len(reader.outline) >= 1


def test_pages_are_numbered_except_the_cover(report):
    reader = PdfReader(io.BytesIO(report))
    count = len(reader.pages)
    assert f"pagina 2 van {count}" in reader.pages[1].extract_text()
    assert "pagina" not in reader.pages[0].extract_text()
    assert 'Nationale reflectie "2025" <&>'.replace(" ", "") in reader.pages[2].extract_text().replace(" ", "")


def test_heads_of_tables_are_repeated_on_the_next_page():
    rows = [f"rij {number}" for number in range(90)]
    made_of_rows = pdf.render("bench/table.html", {"rows": rows}, language="nl", title="Tabel")
    pages = [one.extract_text() for one in PdfReader(io.BytesIO(made_of_rows)).pages]
    with_rows = [text for text in pages if "rij " in text]
    assert len(with_rows) > 1
    assert all("Kolomkop" in text for text in with_rows)


def test_the_fonts_are_ours_and_all_embedded(report):
    fonts = set()
    for one in PdfReader(io.BytesIO(report)).pages:
        for font in one["/Resources"]["/Font"].values():
            for part in font.get_object()["/DescendantFonts"]:
                descriptor = part.get_object()["/FontDescriptor"]
                assert "/FontFile2" in descriptor or "/FontFile3" in descriptor
                fonts.add(str(descriptor["/FontName"]).split("+")[-1])
    assert fonts
    assert all(name.startswith(("Source-Sans", "NSS-Cijfers")) for name in fonts)


def test_the_same_data_give_the_same_bytes():
    assert made(1) == made(1)
    assert made(1) != made(2)


def test_english_reports_are_english():
    reader = PdfReader(io.BytesIO(made(language="en")))
    assert reader.trailer["/Root"]["/Lang"] == "en"
    text = reader.pages[1].extract_text()
    assert "Contents" in text
    assert f"page 2 of {len(reader.pages)}" in text


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # WeasyPrint leaves a file open
def test_an_archive_variant_passes_its_own_rules():
    found = page.validate_pdf_bytes(made(1, variant="pdf/a-3a"), profile="3a")
    assert [(failure.rule_id, failure.message) for failure in found.failures] == []


def test_headings_get_identifiers_and_the_list_stays_in_step():
    html = with_contents(
        '<!--contents:2--><h2 class="unlisted">Inhoud</h2><h2>Een <em>twee</em></h2>'
        '<h3 id="x">A &amp; B</h3><h4>C</h4>'
    )
    parts = '<ol><li><a href="#x">A &amp; B</a></li></ol>'
    assert f'<ol class="contents"><li><a href="#deel-1">Een twee</a>{parts}</li></ol>' in html
    assert '<h2 id="deel-1">Een <em>twee</em></h2>' in html
    assert "Inhoud</a>" not in html
    assert with_contents("<h2>Een</h2>") == "<h2>Een</h2>"
    many = with_contents("<!--contents:2--><h2>Een</h2>" + "<h3>Stad</h3>" * 21)
    assert many.count("<li>") == 1
    assert many.split("contents__many")[1].count("<a ") == 21
    only_main = with_contents("<!--contents:1--><h2>Een</h2><h3>Twee</h3>")
    assert "Twee</a>" not in only_main


def test_a_title_cannot_leave_its_css_string():
    hostile = css_string('a"; } </style><script>\\')
    assert not set('"</>{}') & set(hostile[1:-1])
    assert css_string("Herijking 2025") == '"Herijking 2025"'
