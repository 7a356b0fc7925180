"""What somebody sent after their login had ended: kept until they are back, so that no text is lost.

It stays in the browser's own session, which goes along into the login, for an hour at most. Files are not kept,
nor anything of the pages on which one types passwords and codes.
"""

import time
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest

from nss_portal.core.throttle import too_often

KEY = "held_form"
SECONDS = 60 * 60
# Longer than any field takes; what is sent beyond it is no form of ours.
LONGEST = 1_500_000
MOST_PER_HOUR = 30
# Views that take passwords and codes, by the beginning of their name.
SECRET_VIEWS = ("account_", "mfa_", "usersessions_", "admin:")
SECRET_FIELDS = ("password", "code", "token", "secret")


@dataclass(frozen=True)
class HeldForm:
    """A form that waits: where it was sent, its fields, and whether files came with it."""

    path: str
    fields: list[tuple[str, str]]
    had_files: bool

    @property
    def texts(self) -> list[str]:
        """Give what was typed, to recognise the form by; not the ticks and choices."""
        return [value for _name, value in self.fields if " " in value.strip()]


def hold(request: HttpRequest) -> bool:
    """Keep what a visitor sent to a page for members; say whether it was kept."""
    match = request.resolver_match
    if request.method != "POST" or match is None or match.view_name.startswith(SECRET_VIEWS):
        return False
    fields = [
        (name, value)
        for name, values in request.POST.lists()
        for value in values
        if not any(word in name.lower() for word in SECRET_FIELDS)
    ]
    if sum(len(name) + len(value) for name, value in fields) > LONGEST:
        return False
    if too_often(request, form="held", most=MOST_PER_HOUR, seconds=SECONDS):
        return False
    request.session[KEY] = {
        "path": request.get_full_path(),
        "fields": fields,
        "had_files": bool(request.FILES),
        "until": time.time() + SECONDS,
    }
    return True


def held(request: HttpRequest) -> HeldForm | None:
    """Give the form that waits for this browser, or None."""
    found: dict[str, Any] | None = request.session.get(KEY)
    if found is None or found["until"] < time.time():
        return None
    fields = [(str(name), str(value)) for name, value in found["fields"]]
    return HeldForm(found["path"], fields, found["had_files"])


def release(request: HttpRequest) -> None:
    """Forget the form that waits."""
    request.session.pop(KEY, None)
