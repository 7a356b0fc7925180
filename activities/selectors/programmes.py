"""All that belongs to one programme, in one query: its page, its conditions and its report ask for the same."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from types import SimpleNamespace
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, Func, IntegerField, Model, OuterRef, Q, QuerySet, Value
from django.db.models.expressions import RawSQL
from django.db.models.functions import Coalesce, JSONObject, NullIf
from django.utils.translation import get_language

from activities.models import (
    ActivityRequest,
    HoursEstimate,
    MidtermReview,
    Milestone,
    Programme,
    ProgrammePartner,
    ProgrammeReflection,
    ProgrammeResult,
    ProgrammeScaling,
    ProgrammeTurn,
    ReviewPoint,
    Signature,
    SigningRound,
    WorkingGroup,
    WorkingGroupMember,
)
from activities.models.programme_partner import Answer
from nss_portal.core.access import Actor, granted, may
from nss_portal.core.gathering import written

ORGANISATION = {
    "name": "organisation__name",
    "short": "organisation__short_name",
    "oid": "organisation__public_id",
}
OWNER = {"owner": "owner__name", "owner_id": "owner_id"}
# Per kind of part: model, path to the programme, order, and what is read of it. Names that end in `_on` are days.
PARTS: dict[str, tuple[type[Model], str, tuple[str, ...], dict[str, str]]] = {
    "partners": (
        ProgrammePartner,
        "programme",
        ("asked_on", "pk"),
        {
            **{name: name for name in ("pk", "answer", "why", "answered_on", "is_location", "hours", "euros")},
            **{name: name for name in ("brings", "joined_on", "left_on", "left_reason", "organisation_id")},
            **ORGANISATION,
            "group": "organisation__group",
            "contact": "contact__name",
            "contact_mail": "contact__email",
        },
    ),
    "estimates": (
        HoursEstimate,
        "partner__programme",
        ("year", "pk"),
        {"partner_id": "partner_id", "year": "year", "hours": "hours", "euros": "euros", "note": "note"},
    ),
    "rounds": (
        SigningRound,
        "covenant__programme",
        ("number",),
        {name: name for name in ("pk", "number", "held_on", "place", "closed_on", "gazette")},
    ),
    "signatures": (
        Signature,
        "round__covenant__programme",
        ("signed_at", "pk"),
        {
            **{name: name for name in ("round_id", "partner_id", "signed_at", "hours", "euros")},
            **ORGANISATION,
            "who": "signed_by_label",
        },
    ),
    "groups": (WorkingGroup, "programme", ("name", "pk"), {n: n for n in ("pk", "name", "task", "ended_on")}),
    "members": (
        WorkingGroupMember,
        "group__programme",
        ("-is_lead", "joined_on", "pk"),
        {
            **{name: name for name in ("pk", "group_id", "is_lead", "joined_on", "left_on")},
            "organisation": "partner__organisation__name",
            "organisation_id": "partner__organisation_id",
            "who": "user__name",
            "user_id": "user_id",
        },
    ),
    "milestones": (
        Milestone,
        "programme",
        ("planned_on", "pk"),
        {
            **{name: name for name in ("pk", "title", "planned_on", "first_planned_on", "done_on", "dropped_on")},
            "note": "note",
            **OWNER,
        },
    ),
    "reflections": (
        ProgrammeReflection,
        "programme",
        ("-year", "-half"),
        {n: n for n in ("pk", "year", "half", "due_on", "planned", "real", "energy", "adjust", "submitted_at")},
    ),
    "reviews": (
        MidtermReview,
        "programme",
        ("-held_on", "-pk"),
        {name: name for name in ("pk", "held_on", "assessment", "conversation", "conclusion", "based_on_id")},
    ),
    "points": (
        ReviewPoint,
        "review__programme",
        ("due_on", "pk"),
        {**{name: name for name in ("pk", "review_id", "what", "due_on", "done_on", "result")}, **OWNER},
    ),
    "requests": (
        ActivityRequest,
        "programme",
        ("asked_on", "pk"),
        {
            **{name: name for name in ("pk", "activity_id", "state", "why", "asked_on", "settled_on")},
            "organisation": "activity__organisation__name",
        },
    ),
    "results": (
        ProgrammeResult,
        "programme",
        ("kind", "reached_on", "pk"),
        {
            **{name: name for name in ("pk", "kind", "title", "text", "url", "reached_on", "anchored_in")},
            "anchored_at": "anchored_at__name",
        },
    ),
    "scalings": (
        ProgrammeScaling,
        "programme",
        ("theme__order", "pk"),
        {
            **{name: name for name in ("pk", "task", "owner_missing", "forms", "finance", "alliances")},
            "theme_nl": "theme__label_nl",
            "theme_en": "theme__label_en",
            **OWNER,
        },
    ),
    "turns": (
        ProgrammeTurn,
        "programme",
        ("decided_on", "pk"),
        {
            **{name: name for name in ("kind", "decided_on", "reason", "ended_on", "ends_on")},
            "following": "following__public_id",
            "following_title": "following__title",
        },
    ),
}
RELATED = (
    "organisation",
    "domain",
    "task",
    "raised_by",
    "tied_to",
    "covenant",
    "closing",
    "proposition",
    "previous",
)
Row = SimpleNamespace


@dataclass
class Whole:
    """A programme with all its parts, as rows with the names of `PARTS`; days are dates, moments stay texts."""

    programme: Programme
    partners: list[Row] = field(default_factory=list)
    estimates: list[Row] = field(default_factory=list)
    rounds: list[Row] = field(default_factory=list)
    signatures: list[Row] = field(default_factory=list)
    groups: list[Row] = field(default_factory=list)
    members: list[Row] = field(default_factory=list)
    milestones: list[Row] = field(default_factory=list)
    reflections: list[Row] = field(default_factory=list)
    reviews: list[Row] = field(default_factory=list)
    points: list[Row] = field(default_factory=list)
    requests: list[Row] = field(default_factory=list)
    results: list[Row] = field(default_factory=list)
    scalings: list[Row] = field(default_factory=list)
    turns: list[Row] = field(default_factory=list)

    @property
    def covenant(self) -> Any:
        """The covenant, or None while nobody has begun it."""
        return getattr(self.programme, "covenant", None)

    @property
    def closing(self) -> Any:
        """Lessons and hand-over, or None while nobody has begun them."""
        return getattr(self.programme, "closing", None)

    @property
    def taking_part(self) -> list[Row]:
        """Partners who said yes and have not left."""
        return [one for one in self.partners if one.answer == Answer.YES and one.left_on is None]

    @property
    def signed(self) -> set[int]:
        """Primary keys of the partners who signed."""
        return {one.partner_id for one in self.signatures}


@cache
def _rows(name: str) -> RawSQL:
    """Give the records of a part as an array of objects; its SQL, the same for everybody, is written once."""
    model, path, order, read = PARTS[name]
    found = model._default_manager.filter(**{path: OuterRef("pk")}).order_by(*order)
    return written(Programme, ArraySubquery(found.values_list(JSONObject(**read))))


def with_parts(programmes: QuerySet[Programme], *names: str) -> QuerySet[Programme]:
    """Bring parts along (all of them unless named), each as an array of objects in the same query."""
    arrays = {f"part_{name}": _rows(name) for name in names or PARTS}
    return programmes.select_related(*RELATED).annotate(**arrays)


def whole_of(programme: Programme) -> Whole:
    """Give a programme that came with its parts as a whole; asks for them when it came without."""
    if not hasattr(programme, "part_partners"):
        programme = with_parts(Programme.objects.filter(pk=programme.pk)).get()
    parts = {name: [_read(row) for row in programme.__dict__.get(f"part_{name}", ())] for name in PARTS}
    return Whole(programme, **parts)


def _read(row: dict[str, Any]) -> Row:
    for name, value in row.items():
        if value and name.endswith("_on"):
            row[name] = date.fromisoformat(value)
    return Row(**row)


def party_keys(actor: Actor) -> frozenset[int]:
    """Give the organisations (primary keys) for which somebody acts as a partner of programmes. No query."""
    return granted(actor, "programme", "view").get("own-party", frozenset())


def may_speak_for(actor: Actor, partner: ProgrammePartner) -> bool:
    """Say whether somebody may answer in the name of a partner: its own people, and who leads the programme."""
    return partner.organisation_id in party_keys(actor) or may(actor, "programme", "change", partner.programme)


def signing_keys(actor: Actor) -> frozenset[int]:
    """Give the organisations (primary keys) for which somebody signs. No query."""
    return granted(actor, "covenant", "sign").get("own-party", frozenset())


def takes_part(actor: Actor, whole: Whole) -> bool:
    """Say whether somebody belongs to the programme: to one of its partners or to who leads it. No query."""
    mine = party_keys(actor) | granted(actor, "programme", "change").get("organiser", frozenset())
    mine |= signing_keys(actor)
    there = {one.organisation_id for one in whole.partners if one.left_on is None}
    return bool(mine & (there | {whole.programme.organisation_id}))


def with_part(programmes: QuerySet[Programme], organisations: Iterable[int]) -> QuerySet[Programme]:
    """Keep the programmes that these organisations lead or take part in."""
    parts = ProgrammePartner.objects.filter(
        organisation__in=organisations, left_on__isnull=True, answer=Answer.YES
    ).values("programme")
    return programmes.filter(Q(organisation__in=organisations) | Q(pk__in=parts))


class _Counted(Func):
    """Count the partners of each programme in a list: its own query set would cost more than the query."""

    template = (
        "(SELECT count(*) FROM activities_programmepartner part WHERE part.programme_id = activities_programme.id"
        " AND part.answer = 'yes' AND part.left_on IS NULL)"
    )
    output_field = IntegerField()


def listed(programmes: QuerySet[Programme]) -> Any:
    """Give what a list of programmes shows, as dictionaries of plain values."""
    fields = ("public_id", "title", "phase", "ends_on", "tranche", "sharing", "is_illustrative")
    domain = "domain__label_en" if get_language() == "en" else "domain__label_nl"
    return programmes.values(
        *fields,
        domain_label=F(domain),
        lead=Coalesce(NullIf("organisation__short_name", Value("")), "organisation__name"),
        partners_count=_Counted(),
    )
