"""Hold an assessment: make it, invite people, open, close, withdraw."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models.functions import Lower
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from governance.models import Assessment, AssessmentState, Instrument, Organisation, Participant, User
from governance.models.assessment import STRUCTURE
from governance.services.assessments.counting import Answers, Asked, summarised
from governance.services.assessments.letters import Letter, write
from governance.services.assessments.links import hash_of, new_nonce, token_of
from governance.services.ownership import require_for
from governance.workflow import ASSESSMENT
from nss_portal.core import audit, workflow
from nss_portal.core.access import Actor, NotAllowed, granted, require, standing_of
from nss_portal.core.editing import apply_changes, locked, readable
from nss_portal.core.models.audit import Event
from nss_portal.core.portal_name import portal_name
from nss_portal.core.registry import AssessedKind, assessed_kinds
from nss_portal.core.time import today

TEXTS = ("note", "closes_on")
# A year that is typed wrong would keep the result away for good.
LONGEST_OPEN = timedelta(days=366)
MOST_INVITED = 10_000


def kinds() -> dict[str, AssessedKind]:
    """Give the kinds of things that can be assessed besides the structure, by code."""
    return {kind.code: kind for kind in (make() for make in assessed_kinds)}


@transaction.atomic
def create_assessment(
    *,
    actor: Actor,
    organisation: Organisation,
    instrument: Instrument,
    subject_key: str,
    values: Mapping[str, Any],
) -> Assessment:
    """Make a draft about one thing of the instrument's kind (`subject_key`, '' for the structure).

    The same draft twice is one. Raises NotAllowed for another organisation or a thing that is not the actor's,
    ValidationError for a day past or more than a year off.
    """
    require_for(actor, "assessment", "manage", organisation)
    label = _subject_label(actor, instrument.about, subject_key)
    fields = {
        "organisation": organisation,
        "instrument": instrument,
        "subject_kind": instrument.about,
        "subject_key": subject_key,
        **_checked(values),
    }
    Organisation.objects.select_for_update().get(pk=organisation.pk)
    same = Assessment.objects.filter(state=AssessmentState.DRAFT, evaluation=None, **fields).first()
    if same is not None:
        return same
    made = Assessment.objects.create(subject_label=label[:200], **fields)
    audit.record(actor=actor, event=Event.CREATED, obj=made, on_behalf_of=organisation)
    return made


def holds_all(actor: Actor) -> bool:
    """Say whether somebody may hold an assessment of the structure itself: it is everybody's."""
    return standing_of(actor).is_system or "all" in granted(actor, "assessment", "manage")


def _subject_label(actor: Actor, about: str, key: str) -> str:
    if about == STRUCTURE:
        # The structure is everybody's: who coordinates it holds assessments of it.
        if not holds_all(actor):
            raise NotAllowed(_("Only the coordination team holds an assessment of the whole cooperation."))
        with translation.override("nl"):
            return portal_name().name
    label = dict(kinds()[about].choices(actor)).get(key) if about in kinds() else None
    if label is None:
        raise NotAllowed(_("You cannot hold an assessment of this."))
    return label


def _checked(values: Mapping[str, Any]) -> dict[str, Any]:
    if values["closes_on"] < today():
        raise ValidationError({"closes_on": _("Choose a day that is still to come.")})
    if values["closes_on"] > today() + LONGEST_OPEN:
        raise ValidationError({"closes_on": _("Choose a day within a year.")})
    return {"note": str(values["note"]).strip(), "closes_on": values["closes_on"]}


@transaction.atomic
def change_assessment(
    *, actor: Actor, assessment: Assessment, version: int, values: Mapping[str, Any]
) -> Assessment:
    """Change the word to who takes part and the last day, until it closes.

    Raises NotAllowed, ValidationError, EditConflict when a colleague was first.
    """
    require(actor, "assessment", "manage", assessment)
    fresh = locked(assessment)
    if fresh.state not in (AssessmentState.DRAFT, AssessmentState.OPEN):
        raise NotAllowed(_("This assessment is closed and does not change any more."))
    changes = apply_changes(fresh, version, _checked(values))
    if changes:
        fresh.version += 1
        fresh.save()
        audit.record(
            actor=actor,
            event=Event.CHANGED,
            obj=fresh,
            changes=readable(changes),
            on_behalf_of=fresh.organisation,
        )
    return fresh


def addresses_in(text: str) -> tuple[list[str], list[str]]:
    """Give the e-mail addresses of a pasted text, each once, and what in it is none; lines, commas, semicolons."""
    good: dict[str, str] = {}
    bad: list[str] = []
    for part in text.replace(";", "\n").replace(",", "\n").splitlines():
        written = part.strip()
        if not written:
            continue
        address = written.rpartition("<")[2].rstrip(">").strip() if "<" in written else written
        try:
            validate_email(address)
        except ValidationError:
            bad.append(written)
        else:
            good.setdefault(address.lower(), address)
    return list(good.values()), bad


@transaction.atomic
def invite(*, actor: Actor, assessment: Assessment, addresses: Sequence[str], language: str = "nl") -> int:
    """Ask people for an answer; who is asked already is asked once. Gives how many are new.

    Of a draft they hear when it opens. Raises NotAllowed once it is closed, ValidationError for an address that is
    none or more than can be asked.
    """
    require(actor, "assessment", "manage", assessment)
    fresh = locked(assessment)
    if fresh.state not in (AssessmentState.DRAFT, AssessmentState.OPEN):
        raise NotAllowed(_("This assessment is closed and does not change any more."))
    good, bad = addresses_in("\n".join(addresses))
    if bad:
        raise ValidationError({"addresses": _("No e-mail address: {lines}").format(lines="; ".join(bad[:5]))})
    there = set(fresh.participants.annotate(small=Lower("email")).values_list("small", flat=True))
    new = [address for address in good if address.lower() not in there]
    if len(there) + len(new) > MOST_INVITED:
        raise ValidationError({"addresses": _("At most ten thousand people can be asked at once.")})
    made = Participant.objects.bulk_create(_participants(fresh, new, language), batch_size=1000)
    if made:
        audit.record(
            actor=actor,
            event=Event.CHANGED,
            obj=fresh,
            changes={"invited": len(made)},
            on_behalf_of=fresh.organisation,
        )
    if fresh.state == AssessmentState.OPEN:
        write(fresh, made, Letter.ASK)
    return len(made)


def _participants(assessment: Assessment, addresses: Iterable[str], language: str) -> list[Participant]:
    wanted = list(addresses)
    small = [address.lower() for address in wanted]
    known = User.objects.filter(is_active=True).annotate(small=Lower("email")).filter(small__in=small)
    users = {user.email.lower(): user for user in known}
    rows = []
    for address in wanted:
        user, nonce = users.get(address.lower()), new_nonce()
        rows.append(
            Participant(
                assessment=assessment,
                email=address,
                user=user,
                language=user.language if user else language,
                nonce=nonce,
                link_hash=hash_of(token_of(nonce)),
            )
        )
    return rows


@transaction.atomic
def remove_participant(*, actor: Actor, assessment: Assessment, participant: Participant) -> None:
    """Take somebody off the list of a draft; raises NotAllowed later, since that would tell who answered."""
    require(actor, "assessment", "manage", assessment)
    fresh = locked(assessment)
    if fresh.state != AssessmentState.DRAFT:
        raise NotAllowed(_("Once it is open nobody is taken off the list: that would tell who answered."))
    fresh.participants.filter(pk=participant.pk).delete()
    audit.record(
        actor=actor, event=Event.CHANGED, obj=fresh, changes={"invited": -1}, on_behalf_of=fresh.organisation
    )


@transaction.atomic
def discard_assessment(*, actor: Actor, assessment: Assessment) -> None:
    """Throw a draft away; raises NotAllowed for anything else."""
    require(actor, "assessment", "manage", assessment)
    fresh = locked(assessment)
    if fresh.state != AssessmentState.DRAFT:
        raise NotAllowed(_("Only a draft can be thrown away. Withdraw it instead."))
    audit.record(actor=actor, event=Event.DELETED, obj=fresh, on_behalf_of=fresh.organisation)
    fresh.delete()


@transaction.atomic
def open_assessment(*, actor: Actor, assessment: Assessment) -> Assessment:
    """Open a draft and write to all who are invited; raises as `workflow.take` does.

    Not while another one of the same thing is open, nor within a quarter of its result.
    """
    # Of two that are opened at the same moment, one waits and then sees the other.
    Instrument.objects.select_for_update().get(pk=assessment.instrument_id)
    workflow.take(ASSESSMENT, "open", assessment, actor=actor)
    fresh = locked(assessment)
    fresh.opened_at = timezone.now()
    fresh.save(update_fields=["opened_at"])
    write(fresh, list(fresh.participants.all()), Letter.ASK)
    return fresh


@transaction.atomic
def close_assessment(*, actor: Actor, assessment: Assessment) -> Assessment:
    """Close for good: count the answers once, keep what they come to, and let the sheets go.

    Closed before its last day, this day becomes the last one: the result is of this year, not of a later one.

    Raises as `workflow.take` does; a second closing is refused, so no result is ever made anew.
    """
    workflow.take(ASSESSMENT, "close", assessment, actor=actor)
    fresh = locked(assessment)
    sheets = fresh.sheets.filter(is_sent=True).order_by("pk").values_list("scores", "comment")
    answers = [
        Answers({int(number): score for number, score in scores.items()}, comment) for scores, comment in sheets
    ]
    fresh.result = summarised(answers, asked_by(fresh.instrument), invited=fresh.participants.count())
    fresh.closed_at, fresh.closes_on = timezone.now(), min(fresh.closes_on, today())
    fresh.save(update_fields=["result", "closed_at", "closes_on"])
    _forget(fresh)
    return fresh


def _forget(assessment: Assessment) -> None:
    """Let go of single answers, and of all that could tell them apart."""
    assessment.sheets.all().delete()
    # Every row is written anew in this one transaction: that an answer came tells nothing of when.
    assessment.participants.update(answered=False)


def asked_by(instrument: Instrument) -> list[Asked]:
    """Give the indicators of an instrument with their statements' numbers. Two queries."""
    found = instrument.indicators.prefetch_related("statements")
    return [Asked(one.number, [statement.number for statement in one.statements.all()]) for one in found]


@transaction.atomic
def withdraw_assessment(*, actor: Actor, assessment: Assessment, reason: str) -> Assessment:
    """Stop an open assessment without a result; the answers are gone. Raises as `workflow.take` does."""
    workflow.take(ASSESSMENT, "withdraw", assessment, actor=actor, reason=reason)
    fresh = locked(assessment)
    _forget(fresh)
    return fresh
