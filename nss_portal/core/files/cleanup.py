"""Throwing away what belongs to nothing."""

from datetime import datetime, timedelta
from typing import Any

from django.apps import apps
from django.core.files.storage import default_storage
from django.utils import timezone

from nss_portal.core.models import StoredFile

GRACE = timedelta(days=1)


def clean_up(now: datetime | None = None) -> dict[str, int]:
    """Delete files that were never tied to a record, or whose record is gone, and content without a row.

    All of it only after a day, so that nothing is taken from under a form that is being filled in.
    """
    before = (now or timezone.now()) - GRACE
    return {"files": _rows_without_record(before), "contents": _contents_without_row(before)}


def _rows_without_record(before: datetime) -> int:
    old = StoredFile.objects.filter(uploaded_at__lt=before).order_by("pk")
    lonely = list(old.filter(owner_type=""))
    for label in old.exclude(owner_type="").order_by().values_list("owner_type", flat=True).distinct():
        lonely += _of_gone_records(old.filter(owner_type=label), label)
    for stored in lonely:
        path = stored.path
        stored.delete()
        default_storage.delete(path)
    return len(lonely)


def _of_gone_records(files: Any, label: str) -> list[StoredFile]:
    try:
        model: Any = apps.get_model(label)
    except LookupError:
        return []  # an app that is switched off for now: leave its files alone
    wanted = {stored.owner_id for stored in files}
    present = {str(pk) for pk in model._base_manager.filter(pk__in=wanted).values_list("pk", flat=True)}
    return [stored for stored in files if stored.owner_id not in present]


def _contents_without_row(before: datetime) -> int:
    removed = 0
    for folder in _month_folders():
        names = default_storage.listdir(folder)[1]
        paths = {f"{folder}/{name}" for name in names}
        known = set(StoredFile.objects.filter(path__in=paths).values_list("path", flat=True))
        for path in sorted(paths - known):
            if default_storage.get_modified_time(path) < before:
                default_storage.delete(path)
                removed += 1
    return removed


def _month_folders() -> list[str]:
    """Give the folders 'year/month' that files are kept in; nothing else in the storage is looked at."""
    if not default_storage.exists(""):
        return []
    years = [name for name in default_storage.listdir("")[0] if name.isdigit() and len(name) == 4]
    return [f"{year}/{month}" for year in years for month in default_storage.listdir(year)[0]]
