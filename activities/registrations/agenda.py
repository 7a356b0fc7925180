"""What the agenda adds to the floors below it and to the pages that compose all apps."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from django.db.models import Case, Q, QuerySet, When
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from activities.models import Activity, Agreement, Outcome, Participation
from activities.models.activity import ActivityState, Kind, ParticipationState
from activities.models.activity_parts import AgreementState
from activities.presenting.agenda import HERE
from activities.selectors.agenda import agreements_waiting, to_round_off, unfinished
from activities.services.agreements import give_agreements
from activities.services.demo_agenda import load_demo
from activities.services.handing import give_activities
from activities.services.reflection import RECORDING_LEVELS
from cities.models import Bottleneck, Municipality, TransitionStep
from governance.models import Organisation, User
from nss_portal.core.access import Actor, Role, may, standing_of
from nss_portal.core.gathering import Rows, prepared
from nss_portal.core.handing import Held
from nss_portal.core.registry import (
    HomeLink,
    NavigationItem,
    NewsItem,
    Section,
    WorkItem,
    bottleneck_sections,
    demo_loaders,
    hand_over_handlers,
    home_links,
    home_sections,
    municipality_sections,
    navigation,
    news_items,
    roadmap_sections,
    work_items,
)

SHOWN = 10
ON_PAGE = 5
PAGE = ("public_id", "title")

demo_loaders.register(load_demo)


@navigation.register
def entries() -> list[NavigationItem]:
    """The agenda stands in the main navigation."""
    return [NavigationItem(label=gettext_lazy("Agenda"), url_name="activities:agenda", order=36)]


@home_links.register
def links() -> list[HomeLink]:
    """A visitor goes to the agenda from the home page."""
    return [HomeLink(label=gettext_lazy("See the agenda"), url=reverse("activities:agenda"), order=40)]


@work_items.register
def agreed(user: Any) -> Iterable[WorkItem]:
    """Ask to do what was decided at a case table or agreed in a series."""
    standing = standing_of(user)
    if standing.user_id is None:
        return ()
    waiting = agreements_waiting(SHOWN, user=standing.user_id, own=standing.organisations)
    return Rows(waiting, "text", "due_on", *(f"activity__{name}" for name in PAGE), "owner__name", each=_agreed)


def _agreed(agreement: Agreement) -> WorkItem:
    return WorkItem(
        title=agreement.text,
        url=reverse("activities:agreement", args=[agreement.activity.public_id, agreement.pk]),
        action_label=_("Say what became of it"),
        minutes=5,
        due=agreement.due_on,
        detail=agreement.activity.title,
        on_behalf_of=agreement.owner.name,
    )


@work_items.register
def invitations(user: Any) -> Iterable[WorkItem]:
    """Ask whether one comes."""
    user_id = standing_of(user).user_id
    if user_id is None:
        return ()
    return Rows(
        _invitations(user=user_id, now=timezone.now()),
        "activity__public_id",
        "activity__title",
        "activity__starts_at",
        each=_invited,
    )


@prepared
def _invitations(user: Any, now: Any) -> QuerySet[Participation]:
    # What has no date yet is still to come.
    to_come = Q(activity__ends_at__gt=now) | Q(activity__ends_at__isnull=True)
    waiting = Participation.objects.filter(
        to_come,
        user=user,
        state=ParticipationState.INVITED,
        activity__state__in=[ActivityState.PLANNED, ActivityState.PUBLISHED],
    )
    return waiting.order_by("activity__starts_at", "pk")[:SHOWN]


def _invited(row: Participation) -> WorkItem:
    starts = row.activity.starts_at
    return WorkItem(
        title=_("Do you come to '{title}'?").format(title=row.activity.title),
        url=row.activity.get_absolute_url(),
        action_label=_("Answer"),
        minutes=1,
        due=timezone.localdate(starts) if starts else None,
    )


@work_items.register
def questions_of_capacity(user: Any) -> Iterable[WorkItem]:
    """Ask a transition team what its city has to follow, for a reflection session that it takes part in."""
    standing = standing_of(user)
    own = [
        one for one in standing.roles.get(Role.TEAM, frozenset()) if standing.levels.get(one) in RECORDING_LEVELS
    ]
    if not own:
        return ()
    mine = Participation.objects.filter(user=standing.user_id, state=ParticipationState.REGISTERED)
    waiting = (
        Activity.objects.filter(
            kind=Kind.REFLECTION,
            state__in=[ActivityState.PUBLISHED, ActivityState.HELD],
            pk__in=mine.order_by().values("activity"),
        )
        .exclude(capacities__organisation__in=own)
        .order_by("starts_at", "pk")
    )
    return Rows(waiting[:SHOWN], *PAGE, "starts_at", each=_capacity)


def _capacity(activity: Activity) -> WorkItem:
    return WorkItem(
        title=_("Can your city follow? '{title}'").format(title=activity.title),
        url=activity.get_absolute_url(),
        action_label=_("Record it"),
        minutes=2,
        due=timezone.localdate(activity.starts_at) if activity.starts_at else None,
    )


@work_items.register
def drafts_to_finish(user: Any) -> Iterable[WorkItem]:
    """Ask to finish an activity that one began."""
    if not may(user, "activity", "change"):
        return ()
    return Rows(unfinished(user)[:SHOWN], *PAGE, "organisation__name", each=_unfinished)


def _unfinished(activity: Activity) -> WorkItem:
    return WorkItem(
        title=_("Finish the activity '{title}'").format(title=activity.title),
        url=activity.get_absolute_url(),
        action_label=_("Finish the draft"),
        minutes=10,
        on_behalf_of=activity.organisation.name,
    )


@work_items.register
def held_to_round_off(user: Any) -> Iterable[WorkItem]:
    """Ask who leads an activity that took place to note who was there and what came of it."""
    if not may(user, "activity", "change"):
        return ()
    return Rows(to_round_off(user)[:SHOWN], *PAGE, "kind", "organisation__name", each=_held)


def _held(activity: Activity) -> WorkItem:
    return WorkItem(
        title=_("'{title}' took place: who was there, and what came of it?").format(title=activity.title),
        url=activity.get_absolute_url(),
        action_label=_("Round off"),
        minutes=10,
        on_behalf_of=activity.organisation.name,
    )


@work_items.register
def places_to_decide(user: Any) -> Iterable[WorkItem]:
    """Ask who leads an activity to admit those who asked for a place."""
    if not may(user, "activity", "change"):
        return ()
    asking = _requests(own=standing_of(user).organisations)
    return Rows(asking, "activity__public_id", "activity__title", together=_asking)


@prepared
def _requests(own: Any) -> QuerySet[Participation]:
    asking = Participation.objects.filter(
        state=ParticipationState.REQUESTED,
        activity__organisation__in=own,
        activity__state=ActivityState.PUBLISHED,
    )
    return asking.order_by("activity", "pk")[: SHOWN * 5]


def _asking(rows: list[Participation]) -> Iterator[WorkItem]:
    per_activity: dict[str, list[Participation]] = {}
    for row in rows:
        per_activity.setdefault(row.activity.public_id, []).append(row)
    for public_id, some in per_activity.items():
        yield WorkItem(
            title=_("{number} ask for a place in '{title}'").format(
                number=len(some), title=some[0].activity.title
            ),
            url=reverse("activities:activity_people", args=[public_id]),
            action_label=_("Decide"),
            minutes=2,
        )


@news_items.register
def new_on_the_agenda(user: Any, since: datetime) -> Iterable[NewsItem]:
    """Tell what was put on the agenda."""
    found = Activity.objects.visible_to(user).filter(
        state=ActivityState.PUBLISHED, published_at__gt=since, ends_at__gt=timezone.now()
    )
    return Rows(
        found.order_by("-published_at", "-pk")[:SHOWN], *PAGE, "published_at", "organisation__name", each=_new
    )


def _new(activity: Activity) -> NewsItem:
    return NewsItem(
        when=timezone.localdate(activity.published_at),
        subject=activity.organisation.name,
        text=_("put '{title}' on the agenda").format(title=activity.title),
        url=activity.get_absolute_url(),
    )


@news_items.register
def published_outcomes(user: Any, since: datetime) -> Iterable[NewsItem]:
    """Tell what Deep Dives brought for the roadmap."""
    seen = Activity.objects.visible_to(user).filter(outcome__published_at__gt=since)
    found = Outcome.objects.filter(activity__in=seen.order_by().values("pk"), published_at__gt=since)
    names = ("activity__public_id", "activity__title", "published_at")
    return Rows(found.order_by("-published_at", "-pk")[:SHOWN], *names, each=_outcome)


def _outcome(outcome: Outcome) -> NewsItem:
    return NewsItem(
        when=timezone.localdate(outcome.published_at),
        subject=outcome.activity.title,
        text=_("brought an outcome for the roadmap"),
        url=f"{outcome.activity.get_absolute_url()}#uitkomst",
    )


SHORT = (*PAGE, "kind", "starts_at", "state", "is_illustrative")


def _lines(found: Iterable[Activity]) -> list[dict[str, Any]]:
    labels = {kind.value: str(kind.label) for kind in Kind}
    return [
        {
            "url": one.get_absolute_url(),
            "title": one.title,
            "date": one.starts_at.astimezone(HERE).date() if one.starts_at else None,
            "detail": labels[one.kind],
            "is_past": one.starts_at is not None and one.starts_at < timezone.now(),
            "made_up": one.is_illustrative,
        }
        for one in found
    ]


def _section(found: Iterable[Activity], title: str, *, order: int, key: str = "agenda", **more: Any) -> Section:
    return Section(
        key=key,
        title=title,
        template="activities/includes/agenda_of.html",
        context={"rows": _lines(found), "url": "", "label": "", **more},
        order=order,
    )


@municipality_sections.register
def activities_of(actor: Actor, municipality: Municipality) -> Rows[Section]:
    """Show on a municipality's page what it leads and takes part in: what comes, the next first, then what was."""
    key = municipality.organisation_id
    there = Participation.objects.filter(organisation=key, state=ParticipationState.REGISTERED)
    visible = Activity.objects.visible_to(actor).shown().exclude(state=ActivityState.CANCELLED)
    found = visible.filter(Q(organisation=key) | Q(pk__in=there.order_by().values("activity")))

    def section(rows: list[Activity]) -> Iterator[Section]:
        yield _section(rows, _("On the agenda"), order=40)

    coming = Case(When(starts_at__gte=timezone.now(), then="starts_at")).asc(nulls_last=True)
    return Rows(found.order_by(coming, "-starts_at", "-pk")[:ON_PAGE], *SHORT, together=section)


@bottleneck_sections.register
def treated_in(actor: Actor, bottleneck: Bottleneck) -> Section | None:
    """Show on a bottleneck's page the activities that treat it, and the way to plan one. One query."""
    visible = Activity.objects.visible_to(actor).shown().filter(bottlenecks=bottleneck)
    found = list(visible.order_by("-starts_at", "-pk").only(*SHORT)[:ON_PAGE])
    may_plan = may(actor, "activity", "change")
    if not found and not may_plan:
        return None
    url = f"{reverse('activities:activity_choose')}?knelpunt={bottleneck.public_id}" if may_plan else ""
    return _section(
        found, _("Treated in"), order=35, key="behandeld", url=url, label=_("Plan an activity on this bottleneck")
    )


@roadmap_sections.register
def outcomes_at(actor: Actor, step: TransitionStep) -> Section | None:
    """Show on a step's page what Deep Dives brought, for whoever may see those. One query."""
    visible = Activity.objects.visible_to(actor).filter(steps=step, outcome__published_at__isnull=False)
    found = list(visible.select_related("outcome").order_by("-outcome__published_at", "-pk")[:ON_PAGE])
    if not found:
        return None
    return Section(
        key="uitkomsten",
        title=_("What Deep Dives brought"),
        template="activities/includes/outcomes_at.html",
        context={"activities": found},
        order=20,
    )


@roadmap_sections.register
def coming_at(actor: Actor, step: TransitionStep) -> Section | None:
    """Show on a step's page what is coming on the agenda for it. One query."""
    visible = Activity.objects.visible_to(actor).filter(
        steps=step, state=ActivityState.PUBLISHED, ends_at__gt=timezone.now()
    )
    found = list(visible.order_by("starts_at", "pk").only(*SHORT)[:ON_PAGE])
    if not found:
        return None
    url = f"{reverse('activities:agenda')}?stap={step.code}"
    return _section(found, _("Coming up"), order=40, url=url, label=_("All activities on this step"))


@home_sections.register
def coming_up(actor: Actor) -> Section | None:
    """Show a visitor what is next on the agenda. One query."""
    visible = Activity.objects.visible_to(actor).filter(state=ActivityState.PUBLISHED, ends_at__gt=timezone.now())
    found = list(visible.order_by("starts_at", "pk").only(*SHORT)[:4])
    if not found:
        return None
    return _section(
        found, _("On the agenda"), order=20, url=reverse("activities:agenda"), label=_("The whole agenda")
    )


@hand_over_handlers.register
def held_by(user: User, organisation: Organisation) -> Iterator[Held]:
    """Give the agreements that somebody sees to, and the activities that somebody began. Two queries."""
    agreed_by = Agreement.objects.filter(owner_user=user, owner=organisation, state=AgreementState.OPEN)
    yield Held(
        "agreements",
        gettext_lazy("Agreements of case tables and series"),
        list(agreed_by.order_by("pk").values_list("text", flat=True)),
        lambda successor, actor: give_agreements(
            user=user, successor=successor, organisation=organisation, actor=actor
        ),
    )
    begun = Activity.objects.filter(created_by=user, organisation=organisation).coming()
    yield Held(
        "activities",
        gettext_lazy("Activities that are being planned"),
        list(begun.order_by("pk").values_list("title", flat=True)),
        lambda successor, actor: give_activities(
            user=user, successor=successor, organisation=organisation, actor=actor
        ),
    )
