"""Typical activities, as the matrix's words see them."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

from django.utils import timezone

from activities.models import Activity, ActivitySession, AgendaPeriod, Participation
from activities.models.activity import SHOWN_STATES
from governance.models import Organisation, User
from tests.access.cast import Person
from tests.access.matrix import Sample, records_of

WIDER = {"mission": ("cop", "nop", "interested"), "eoi": ("nop", "interested"), "interested": ("interested",)}


def make_activity(organisation: Organisation, state: str = "published", **fields: object) -> Activity:
    """Make an activity with one session of two hours, in three weeks or, when it was held, three weeks ago."""
    past = state in ("held", "closed")
    starts = timezone.now().replace(microsecond=0) + timedelta(weeks=-3 if past else 3)
    fields.setdefault("kind", "thematic")
    fields.setdefault("title", "Warmtenetten zonder verlies")
    fields.setdefault("starts_at", starts)
    fields.setdefault("ends_at", fields["starts_at"] + timedelta(hours=2) if fields["starts_at"] else None)
    if state in SHOWN_STATES:
        fields.setdefault("published_at", datetime(2026, 1, 5, 9, tzinfo=UTC))
    if state == "cancelled":
        fields.setdefault("cancel_reason", "Te weinig aanmeldingen")
    if fields.get("audience") == "everybody":
        fields["sharing"] = "published"
    activity = Activity.objects.create(organisation=organisation, state=state, **fields)
    if activity.starts_at:
        ActivitySession.objects.create(activity=activity, starts_at=activity.starts_at, ends_at=activity.ends_at)
    return activity


def take_part(
    activity: Activity, user: User, organisation: Organisation, state: str = "registered"
) -> Participation:
    """Give somebody a place in an activity, or another state of it."""
    return Participation.objects.create(activity=activity, user=user, organisation=organisation, state=state)


def _level_of(person: Person) -> str:
    """The level that a person of the cast counts as: a company's people have none."""
    return {"member": "interested", "partner": "other", "steering": "mission", "visitor": "other"}.get(
        person.role, "mission"
    )


@records_of("activity")
def activities(person: Person) -> Iterator[Sample]:
    """Activities by for whom they are, who leads them, and who takes part."""
    other, level = person.cast.other, _level_of(person)
    for audience in ("cop", "nop", "interested"):
        words = ("level",) if audience in WIDER.get(level, ()) else ()
        yield Sample.of(f"open to {audience}", make_activity(other, audience=audience), *words)
    everybody = make_activity(other, audience="everybody")
    yield Sample.of("open to everybody", everybody, "level", "published")
    told = make_activity(other, "held", audience="cop", sharing="published")
    words = ("level", "published") if level == "mission" else ("published",)
    yield Sample.of("of mission cities, told to everybody", told, *words)
    planned = make_activity(other, "planned", audience="everybody")
    yield Sample.of("being planned by another", planned)
    draft = make_activity(other, "draft", audience="everybody", starts_at=None)
    yield Sample.of("draft of another", draft, hidden=True)
    if person.own:
        yield from _of_one(person, person.own)


def _of_one(person: Person, own: Organisation) -> Iterator[Sample]:
    other, cop = person.cast.other, "cop"
    # Planned, so that no level opens it: what is left is the word at hand.
    for state, words in (
        ("registered", ("participant", "invited")),
        ("invited", ("participant", "invited")),
        ("withdrawn", ("invited",)),
        ("refused", ()),
    ):
        activity = make_activity(other, "planned", audience=cop)
        take_part(activity, person.user, own, state)
        yield Sample.of(f"one {state}", activity, *words)
    asked = make_activity(other, "planned", audience=cop)
    asked.invited.set([own, person.cast.advised])
    yield Sample.of("one's organisation is invited", asked, "invited")
    draft = make_activity(other, "draft", audience=cop)
    draft.invited.add(own)
    take_part(draft, person.user, own)
    yield Sample.of("invited, but a draft still", draft, hidden=True)
    yield Sample.of("led by one's organisation, draft", make_activity(own, "draft", audience=cop), "organiser")
    yield Sample.of("led by one's organisation, planned", make_activity(own, "planned", audience=cop), "organiser")
    proposed = make_activity(other, "draft", audience=cop, proposed_by=own)
    yield Sample.of("proposed by one's organisation", proposed, "own")


@records_of("agenda_period")
def periods(person: Person) -> Iterator[Sample]:
    """An agenda of a period: who votes, proposes and decides does so on each of them."""
    days = {"starts_on": date(2041, 1, 1), "ends_on": date(2042, 6, 30)}
    yield Sample.of("period", AgendaPeriod.objects.get_or_create(title="Agenda", defaults=days)[0])
