"""Join a bottleneck of another city, merge bottlenecks into one, and take that back."""

from collections.abc import Iterable, Sequence

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cities.models import Bottleneck, BottleneckJoin, BottleneckMerge, MergedBottleneck
from cities.models.bottleneck import LISTED, BottleneckState, Severity, Sharing
from cities.selectors_bottleneck_groups import PRESENT, family_of, goes_on_in
from cities.workflow import BOTTLENECK
from governance.models import Organisation
from governance.services.ownership import require_for
from nss_portal.core import audit, workflow
from nss_portal.core.access import Actor, require
from nss_portal.core.editing import apply_changes, locked, readable
from nss_portal.core.models.audit import Event
from nss_portal.core.registry import merge_handlers

# Everybody may know of the owner of what is published; of the others only what they published themselves.
RECOUNT = """
WITH RECURSIVE family (id, root) AS (
    SELECT id, id FROM cities_bottleneck WHERE state <> 'merged' AND (%(all)s OR id = ANY (%(keys)s))
    UNION ALL
    SELECT part.id, family.root FROM cities_bottleneck AS part
    JOIN family ON part.merged_into_id = family.id AND part.state = 'merged'
), behind (root, organisation, is_public) AS (
    SELECT family.root, own.organisation_id, own.id = family.root OR own.sharing = 'published'
    FROM family JOIN cities_bottleneck AS own ON own.id = family.id
    WHERE own.id = family.root OR own.sharing <> 'draft'
    UNION ALL
    SELECT family.root, joined.organisation_id, joined.sharing = 'published'
    FROM family JOIN cities_bottleneckjoin AS joined ON joined.bottleneck_id = family.id
), {PRESENT}, counted (root, everyone, published) AS (
    SELECT root, count(DISTINCT onward), count(DISTINCT onward) FILTER (WHERE is_public)
    FROM behind JOIN present ON present.id = behind.organisation GROUP BY root
)
UPDATE cities_bottleneck AS one SET cities_behind = everyone, cities_behind_public = published
FROM counted WHERE one.id = counted.root
    AND (one.cities_behind, one.cities_behind_public) IS DISTINCT FROM (everyone, published)
""".replace("{PRESENT}", PRESENT)


def recount(bottlenecks: Sequence[int] | None = None) -> None:
    """Count anew who stands behind bottlenecks (primary keys), or behind all of them."""
    with connection.cursor() as cursor:
        cursor.execute(RECOUNT, {"all": bottlenecks is None, "keys": list(bottlenecks or [])})


@transaction.atomic
def join_bottleneck(
    *,
    actor: Actor,
    bottleneck: Bottleneck,
    organisation: Organisation,
    severity: Severity,
    words: str = "",
    sharing: Sharing = Sharing.NETWORK,
) -> BottleneckJoin:
    """Put an organisation behind a bottleneck of another: 'we have this too'. The same twice is one.

    Raises NotAllowed when the actor does not see the bottleneck or cannot act for the organisation,
    ValidationError when it is not open for others, or is the organisation's own.
    """
    require(actor, "bottleneck", "view", bottleneck)
    require_for(actor, "bottleneck", "change", organisation)
    fresh = locked(bottleneck)
    if fresh.state != BottleneckState.OPEN or fresh.sharing == Sharing.DRAFT:
        raise ValidationError(_("Cities can only join a bottleneck that is open and shared."))
    family = family_of(fresh)
    if Bottleneck.objects.filter(pk__in=family, organisation=organisation).exists():
        raise ValidationError(_("This is your own bottleneck: you stand behind it already."))
    there = BottleneckJoin.objects.filter(bottleneck__in=family, organisation=organisation).first()
    if there is not None:
        return there
    join = BottleneckJoin.objects.create(
        bottleneck=fresh,
        organisation=organisation,
        severity=severity,
        words=words.strip(),
        sharing=sharing,
        created_by_id=getattr(actor, "pk", None),
    )
    recount([fresh.pk])
    audit.record(actor=actor, event=Event.CREATED, obj=join, on_behalf_of=organisation)
    return join


@transaction.atomic
def change_join(
    *, actor: Actor, join: BottleneckJoin, version: int, severity: Severity, words: str, sharing: Sharing
) -> BottleneckJoin:
    """Change how badly and in which words; raises NotAllowed, or EditConflict when a colleague was first."""
    require_for(actor, "bottleneck", "change", join.organisation)
    fresh = locked(join)
    fields = {"severity": str(severity), "words": words.strip(), "sharing": str(sharing)}
    changes = apply_changes(fresh, version, fields)
    if changes:
        fresh.version += 1
        fresh.save()
        recount([goes_on_in(fresh.bottleneck)])
        audit.record(
            actor=actor, event=Event.CHANGED, obj=fresh, changes=readable(changes), on_behalf_of=fresh.organisation
        )
    return fresh


@transaction.atomic
def leave_bottleneck(*, actor: Actor, join: BottleneckJoin) -> None:
    """Take an organisation away from behind a bottleneck; raises NotAllowed."""
    require_for(actor, "bottleneck", "change", join.organisation)
    fresh = locked(join)
    audit.record(
        actor=actor,
        event=Event.WITHDRAWN,
        obj=fresh,
        changes={"severity": fresh.severity, "words": fresh.words, "sharing": fresh.sharing},
        on_behalf_of=fresh.organisation,
    )
    root = goes_on_in(fresh.bottleneck)
    fresh.delete()
    recount([root])


@transaction.atomic
def merge_bottlenecks(
    *, actor: Actor, into: Bottleneck, bottlenecks: Iterable[Bottleneck], reason: str = ""
) -> BottleneckMerge:
    """Let bottlenecks go on in another one, which keeps its own text; theirs stay readable beside it.

    Raises NotAllowed when the actor may not merge each of them, ValidationError when they cannot be merged, and
    TransitionRefused when one of them changed in the meantime.
    """
    keys = {bottleneck.pk for bottleneck in bottlenecks}
    if into.pk in keys:
        raise ValidationError(_("A bottleneck cannot be merged with itself. Choose another one that goes on."))
    if not keys:
        raise ValidationError(_("Choose at least one other bottleneck."))
    found = _locked_in_order({into.pk, *keys})
    for one in found.values():
        require(actor, "bottleneck", "merge", one)
    into = found.pop(into.pk)
    if into.state != BottleneckState.OPEN:
        raise ValidationError(_("The bottleneck that goes on has to be an open one in the register."))
    if any(one.state not in LISTED for one in found.values()):
        raise ValidationError(_("One of these was withdrawn or merged already. Look at the page again."))
    merge = BottleneckMerge.objects.create(into=into, reason=reason.strip(), actor_label=str(actor))
    for one in found.values():
        _merge_one(actor, merge, one, into)
    recount([into.pk])
    changes = {"merged": [one.public_id for one in found.values()]}
    audit.record(actor=actor, event=Event.CHANGED, obj=into, changes=changes, reason=merge.reason)
    return merge


def _locked_in_order(keys: Iterable[int]) -> dict[int, Bottleneck]:
    """Lock records in one order, so that two who merge at once wait for each other and never both forever."""
    records = Bottleneck.objects.select_for_update(of=("self",)).filter(pk__in=list(keys)).order_by("pk")
    return {record.pk: record for record in records}


def _merge_one(actor: Actor, merge: BottleneckMerge, one: Bottleneck, into: Bottleneck) -> None:
    state = one.state
    Bottleneck.objects.filter(pk=one.pk).update(merged_into=into)
    one.merged_into = into
    workflow.take(BOTTLENECK, "merge", one, actor=actor, reason=merge.reason)
    moved = {_name(handler): handler().move(source=one, target=into) for handler in merge_handlers}
    MergedBottleneck.objects.create(merge=merge, bottleneck=one, state_before=state, moved=moved)


def _name(handler: object) -> str:
    """Give the name under which a handler finds back what it moved."""
    return f"{getattr(handler, '__module__', '')}.{getattr(handler, '__qualname__', '')}"


@transaction.atomic
def undo_merge(*, actor: Actor, merge: BottleneckMerge) -> BottleneckMerge:
    """Part again what was merged: each is what it was before, and its links come back.

    Cities that joined, and links that were made, since then stay with the one that went on. Raises NotAllowed when
    the actor may not merge each of them, ValidationError when it was undone already.
    """
    merge = locked(merge)
    parts = list(merge.parts.select_related("bottleneck"))
    found = _locked_in_order({merge.into_id, *(part.bottleneck_id for part in parts)})
    for one in found.values():
        require(actor, "bottleneck", "merge", one)
    if merge.undone_at is not None:
        raise ValidationError(_("This merger was undone already."))
    into = found[merge.into_id]
    for part in reversed(parts):
        _part_again(actor, part, found[part.bottleneck_id], into)
    merge.undone_at, merge.undone_by_label = timezone.now(), str(actor)
    merge.save(update_fields=["undone_at", "undone_by_label"])
    recount([goes_on_in(into), *(part.bottleneck_id for part in parts)])
    changes = {"parted": [found[part.bottleneck_id].public_id for part in parts]}
    audit.record(actor=actor, event=Event.CHANGED, obj=into, changes=changes)
    return merge


def _part_again(actor: Actor, part: MergedBottleneck, one: Bottleneck, into: Bottleneck) -> None:
    workflow.take(BOTTLENECK, f"split_{part.state_before}", one, actor=actor)
    Bottleneck.objects.filter(pk=one.pk).update(merged_into=None)
    for handler in merge_handlers:
        if _name(handler) in part.moved:
            handler().move_back(source=one, target=into, moved=part.moved[_name(handler)])
