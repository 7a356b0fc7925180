"""What must not be in a log: secrets that stand in addresses."""

import logging
import re

# A part of a path this long is no word: it is the signature of a personal link.
SECRET = re.compile(r"(?<=/)[A-Za-z0-9_.~:=-]{24,}(?=/|\s|$|\?|')")


class HideTokens(logging.Filter):
    """Cut personal links out of log lines."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Let every line through, without tokens."""
        message = record.getMessage()
        if SECRET.search(message):
            record.msg, record.args = SECRET.sub("…", message), ()
        return True
