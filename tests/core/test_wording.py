"""Two texts word by word, and passages that move along."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nss_portal.core.wording import Piece, compare, moved, pieces_of

BEFORE = "Wij nodigden veertien bedrijven uit. De brief hielp niet."


def passage(text: str, words: str) -> tuple[int, int]:
    start = text.index(words)
    return start, start + len(words)


def test_words_that_went_and_came() -> None:
    assert compare("De brief hielp niet.", "De lange brief hielp.") == [
        Piece("same", "De "),
        Piece("new", "lange "),
        Piece("same", "brief hielp"),
        Piece("gone", " niet"),
        Piece("same", "."),
    ]
    assert compare("gelijk", "gelijk") == [Piece("same", "gelijk")]
    assert compare("", "nieuw") == [Piece("new", "nieuw")]
    assert compare("", "") == []


@given(st.text("ab \n.é", max_size=60), st.text("ab \n.é", max_size=60))
def test_both_texts_can_be_read_back(before: str, after: str) -> None:
    found = compare(before, after)
    assert "".join(piece.text for piece in found if piece.kind != "new") == before
    assert "".join(piece.text for piece in found if piece.kind != "gone") == after
    assert "".join(pieces_of(before)) == before


@pytest.mark.parametrize(
    ("after", "words"),
    [
        ("Vorig jaar. " + BEFORE, "De brief hielp niet"),
        (BEFORE.replace("veertien", "20"), "De brief hielp niet"),
        (BEFORE.replace("brief", "tweede brief"), "De tweede brief hielp niet"),
        (BEFORE.replace("hielp niet", "hielp"), "De brief hielp"),
        ("De brief kwam te laat.", "De brief"),
        ("Wij nodigden veertien bedrijven uit.", None),
        ("", None),
    ],
)
def test_a_passage_moves_along(after: str, words: str | None) -> None:
    (found,) = moved(BEFORE, after, [passage(BEFORE, "De brief hielp niet")])
    assert found == (passage(after, words) if words else None)


def test_a_very_long_text_is_one_change() -> None:
    before, after = "oud " * 20_000, "nieuw " * 20_000
    assert [piece.kind for piece in compare(before, after)] == ["gone", "new", "same"]
    assert moved(before, after, [(0, 3)]) == [None]
