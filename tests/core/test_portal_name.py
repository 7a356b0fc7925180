"""The name of the structure is data with dates."""

from datetime import date

import pytest
from django.utils import translation

from nss_portal.core.portal_name import portal_name


@pytest.mark.parametrize(
    ("day", "language", "name"),
    [
        (date(2021, 5, 1), "nl", "National Support Structure"),
        (date(2023, 12, 31), "nl", "National Support Structure"),
        (date(2024, 1, 1), "nl", "Nationale Samenwerkingsstructuur"),
        (date(2026, 11, 21), "en", "National Cooperation Structure"),
    ],
)
def test_the_name_follows_the_day_and_the_language(day, language, name):
    with translation.override(language):
        assert portal_name(day).name == name
