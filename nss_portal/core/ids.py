"""Short public identifiers: they stand in addresses, never change and say nothing."""

import secrets

from django.db import models

# No vowels (no words), no look-alikes; 6 of 27 give 387 million.
ALPHABET = "23456789bcdfghjkmnpqrstvwxz"
LENGTH = 6


def new_public_id() -> str:
    """Draw an identifier; the column's unique constraint catches the rare second one."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


class PublicIdField(models.CharField):
    """A unique short identifier, filled in by itself."""

    def __init__(self, **kwargs: object) -> None:
        kwargs.update(max_length=12, unique=True, editable=False, default=new_public_id)
        super().__init__(**kwargs)  # type: ignore[arg-type]


class PublicIdConverter:
    """Path converter `<pid:…>`: only what can be an identifier, so that words stay free for pages."""

    regex = f"[{ALPHABET}]{{{LENGTH}}}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value
