"""Short public identifiers: they stand in addresses, never change and say nothing."""

import secrets

from django.db import models

# No vowels (no words), no look-alikes.
ALPHABET = "23456789bcdfghjkmnpqrstvwxz"
# 10 of 27 give 206 million million: beside a million others, one in 200 million is there already.
LENGTH = 10
# So long were the first ones, and those of demonstration data are; they stay.
SHORTEST = 6


def new_public_id() -> str:
    """Draw an identifier: so long that none comes twice. The column's unique constraint holds it to that."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


class PublicIdField(models.CharField):
    """A unique short identifier, filled in by itself."""

    def __init__(self, **kwargs: object) -> None:
        kwargs.update(max_length=12, unique=True, editable=False, default=new_public_id)
        super().__init__(**kwargs)  # type: ignore[arg-type]


class PublicIdConverter:
    """Path converter `<pid:…>`: only what can be an identifier, so that words stay free for pages."""

    regex = f"[{ALPHABET}]{{{SHORTEST},{LENGTH}}}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value
