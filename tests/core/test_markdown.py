"""Texts in Markdown: what is shown, and what never gets through."""

import pytest

from nss_portal.core.markdown import rendered
from nss_portal.core.worddiff import compared


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        '<img src=x onerror="alert(1)">',
        "[klik](javascript:alert(1))",
        "[klik](data:text/html;base64,PHNjcmlwdD4=)",
        "![beeld](https://elders.example/spion.png)",
        '<a href="https://x.example" onclick="alert(1)">x</a>',
        "<style>body{display:none}</style>",
        "<iframe src='https://x.example'></iframe>",
        '[a](https://x.example "\\" onmouseover=alert(1) \\"")',
    ],
)
def test_nothing_runs_and_nothing_is_fetched(text: str) -> None:
    html = rendered(text)
    for trick in ("<script", "<img", "<style", "<iframe", 'href="javascript', 'href="data'):
        assert trick not in html
    assert "onclick" not in html.replace("&quot;", "").split("&lt;")[0]


def test_what_people_write_is_set() -> None:
    html = rendered("# Doel\n\n- **één**\n- twee\n\n[site](https://www.example.nl)\n\nregel\nregel")
    assert "<h3>Doel</h3>" in html
    assert "<strong>één</strong>" in html
    assert 'href="https://www.example.nl" rel="noopener noreferrer nofollow"' in html
    assert "<br>" in html


def test_headings_follow_the_outline_of_the_page() -> None:
    html = rendered("# A\n\n#### B\n\n# C", heading=4)
    assert html.count("<h4>") == 2
    assert "<h5>B</h5>" in html


def test_what_looks_like_html_is_shown_as_typed() -> None:
    assert "&lt;b&gt;" in rendered("a <b> c")


def test_words_that_changed_are_set_apart() -> None:
    pieces = [
        (piece.kind, piece.text)
        for piece in compared("Wij gaan morgen fietsen.\nEind\n", "Wij gaan fietsen!\nEind\n")
    ]
    assert pieces == [
        ("same", "Wij gaan "),
        ("gone", "morgen "),
        ("same", "fietsen"),
        ("gone", "."),
        ("new", "!"),
        ("same", "\nEind\n"),
    ]


def test_both_texts_can_be_read_back() -> None:
    old, new = "a b\nc d\ne", "a x\nc d\n\nf e"
    pieces = compared(old, new)
    assert "".join(piece.text for piece in pieces if piece.kind != "new") == old
    assert "".join(piece.text for piece in pieces if piece.kind != "gone") == new
    assert compared("", "") == []
