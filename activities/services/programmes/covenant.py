"""The covenant: written, fixed, signed in rounds, and published in the Staatscourant."""

import hashlib
import json
from collections.abc import Mapping
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from activities.models import Covenant, Phase, Programme, ProgrammePartner, Signature, SigningRound
from activities.models.programme import BEFORE_COVENANT, RUNNING
from activities.models.programme_partner import Answer
from activities.selectors.programmes import signing_keys
from activities.services.programmes import letters
from activities.services.programmes.editing import touch
from activities.services.programmes.gazette import read_gazette
from nss_portal.core import audit
from nss_portal.core.access import Actor, NotAllowed, require
from nss_portal.core.editing import apply_changes, locked, readable
from nss_portal.core.models.audit import Event
from nss_portal.core.time import today
from nss_portal.core.workflow import TransitionRefused

TEXTS = ("goal", "why", "agreements", "starts_on", "ends_on")
Values = Mapping[str, Any]


@transaction.atomic
def write_covenant(*, actor: Actor, programme: Programme, version: int, values: Values) -> Covenant:
    """Write or change the covenant; raises NotAllowed, ValidationError, EditConflict when a colleague was first.

    TransitionRefused once it is put up for signing: what people sign does not change under their hands.
    """
    require(actor, "programme", "change", programme)
    fresh = locked(programme)
    if fresh.phase not in BEFORE_COVENANT:
        raise TransitionRefused(_("The covenant is fixed. Open it again first, or agree on a next tranche."))
    cleaned = {name: value.strip() if isinstance(value, str) else value for name, value in values.items()}
    starts, ends = cleaned.get("starts_on"), cleaned.get("ends_on")
    if starts and ends and ends < starts:
        raise ValidationError({"ends_on": _("The last day lies before the first.")})
    covenant, _made = Covenant.objects.get_or_create(programme=fresh)
    covenant = locked(covenant)
    changes = apply_changes(covenant, version, {name: cleaned[name] for name in TEXTS if name in cleaned})
    if changes:
        covenant.version += 1
        covenant.save()
        audit.record(
            actor=actor,
            event=Event.CHANGED,
            obj=fresh,
            changes={"covenant": readable(changes)},
            on_behalf_of=fresh.organisation,
        )
        touch(fresh)
    return covenant


def text_of(programme: Programme) -> dict[str, Any]:
    """Give what partners sign: goal, agreements, time path, milestones and contributions."""
    covenant = programme.covenant
    partners = programme.partners.filter(answer=Answer.YES, left_on=None).select_related("organisation")
    return {
        "title": programme.title,
        "goal": covenant.goal,
        "why": covenant.why,
        "agreements": covenant.agreements,
        "starts_on": covenant.starts_on.isoformat() if covenant.starts_on else "",
        "ends_on": covenant.ends_on.isoformat() if covenant.ends_on else "",
        "milestones": [
            {"title": one.title, "planned_on": one.planned_on.isoformat()}
            for one in programme.milestones.filter(dropped_on=None).order_by("planned_on", "pk")
        ],
        "partners": [
            {"name": one.organisation.name, "hours": one.hours, "euros": one.euros, "brings": one.brings}
            for one in partners.order_by("organisation__name", "pk")
        ],
    }


def digest_of(text: Mapping[str, Any]) -> str:
    """Give the SHA-256 of the text of a covenant, the same for the same text."""
    plain = json.dumps(text, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(plain.encode()).hexdigest()


def fix_covenant(actor: Actor, programme: Programme) -> None:
    """Fix the text that is signed; the milestones remember what was agreed."""
    covenant = locked(programme.covenant)
    covenant.fixed = text_of(programme)
    covenant.fixed_at, covenant.digest = timezone.now(), digest_of(covenant.fixed)
    covenant.save(update_fields=["fixed", "fixed_at", "digest"])
    programme.covenant = covenant
    for milestone in programme.milestones.filter(first_planned_on=None):
        milestone.first_planned_on = milestone.planned_on
        milestone.save(update_fields=["first_planned_on"])
    audit.record(
        actor=actor,
        event=Event.SUBMITTED,
        obj=programme,
        changes={"covenant": covenant.digest},
        on_behalf_of=programme.organisation,
    )


def unfix_covenant(actor: Actor, programme: Programme) -> None:
    """Open a covenant again that nobody signed; its signing rounds go."""
    covenant = locked(programme.covenant)
    covenant.rounds.all().delete()
    covenant.fixed, covenant.fixed_at, covenant.digest = None, None, ""
    covenant.save(update_fields=["fixed", "fixed_at", "digest"])
    programme.covenant = covenant
    programme.milestones.update(first_planned_on=None)
    audit.record(
        actor=actor,
        event=Event.CHANGED,
        obj=programme,
        changes={"covenant": ""},
        on_behalf_of=programme.organisation,
    )


@transaction.atomic
def open_round(*, actor: Actor, programme: Programme, held_on: date, place: str = "") -> SigningRound:
    """Open a signing round: the first one, or a later one in which others join.

    Raises NotAllowed, TransitionRefused without a fixed covenant or while another round is open.
    """
    require(actor, "programme", "change", programme)
    fresh = locked(programme)
    if fresh.phase not in RUNNING:
        raise TransitionRefused(_("Signing begins once the covenant is put up for signing."))
    rounds = list(fresh.covenant.rounds.all())
    if any(one.closed_on is None for one in rounds):
        raise TransitionRefused(_("Another signing round is open already."))
    made = SigningRound.objects.create(
        covenant=fresh.covenant,
        number=max((one.number for one in rounds), default=0) + 1,
        held_on=held_on,
        place=place.strip(),
    )
    audit.record(
        actor=actor,
        event=Event.CHANGED,
        obj=fresh,
        changes={"signing_round": made.number, "held_on": held_on.isoformat()},
        on_behalf_of=fresh.organisation,
    )
    touch(fresh)
    letters.ask_to_sign(made)
    return made


@transaction.atomic
def close_round(*, actor: Actor, round: SigningRound, gazette: str = "") -> SigningRound:
    """Close a signing round, with its publication where that is known; who did not sign waits for a later one.

    Raises NotAllowed, TransitionRefused without a signature, ValidationError for what is no reference.
    """
    programme = round.covenant.programme
    require(actor, "programme", "change", programme)
    fresh = locked(programme)
    current = SigningRound.objects.select_for_update().get(pk=round.pk)
    if current.closed_on is not None:
        raise TransitionRefused(_("This has changed in the meantime. Look at the page again."))
    if not current.signatures.exists():
        raise TransitionRefused(_("Nobody has signed in this round yet."))
    current.closed_on = today()
    current.gazette = read_gazette(gazette) if gazette.strip() else ""
    current.save(update_fields=["closed_on", "gazette"])
    _round_noted(actor, fresh, current)
    return current


@transaction.atomic
def publish_round(*, actor: Actor, round: SigningRound, gazette: str) -> SigningRound:
    """Note or correct where a closed round was published in the Staatscourant.

    Raises NotAllowed, TransitionRefused while it is open, ValidationError for what is no reference.
    """
    programme = round.covenant.programme
    require(actor, "programme", "change", programme)
    fresh = locked(programme)
    current = SigningRound.objects.select_for_update().get(pk=round.pk)
    if current.closed_on is None:
        raise TransitionRefused(_("Close the signing round first."))
    current.gazette = read_gazette(gazette)
    current.save(update_fields=["gazette"])
    _round_noted(actor, fresh, current)
    return current


def _round_noted(actor: Actor, programme: Programme, signing: SigningRound) -> None:
    audit.record(
        actor=actor,
        event=Event.CHANGED,
        obj=programme,
        changes={
            "signing_round": signing.number,
            "closed_on": str(signing.closed_on),
            "gazette": signing.gazette,
        },
        on_behalf_of=programme.organisation,
    )
    touch(programme)


@transaction.atomic
def sign(*, actor: Actor, partner: ProgrammePartner, digest: str) -> Signature:
    """Sign the covenant for one's own party in the round that is open; `digest` is of the text one has read.

    Raises NotAllowed for anybody but a signatory of that party, TransitionRefused when there is nothing to sign.
    """
    covenant = Covenant.objects.filter(programme=partner.programme_id).first()
    if covenant is None:
        raise TransitionRefused(_("There is no covenant to sign yet."))
    require(actor, "covenant", "sign", covenant)
    if partner.organisation_id not in signing_keys(actor):
        raise NotAllowed(_("You sign for your own organisation only."))
    programme = locked(partner.programme)
    # Read again: while this waited the text may have been opened, changed and fixed anew.
    covenant.refresh_from_db()
    fresh = ProgrammePartner.objects.select_for_update(of=("self",)).get(pk=partner.pk)
    signing = covenant.rounds.filter(closed_on=None).first()
    if signing is None or programme.phase not in RUNNING:
        raise TransitionRefused(_("No signing round is open now."))
    _may_sign(fresh, covenant, digest)
    signature = Signature.objects.create(
        round=signing,
        partner=fresh,
        organisation=fresh.organisation,
        signed_by_id=getattr(actor, "pk", None),
        signed_by_label=str(actor)[:200],
        hours=fresh.hours,
        euros=fresh.euros,
        digest=covenant.digest,
    )
    if programme.phase != Phase.SIGNING:
        fresh.joined_on = today()
        fresh.save(update_fields=["joined_on"])
    audit.record(
        actor=actor,
        event=Event.SUBMITTED,
        obj=programme,
        changes={"signed": covenant.digest},
        on_behalf_of=fresh.organisation,
    )
    touch(programme)
    if fresh.joined_on is not None:
        fresh.programme = programme
        letters.tell_partners(fresh, kind="joined")
    return signature


def _may_sign(partner: ProgrammePartner, covenant: Covenant, digest: str) -> None:
    if partner.answer != Answer.YES or partner.left_on is not None:
        raise TransitionRefused(_("Your organisation does not take part in this programme."))
    if hasattr(partner, "signature"):
        raise TransitionRefused(_("Your organisation has signed already."))
    if not (partner.hours or partner.euros):
        raise TransitionRefused(_("Say first which hours or euros your organisation gives."))
    if digest != covenant.digest:
        raise TransitionRefused(_("The covenant changed since you read it. Read it again before you sign."))
