"""Public identifiers: long enough never to meet, and the shorter ones of before still lead somewhere."""

import re

import pytest

from nss_portal.core.ids import ALPHABET, LENGTH, SHORTEST, PublicIdConverter, PublicIdField, new_public_id

ROWS = 1_000_000
# Rows that the largest tables (mails, jobs) may come to hold, and how often a new one may be there already.
TOLERATED = 1e-8


def test_a_second_one_does_not_happen() -> None:
    assert ROWS / len(ALPHABET) ** LENGTH < TOLERATED
    drawn = {new_public_id() for _ in range(10_000)}
    assert len(drawn) == 10_000
    assert all(re.fullmatch(PublicIdConverter.regex, one) for one in drawn)
    assert PublicIdField().max_length >= LENGTH


@pytest.mark.parametrize(
    ("text", "is_one"),
    [("b" * SHORTEST, True), ("b" * LENGTH, True), ("b" * 5, False), ("b" * 11, False), ("nieuwe", False)],
)
def test_addresses_take_both_lengths_and_no_words(text: str, is_one: bool) -> None:
    assert bool(re.fullmatch(PublicIdConverter.regex, text)) is is_one
