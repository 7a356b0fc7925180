"""Write lessons."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from activities.models import Lesson
from activities.models.lesson import UNDER_WAY, Audience, LessonState
from activities.services.lesson_comments import move_along
from activities.services.lesson_mails import tell_withdrawn
from activities.services.lesson_versions import keep_version, take_over, take_revisions_back
from activities.workflow import LESSON, sharing_of
from cities.models import Bottleneck, BuildingBlock, Theme, TransitionStep
from cities.models.bottleneck import Sharing
from governance.models import Organisation
from governance.services.ownership import require_for
from nss_portal.core import audit, workflow
from nss_portal.core.access import Actor, NotAllowed, may, require
from nss_portal.core.editing import apply_changes, changed_links, locked, readable, set_links, with_unseen
from nss_portal.core.models.audit import Event

LINKED = ("more_themes", "steps", "building_blocks", "bottlenecks")


@dataclass(frozen=True)
class Details:
    """What is known about a lesson besides its texts and main theme; `evidence` as [{"label", "url"}]."""

    origin: str = ""
    learned: str = ""
    population_from: int | None = None
    population_to: int | None = None
    evidence: Sequence[Mapping[str, str]] = ()
    more_themes: Sequence[Theme] = ()
    steps: Sequence[TransitionStep] = ()
    building_blocks: Sequence[BuildingBlock] = ()
    bottlenecks: Sequence[Bottleneck] = field(default=())

    @property
    def plain(self) -> dict[str, Any]:
        """Give what stands in the lesson's own row."""
        values = {one.name: getattr(self, one.name) for one in fields(self) if one.name not in LINKED}
        return values | {"evidence": [dict(row) for row in self.evidence]}

    @property
    def linked(self) -> dict[str, Sequence[Any]]:
        """Give what the lesson is linked to."""
        return {name: getattr(self, name) for name in LINKED}


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
    origin: str = "",
    origin_label: str = "",
    origin_url: str = "",
    key: str | None = None,
    details: Details | None = None,
) -> Lesson:
    """Make a draft about an organisation, written by it or by `author_organisation`.

    With a `key` that was used before, gives the lesson that was made then. A part of the portal that proposes a
    draft by itself passes the system actor and a key that names the cause. Raises NotAllowed when the actor may
    not write in the name of the author.
    """
    author = author_organisation or organisation
    require_for(actor, "lesson", "write", author)
    details = details or Details(origin=origin)
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
        **details.plain,
    }
    if key is None:
        draft, created = Lesson.objects.create(**values), True
    else:
        draft, created = Lesson.objects.get_or_create(key=key, defaults=values)
    if created:
        set_links(draft, details.linked)
        audit.record(actor=actor, event=Event.CREATED, obj=draft, on_behalf_of=author)
    return draft


def may_edit(actor: Actor, lesson: Lesson) -> bool:
    """Say whether the texts are open to the actor now: to its writers as a draft, to the editors afterwards.

    A published lesson does not change: a new version of it is written, and takes its place.
    """
    if lesson.state not in UNDER_WAY:
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
    details: Details | None = None,
) -> Lesson:
    """Change a lesson; raises NotAllowed, or EditConflict when a colleague was first.

    Without `details` those stay as they are. Comments keep hold of the passages that they are about.
    """
    require(actor, "lesson", "write", lesson)
    fresh = locked(lesson)
    if not may_edit(actor, fresh):
        raise NotAllowed(_("The lesson has been released. Only the editors change its text now."))
    texts = {"title": title.strip(), "what_worked": what_worked.strip(), "what_failed": what_failed.strip()}
    linked = with_unseen(actor, fresh, details.linked) if details else {}
    links = changed_links(fresh, version, linked)
    changes = apply_changes(fresh, version, {**texts, "theme": theme, **(details.plain if details else {})})
    if changes or links:
        fresh.version += 1
        fresh.changed_at = timezone.now()
        fresh.save()
        set_links(fresh, linked)
        move_along(fresh, {name: pair for name, pair in changes.items() if name in texts})
        audit.record(actor=actor, event=Event.CHANGED, obj=fresh, changes=readable(changes | links))
    return fresh


@transaction.atomic
def move_lesson(
    *,
    actor: Actor,
    lesson: Lesson,
    step: str,
    reason: str = "",
    audiences: Iterable[str] = (Audience.EVERYBODY,),
) -> Lesson:
    """Take a step of the workflow; with whom the lesson is shared follows. Raises as `workflow.take` does.

    `audiences` says for whom it is published. A new version that is published goes into the lesson that it is of,
    which is given then; `reason` says what changed in it.
    """
    target = LessonState(LESSON.step(step).target)
    fresh = locked(lesson)
    if target == LessonState.PUBLISHED:
        fresh.audiences = sorted({Audience(one).value for one in audiences}) or [Audience.EVERYBODY.value]
    sharing = sharing_of(fresh, target)
    if sharing == Sharing.DRAFT:
        _share(fresh, sharing)
    workflow.take(LESSON, step, fresh, actor=actor, reason=reason)
    if sharing != Sharing.DRAFT:
        _share(fresh, sharing)
    if target == LessonState.PUBLISHED:
        fresh.published_at = fresh.published_at or timezone.now()
        fresh.save(update_fields=["published_at", "audiences"])
        keep_version(fresh, actor=actor, note="")
    elif target == LessonState.TAKEN_OVER:
        return take_over(fresh, actor=actor, note=reason)
    elif target == LessonState.WITHDRAWN:
        take_revisions_back(fresh, actor=actor, reason=reason)
        tell_withdrawn(fresh, reason=reason)
    return fresh


def _share(lesson: Lesson, sharing: Sharing) -> None:
    lesson.sharing, lesson.changed_at = sharing, timezone.now()
    lesson.save(update_fields=["sharing", "changed_at"])


@transaction.atomic
def change_audiences(*, actor: Actor, lesson: Lesson, audiences: Iterable[str]) -> Lesson:
    """Choose other audiences for a published lesson; raises NotAllowed for one that is not published."""
    require(actor, "lesson", "publish", lesson)
    fresh = locked(lesson)
    if fresh.state != LessonState.PUBLISHED:
        raise NotAllowed(_("This lesson is not published."))
    before, after = fresh.audiences, sorted({Audience(one).value for one in audiences})
    if after and after != before:
        fresh.audiences = after
        fresh.sharing, fresh.changed_at = sharing_of(fresh, LessonState.PUBLISHED), timezone.now()
        fresh.save(update_fields=["audiences", "sharing", "changed_at"])
        audit.record(actor=actor, event=Event.CHANGED, obj=fresh, changes={"audiences": [before, after]})
    return fresh


@transaction.atomic
def discard_lesson_draft(*, actor: Actor, lesson: Lesson) -> None:
    """Throw a draft away for good; raises NotAllowed for anything but a draft."""
    require(actor, "lesson", "write", lesson)
    fresh = locked(lesson)
    if fresh.state != LessonState.DRAFT:
        raise NotAllowed(_("Only a draft can be thrown away. Withdraw it instead."))
    audit.record(actor=actor, event=Event.DELETED, obj=fresh, on_behalf_of=fresh.author_organisation)
    fresh.delete()
