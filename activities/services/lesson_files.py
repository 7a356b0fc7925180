"""Files beside a lesson, as evidence."""

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from activities.models import Lesson
from activities.services.lessons import may_edit
from nss_portal.core.access import Actor, NotAllowed
from nss_portal.core.editing import locked
from nss_portal.core.files import StoredFile, files_of, keep_upload, throw_away


def _require(actor: Actor, lesson: Lesson) -> Lesson:
    fresh = locked(lesson)
    if not may_edit(actor, fresh):
        raise NotAllowed(_("The text of this lesson is not yours to change now."))
    return fresh


@transaction.atomic
def add_file(*, actor: Actor, lesson: Lesson, upload: UploadedFile) -> StoredFile:
    """Keep a file beside a lesson that is being written; seen by whoever sees the lesson.

    Raises NotAllowed, or ValidationError in words for who sent it.
    """
    return keep_upload(upload=upload, owner=_require(actor, lesson), actor=actor)


@transaction.atomic
def remove_file(*, actor: Actor, lesson: Lesson, stored: StoredFile) -> None:
    """Take a file away from a lesson that is being written; raises NotAllowed, also for one of another."""
    fresh = _require(actor, lesson)
    if stored not in files_of(fresh):
        raise NotAllowed(_("This file does not belong to the lesson."))
    throw_away(stored=stored, actor=actor)
