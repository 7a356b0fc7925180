"""The virus scanner that looks at what people send, where one is configured (`NSS_SCANNER_URL`)."""

import io
import logging
from urllib.parse import urlsplit

from clamav_client.clamd import ClamdError, ClamdNetworkSocket
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

logger = logging.getLogger(__name__)
TIMEOUT = 30.0  # seconds
PORT = 3310


def is_configured() -> bool:
    """Say whether files are looked at by a scanner."""
    return bool(settings.NSS_SCANNER_URL)


def scan(content: bytes) -> bool:
    """Let the scanner look at a file; gives whether it did.

    Raises ValidationError, in words for whoever sent the file, when the scanner finds something, and also when it
    does not answer: what is not looked at does not come in.
    """
    if not is_configured():
        return False
    place = urlsplit(settings.NSS_SCANNER_URL)
    scanner = ClamdNetworkSocket(host=place.hostname or "127.0.0.1", port=place.port or PORT, timeout=TIMEOUT)
    try:
        found = scanner.instream(io.BytesIO(content))
    except (ClamdError, OSError) as error:
        logger.warning("virus scanner did not look at a file: %s", type(error).__name__)
        message = _("This file could not be checked for viruses just now, so it is not kept. Try again later.")
        raise ValidationError(message) from error
    if any(status != "OK" for status, _reason in found.values()) or not found:
        raise ValidationError(_("The virus scanner found something in this file. It is not kept."))
    return True
