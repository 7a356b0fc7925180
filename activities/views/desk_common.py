"""What the pages of the desk share."""

from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from activities.models.desk import DirectoryEntry


def find_entry(request: HttpRequest, public_id: str) -> DirectoryEntry:
    """Give an entry; raises Http404."""
    visible = DirectoryEntry.objects.visible_to(request.user)
    return get_object_or_404(
        visible.select_related("organisation", "checked_by", "under").prefetch_related("themes"),
        public_id=public_id,
    )


def add_errors(form: Any, error: ValidationError) -> None:
    """Put what a service refused at the fields it is about."""
    for name, texts in error.message_dict.items():
        form.add_error(name if name in form.fields else None, list(texts))
