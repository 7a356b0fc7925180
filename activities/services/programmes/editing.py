"""Begin a programme and change what it is about."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from activities.models import Phase, Programme, ProgrammePartner
from activities.models.programme_partner import Answer
from cities.models import Bottleneck, TransitionStep
from cities.models.bottleneck import Sharing
from governance.models import Organisation
from governance.services.ownership import may_for
from nss_portal.core import audit
from nss_portal.core.access import Actor, NotAllowed, granted, require
from nss_portal.core.editing import apply_changes, changed_links, locked, readable, set_links, with_unseen
from nss_portal.core.models.audit import Event
from nss_portal.core.time import today

TEXTS = (
    "title",
    "domain",
    "task",
    "region",
    "challenge",
    "domains",
    "raised_by",
    "goal",
    "mandate",
    "tied_to",
    "tied_note",
    "enough",
    "sharing",
)
SETS = ("bottlenecks", "steps")


def require_leading(actor: Actor, organisation: Organisation) -> None:
    """Raise NotAllowed unless the actor may lead a programme in the name of an organisation."""
    led = granted(actor, "programme", "change").get("organiser", frozenset())
    if organisation.pk not in led and not may_for(actor, "programme", "change", organisation):
        raise NotAllowed(_("You cannot do this in the name of {name}.").format(name=organisation))


@transaction.atomic
def begin_programme(
    *,
    actor: Actor,
    organisation: Organisation,
    values: Mapping[str, Any],
    bottlenecks: Iterable[Bottleneck] = (),
    steps: Iterable[TransitionStep] = (),
) -> Programme:
    """Begin a programme in the inventory, led by an organisation, which is its first partner.

    Raises NotAllowed for another organisation, ValidationError for a programme that nobody could ever explore.
    """
    require_leading(actor, organisation)
    programme = Programme.objects.create(
        organisation=organisation, created_by_id=getattr(actor, "pk", None), **_checked(values)
    )
    programme.bottlenecks.set(bottlenecks)
    programme.steps.set(steps)
    add_lead(programme)
    audit.record(actor=actor, event=Event.CREATED, obj=programme, on_behalf_of=organisation)
    return programme


def add_lead(programme: Programme) -> None:
    """Let who leads a programme take part in it; once."""
    ProgrammePartner.objects.get_or_create(
        programme=programme,
        organisation=programme.organisation,
        left_on=None,
        defaults={"answer": Answer.YES, "answered_on": today(), "why": ""},
    )


def _checked(values: Mapping[str, Any]) -> dict[str, Any]:
    given = {name: values[name] for name in TEXTS if name in values}
    cleaned: dict[str, Any] = {
        name: value.strip() if isinstance(value, str) else value for name, value in given.items()
    }
    if not cleaned.get("title"):
        raise ValidationError({"title": _("Give the programme a name.")})
    if cleaned.get("enough") is not None and cleaned["enough"] < 2:
        raise ValidationError({"enough": _("A programme takes at least two partners.")})
    return cleaned


@transaction.atomic
def change_programme(
    *,
    actor: Actor,
    programme: Programme,
    version: int,
    values: Mapping[str, Any],
    bottlenecks: Iterable[Bottleneck] | None = None,
    steps: Iterable[TransitionStep] | None = None,
) -> Programme:
    """Change what it is about; raises NotAllowed, ValidationError, EditConflict when a colleague was first."""
    require(actor, "programme", "change", programme)
    fresh = locked(programme)
    given = {"bottlenecks": bottlenecks, "steps": steps}
    linked = with_unseen(actor, fresh, {name: chosen for name, chosen in given.items() if chosen is not None})
    links = changed_links(fresh, version, linked)
    changes = {**apply_changes(fresh, version, _checked(values)), **links}
    if changes:
        set_links(fresh, linked)
        fresh.version += 1
        fresh.changed_at = timezone.now()
        fresh.save()
        audit.record(
            actor=actor,
            event=Event.CHANGED,
            obj=fresh,
            changes=readable(changes),
            on_behalf_of=fresh.organisation,
        )
    return fresh


@transaction.atomic
def discard_programme(*, actor: Actor, programme: Programme) -> None:
    """Throw away for good what nobody else has seen; raises NotAllowed once others were asked or could read it."""
    require(actor, "programme", "change", programme)
    fresh = locked(programme)
    others = fresh.partners.exclude(organisation=fresh.organisation).exists()
    if fresh.phase != Phase.INVENTORY or fresh.sharing != Sharing.DRAFT or fresh.proposition_id or others:
        raise NotAllowed(_("Others have seen this programme. Stop it instead, with the reason."))
    audit.record(actor=actor, event=Event.DELETED, obj=fresh, on_behalf_of=fresh.organisation)
    fresh.delete()


def touch(programme: Programme) -> None:
    """Note that something of a programme changed just now."""
    programme.changed_at = timezone.now()
    programme.save(update_fields=["changed_at"])
