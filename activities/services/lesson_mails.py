"""What is written about lessons: the question a quarter later, and that a lesson was withdrawn."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import date

from django.conf import settings
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from activities.models import Lesson, LessonUse
from governance.models import Membership, User
from nss_portal.core.locks import lock
from nss_portal.core.mail import queue_mail
from nss_portal.core.time import today


def people_behind(uses: Iterable[LessonUse]) -> dict[User, list[LessonUse]]:
    """Give who is written to about which uses: whoever said it, or after that person left who leads. One query."""
    found = list(uses)
    members = Membership.objects.current(today()).filter(
        organisation__in={use.organisation_id for use in found}, user__is_active=True
    )
    here: dict[int, list[Membership]] = defaultdict(list)
    for one in members.select_related("user").order_by("user__email"):
        here[one.organisation_id].append(one)
    asked: dict[User, list[LessonUse]] = defaultdict(list)
    for use in found:
        there = here[use.organisation_id]
        said = [one.user for one in there if one.user_id == use.said_by_id]
        for user in dict.fromkeys(said[:1] or [one.user for one in there if one.is_lead]):
            asked[user].append(use)
    return asked


@transaction.atomic
def ask_what_came_of_it(*, day: date, guard: Callable[[], None]) -> int:
    """Write to everybody who said a quarter ago that they apply a lesson, once; gives to how many."""
    guard()
    lock("lesson uses")
    due = LessonUse.objects.to_ask(day).filter(asked_at__isnull=True)
    uses = list(due.select_related("lesson", "organisation").order_by("ask_on", "pk"))
    asked = people_behind(uses)
    for user, theirs in asked.items():
        _write(user, theirs, template="lesson_uses", key=f"lesson-uses:{day.isoformat()}:{user.pk}")
    LessonUse.objects.filter(pk__in=[use.pk for use in uses]).update(asked_at=timezone.now())
    return len(asked)


def tell_withdrawn(lesson: Lesson, *, reason: str) -> int:
    """Write to who applies or values a lesson that it was withdrawn, and why; in the transaction of that."""
    uses = LessonUse.objects.filter(lesson=lesson).select_related("lesson", "organisation")
    asked = people_behind(uses)
    for user, theirs in asked.items():
        key = f"lesson-withdrawn:{lesson.pk}:{lesson.edition}:{user.pk}"
        _write(user, theirs, template="lesson_withdrawn", key=key, reason=reason)
    return len(asked)


def _write(user: User, uses: list[LessonUse], *, template: str, key: str, reason: str = "") -> None:
    with translation.override(user.language):
        items = [
            {
                "title": use.lesson.title,
                "organisation": str(use.organisation),
                "url": settings.NSS_BASE_URL + _address(use, template),
            }
            for use in uses
        ]
        context = {"name": user.name, "items": items, "reason": reason}
        body = render_to_string(f"activities/mail/{template}.txt", context)
        subject = _subject(template, items)
    queue_mail(key=key, to=user.email, subject=subject, body=body, about=uses[0].lesson, language=user.language)


def _address(use: LessonUse, template: str) -> str:
    if template == "lesson_uses":
        return reverse("activities:lesson_outcome", args=[use.lesson.public_id, use.pk])
    return use.lesson.get_absolute_url()


def _subject(template: str, items: list[dict[str, str]]) -> str:
    if template == "lesson_withdrawn":
        return _("Withdrawn: %(title)s") % {"title": items[0]["title"]}
    if len(items) == 1:
        return _("What came of '%(title)s'?") % {"title": items[0]["title"]}
    text = ngettext("What came of %(number)d lesson?", "What came of %(number)d lessons?", len(items))
    return text % {"number": len(items)}
