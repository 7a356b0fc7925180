"""What ties illustrative parts together: activities of programmes, a reflection on their results, a newsletter."""

from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from activities.models import Activity, KnowledgeProduct, Lesson, News, Newsletter, Programme, ReflectionSubject
from activities.models.activity import SHOWN_STATES, Kind
from activities.models.activity_parts import SubjectKind
from activities.models.newsletter import NewsletterState
from activities.models.programme import AT_WORK
from activities.presenting.newsletter import html_of, text_of

PER_PROGRAMME = 2
PROGRAMMES = {"small": 3, "national": 40}
# The days ago on which the newsletter of the demonstration begins and ends.
BEGINS, ENDS = 120, 30
MOST = 4


@transaction.atomic
def load_demo(scale: str, seed: int) -> list[str]:
    """Tie illustrative activities to programmes, and send one newsletter; a second run adds nothing."""
    return [f"demo: activities of programmes {_tie(PROGRAMMES[scale])}", f"demo: newsletters {_newsletter()}"]


def _tie(most: int) -> int:
    """Give programmes at work that have none some activities on their domain, and the first a reflection."""
    tied = 0
    programmes = Programme.objects.filter(is_illustrative=True, phase__in=AT_WORK, activities=None)
    for programme in programmes.order_by("pk")[:most]:
        free = Activity.objects.filter(is_illustrative=True, programme=None, state__in=SHOWN_STATES)
        on_domain = free.filter(theme=programme.domain).exclude(kind=Kind.REFLECTION).order_by("-starts_at", "pk")
        keys = list(on_domain.values_list("pk", flat=True)[:PER_PROGRAMME])
        tied += Activity.objects.filter(pk__in=keys).update(programme=programme)
        session = free.filter(kind=Kind.REFLECTION).exclude(subjects__kind=SubjectKind.PROGRAMME).order_by("pk")
        if reflection := session.first():
            ReflectionSubject.objects.create(
                activity=reflection,
                order=reflection.subjects.count(),
                kind=SubjectKind.PROGRAMME,
                title=programme.title,
                programme=programme,
                finding=programme.goal[:300],
            )
    return tied


def _newsletter() -> int:
    if Newsletter.objects.exists():
        return 0
    now = timezone.now()
    since, until = now - timedelta(days=BEGINS), now - timedelta(days=ENDS)
    items = []
    sources: list[tuple[str, Any]] = [
        ("news", News.objects.published()),
        ("lesson", Lesson.objects.visible_to(None).published()),
        ("product", KnowledgeProduct.objects.visible_to(None)),
    ]
    for kind, public in sources:
        of_then = public.filter(is_illustrative=True, published_at__range=(since, until)).order_by("published_at")
        items += [{"kind": kind, "id": key} for key in of_then.values_list("public_id", flat=True)[:MOST]]
    if not items:
        return 0
    with translation.override("nl"):
        letter = Newsletter(
            title=_("What happened in the network"), items=items, since=since, until=until, created_at=until
        )
        letter.html, letter.text = html_of(letter), text_of(letter)
    letter.state, letter.sent_on, letter.changed_at = NewsletterState.SENT, timezone.localdate(until), until
    letter.save()
    return 1
