"""Reads across lessons, and what they are tied to."""

from dataclasses import dataclass

from django.db.models import BooleanField, ExpressionWrapper, OuterRef, Q, QuerySet, Subquery

from activities.models import Lesson, LessonComment, LessonUse
from activities.models.lesson import UNDER_WAY, LessonQuerySet, LessonState
from activities.rules.lesson import audiences_of
from activities.services.lesson_uses import may_say_for
from cities.models import Bottleneck
from cities.selectors_bottlenecks import similar_bottlenecks
from governance.models import Organisation
from governance.models.organisation import Group
from nss_portal.core import workflow
from nss_portal.core.access import Actor, action_q, granted, standing_of
from nss_portal.core.access.resources import NOTHING
from nss_portal.core.time import today

MOST_OWN_BOTTLENECKS = 20


def subjects_of_lessons(authors: QuerySet[Organisation]) -> QuerySet[Organisation]:
    """Give the organisations that a lesson can be about: municipalities of today, and the authors themselves."""
    exists = Q(valid_to__isnull=True) | Q(valid_to__gte=today())
    return Organisation.objects.filter(
        Q(exists, group=Group.MUNICIPALITY) | Q(pk__in=authors.values("pk"))
    ).order_by("name", "pk")


def drafts_that_wait(actor: Actor) -> QuerySet[Lesson]:
    """Give the drafts that wait for this person: written by the own organisations, or waiting for their consent.

    `may_release` says of which the person leads the organisation that they are about.
    """
    held = granted(actor, "lesson", "write").get("own", frozenset())
    leads = "own-lead" in granted(actor, "lesson", "consent")
    released = action_q(actor, "lesson", "consent") if leads else NOTHING
    waiting = Lesson.objects.filter(Q(author_organisation__in=held) | released, state=LessonState.DRAFT)
    return waiting.annotate(may_release=ExpressionWrapper(released, BooleanField())).select_related("organisation")


def lessons_to_edit(actor: Actor) -> QuerySet[Lesson]:
    """Give the lessons that wait for the editors."""
    waiting: QuerySet[Lesson] = Lesson.objects.open_to(actor, "publish").filter(
        state__in=[LessonState.RELEASED, LessonState.REVIEW]
    )
    return waiting.select_related("organisation")


def with_rights(lessons: LessonQuerySet, actor: Actor) -> LessonQuerySet:
    """Add `may_write`, `may_consent` and `may_publish`: what the actor may do with each, without a query more."""
    return lessons.annotate(
        **{
            f"may_{action}": ExpressionWrapper(action_q(actor, "lesson", action), BooleanField())
            for action in ("write", "consent", "publish")
        }
    )


def rights_of(lesson: Lesson) -> frozenset[str]:
    """Give the actions that the actor of `with_rights` may take on a lesson."""
    actions = ("write", "consent", "publish")
    return frozenset(action for action in actions if getattr(lesson, f"may_{action}"))


@dataclass(frozen=True)
class Notice:
    """What somebody who had a lesson reads after it was withdrawn: that it was, when and why."""

    lesson: Lesson
    reason: str
    transition: object


def withdrawn_notice(actor: Actor, public_id: str) -> Notice | None:
    """Give the notice of a withdrawn lesson to who had it: its audience, and whose organisation uses it.

    Its texts are no longer for them. A visitor gets none: what is not published does not exist there.
    """
    mine = standing_of(actor).organisations
    if not mine:
        return None
    audiences = [audience.value for audience in audiences_of(standing_of(actor))]
    had = Q(published_at__isnull=False, audiences__overlap=audiences)
    used = Q(pk__in=LessonUse.objects.filter(organisation__in=mine).values("lesson"))
    withdrawn = Lesson.objects.filter(had | used, public_id=public_id, state=LessonState.WITHDRAWN)
    lesson = withdrawn.select_related("organisation").first()
    if lesson is None:
        return None
    last = workflow.history(lesson).filter(target=LessonState.WITHDRAWN).order_by("-at").first()
    return Notice(lesson, last.reason if last else "", last)


def offered_bottlenecks(actor: Actor, lesson: Lesson) -> QuerySet[Bottleneck]:
    """Give the bottlenecks that a lesson may treat: those chosen, of whom it is about, and those that resemble it.

    Only what the actor may see is offered. Up to eight queries.
    """
    visible = Bottleneck.objects.visible_to(actor).listed()
    own = visible.filter(organisation=lesson.organisation_id).order_by("-changed_at", "-pk")
    keys = set(own.values_list("pk", flat=True)[:MOST_OWN_BOTTLENECKS])
    keys |= {found.pk for found in similar_bottlenecks(actor, f"{lesson.title} {lesson.what_failed}")}
    keys |= set(lesson.bottlenecks.visible_to(actor).values_list("pk", flat=True))
    return Bottleneck.objects.filter(pk__in=keys).select_related("organisation").order_by("title", "pk")


def my_uses(actor: Actor, lesson: Lesson) -> list[tuple[Organisation, LessonUse | None]]:
    """Give the organisations for which the actor says what a lesson is worth, with what they said. Two queries."""
    if lesson.state != LessonState.PUBLISHED or not granted(actor, "lesson", "write"):
        return []
    mine = list(may_say_for(actor, lesson).order_by("name", "pk"))
    said = {use.organisation_id: use for use in lesson.uses.filter(organisation__in=mine)} if mine else {}
    return [(organisation, said.get(organisation.pk)) for organisation in mine]


def revision_under_way(lesson: Lesson) -> Lesson | None:
    """Give the new version of a lesson that is on its way, if there is one. One query."""
    return lesson.revisions.filter(state__in=UNDER_WAY).first()


def lessons_with_comments(actor: Actor) -> QuerySet[Lesson]:
    """Give the lessons on which somebody else had the last word in a conversation that is open."""
    mine = standing_of(actor).organisations
    if not granted(actor, "lesson", "write"):
        return Lesson.objects.none()
    talks = LessonComment.objects.filter(Q(pk=OuterRef("pk")) | Q(answer_to=OuterRef("pk"))).order_by(
        "-created_at", "-pk"
    )
    waiting = (
        LessonComment.objects.filter(answer_to__isnull=True, resolved_at__isnull=True, lesson__state__in=UNDER_WAY)
        .annotate(last=Subquery(talks.values("organisation")[:1]))
        .exclude(last__in=mine)
    )
    open_here = Lesson.objects.open_to(actor, "write").filter(pk__in=waiting.values("lesson"))
    found: QuerySet[Lesson] = open_here.select_related("organisation").order_by("-changed_at", "-pk")
    return found
