"""What somebody who leaves hands over to a colleague: each app says what its own models hold of that person."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from nss_portal.core.registry import Text, hand_over_handlers, lowest_first


@dataclass(frozen=True)
class Held:
    """One kind of thing that somebody holds for an organisation.

    `titles` names them, for the page; `move(successor, actor)` gives them to a colleague.
    """

    key: str
    label: Text
    titles: Sequence[str]
    move: Callable[[Any, Any], None]
    hint: Text = ""


def held_by(user: Any, organisation: Any) -> list[Held]:
    """Give what somebody holds for an organisation, kinds without anything left out; lowest floor first."""
    found = [held for source in lowest_first(hand_over_handlers) for held in source(user, organisation)]
    return [held for held in found if held.titles]
