"""References to the Staatscourant: read as people write them, kept as the publisher's own identifier."""

import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from nss_portal.core.time import today

# `stcrt-2021-12345` is how officielebekendmakingen.nl names a publication; people write 'Stcrt. 2021, nr. 12345'.
WRITTEN = re.compile(
    r"^(?:https?://zoek\.officielebekendmakingen\.nl/)?(?:stcrt|staatscourant)[\s.\-,]*(\d{4})[\s\-,]*(?:nr\.?\s*)?(\d{1,6})"
    r"(?:\.(?:html|pdf))?$",
    re.IGNORECASE,
)
# Digital since 2009; before that numbers began anew each day and did not name one publication.
FIRST_YEAR = 2009


def read_gazette(text: str) -> str:
    """Give the identifier, as 'stcrt-2021-12345'; raises ValidationError for what is no reference."""
    found = WRITTEN.match(text.strip())
    if found is None:
        raise ValidationError(_("Write it as 'Stcrt. 2021, 12345': the year and the number of the publication."))
    year, number = int(found.group(1)), int(found.group(2))
    if not FIRST_YEAR <= year <= today().year or number == 0:
        raise ValidationError(_("There is no Staatscourant with this year and number."))
    return f"stcrt-{year}-{number}"


def gazette_name(reference: str) -> str:
    """Give a reference as people read it: 'Stcrt. 2021, 12345'."""
    _kind, year, number = reference.split("-")
    return f"Stcrt. {year}, {number}"


def gazette_url(reference: str) -> str:
    """Give the address of a publication."""
    return f"https://zoek.officielebekendmakingen.nl/{reference}.html"
