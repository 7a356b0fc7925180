"""Makes a variable that a template of ours names, but nobody gives, an error in the tests."""

import inspect
from pathlib import Path
from typing import Any

OURS = (Path(__file__).parent.parent / "templates").as_posix()


class UndefinedVariable(LookupError):
    """A template shows a variable that is not in its context: a slip of the pen, or a condition left out."""


class RaisesWhenUndefined(str):
    """The value of Django's `string_if_invalid`; Django asks it to fill in the variable's name.

    Templates of Django's admin and of allauth count on undefined variables, so only ours raise.
    """

    def __contains__(self, _part: object) -> bool:
        return True

    def __mod__(self, variable: Any) -> str:
        origin = _template()
        if origin.startswith(OURS):
            raise UndefinedVariable(f"{variable!s} in {origin}")
        return ""


def _template() -> str:
    """Give the file of the template that is being rendered: the innermost node on the stack knows it."""
    frame = inspect.currentframe()
    while frame is not None:
        if frame.f_code.co_name == "render_annotated":
            return getattr(getattr(frame.f_locals["self"], "origin", None), "name", "")
        frame = frame.f_back
    return ""
