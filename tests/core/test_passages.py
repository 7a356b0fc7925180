"""Passages that move along with their text."""

import pytest

from nss_portal.core.passages import moved

BEFORE = "Wij nodigden veertien bedrijven uit. De brief hielp niet."


def passage(text: str, words: str) -> tuple[int, int]:
    start = text.index(words)
    return start, start + len(words)


@pytest.mark.parametrize(
    ("after", "words"),
    [
        (BEFORE, "De brief hielp niet"),
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
