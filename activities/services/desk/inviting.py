"""'Who has done this?': other cities are asked, and tell what they know."""

from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from activities.models.desk_question import DeskInvite, DeskMessage, DeskQuestion, InviteState, MessageKind
from activities.services.desk import letters
from activities.services.desk.routing import CityToAsk, cities_to_ask
from activities.services.desk.voices import asks_for, handles
from governance.models import Organisation
from nss_portal.core import audit
from nss_portal.core.access import Actor, NotAllowed, granted
from nss_portal.core.editing import locked
from nss_portal.core.models.audit import Event
from nss_portal.core.time import today

MOST_CITIES = 12


def invite_alike(*, actor: Actor, question: DeskQuestion) -> list[DeskInvite]:
    """Ask the cities that resemble the asker's most; the same rules as `invite_cities`."""
    return invite_cities(actor=actor, question=question, cities=cities_to_ask(actor, question))


@transaction.atomic
def invite_cities(*, actor: Actor, question: DeskQuestion, cities: Iterable[CityToAsk]) -> list[DeskInvite]:
    """Ask cities whether they have done this; who was asked already is not asked again.

    Raises NotAllowed unless the actor handles the question or asked it, ValidationError for more than
    `MOST_CITIES` together, or once the question is closed.
    """
    if not (handles(actor, question) or asks_for(actor, question)):
        raise NotAllowed(_("Who asked the question or handles it asks other cities."))
    fresh = locked(question)
    if not fresh.is_open:
        raise ValidationError(_("The question has an answer. Open it again to ask other cities."))
    there = set(fresh.invites.values_list("organisation_id", flat=True))
    wanted = [city for city in cities if city.organisation not in there | {fresh.organisation_id}]
    if len(there) + len(wanted) > MOST_CITIES:
        text = _("At most {number} cities are asked about one question, so that nobody is asked too often.")
        raise ValidationError(text.format(number=MOST_CITIES))
    made = []
    for city in wanted:
        invite = DeskInvite.objects.create(
            question=fresh, organisation_id=city.organisation, why=city.why, asked_on=today()
        )
        letters.write_to_city(invite, fresh)
        made.append(invite)
    if made:
        names = [city.name for city in wanted]
        audit.record(actor=actor, event=Event.CHANGED, obj=fresh, changes={"asked": names})
    return made


def _own_invite(actor: Actor, question: DeskQuestion) -> DeskInvite:
    held = granted(actor, "desk_question", "answer").get("addressed", frozenset())
    found = question.invites.filter(organisation__in=held).select_related("organisation").first()
    if found is None:
        raise NotAllowed(_("Only a city that was asked answers from its own experience."))
    return found


@transaction.atomic
def tell_experience(*, actor: Actor, question: DeskQuestion, text: str) -> DeskMessage:
    """Tell what the own city knows of this; the question stays with who handles it.

    Raises NotAllowed for a city that was not asked, ValidationError without words.
    """
    invite = _own_invite(actor, question)
    if not text.strip():
        raise ValidationError({"text": _("Write what your city did, or what it would do otherwise.")})
    message = DeskMessage.objects.create(
        question=question,
        kind=MessageKind.EXPERIENCE,
        organisation=invite.organisation,
        text=text.strip(),
        by_id=getattr(actor, "pk", None),
        by_label=str(actor),
    )
    _note(actor, invite, InviteState.ANSWERED)
    DeskQuestion.objects.filter(pk=question.pk).update(changed_at=timezone.now())
    words = {"by": letters.named(invite.organisation), "text": message.text}
    letters.write_to_asker(question, kind="experience", key=f"experience:{message.pk}", **words)
    return message


@transaction.atomic
def decline_invite(*, actor: Actor, question: DeskQuestion) -> DeskInvite:
    """Say that the own city has no experience with this; raises NotAllowed for a city that was not asked."""
    invite = _own_invite(actor, question)
    _note(actor, invite, InviteState.DECLINED)
    return invite


def _note(actor: Actor, invite: DeskInvite, state: InviteState) -> None:
    before = invite.state
    if before == state or (before == InviteState.ANSWERED and state == InviteState.DECLINED):
        return
    invite.state = state
    invite.save(update_fields=["state"])
    audit.record(
        actor=actor,
        event=Event.CHANGED,
        obj=invite,
        changes={"state": [before, state.value]},
        on_behalf_of=invite.organisation,
    )


def chosen(question: DeskQuestion, offered: Iterable[CityToAsk], public_ids: Iterable[str]) -> list[CityToAsk]:
    """Give what was chosen: offered cities with the reason, others (by public identifier) with none."""
    by_key = {city.organisation: city for city in offered}
    rows = Organisation.objects.filter(public_id__in=list(public_ids), group="municipality")
    return [
        by_key.get(pk, CityToAsk(pk, name, ""))
        for pk, name in rows.order_by("name").values_list("pk", "name")
        if pk != question.organisation_id
    ]
