"""What organisations keep about themselves: actions that they took up, money, the desk of a ministry."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from governance.models import Organisation
from governance.models.landscape import AskedAction, Budget, MinistryDesk
from governance.models.organisation import Group
from governance.services import Refused
from nss_portal.core import audit
from nss_portal.core.access import Actor, NotAllowed, may, require
from nss_portal.core.models.audit import Event

RESOURCE = "organisation_facts"


def may_keep(actor: Actor, organisation: Organisation | None) -> bool:
    """Say whether the actor keeps the facts of an organisation: its lead, or the coordination team."""
    if organisation is None:
        return may(actor, RESOURCE, "keep_all")
    return may(actor, RESOURCE, "change", organisation)


@transaction.atomic
def keep_action(
    *, actor: Actor, action: AskedAction, state: str, organisation: Organisation | None, note: str
) -> None:
    """Say how far an action that was asked is, who took it up and what is done with it.

    The coordination team keeps all; the lead of an organisation takes one up for it, and keeps it from then on.
    Raises NotAllowed for others, Refused when it is taken up by nobody.
    """
    fresh = AskedAction.objects.select_for_update(of=("self",)).get(pk=action.pk)
    theirs = may_keep(actor, None) or (
        organisation is not None
        and may_keep(actor, organisation)
        and (fresh.organisation_id in (None, organisation.pk))
    )
    if not theirs:
        raise NotAllowed(_("The organisation that took it up keeps this, or the coordination team."))
    if state in (AskedAction.State.TAKEN_UP, AskedAction.State.DONE) and organisation is None:
        raise Refused(_("Say which organisation took it up."))
    before = [fresh.state, str(fresh.organisation or "")]
    fresh.state, fresh.organisation, fresh.note = state, organisation, note.strip()
    fresh.save(update_fields=["state", "organisation", "note"])
    after = [fresh.state, str(organisation or "")]
    changes = {"state": [before[0], after[0]], "organisation": [before[1], after[1]]}
    audit.record(actor=actor, event=Event.CHANGED, obj=fresh, changes=changes, on_behalf_of=organisation)


@transaction.atomic
def add_budget(
    *,
    actor: Actor,
    organisation: Organisation,
    title: str,
    year: int,
    amount_meur: Decimal,
    source: str,
    url: str = "",
) -> Budget:
    """Add what an organisation has for something in a year (million euro), with where that is written.

    Raises NotAllowed for who does not keep its facts, ValidationError for a second amount for the same year.
    """
    require(actor, RESOURCE, "change", organisation)
    budget = Budget(
        organisation=organisation, title=title, year=year, amount_meur=amount_meur, source=source, url=url
    )
    budget.full_clean()
    budget.save()
    changes = {"amount_meur": str(amount_meur), "year": year}
    audit.record(actor=actor, event=Event.CREATED, obj=budget, changes=changes, on_behalf_of=organisation)
    return budget


@transaction.atomic
def remove_budget(*, actor: Actor, budget: Budget) -> None:
    """Take an amount away that was wrong; the log keeps what it was. Raises NotAllowed for others."""
    require(actor, RESOURCE, "change", budget.organisation)
    changes = {"amount_meur": [str(budget.amount_meur), None], "source": [budget.source, None]}
    audit.record(actor=actor, event=Event.DELETED, obj=budget, changes=changes, on_behalf_of=budget.organisation)
    budget.delete()


@transaction.atomic
def keep_desk(*, actor: Actor, organisation: Organisation, fields: Mapping[str, Any]) -> MinistryDesk:
    """Say where cities come in at a ministry: `email`, `url`, `text`, `answers_within_days`.

    Raises NotAllowed for who does not keep its facts; Refused for what is no ministry, or with no way to reach it.
    """
    require(actor, RESOURCE, "change", organisation)
    if organisation.group != Group.MINISTRY:
        raise Refused(_("Only a ministry has a desk of its own; the others are in the directory of the desk."))
    if not fields["email"] and not fields["url"]:
        raise Refused(_("Give an e-mail address or a web page: a desk has to be reached."))
    desk, made = MinistryDesk.objects.update_or_create(organisation=organisation, defaults=dict(fields))
    event = Event.CREATED if made else Event.CHANGED
    audit.record(actor=actor, event=event, obj=desk, changes=dict(fields), on_behalf_of=organisation)
    return desk
