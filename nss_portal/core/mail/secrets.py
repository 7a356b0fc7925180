"""Secrets in mails: what is written down holds a mark, and the secret takes its place as the mail leaves.

Some links must not stand in the database, since whoever reads it could then tie what came by the link to a person.
A part of the portal names a kind of secret with a function that works it out; its mails carry `sealed(kind, key)`.
A mark carries a seal of the portal's own key: what people write into a mail opens nothing.
"""

import re
import secrets
from collections.abc import Callable

from django.utils.crypto import salted_hmac

_kinds: dict[str, Callable[[str], str]] = {}
MARK = re.compile(r"\[\[nss:([a-z_]+):([0-9a-z]+):([0-9a-f]{32})\]\]")


def kind_of_secret(name: str) -> Callable[[Callable[[str], str]], Callable[[str], str]]:
    """Register the function below: it gives the secret of a key (letters and digits)."""

    def register(function: Callable[[str], str]) -> Callable[[str], str]:
        _kinds[name] = function
        return function

    return register


def _seal(kind: str, key: str) -> str:
    return salted_hmac("nss_portal.core.mail.secrets", f"{kind}:{key}", algorithm="sha256").hexdigest()[:32]


def sealed(kind: str, key: object) -> str:
    """Give the mark that stands for a secret in the text of a mail."""
    return f"[[nss:{kind}:{key}:{_seal(kind, str(key))}]]"


def opened(text: str) -> str:
    """Give a text with the secrets in the place of their marks; what is no mark of ours stays as it is."""

    def secret(found: re.Match[str]) -> str:
        kind = _kinds.get(found[1])
        ours = secrets.compare_digest(_seal(found[1], found[2]), found[3])
        return kind(found[2]) if kind and ours else found[0]

    return MARK.sub(secret, text)
