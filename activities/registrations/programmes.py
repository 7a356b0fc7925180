"""What programmes add to my work, the news, the pages of municipalities and bottlenecks, roadmap, navigation."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from activities import reports_programme
from activities.models import (
    HoursEstimate,
    Milestone,
    Phase,
    Programme,
    ProgrammePartner,
    ProgrammeReflection,
    ReviewPoint,
    Signature,
    SigningRound,
)
from activities.models.programme import AT_WORK, ENDED, RUNNING, slug_of
from activities.models.programme_partner import Answer
from activities.selectors.programmes import party_keys, signing_keys, with_part
from activities.services.demo_links import load_demo as load_links
from activities.services.programmes.demo import load_demo
from cities.models import Bottleneck, Municipality, TransitionStep
from nss_portal.core.access import Actor, granted
from nss_portal.core.gathering import Rows, prepared
from nss_portal.core.registry import (
    NavigationItem,
    NewsItem,
    Section,
    WorkItem,
    bottleneck_sections,
    demo_loaders,
    municipality_sections,
    navigation,
    news_items,
    roadmap_sections,
    work_items,
)
from nss_portal.core.time import today

SHOWN = 10
ON_PAGE = 5
# So many days before a milestone or a point to act on who sees to it finds it in 'my work'.
DAYS_BEFORE = 14
# The month and day by which the hours of last year are estimated.
HOURS_BY = (4, 1)

demo_loaders.register(load_demo)
demo_loaders.register(load_links)


@navigation.register
def entries() -> list[NavigationItem]:
    """Programmes stand beside propositions, which grow into them: the first row stays as it was."""
    label = gettext_lazy("Programmes")
    return [NavigationItem(label=label, url_name="activities:programmes", order=35, under="cities:propositions")]


def _at(name: str, *args: object) -> str:
    return reverse(f"activities:{name}", args=args)


@work_items.register
def asked_of_partners(user: Any) -> Iterable[WorkItem]:
    """Ask a partner to say yes or no, to sign, and once a year for its hours."""
    mine, signing = party_keys(user), signing_keys(user)
    if not mine and not signing:
        return ()
    year = today().year - 1
    parts = _asked_parts(year, mine=mine, signing=signing)
    own = ("answer", "organisation_id", "joined_on", "has_signed", "is_opened", "is_estimated")
    names = ("programme__public_id", "programme__title", "organisation__name")
    return Rows(parts, *own, *names, each=lambda part: _asked(part, signing, year))


@prepared
def _asked_parts(year: int, *, mine: Any, signing: Any) -> QuerySet[ProgrammePartner]:
    """Give the partners of whom something is asked; the organisations as sets of keys, or places for them."""
    opened = SigningRound.objects.filter(covenant__programme=OuterRef("programme"), closed_on=None)
    own = Q(organisation__in=mine) | Q(organisation__in=signing)
    parts = (
        ProgrammePartner.objects.filter(own, left_on=None)
        .exclude(programme__phase__in=ENDED)
        .annotate(
            has_signed=Exists(Signature.objects.filter(partner=OuterRef("pk"))),
            is_opened=Exists(opened),
            is_estimated=Exists(HoursEstimate.objects.filter(partner=OuterRef("pk"), year=year)),
        )
        .filter(
            Q(answer=Answer.ASKED, organisation__in=mine)
            | Q(answer=Answer.YES, is_opened=True, has_signed=False, organisation__in=signing)
            | Q(
                answer=Answer.YES,
                programme__phase__in=AT_WORK,
                joined_on__year__lte=year,
                is_estimated=False,
                organisation__in=mine,
            )
        )
        .order_by("pk")
    )
    return parts[: 2 * SHOWN]


def _asked(part: Any, signing: frozenset[int], year: int) -> WorkItem:
    """Give what is asked of a partner: to answer, else to sign, else its hours."""
    pid, title = part.programme.public_id, part.programme.title
    if part.answer == Answer.ASKED:
        said = _("Does your organisation take part in '{title}'?").format(title=title)
        page, label, minutes, due = "programme_answer", _("Say yes or no"), 5, None
    elif part.is_opened and not part.has_signed and part.organisation_id in signing:
        said = _("Sign the covenant of '{title}'").format(title=title)
        page, label, minutes, due = "programme_sign", _("Read and sign the covenant"), 10, None
    else:
        said = _("About how many hours went into '{title}' in {year}?").format(title=title, year=year)
        page, label, minutes, due = "programme_hours", _("Give one number"), 1, date(year + 1, *HOURS_BY)
    return WorkItem(
        title=said,
        url=_at(page, pid, part.pk),
        action_label=label,
        minutes=minutes,
        due=due,
        on_behalf_of=part.organisation.name,
    )


def _led_by(user: Any) -> frozenset[int]:
    return granted(user, "programme", "change").get("organiser", frozenset())


@work_items.register
def reflections_to_write(user: Any) -> Iterable[WorkItem]:
    """Ask who leads a programme to look back on half a year."""
    leading = _led_by(user)
    if not leading:
        return ()
    names = ("year", "half", "due_on", "programme__public_id", "programme__title", "programme__organisation__name")
    return Rows(_reflections(leading=leading), *names, each=_look_back)


@prepared
def _reflections(leading: Any) -> QuerySet[ProgrammeReflection]:
    waiting = ProgrammeReflection.objects.filter(programme__organisation__in=leading, submitted_at=None)
    return waiting.order_by("due_on", "pk")[:SHOWN]


def _look_back(reflection: ProgrammeReflection) -> WorkItem:
    programme = reflection.programme
    return WorkItem(
        title=_("Look back on half a year of '{title}'").format(title=programme.title),
        url=_at("programme_reflection", programme.public_id, reflection.year, reflection.half),
        action_label=_("Read what is filled in"),
        minutes=10,
        due=reflection.due_on,
        on_behalf_of=programme.organisation.name,
    )


@work_items.register
def points_to_act_on(user: Any) -> Iterable[WorkItem]:
    """Ask the owner of a point that a midterm review agreed, when its day is near."""
    mine = _led_by(user) | party_keys(user)
    if not mine:
        return ()
    waiting = _points(mine=mine, day=_soon())
    names = ("what", "due_on", "owner__name", "review__programme__public_id", "review__programme__title")
    return Rows(waiting, *names, each=_act)


@prepared
def _points(mine: Any, day: Any) -> QuerySet[ReviewPoint]:
    waiting = ReviewPoint.objects.filter(owner__in=mine, done_on=None, due_on__lte=day)
    return waiting.order_by("due_on", "pk")[:SHOWN]


def _act(point: ReviewPoint) -> WorkItem:
    programme = point.review.programme
    return WorkItem(
        title=point.what,
        url=f"{_page(programme)}#reviews",
        action_label=_("Look at the programme"),
        minutes=15,
        due=point.due_on,
        detail=_("After the midterm review of '{title}'").format(title=programme.title),
        on_behalf_of=point.owner.name,
    )


@work_items.register
def milestones_that_come(user: Any) -> Iterable[WorkItem]:
    """Ask who sees to a milestone when its day is near; what belongs to all together is for who leads."""
    leading = _led_by(user)
    mine = leading | party_keys(user)
    if not mine:
        return ()
    waiting = _milestones(mine=mine, leading=leading, day=_soon())
    names = ("title", "planned_on", "programme__public_id", "programme__title", "programme__organisation__name")
    return Rows(waiting, *names, each=_reach)


@prepared
def _milestones(mine: Any, leading: Any, day: Any) -> QuerySet[Milestone]:
    sees_to = Q(owner__in=mine) | Q(owner=None, programme__organisation__in=leading)
    waiting = Milestone.objects.filter(
        sees_to, done_on=None, dropped_on=None, planned_on__lte=day, programme__phase__in=RUNNING
    )
    return waiting.order_by("planned_on", "pk")[:SHOWN]


def _reach(milestone: Milestone) -> WorkItem:
    programme = milestone.programme
    return WorkItem(
        title=milestone.title,
        url=f"{_page(programme)}#milestones",
        action_label=_("Look at the programme"),
        minutes=5,
        due=milestone.planned_on,
        detail=_("Milestone of '{title}'").format(title=programme.title),
        on_behalf_of=programme.organisation.name,
    )


@work_items.register
def programmes_to_try_again(user: Any) -> Iterable[WorkItem]:
    """Ask who led a programme that stopped whether its time has come."""
    leading = _led_by(user)
    if not leading:
        return ()
    waiting = Programme.objects.filter(organisation__in=leading, phase=Phase.STOPPED, retry_on__lte=today())
    names = ("public_id", "title", "retry_on", "organisation__name")
    return Rows(waiting.order_by("retry_on", "pk")[:SHOWN], *names, each=_try)


def _try(programme: Programme) -> WorkItem:
    return WorkItem(
        title=_("Has the time of '{title}' come?").format(title=programme.title),
        url=_page(programme),
        action_label=_("Look at the programme"),
        minutes=5,
        due=programme.retry_on,
        on_behalf_of=programme.organisation.name,
    )


def _soon() -> date:
    return today() + timedelta(days=DAYS_BEFORE)


def _page(programme: Programme) -> str:
    return _at("programme", programme.public_id, slug_of(programme.title))


NEWS = {
    Phase.EXPLORATION: gettext_lazy("began the exploration of '{title}'"),
    Phase.PREPARATION: gettext_lazy("began to prepare the covenant of '{title}'"),
    Phase.SIGNING: gettext_lazy("put the covenant of '{title}' up for signing"),
    Phase.EXECUTION: gettext_lazy("began the execution of '{title}'"),
    Phase.SCALING: gettext_lazy("began to scale up '{title}'"),
    Phase.CLOSED: gettext_lazy("closed '{title}'"),
    Phase.STOPPED: gettext_lazy("stopped '{title}'"),
}


@news_items.register
def phases_that_changed(user: Any, since: datetime) -> Iterable[NewsItem]:
    """Tell which programmes went on to another phase."""
    moved = Programme.objects.visible_to(user).filter(phase__in=NEWS, phase_since__gte=timezone.localdate(since))
    names = ("public_id", "title", "phase", "phase_since", "organisation__name")
    return Rows(moved.order_by("-phase_since", "-pk")[:SHOWN], *names, each=_moved)


def _moved(programme: Programme) -> NewsItem:
    return NewsItem(
        when=programme.phase_since,
        subject=programme.organisation.name,
        text=str(NEWS[Phase(programme.phase)]).format(title=programme.title),
        url=_page(programme),
    )


@news_items.register
def partners_who_come_and_go(user: Any, since: datetime) -> Iterable[NewsItem]:
    """Tell people of partners who said yes to a programme of theirs, and who left it."""
    mine = party_keys(user)
    if not mine:
        return ()
    moved = _partners(mine=mine, day=timezone.localdate(since))
    names = ("answered_on", "left_on", "organisation__name", "programme__public_id", "programme__title")
    return Rows(moved, *names, each=_came_or_went)


@prepared
def _partners(mine: Any, day: Any) -> QuerySet[ProgrammePartner]:
    theirs = ProgrammePartner.objects.filter(organisation__in=mine, answer=Answer.YES, left_on=None).order_by()
    moved = ProgrammePartner.objects.filter(
        Q(answered_on__gte=day) | Q(left_on__gte=day),
        programme__in=theirs.values("programme"),
        answer=Answer.YES,
    )
    return moved.exclude(organisation__in=mine).order_by("-pk")[:SHOWN]


def _came_or_went(part: ProgrammePartner) -> NewsItem:
    left = part.left_on is not None
    text = _("left '{title}'") if left else _("takes part in '{title}'")
    return NewsItem(
        when=part.left_on if part.left_on is not None else part.answered_on or part.asked_on,
        subject=part.organisation.name,
        text=text.format(title=part.programme.title),
        url=f"{_page(part.programme)}#partners",
    )


def _section(programmes: Any, order: int) -> Rows[Section]:
    """Give the newest of some programmes as a part of another page."""
    template = "activities/includes/programmes_at.html"

    def shown(found: list[Programme]) -> list[Section]:
        rows = [
            {
                "title": one.title,
                "url": _page(one),
                "phase": Phase(one.phase).label,
                "is_illustrative": one.is_illustrative,
            }
            for one in found
        ]
        return [
            Section(
                key="programmas", title=_("Programmes"), template=template, context={"rows": rows}, order=order
            )
        ]

    newest = programmes.order_by("-changed_at", "-pk")[:ON_PAGE]
    return Rows(newest, "public_id", "title", "phase", "is_illustrative", together=shown)


def _only(section: Rows[Section]) -> Section | None:
    return next(iter(section), None)


@municipality_sections.register
def programmes_of(actor: Actor, municipality: Municipality) -> Rows[Section]:
    """Show on a municipality's page what it leads and takes part in."""
    return _section(with_part(Programme.objects.visible_to(actor), [municipality.organisation_id]), 47)


@bottleneck_sections.register
def programmes_about(actor: Actor, bottleneck: Bottleneck) -> Section | None:
    """Show on a bottleneck's page which programmes treat it. One query."""
    return _only(_section(Programme.objects.visible_to(actor).filter(bottlenecks=bottleneck), 40))


@roadmap_sections.register
def programmes_at(actor: Actor, step: TransitionStep) -> Rows[Section]:
    """Show at a step of the roadmap which programmes serve it."""
    return _section(Programme.objects.visible_to(actor).running().filter(steps=step), 45)


__all__ = ["reports_programme"]
