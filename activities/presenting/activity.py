"""What the page of one activity says of what came of it: by kind, and by whether one takes part."""

from collections import Counter
from collections.abc import Iterable
from typing import Any

from django.db.models import Exists, OuterRef
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from activities.models import Agreement, Outcome, ReflectionCapacity, ReflectionSubject
from activities.models.activity import ActivityState, Kind, ParticipationState
from activities.models.activity_parts import AgreementState, Answer
from activities.presenting.agenda import OWN_TONES
from activities.services.agreements import case_bringers
from activities.services.places import IN_LINE, closed_because
from activities.services.reflection import recording_cities
from nss_portal.core.access import Actor, standing_of
from nss_portal.core.markdown import rendered
from nss_portal.core.time import today

ASPECTS = ("money", "people", "partners", "signing")
ANSWER_TONES = {Answer.YES: "good", Answer.PARTLY: "attention", Answer.NO: "bad", Answer.UNKNOWN: "neutral"}


def own_place(activity: Any, actor: Actor) -> dict[str, Any]:
    """Say where the person stands, and what can be done about it; `activity` comes from `with_rights`."""
    state = activity.my_state
    # A place in what is cancelled is none.
    none = activity.state == ActivityState.CANCELLED or state == ParticipationState.WITHDRAWN
    shown = state if state and not none else ""
    invited = state == ParticipationState.INVITED
    closed = closed_because(activity, invited=invited)
    in_line = state in IN_LINE
    full = activity.capacity is not None and activity.taken >= activity.capacity
    has_account = standing_of(actor).user_id is not None
    return {
        "label": ParticipationState(shown).label if shown else "",
        "tone": OWN_TONES[ParticipationState(shown)] if shown else "",
        "can_register": (activity.may_register or invited)
        and not closed
        and not in_line
        and state != ParticipationState.REFUSED
        and has_account,
        "asks_login": not has_account and not closed,
        "can_withdraw": (in_line or invited)
        and activity.state in (ActivityState.PLANNED, ActivityState.PUBLISHED)
        and not (activity.state == ActivityState.PUBLISHED and closed),
        "is_invited": invited,
        "is_asked": state == ParticipationState.REQUESTED,
        "is_waiting": state == ParticipationState.WAITING,
        "full": full,
        "action": _("Join the waiting list") if full else _("Register"),
    }


def record_parts(activity: Any, actor: Actor, *, inside: bool) -> dict[str, Any]:
    """Give the parts of the page that belong to one kind, and what was agreed."""
    found: dict[str, Any] = {
        "body": rendered(activity.body, heading=2) if activity.body else "",
        "outcome": None,
        "subjects": [],
        "picture": None,
        "cases": [],
        "agreements": [],
        "may_bring_case": False,
        "own_capacity": [],
        "followed": 0,
    }
    if activity.kind == Kind.DEEP_DIVE:
        outcome = Outcome.objects.filter(activity=activity).first()
        if outcome and (outcome.published_at or activity.may_change):
            found["outcome"] = outcome
    if activity.kind == Kind.REFLECTION:
        found |= _reflection(activity, actor)
    if activity.kind == Kind.CASE_TABLE:
        found |= _cases(activity, actor, inside=inside)
    if inside and (activity.is_series or activity.kind == Kind.CASE_TABLE):
        rows = activity.agreements.select_related("owner", "owner_user", "case")
        found["agreements"] = agreement_rows(rows, actor, may_change=activity.may_change)
        found["followed"] = sum(1 for row in found["agreements"] if row["is_open"])
    return found


def agreement_rows(agreements: Iterable[Any], actor: Actor, *, may_change: bool) -> list[dict[str, Any]]:
    """Give agreements for a list: open ones first, each with whether the person settles it."""
    held = standing_of(actor).organisations
    day = today()
    rows = [
        {
            "pk": one.pk,
            "text": one.text,
            "owner": one.owner.short_name or one.owner.name,
            "person": str(one.owner_user) if one.owner_user else "",
            "case": one.case.title if one.case else "",
            "kind": _("decision") if one.is_decision else _("action point"),
            "due": date_format(one.due_on, "j F Y"),
            "late": one.state == AgreementState.OPEN and one.due_on < day,
            "is_open": one.state == AgreementState.OPEN,
            "state": AgreementState(one.state).label,
            "result": one.result,
            "settled": date_format(one.settled_on, "j F Y") if one.settled_on else "",
            "can_settle": may_change or one.owner_id in held,
        }
        for one in agreements
    ]
    return sorted(rows, key=lambda row: not row["is_open"])


def _cases(activity: Any, actor: Actor, *, inside: bool) -> dict[str, Any]:
    bringers = case_bringers(actor, activity) if activity.may_register or activity.may_change else set()
    held = standing_of(actor).organisations
    decisions = Agreement.objects.filter(case=OuterRef("pk"))
    rows = [
        {
            "pk": case.pk,
            "title": case.title,
            "city": case.organisation.short_name or case.organisation.name,
            # What a city brings is for those at the table.
            "question": case.question if inside or case.organisation_id in held else "",
            "background": case.background if inside or case.organisation_id in held else "",
            "can_take_back": not case.decided and (activity.may_change or case.organisation_id in bringers),
        }
        for case in activity.cases.select_related("organisation").annotate(decided=Exists(decisions))
    ]
    return {"cases": rows, "may_bring_case": bool(bringers)}


def _reflection(activity: Any, actor: Actor) -> dict[str, Any]:
    """Give what the session looks at, and the picture of what cities have to follow."""
    subjects = [
        {
            "title": one.title,
            "kind": one.get_kind_display(),
            "finding": one.finding,
            # A link only where it leads somewhere for whoever sees this: activities check for themselves.
            "url": address_of(one),
        }
        for one in activity.subjects.select_related("about", "programme")
    ]
    capacities = list(activity.capacities.select_related("organisation"))
    recorded = {one.organisation_id for one in capacities}
    live = activity.state in (ActivityState.PUBLISHED, ActivityState.HELD, ActivityState.CLOSED)
    mine = [
        {"pk": city.pk, "id": city.public_id, "name": str(city), "recorded": city.pk in recorded}
        for city in (recording_cities(actor) if live else ())
    ]
    return {"subjects": subjects, "picture": picture_of(capacities), "own_capacity": mine}


def address_of(subject: ReflectionSubject) -> str:
    """Give where a subject of a reflection leads to; '' for one that only has a title."""
    named = subject.about or subject.programme
    url: str = named.get_absolute_url() if named else subject.url
    return url


def picture_of(capacities: Iterable[ReflectionCapacity]) -> dict[str, Any] | None:
    """Sum up what cities have to follow: per aspect how many answered what, and a line per city."""
    rows = list(capacities)
    if not rows:
        return None
    names = {
        "money": _("money"),
        "people": _("people"),
        "partners": _("partners"),
        "signing": _("room to sign"),
    }
    totals = []
    for aspect in ASPECTS:
        counts = Counter(getattr(row, aspect) for row in rows)
        totals.append(
            {"label": names[aspect].capitalize(), "counts": [counts.get(answer.value, 0) for answer in Answer]}
        )
    able = sum(1 for row in rows if all(getattr(row, aspect) == Answer.YES for aspect in ASPECTS))
    cities = [
        {
            "name": row.organisation.short_name or row.organisation.name,
            "answers": [
                {
                    "label": Answer(getattr(row, aspect)).label,
                    "tone": ANSWER_TONES[Answer(getattr(row, aspect))],
                    "aspect": names[aspect].capitalize(),
                }
                for aspect in ASPECTS
            ],
            "note": row.note,
        }
        for row in rows
    ]
    return {
        "number": len(rows),
        "able": able,
        "answers": [str(answer.label).capitalize() for answer in Answer],
        "aspects": [names[aspect].capitalize() for aspect in ASPECTS],
        "totals": totals,
        "cities": cities,
    }
