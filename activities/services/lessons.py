"""Write lessons."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from activities.models import Lesson
from activities.models.lesson import LessonState
from activities.workflow import LESSON, SHARING
from cities.models import Theme
from cities.models.bottleneck import Sharing
from cities.services.editing import apply_changes, locked, readable
from cities.services.ownership import require_for
from governance.models import Organisation
from nss_portal.core import audit, workflow
from nss_portal.core.access import Actor, NotAllowed, may, require
from nss_portal.core.models.audit import Event


@transaction.atomic
def create_lesson_draft(
    *,
    actor: Actor,
    organisation: Organisation,
    title: str,
    what_worked: str = "",
    what_failed: str = "",
    theme: Theme | None = None,
    author_organisation: Organisation | None = None,
    origin_label: str = "",
    origin_url: str = "",
    key: str | None = None,
) -> Lesson:
    """Make a draft about an organisation, written by it or by `author_organisation`.

    With a `key` that was used before, gives the lesson that was made then. A part of the portal that proposes a
    draft by itself passes the system actor and a key that names the cause. Raises NotAllowed when the actor may
    not write in the name of the author.
    """
    author = author_organisation or organisation
    require_for(actor, "lesson", "write", author)
    values = {
        "organisation": organisation,
        "author_organisation": author,
        "title": title.strip()[:160],
        "what_worked": what_worked,
        "what_failed": what_failed,
        "theme": theme,
        "origin_label": origin_label[:200],
        "origin_url": origin_url[:300],
        "created_by_id": getattr(actor, "pk", None),
    }
    if key is None:
        draft, created = Lesson.objects.create(**values), True
    else:
        draft, created = Lesson.objects.get_or_create(key=key, defaults=values)
    if created:
        audit.record(actor=actor, event=Event.CREATED, obj=draft, on_behalf_of=author)
    return draft


def may_edit(actor: Actor, lesson: Lesson) -> bool:
    """Say whether the texts are open to the actor now: to its writers as a draft, to the editors afterwards."""
    if lesson.state == LessonState.WITHDRAWN:
        return False
    return may(actor, "lesson", "write" if lesson.state == LessonState.DRAFT else "publish", lesson)


@transaction.atomic
def change_lesson(
    *,
    actor: Actor,
    lesson: Lesson,
    version: int,
    title: str,
    what_worked: str,
    what_failed: str,
    theme: Theme | None,
) -> Lesson:
    """Change the texts of a lesson; raises NotAllowed, or EditConflict when a colleague was first."""
    require(actor, "lesson", "write", lesson)
    fresh = locked(lesson)
    if not may_edit(actor, fresh):
        raise NotAllowed(_("The lesson has been released. Only the editors change its text now."))
    fields = {
        "title": title.strip(),
        "what_worked": what_worked.strip(),
        "what_failed": what_failed.strip(),
        "theme": theme,
    }
    changes = apply_changes(fresh, version, fields)
    if changes:
        fresh.version += 1
        fresh.changed_at = timezone.now()
        fresh.save()
        audit.record(actor=actor, event=Event.CHANGED, obj=fresh, changes=readable(changes))
    return fresh


@transaction.atomic
def move_lesson(*, actor: Actor, lesson: Lesson, step: str, reason: str = "") -> Lesson:
    """Take a step of the workflow; with whom the lesson is shared follows. Raises as `workflow.take` does."""
    target = LessonState(LESSON.step(step).target)
    fresh = locked(lesson)
    narrower = SHARING[target] == Sharing.DRAFT
    if narrower:
        _share(fresh, Sharing.DRAFT)
    workflow.take(LESSON, step, fresh, actor=actor, reason=reason)
    if target == LessonState.PUBLISHED and fresh.published_at is None:
        fresh.published_at = timezone.now()
        fresh.save(update_fields=["published_at"])
    if not narrower:
        _share(fresh, Sharing(SHARING[target]))
    return fresh


def _share(lesson: Lesson, sharing: Sharing) -> None:
    lesson.sharing, lesson.changed_at = sharing, timezone.now()
    lesson.save(update_fields=["sharing", "changed_at"])


@transaction.atomic
def discard_lesson_draft(*, actor: Actor, lesson: Lesson) -> None:
    """Throw a draft away for good; raises NotAllowed for anything but a draft."""
    require(actor, "lesson", "write", lesson)
    fresh = locked(lesson)
    if fresh.state != LessonState.DRAFT:
        raise NotAllowed(_("Only a draft can be thrown away. Withdraw it instead."))
    audit.record(actor=actor, event=Event.DELETED, obj=fresh, on_behalf_of=fresh.author_organisation)
    fresh.delete()
