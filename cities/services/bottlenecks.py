"""Write bottlenecks."""

from collections.abc import Iterable
from typing import TypedDict, Unpack

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cities.models import Bottleneck, SupportTool, Theme, TransitionStep
from cities.models.bottleneck import BottleneckState, Sharing
from cities.workflow import BOTTLENECK
from governance.models import Organisation
from governance.services.ownership import require_for
from nss_portal.core import audit, workflow
from nss_portal.core.access import Actor, NotAllowed, require
from nss_portal.core.editing import apply_changes, changed_links, locked, readable, set_links
from nss_portal.core.models.audit import Event


@transaction.atomic
def create_bottleneck_draft(
    *,
    actor: Actor,
    organisation: Organisation,
    title: str,
    description: str = "",
    theme: Theme | None = None,
    step: TransitionStep | None = None,
    severity: str = "",
    origin_label: str = "",
    origin_url: str = "",
    key: str | None = None,
) -> Bottleneck:
    """Make a draft for an organisation, or give the one that was made under `key` before.

    A part of the portal that proposes a draft by itself passes the system actor and a key that names the cause.
    Raises NotAllowed when the actor may not write for this organisation.
    """
    require_for(actor, "bottleneck", "change", organisation)
    values = {
        "organisation": organisation,
        "title": title.strip()[:160],
        "description": description,
        "theme": theme,
        "step": step,
        "severity": severity,
        "origin_label": origin_label[:200],
        "origin_url": origin_url[:300],
        "created_by_id": getattr(actor, "pk", None),
    }
    if key is None:
        draft, created = Bottleneck.objects.create(**values), True
    else:
        draft, created = Bottleneck.objects.get_or_create(key=key, defaults=values)
    if created:
        audit.record(actor=actor, event=Event.CREATED, obj=draft, on_behalf_of=organisation)
    return draft


class BottleneckValues(TypedDict, total=False):
    """What a person writes about a bottleneck; what is left out stays as it is."""

    title: str
    description: str
    theme: Theme | None
    step: TransitionStep | None
    severity: str
    since_year: int | None
    covered_by: Iterable[SupportTool]
    covered_note: str
    helped_by: Iterable[Organisation]
    help_note: str


LISTS = ("covered_by", "helped_by")


@transaction.atomic
def change_bottleneck(
    *, actor: Actor, bottleneck: Bottleneck, version: int, **values: Unpack[BottleneckValues]
) -> Bottleneck:
    """Change what is written about a bottleneck; raises NotAllowed, or EditConflict when a colleague was first."""
    require(actor, "bottleneck", "change", bottleneck)
    fresh = locked(bottleneck)
    _still_changes(fresh)
    fields = {
        name: value.strip() if isinstance(value, str) else value
        for name, value in values.items()
        if name not in LISTS
    }
    linked = {name: list(values[name]) for name in LISTS if name in values}  # type: ignore[literal-required]
    links = changed_links(fresh, version, linked)
    changes = readable({**apply_changes(fresh, version, fields), **links})
    if changes:
        set_links(fresh, linked)
        fresh.version += 1
        fresh.changed_at = timezone.now()
        fresh.save()
        audit.record(actor=actor, event=Event.CHANGED, obj=fresh, changes=changes, on_behalf_of=fresh.organisation)
    return fresh


def _still_changes(bottleneck: Bottleneck) -> None:
    """Raise NotAllowed for what was withdrawn, or goes on in another."""
    if bottleneck.state == BottleneckState.WITHDRAWN:
        raise NotAllowed(_("This bottleneck was withdrawn and does not change any more."))
    if bottleneck.state == BottleneckState.MERGED:
        raise NotAllowed(_("This bottleneck goes on in another one. Undo the merger to change it."))


@transaction.atomic
def share_bottleneck(*, actor: Actor, bottleneck: Bottleneck, sharing: Sharing) -> Bottleneck:
    """Set with whom a bottleneck is shared; a draft is put in the register first.

    Raises NotAllowed, TransitionRefused when the draft is not finished, ValidationError when it was withdrawn or
    merged, or when others stand behind what is to be hidden from them.
    """
    require(actor, "bottleneck", "change", bottleneck)
    fresh = locked(bottleneck)
    if fresh.state in {BottleneckState.WITHDRAWN, BottleneckState.MERGED}:
        raise ValidationError({"sharing": _("This bottleneck was withdrawn or merged.")})
    if sharing == Sharing.DRAFT and fresh.cities_behind > 1:
        raise ValidationError(
            {"sharing": _("Other cities stand behind this bottleneck too, so they keep seeing it.")}
        )
    if fresh.state == BottleneckState.DRAFT:
        workflow.take(BOTTLENECK, "open", fresh, actor=actor)
    if fresh.sharing != sharing:
        changes = {"sharing": [fresh.sharing, str(sharing)]}
        fresh.sharing, fresh.changed_at = sharing, timezone.now()
        fresh.save(update_fields=["sharing", "changed_at"])
        event = Event.PUBLISHED if sharing == Sharing.PUBLISHED else Event.CHANGED
        audit.record(actor=actor, event=event, obj=fresh, changes=changes, on_behalf_of=fresh.organisation)
    return fresh


@transaction.atomic
def invite_to_bottleneck(
    *, actor: Actor, bottleneck: Bottleneck, organisations: Iterable[Organisation]
) -> Bottleneck:
    """Set which other organisations may read a bottleneck, drafts included; raises NotAllowed."""
    require(actor, "bottleneck", "change", bottleneck)
    fresh = locked(bottleneck)
    _still_changes(fresh)
    before = sorted(str(organisation) for organisation in fresh.invited.all())
    fresh.invited.set(organisations)
    after = sorted(str(organisation) for organisation in fresh.invited.all())
    if before != after:
        changes = {"invited": [before, after]}
        audit.record(actor=actor, event=Event.INVITED, obj=fresh, changes=changes, on_behalf_of=fresh.organisation)
    return fresh


@transaction.atomic
def move_bottleneck(*, actor: Actor, bottleneck: Bottleneck, step: str, reason: str) -> Bottleneck:
    """Solve, open again or withdraw; what is withdrawn is no longer shared. Raises as `workflow.take` does."""
    if step not in {"solve", "reopen", "withdraw"}:
        raise LookupError(step)
    require(actor, "bottleneck", "change", bottleneck)
    fresh = locked(bottleneck)
    fresh.changed_at = timezone.now()
    if step == "withdraw":
        fresh.sharing = Sharing.DRAFT
    fresh.save(update_fields=["sharing", "changed_at"])
    workflow.take(BOTTLENECK, step, fresh, actor=actor, reason=reason)
    return fresh


@transaction.atomic
def discard_bottleneck_draft(*, actor: Actor, bottleneck: Bottleneck) -> None:
    """Throw a draft away for good; raises NotAllowed for anything but a draft."""
    require(actor, "bottleneck", "change", bottleneck)
    fresh = locked(bottleneck)
    if fresh.state != BottleneckState.DRAFT:
        raise NotAllowed(_("Only a draft can be thrown away. Withdraw it instead."))
    audit.record(actor=actor, event=Event.DELETED, obj=fresh, on_behalf_of=fresh.organisation)
    fresh.delete()
