"""A copy of what the portal has about somebody: their own words and facts, never those of others."""

from collections.abc import Iterator
from typing import Any

from django.db.models import BooleanField, DateField
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from nss_portal.core.privacy.personal import Person, Personal, all_personal


def told(person: Person) -> list[dict[str, Any]]:
    """Give all that is kept of somebody: per kind its name, its model and its records, kinds without any left out.

    A record is a mapping from the name of a column to a text, in the language that is active. The words of a
    record are told to who wrote it; of a record that only concerns somebody (who chairs it, who handles it) the
    role and the dates. The title of a record that the person may no longer see is not told.
    """
    found = []
    for personal in all_personal():
        if personal.label and (records := list(_records(personal, person))):
            found.append({"kind": personal.model, "label": str(personal.label), "records": records})
    return found


def _records(personal: Personal, person: Person) -> Iterator[dict[str, Any]]:
    rows = personal.rows().filter(personal.of(person)).order_by("pk").distinct()
    seen = _seen(personal, person)
    for row in rows:
        roles = [name for name in personal.accounts if _is(row, name, person)]
        record: dict[str, Any] = {}
        if seen is None or row.pk in seen:
            record[_("record")] = str(row)
        if roles:
            record[_("your part in it")] = ", ".join(_label(personal.cls._meta.get_field(name)) for name in roles)
        wrote = any(name in personal.by for name in roles) or not personal.by
        record |= _facts(personal, row, with_words=wrote)
        yield record


def _is(row: Any, name: str, person: Person) -> bool:
    return person.user is not None and getattr(row, f"{name}_id") == person.user.pk


def _seen(personal: Personal, person: Person) -> set[Any] | None:
    """Give the keys of the records that the person may see now; None where a model does not say who sees it."""
    records = personal.cls._default_manager.all()
    if not hasattr(records, "visible_to") or person.user is None:
        return None
    theirs = records.visible_to(person.user).order_by().filter(personal.of(person))
    return set(theirs.values_list("pk", flat=True))


def _facts(personal: Personal, row: Any, *, with_words: bool) -> dict[str, Any]:
    words = {*personal.texts, *personal.names, *personal.addresses, *personal.signed} if with_words else set()
    facts = {}
    for field in personal.cls._meta.local_concrete_fields:
        name = field.attname
        if name in personal.hidden or not (name in words or field.choices or _is_fact(field)):
            continue
        value = _shown(field, row)
        if value not in (None, "", [], {}):
            facts[_label(field)] = value
    return facts


def _is_fact(field: Any) -> bool:
    return isinstance(field, DateField | BooleanField) or field.get_internal_type() == "GenericIPAddressField"


def _shown(field: Any, row: Any) -> Any:
    value = getattr(row, field.attname)
    if field.choices:
        return str(getattr(row, f"get_{field.name}_display")())
    if isinstance(value, bool):
        return str(_("yes")) if value else str(_("no"))
    if isinstance(field, DateField) and value is not None:
        is_moment = hasattr(value, "hour")
        return date_format(
            timezone.localtime(value) if is_moment else value, "j F Y H:i" if is_moment else "j F Y"
        )
    return value


def _label(field: Any) -> str:
    return str(field.verbose_name)
