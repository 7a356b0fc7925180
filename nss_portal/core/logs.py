"""What must not be in a log: secrets that stand in addresses."""

import logging
import re

# A part of an address this long is no word: it is the secret of a personal link (a review, an invitation, a
# request, a new password, a calendar). In the path, in a query ('?next='), and within another
# address ('%2F'). The proxy in docker-compose.yml goes by the same rule.
SECRET = re.compile(r"(/|=|%2[Ff])(?:[A-Za-z0-9_.~:-]|%[013-9A-Fa-f][0-9A-Fa-f]|%2[0-9A-Ea-e]){24,}")


def without_secrets(text: str) -> str:
    """Give a line with an ellipsis in the place of each secret that stands in an address."""
    return SECRET.sub(r"\1…", text)


class HideTokens(logging.Filter):
    """Cut personal links out of log lines, and out of the lines of what went wrong."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Let every line through, without tokens."""
        message = record.getMessage()
        if SECRET.search(message):
            record.msg, record.args = without_secrets(message), ()
        return True


class Plain(logging.Formatter):
    """A log line as the portal writes it; what went wrong is told without secrets too."""

    def formatException(self, ei: object) -> str:
        """Give the traceback of what went wrong."""
        return without_secrets(super().formatException(ei))  # type: ignore[arg-type]
