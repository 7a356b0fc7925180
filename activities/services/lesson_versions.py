"""Versions of lessons: each publication is kept, and a new version is written while the old one stays up."""

from typing import Any

from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from activities.models import Lesson, LessonVersion
from activities.models.lesson import UNDER_WAY, LessonState
from activities.presenting.lesson_facts import content_facts
from governance.models import Organisation
from governance.services.ownership import organisations_for
from nss_portal.core import audit
from nss_portal.core.access import Actor, NotAllowed, require
from nss_portal.core.editing import locked
from nss_portal.core.files import StoredFile
from nss_portal.core.models.audit import Event

# What a new version begins with, and brings into the lesson when it is published.
CONTENT = (
    "title",
    "what_worked",
    "what_failed",
    "theme",
    "origin",
    "learned",
    "population_from",
    "population_to",
    "evidence",
)
LINKS = ("more_themes", "steps", "building_blocks", "bottlenecks")


@transaction.atomic
def start_revision(*, actor: Actor, lesson: Lesson) -> Lesson:
    """Begin a new version of a published lesson, as a draft beside it; gives the one that is on its way already.

    Raises NotAllowed for who may not write it, and for a lesson that is not published.
    """
    require(actor, "lesson", "write", lesson)
    fresh = locked(lesson)
    if fresh.state != LessonState.PUBLISHED:
        raise NotAllowed(_("Only of a published lesson a new version is made."))
    there = fresh.revisions.filter(state__in=UNDER_WAY).first()
    if there is not None:
        return there
    revision = Lesson.objects.create(
        organisation=fresh.organisation,
        author_organisation=_writer(actor, fresh),
        revision_of=fresh,
        origin_label=fresh.origin_label,
        origin_url=fresh.origin_url,
        is_illustrative=fresh.is_illustrative,
        created_by_id=getattr(actor, "pk", None),
        **{name: getattr(fresh, name) for name in CONTENT},
    )
    _copy_links(fresh, revision)
    audit.record(actor=actor, event=Event.CREATED, obj=revision, on_behalf_of=revision.author_organisation)
    return revision


def _writer(actor: Actor, lesson: Lesson) -> Organisation:
    """Give in whose name somebody writes the new version: one that stands behind the lesson, or the editors."""
    own = list(organisations_for(actor, "lesson", "write").order_by("name", "pk"))
    behind = (lesson.author_organisation_id, lesson.organisation_id)
    return next((one for one in own if one.pk in behind), own[0] if own else lesson.author_organisation)


def _copy_links(source: Lesson, target: Lesson) -> None:
    for name in LINKS:
        getattr(target, name).set(getattr(source, name).all())


def keep_version(lesson: Lesson, *, actor: Actor, note: str) -> LessonVersion:
    """Keep a lesson as it is published now; belongs in the transaction that publishes it."""
    lesson.edition += 1
    lesson.save(update_fields=["edition"])
    # In one language whoever publishes it, so that versions compare.
    with translation.override("nl"):
        facts = [[str(label), str(text)] for label, text in content_facts(lesson)]
    return LessonVersion.objects.create(
        lesson=lesson,
        number=lesson.edition,
        title=lesson.title,
        what_worked=lesson.what_worked,
        what_failed=lesson.what_failed,
        facts=facts,
        note=note[:500],
        published_by_label=str(actor),
    )


def take_over(revision: Lesson, *, actor: Actor, note: str) -> Lesson:
    """Put a new version in the place of the published one; gives the lesson. Belongs in a transaction."""
    if revision.revision_of is None:
        raise NotAllowed(_("This is not a new version of another lesson."))
    lesson = locked(revision.revision_of)
    before = {name: getattr(lesson, name) for name in CONTENT}
    for name in CONTENT:
        setattr(lesson, name, getattr(revision, name))
    lesson.version += 1
    lesson.changed_at = timezone.now()
    lesson.save()
    _copy_links(revision, lesson)
    _take_files(revision, lesson)
    keep_version(lesson, actor=actor, note=note)
    changes: dict[str, Any] = {
        name: [str(value), str(getattr(lesson, name))]
        for name, value in before.items()
        if value != getattr(lesson, name)
    }
    changes["edition"] = [lesson.edition - 1, lesson.edition]
    audit.record(actor=actor, event=Event.CHANGED, obj=lesson, changes=changes, reason=note)
    return lesson


def _take_files(revision: Lesson, lesson: Lesson) -> None:
    """Let files that were added to the new version belong to the lesson."""
    kind = revision._meta.label_lower
    files = StoredFile.objects.filter(owner_type=kind, owner_id=str(revision.pk))
    files.update(owner_id=str(lesson.pk))


def take_revisions_back(lesson: Lesson, *, actor: Actor, reason: str) -> None:
    """Withdraw the new version of a lesson that is withdrawn itself; belongs in its transaction."""
    for revision in lesson.revisions.filter(state__in=UNDER_WAY):
        before, revision.state = revision.state, LessonState.WITHDRAWN
        revision.save(update_fields=["state"])
        changes = {"state": [before, revision.state]}
        audit.record(actor=actor, event=Event.STATE, obj=revision, changes=changes, reason=reason)
