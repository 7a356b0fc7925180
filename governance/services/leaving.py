"""Somebody leaves an organisation: hands over, and has no access from the day after the last."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, timedelta
from typing import Any, TypeVar

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from governance.models import Membership, Organisation, User
from governance.models.membership import LEADING_FUNCTIONS, Function
from governance.selectors import manageable_by
from governance.services import Refused
from governance.services.memberships import finish_membership, start_membership
from nss_portal.core import audit
from nss_portal.core.access import Actor, NotAllowed, may, standing_of
from nss_portal.core.gathering import Rows, prepared
from nss_portal.core.handing import Held, held_by
from nss_portal.core.models.audit import Event
from nss_portal.core.time import today

T = TypeVar("T")
REMINDED_FOR = timedelta(days=90)


def may_hand_over(actor: Actor, user: User, organisation: Organisation) -> bool:
    """Say whether the actor may hand over for somebody: the person itself, or who manages all its memberships."""
    if standing_of(actor).is_system or getattr(actor, "pk", None) == user.pk:
        return True
    theirs = Membership.objects.filter(user=user, organisation=organisation)
    latest = theirs.order_by("-valid_from", "-pk").first()
    return latest is not None and manageable_by(actor, organisation).filter(pk=latest.pk).exists()


def colleagues_of(user: User, organisation: Organisation) -> QuerySet[User]:
    """Give who can take over: everybody else who is in and stays; an advisor acts for no city."""
    stay = Membership.objects.current(today()).filter(organisation=organisation, valid_to__isnull=True)
    keys = stay.exclude(function=Function.ADVISOR).values("user")
    return User.objects.filter(is_active=True, pk__in=keys).exclude(pk=user.pk).order_by("name", "pk")


@transaction.atomic
def hand_over(
    *,
    actor: Actor,
    user: User,
    organisation: Organisation,
    successors: Mapping[str, User],
    last_day: date | None = None,
) -> list[Held]:
    """Give what somebody holds to colleagues, per kind, and end the memberships after `last_day` when given.

    Gives what remains. Raises NotAllowed, and Refused when a colleague is not in (any more), for a last day in
    the past, and when nobody would lead the organisation or coordinate any more.
    """
    if not may_hand_over(actor, user, organisation):
        raise NotAllowed(_("Only the person itself and a lead hand over."))
    Organisation.objects.select_for_update().get(pk=organisation.pk)
    allowed = set(colleagues_of(user, organisation))
    moved: dict[str, object] = {}
    for held in held_by(user, organisation):
        successor = successors.get(held.key)
        if successor is None:
            continue
        if successor not in allowed:
            raise Refused(_("{name} is no longer in. Choose somebody else.").format(name=successor))
        held.move(successor, actor)
        moved[held.key] = [list(map(str, held.titles)), str(successor)]
    if moved:
        audit.record(
            actor=actor, event=Event.CHANGED, obj=user, changes={"handed_over": moved}, on_behalf_of=organisation
        )
    if last_day is not None:
        _end_all(actor, user, organisation, last_day)
    return held_by(user, organisation)


def _end_all(actor: Actor, user: User, organisation: Organisation, last_day: date) -> None:
    held = list(
        Membership.objects.current(today())
        .filter(user=user, organisation=organisation)
        .select_related("organisation", "user")
        .order_by("pk")
    )
    if not held:
        raise Refused(_("This membership has ended already."))
    for membership in held:
        finish_membership(actor=actor, membership=membership, last_day=last_day)


def left_behind(actor: Actor, say: Callable[[Membership, list[Held]], T]) -> Iterable[T]:
    """Give, for who leads, what `say` makes of each who left lately and of what was not handed over. One query,
    together with others where it is gathered, and those of the handlers per person."""
    leading = standing_of(actor).lead_of
    if not leading:
        return ()

    def together(gone: list[Membership]) -> Iterator[T]:
        seen: set[tuple[int, int]] = set()
        for membership in gone:
            key = (membership.user_id, membership.organisation_id)
            if key not in seen and (held := held_by(membership.user, membership.organisation)):
                yield say(membership, held)
            seen.add(key)

    now = today()
    fields = ("user__name", "user__email", "organisation__public_id", "organisation__name")
    return Rows(_gone(leading=leading, day=now, since=now - REMINDED_FOR), *fields, together=together)


@prepared
def _gone(leading: Any, day: Any, since: Any) -> QuerySet[Membership]:
    """Give who left these organisations between two days and is in none of them now."""
    there = Membership.objects.current(day).filter(organisation__in=leading)
    gone = Membership.objects.filter(organisation__in=leading, valid_to__lt=day, valid_to__gte=since)
    return gone.exclude(user__in=there.values("user")).order_by("-valid_to", "-pk")[:10]


def roles_held(user: User, organisation: Organisation) -> Iterator[Held]:
    """Give the lead and the signature that somebody has for an organisation, as things to hand over."""
    since = today() - REMINDED_FOR
    mine = [
        membership
        for membership in Membership.objects.filter(user=user, organisation=organisation)
        if membership.valid_to is None or membership.valid_to >= since
    ]
    name = str(organisation)
    if any(membership.is_lead and _runs(membership) for membership in mine):
        yield Held("lead", gettext_lazy("Leading"), [name], _Lead(user, organisation).give)
    signed = [membership for membership in mine if membership.function == Function.SIGNATORY]
    if any(_runs(membership) for membership in signed) or (signed and not _has_signatory(organisation)):
        yield Held("signature", gettext_lazy("Signing"), [name], _Signature(user, organisation).give)


def _runs(membership: Membership) -> bool:
    ended = membership.ended_at is not None or (membership.valid_to is not None and membership.valid_to < today())
    return not ended


def _has_signatory(organisation: Organisation) -> bool:
    now = Membership.objects.current(today())
    return now.filter(organisation=organisation, function=Function.SIGNATORY).exists()


class _Lead:
    """The lead of one person: the colleague becomes a lead in the function that he or she has."""

    def __init__(self, user: User, organisation: Organisation) -> None:
        self.user, self.organisation = user, organisation

    def give(self, successor: User, actor: Any) -> None:
        """Make the colleague a lead, and the person no longer one."""
        theirs = Membership.objects.current(today()).filter(
            user=successor, organisation=self.organisation, function__in=LEADING_FUNCTIONS, valid_to__isnull=True
        )
        membership = theirs.first()
        if membership is None:
            raise Refused(_("{name} is neither staff nor in the team and so cannot lead.").format(name=successor))
        start_membership(
            actor=actor,
            user=successor,
            organisation=self.organisation,
            function=Function(membership.function),
            is_lead=True,
        )
        mine = Membership.objects.current(today()).filter(user=self.user, organisation=self.organisation)
        for held in mine.filter(is_lead=True):
            held.is_lead = False
            held.save(update_fields=["is_lead"])
            audit.record(
                actor=actor,
                event=Event.CHANGED,
                obj=held,
                changes={"is_lead": [True, False]},
                on_behalf_of=self.organisation,
            )


class _Signature:
    """The right to sign for one organisation."""

    def __init__(self, user: User, organisation: Organisation) -> None:
        self.user, self.organisation = user, organisation

    def give(self, successor: User, actor: Any) -> None:
        """Let the colleague sign from today; what was signed stays signed by who signed it.

        Raises Refused unless a lead does this: nobody but a lead says who signs.
        """
        if not may(actor, "account", "invite", self.organisation):
            raise Refused(_("A lead says who signs. Leave this open; the leads see that it is left."))
        start_membership(actor=actor, user=successor, organisation=self.organisation, function=Function.SIGNATORY)
        mine = Membership.objects.current(today()).filter(
            user=self.user, organisation=self.organisation, function=Function.SIGNATORY
        )
        for membership in mine.select_related("organisation", "user"):
            finish_membership(actor=actor, membership=membership, last_day=today())
