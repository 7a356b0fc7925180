"""A report reads our static files and nothing else."""

import pytest

from nss_portal.core.pdf import assets, engine


def test_our_static_files_are_found():
    assert assets.static_file(f"{assets.BASE}css/report.css").name == "report.css"
    font = assets.static_file(f"{assets.BASE}fonts/source-sans-3-latin-400-normal.woff2")
    assert assets.content_type(font) == "font/woff2"


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd",
        "http://static.invalid/static/css/report.css",
        "https://example.org/static/css/report.css",
        "https://static.invalid:443/static/css/report.css",
        "https://user@static.invalid/static/css/report.css",
        "https://static.invalid/etc/passwd",
        f"{assets.BASE}../settings.py",
        f"{assets.BASE}css/../../pyproject.toml",
        f"{assets.BASE}%2e%2e/%2e%2e/etc/passwd",
        f"{assets.BASE}..%2f..%2fetc%2fpasswd.css",
        f"{assets.BASE}/etc/report.css",
        f"{assets.BASE}css\\..\\report.css",
        f"{assets.BASE}css/report.css%00.png",
        f"{assets.BASE}css/report.css?x=1",
        f"{assets.BASE}js/portal.js",
        f"{assets.BASE}css/missing.css",
        "data:text/css,body{}",
        "ftp://static.invalid/static/css/report.css",
    ],
)
def test_anything_else_is_refused(url):
    with pytest.raises(assets.NotOurs):
        assets.static_file(url)


@pytest.mark.parametrize(
    "body",
    [
        '<img src="file:///etc/hostname" alt="x">',
        '<img src="http://127.0.0.1:1/x.png" alt="x">',
        '<link rel="stylesheet" href="https://example.org/x.css">',
        "<style>@import url(file:///etc/passwd);</style>",
        '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><image href="file:///etc/hostname" '
        'width="9" height="9"/></svg>',
        '<a rel="attachment" href="file:///etc/hostname">x</a>',
    ],
)
def test_a_report_that_asks_for_more_fails(body):
    from weasyprint.urls import FatalURLFetchingError

    with pytest.raises((FatalURLFetchingError, engine.ReportFault), match=r"may not read|Failed to render SVG"):
        engine.html_to_pdf(
            f"<html lang=nl><title>x</title><body>{body}</body></html>", variant="pdf/ua-1", identifier=b"0" * 32
        )


def test_a_figure_without_words_fails_the_report():
    with pytest.raises(engine.ReportFault, match="alt"):
        engine.html_to_pdf(
            f'<html lang=nl><title>x</title><body><img src="{assets.BASE}img/mark.svg"></body></html>',
            variant="pdf/ua-1",
            identifier=b"0" * 32,
        )
