"""Texts that are data have a Dutch and an English field; a page shows the one in its language."""

from typing import Any, overload

from django.utils.translation import get_language


class Localized:
    """`goal = Localized()` on a model reads `goal_en` on an English page where it is filled, else `goal_nl`."""

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    @overload
    def __get__(self, record: None, owner: type) -> "Localized": ...

    @overload
    def __get__(self, record: object, owner: type) -> str: ...

    def __get__(self, record: Any, owner: type) -> "Localized | str":
        if record is None:
            return self
        english: str = getattr(record, f"{self.name}_en") if get_language() == "en" else ""
        return english or str(getattr(record, f"{self.name}_nl"))
