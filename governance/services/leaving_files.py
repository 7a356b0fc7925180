"""The files that somebody sent for an organisation, as things to hand over."""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.db.models import Q
from django.utils.translation import gettext_lazy

from governance.models import Membership, Organisation, User
from nss_portal.core.files import StoredFile, give_keeping, kept_by
from nss_portal.core.handing import Held


def files_held(user: User, organisation: Organisation) -> Iterator[Held]:
    """Give the files that somebody looks after. Two queries, and one per kind of record where the person is in
    several organisations."""
    found = list(kept_by(user).select_related("keeper", "uploaded_by"))
    others = Membership.objects.filter(user=user).exclude(organisation=organisation)
    if found and (elsewhere := set(others.values_list("organisation", flat=True))):
        found = _not_of(found, organisation, elsewhere)
    yield Held(
        "files",
        gettext_lazy("Files"),
        # Who hands over need not see what a file belongs to: the name of a confidential one is not told.
        [str(stored) for stored in found],
        lambda successor, actor: give_keeping(
            files=found, successor=successor, actor=actor, on_behalf_of=organisation
        ),
        gettext_lazy("Who may open a file stays the same: whoever may see the record that it belongs to."),
    )


def _not_of(files: list[StoredFile], organisation: Organisation, elsewhere: set[int]) -> list[StoredFile]:
    """Leave out the files of records that belong to another organisation of the person, and not to this one."""
    records = defaultdict[str, set[str]](set)
    for stored in files:
        records[stored.owner_type].add(stored.owner_id)
    away = {
        (label, key)
        for label, keys in records.items()
        for key in _owned(label, keys, elsewhere) - _owned(label, keys, {organisation.pk})
    }
    return [stored for stored in files if (stored.owner_type, stored.owner_id) not in away]


def _owned(label: str, keys: set[str], organisations: set[int]) -> set[str]:
    """Give which of these records (primary keys as text) point to one of the organisations."""
    try:
        model: Any = apps.get_model(label)
    except (LookupError, ValueError):
        return set()
    names = [
        field.name
        for field in model._meta.get_fields()
        if field.concrete and getattr(field, "related_model", None) is Organisation
    ]
    if not names:
        return set()
    points = Q()
    for name in names:
        points |= Q(**{f"{name}__in": organisations})
    return {str(pk) for pk in model._base_manager.filter(points, pk__in=keys).values_list("pk", flat=True)}
