"""Send a signal together: each organisation co-signs for itself."""

from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cities.models import Signal, SignalCosigner
from cities.models.signal import CosignState, SignalState
from cities.selectors_signals import sender_keys, sending_cities
from cities.services.signals.drafts import require_writer
from cities.services.signals.letters import write
from cities.services.signals.people import people_at
from governance.models import Organisation
from nss_portal.core import audit
from nss_portal.core.access import Actor, NotAllowed, require
from nss_portal.core.editing import locked
from nss_portal.core.models.audit import Event


class CosignRefused(Exception):
    """The signal is not as the co-signer saw it, or not theirs to sign; the text is for people."""


@transaction.atomic
def ask_to_cosign(*, actor: Actor, signal: Signal, organisations: Iterable[Organisation]) -> list[Organisation]:
    """Set which cities are asked to co-sign a draft; gives those newly asked, whose teams get a mail.

    Whoever is left out and has not answered is no longer asked; a signature that was given stays until its owner
    takes it back. Raises NotAllowed, and ValidationError for an organisation that cannot send signals.
    """
    require_writer(actor, signal)
    fresh = _draft(signal)
    wanted = {one.pk: one for one in organisations if one.pk != fresh.organisation_id}
    if sending_cities().filter(pk__in=wanted).count() != len(wanted):
        raise ValidationError({"cosigners": _("Only cities with a transition team co-sign.")})
    there = {one.organisation_id: one for one in fresh.cosigners.all()}
    gone = [one for key, one in there.items() if key not in wanted and one.state == CosignState.INVITED]
    SignalCosigner.objects.filter(pk__in=[one.pk for one in gone]).delete()
    again = [one for key, one in there.items() if key in wanted and one.state in _ANSWERED_NO]
    SignalCosigner.objects.filter(pk__in=[one.pk for one in again]).update(
        state=CosignState.INVITED, reason="", by_label="", at=timezone.now()
    )
    new = [organisation for key, organisation in wanted.items() if key not in there]
    SignalCosigner.objects.bulk_create(SignalCosigner(signal=fresh, organisation=one) for one in new)
    asked = new + [wanted[one.organisation_id] for one in again]
    if asked or gone:
        audit.record(
            actor=actor,
            event=Event.INVITED,
            obj=fresh,
            changes={"cosigners": sorted(str(one) for one in wanted.values())},
            on_behalf_of=fresh.organisation,
        )
    people = people_at(one.pk for one in asked)
    for one in asked:
        row = fresh.cosigners.get(organisation=one)
        key = f"signal-cosign:{row.pk}:{row.at.isoformat()}"
        write(people[one.pk], kind="cosign", key=key, signal=fresh)
    return asked


_ANSWERED_NO = (CosignState.DECLINED, CosignState.WITHDRAWN)


@transaction.atomic
def cosign(*, actor: Actor, signal: Signal, organisation: Organisation, version: int) -> SignalCosigner:
    """Co-sign the text of `version` for one's own organisation.

    Raises NotAllowed, and CosignRefused when the text changed since, or nobody asked this organisation.
    """
    row = _own_row(actor, signal, organisation)
    if row.signal.version != version:
        raise CosignRefused(_("The text has changed since you opened it. Read it again, then co-sign."))
    return _answer(actor, row, CosignState.SIGNED, "", Event.SUBMITTED)


@transaction.atomic
def decline_to_cosign(*, actor: Actor, signal: Signal, organisation: Organisation, reason: str) -> SignalCosigner:
    """Say that one's own organisation does not co-sign, and why; raises NotAllowed and CosignRefused."""
    row = _own_row(actor, signal, organisation)
    if row.state != CosignState.INVITED:
        raise CosignRefused(_("Your organisation has answered already."))
    return _answer(actor, row, CosignState.DECLINED, reason, Event.CHANGED)


@transaction.atomic
def withdraw_cosigning(*, actor: Actor, signal: Signal, organisation: Organisation, reason: str) -> SignalCosigner:
    """Take the own organisation's signature back before sending; raises NotAllowed and CosignRefused."""
    row = _own_row(actor, signal, organisation)
    if row.state != CosignState.SIGNED:
        raise CosignRefused(_("Your organisation has not co-signed this signal."))
    return _answer(actor, row, CosignState.WITHDRAWN, reason, Event.WITHDRAWN)


def _answer(actor: Actor, row: SignalCosigner, state: CosignState, reason: str, event: Event) -> SignalCosigner:
    if row.state == state:
        return row
    before = row.state
    row.state, row.reason, row.by_label, row.at = state, reason.strip(), str(actor)[:200], timezone.now()
    row.save(update_fields=["state", "reason", "by_label", "at"])
    audit.record(
        actor=actor,
        event=event,
        obj=row.signal,
        changes={"cosigner": [before, str(state)]},
        reason=row.reason,
        on_behalf_of=row.organisation,
    )
    return row


def _own_row(actor: Actor, signal: Signal, organisation: Organisation) -> SignalCosigner:
    """Give the row of the actor's own organisation, with the signal locked and still a draft."""
    require(actor, "signal", "send", signal)
    if organisation.pk not in sender_keys(actor):
        raise NotAllowed(_("You cannot do this in the name of {name}.").format(name=organisation))
    fresh = _draft(signal)
    row = fresh.cosigners.filter(organisation=organisation).first()
    if row is None:
        raise CosignRefused(_("{name} was not asked to co-sign.").format(name=organisation))
    row.signal = fresh
    return row


def _draft(signal: Signal) -> Signal:
    fresh = locked(signal)
    if fresh.state != SignalState.DRAFT:
        raise CosignRefused(_("This signal was sent; who sends it no longer changes."))
    return fresh
