"""Illustrative lessons that show what happens on the way: comments, a new version, one that was withdrawn."""

from datetime import timedelta

from django.utils import timezone

from activities.models import Lesson, LessonComment, LessonVersion
from activities.models.lesson import LessonState
from activities.services.lesson_comments import find_passage
from activities.services.lesson_versions import CONTENT
from cities.models.bottleneck import Sharing
from cities.services.demo import DEMO_KEY
from governance.models import Organisation
from governance.models.organisation import Duty
from nss_portal.core.models import Transition

QUESTION = "Om hoeveel woningen ging het? Dan kan een lezer het met de eigen wijk vergelijken."
ANSWER = "Om ongeveer tweehonderd. Wij zetten het erbij."
WITHDRAWN = "Het bedrag bleek na de eindafrekening niet te kloppen. Er komt een nieuwe les."
ADDED = "Een jaar later doen vier van de vijf straten mee."


def add_stories() -> list[str]:
    """Add the stories that are not there yet; the texts are made up, and marked so by their lessons."""
    demo = Lesson.objects.filter(key__startswith=DEMO_KEY).order_by("pk")
    if LessonComment.objects.filter(lesson__in=demo).exists():
        return []
    review = demo.filter(state=LessonState.REVIEW).exclude(what_failed="").first()
    published = list(demo.filter(state=LessonState.PUBLISHED, sharing=Sharing.PUBLISHED)[:2])
    if review is not None:
        _talk(review)
    if len(published) == 2:
        _second_version(published[0])
        _withdraw(published[1])
    return ["demo: stories of lessons 3"]


def _talk(lesson: Lesson) -> None:
    """Let the editors ask something, and the city answer."""
    editors = Organisation.objects.filter(duty=Duty.PUBLISHER).first() or lesson.organisation
    words = " ".join(lesson.what_failed.split()[:6])
    start, end = find_passage(lesson.what_failed, words)
    moment = timezone.now() - timedelta(days=3)
    asked = LessonComment.objects.create(
        lesson=lesson,
        field="what_failed",
        start=start,
        end=end,
        quote=lesson.what_failed[start:end],
        text=QUESTION,
        organisation=editors,
        author_label="Demonstratie",
        created_at=moment,
    )
    LessonComment.objects.create(
        lesson=lesson,
        answer_to=asked,
        text=ANSWER,
        organisation=lesson.organisation,
        author_label="Demonstratie",
        created_at=moment + timedelta(days=1),
    )


def _second_version(lesson: Lesson) -> None:
    """Give a lesson a second version, and begin a third."""
    lesson.what_worked = f"{lesson.what_worked}\n\n{ADDED}"
    lesson.edition = 2
    lesson.save(update_fields=["what_worked", "edition"])
    LessonVersion.objects.create(
        lesson=lesson,
        number=2,
        title=lesson.title,
        what_worked=lesson.what_worked,
        what_failed=lesson.what_failed,
        note="Aangevuld met wat er na een jaar van kwam.",
        published_by_label="Demonstratie",
    )
    Lesson.objects.create(
        organisation=lesson.organisation,
        author_organisation=lesson.author_organisation,
        revision_of=lesson,
        is_illustrative=True,
        **{name: getattr(lesson, name) for name in CONTENT},
    )


def _withdraw(lesson: Lesson) -> None:
    """Take a lesson back, with the reason; nobody is written to about what is made up."""
    lesson.state, lesson.sharing = LessonState.WITHDRAWN, Sharing.DRAFT
    lesson.save(update_fields=["state", "sharing"])
    Transition.objects.create(
        object_type=lesson._meta.label_lower,
        object_id=str(lesson.pk),
        name="withdraw",
        source=LessonState.PUBLISHED,
        target=LessonState.WITHDRAWN,
        actor_label="Demonstratie",
        reason=WITHDRAWN,
    )
