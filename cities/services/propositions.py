"""Write propositions and their support."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cities.models.proposition import SHARED, Proposition, PropositionState, PropositionSupport, Way
from cities.workflow.proposition import PROPOSITION
from governance.models import Organisation
from governance.services.ownership import require_for
from nss_portal.core import audit, workflow
from nss_portal.core.access import Actor, NotAllowed, require
from nss_portal.core.editing import apply_changes, locked, readable
from nss_portal.core.models.audit import Event
from nss_portal.core.registry import programme_starters
from nss_portal.core.time import today

TEXTS = ("title", "text", "ask", "region", "task", "starts_on", "ends_on", "review_on")
MOVES = frozenset(step.name for step in PROPOSITION.steps) - {"open"}


@transaction.atomic
def create_proposition(*, actor: Actor, organisation: Organisation, texts: Mapping[str, Any]) -> Proposition:
    """Make a draft; raises NotAllowed for another organisation, ValidationError for a period that is none."""
    require_for(actor, "proposition", "change", organisation)
    values = _checked(texts)
    draft = Proposition.objects.create(
        organisation=organisation, created_by_id=getattr(actor, "pk", None), **values
    )
    audit.record(actor=actor, event=Event.CREATED, obj=draft, on_behalf_of=organisation)
    return draft


def _checked(texts: Mapping[str, Any]) -> dict[str, Any]:
    values = {name: texts[name].strip() if isinstance(texts[name], str) else texts[name] for name in TEXTS}
    if values["starts_on"] and values["ends_on"] and values["ends_on"] < values["starts_on"]:
        raise ValidationError({"ends_on": _("The last day lies before the first.")})
    return values


@transaction.atomic
def change_proposition(
    *, actor: Actor, proposition: Proposition, version: int, texts: Mapping[str, Any]
) -> Proposition:
    """Change the texts and dates; raises NotAllowed, ValidationError, EditConflict when a colleague was first."""
    require(actor, "proposition", "change", proposition)
    fresh = locked(proposition)
    if fresh.state == PropositionState.WITHDRAWN:
        raise NotAllowed(_("This proposition was withdrawn and does not change any more."))
    changes = apply_changes(fresh, version, _checked(texts))
    if changes:
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
def share_proposition(*, actor: Actor, proposition: Proposition) -> Proposition:
    """Put a draft on the agenda, where everybody reads it; raises as `workflow.take` does."""
    require(actor, "proposition", "change", proposition)
    workflow.take(PROPOSITION, "open", proposition, actor=actor)
    Proposition.objects.filter(pk=proposition.pk).update(shared_at=timezone.now(), changed_at=timezone.now())
    return locked(proposition)


@transaction.atomic
def move_proposition(*, actor: Actor, proposition: Proposition, step: str, reason: str) -> Proposition:
    """Take one of the ways on, go back to the agenda, close or withdraw; raises as `workflow.take` does.

    An app that runs programmes begins one in the same transaction (`registry.programme_starters`). LookupError for
    a step that does not exist.
    """
    if step not in MOVES:
        raise LookupError(step)
    require(actor, "proposition", "change", proposition)
    fresh = locked(proposition)
    if step in Way.values:
        fresh.way, fresh.way_note = step, reason.strip()
    elif step == "reopen":
        fresh.way, fresh.way_note, fresh.result_label, fresh.result_url = "", "", "", ""
    elif step == "close":
        fresh.result_label = reason.strip()[:200]
    # The state follows at once; a way without the state that needs it is no fault, the other way round is.
    if step != "reopen":
        _keep(fresh)
    workflow.take(PROPOSITION, step, fresh, actor=actor, reason=reason)
    if step == Way.PROGRAMME:
        _begin_programme(actor, fresh)
    _keep(fresh)
    return fresh


def _keep(proposition: Proposition) -> None:
    proposition.changed_at = timezone.now()
    proposition.save(update_fields=["way", "way_note", "result_label", "result_url", "changed_at"])


def _begin_programme(actor: Actor, proposition: Proposition) -> None:
    for starter in programme_starters:
        begun = starter(actor, proposition)
        if begun is not None:
            proposition.result_label, proposition.result_url = str(begun.title)[:200], begun.url
            return


@transaction.atomic
def review_proposition(
    *, actor: Actor, proposition: Proposition, review_on: date, ends_on: date | None, reason: str
) -> Proposition:
    """Keep a proposition on the agenda for another period, with a new day to look at it again.

    Raises NotAllowed, and ValidationError for a day that is not in the future or a period that is none.
    """
    require(actor, "proposition", "change", proposition)
    fresh = locked(proposition)
    if fresh.state != PropositionState.OPEN:
        raise NotAllowed(_("Only what stands on the agenda is kept on it."))
    if review_on <= today():
        raise ValidationError({"review_on": _("Choose a day in the future.")})
    if ends_on and fresh.starts_on and ends_on < fresh.starts_on:
        raise ValidationError({"ends_on": _("The last day lies before the first.")})
    changes = {"review_on": [str(fresh.review_on), str(review_on)], "ends_on": [str(fresh.ends_on), str(ends_on)]}
    fresh.review_on, fresh.ends_on, fresh.changed_at = review_on, ends_on, timezone.now()
    fresh.version += 1
    fresh.save(update_fields=["review_on", "ends_on", "changed_at", "version"])
    audit.record(
        actor=actor,
        event=Event.CHANGED,
        obj=fresh,
        changes=changes,
        reason=reason,
        on_behalf_of=fresh.organisation,
    )
    return fresh


@transaction.atomic
def discard_proposition(*, actor: Actor, proposition: Proposition) -> None:
    """Throw a draft away for good; raises NotAllowed for anything but a draft."""
    require(actor, "proposition", "change", proposition)
    fresh = locked(proposition)
    if fresh.state != PropositionState.DRAFT:
        raise NotAllowed(_("Only a draft can be thrown away. Withdraw it instead."))
    audit.record(actor=actor, event=Event.DELETED, obj=fresh, on_behalf_of=fresh.organisation)
    fresh.delete()


@transaction.atomic
def support_proposition(
    *, actor: Actor, proposition: Proposition, organisation: Organisation, brings: str, why: str
) -> PropositionSupport:
    """Join a proposition in the name of an organisation, or change what it brings and why.

    Raises NotAllowed for another organisation, the one that put it forward, or what is not on the agenda.
    """
    require_for(actor, "proposition", "support", organisation)
    fresh = locked(proposition)
    if fresh.state not in SHARED or fresh.state == PropositionState.CLOSED:
        raise NotAllowed(_("This proposition takes no supporters: it is not on the agenda."))
    if fresh.organisation_id == organisation.pk:
        raise NotAllowed(_("Your own organisation put this forward already."))
    there = PropositionSupport.objects.filter(proposition=fresh, organisation=organisation, left_on=None).first()
    support = there or PropositionSupport(proposition=fresh, organisation=organisation, joined_on=today())
    before = [support.brings, support.why]
    support.brings, support.why = brings.strip(), why.strip()
    if there is not None and before == [support.brings, support.why]:
        return support
    support.save()
    event = Event.CHANGED if there else Event.CREATED
    audit.record(
        actor=actor, event=event, obj=support, changes={"proposition": fresh.title}, on_behalf_of=organisation
    )
    return support


@transaction.atomic
def leave_proposition(*, actor: Actor, support: PropositionSupport, reason: str) -> PropositionSupport:
    """Stop supporting, with the reason; that it was there stays to be seen. Raises NotAllowed; twice is once."""
    require_for(actor, "proposition", "support", support.organisation)
    fresh = PropositionSupport.objects.select_for_update(of=("self",)).get(pk=support.pk)
    if fresh.left_on is None:
        fresh.left_on, fresh.left_reason = today(), reason.strip()
        fresh.save(update_fields=["left_on", "left_reason"])
        audit.record(actor=actor, event=Event.WITHDRAWN, obj=fresh, reason=reason, on_behalf_of=fresh.organisation)
    return fresh
