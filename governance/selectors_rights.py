"""Reads on rights: who decides on requests for an account, and the yearly review of who has which rights."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from allauth.mfa.models import Authenticator
from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from governance.models import (
    Mandate,
    Membership,
    Organisation,
    RightsCheck,
    RightsReview,
    RightsRound,
    User,
)
from governance.models.rights import RightsReviewQuerySet
from governance.selectors import HeldMembership, levels_of, role_of_membership
from governance.variants import coordinating_organisation_id
from nss_portal.core.access import Actor, Role, standing_of
from nss_portal.core.time import end_of, today

UNUSED_AFTER = timedelta(days=365)
SECOND_FACTORS = Authenticator.objects.exclude(type=Authenticator.Type.RECOVERY_CODES).order_by()


def somebody_leads(organisation: str) -> Exists:
    """Give the condition that somebody who may log in leads the organisation of this (outer) field today."""
    leads = Membership.objects.current(today()).filter(
        organisation=OuterRef(organisation), is_lead=True, user__is_active=True
    )
    return Exists(leads.order_by())


def to_be_decided_by(actor: Actor) -> Q:
    """Give the condition on records with an organisation that somebody is asked to act on it.

    A lead is, for the own organisation; the coordination team is where nobody leads, or the organisation is new.
    """
    standing = standing_of(actor)
    mine = Q(organisation__in=standing.lead_of)
    return mine | Q(~somebody_leads("organisation")) if standing.has(Role.COORDINATOR) else mine


def waiting_accounts() -> QuerySet[Membership]:
    """Give the memberships of accounts that somebody else still has to look at, for a review in an outer query.

    Counts who was in when the round opened, stays and may log in. Nobody confirms their own rights: who leads
    alone is no account to look at; the coordination team sees that in its overview.
    """
    day = today()
    staying = Membership.objects.current(day).filter(valid_to__isnull=True, user__is_active=True).order_by()
    leads = staying.filter(organisation=OuterRef("organisation"), is_lead=True)
    checks = RightsCheck.objects.filter(review=OuterRef(OuterRef("pk")), user=OuterRef("user")).order_by()
    leads_alone = Exists(leads.filter(user=OuterRef("user"))) & ~Exists(leads.exclude(user=OuterRef("user")))
    return staying.filter(
        ~Exists(checks),
        ~leads_alone,
        organisation=OuterRef("organisation"),
        valid_from__lte=OuterRef("round__opened_on"),
    )


def _number(accounts: QuerySet[Membership]) -> Coalesce:
    counted = accounts.values("organisation").annotate(number=Count("user", distinct=True)).values("number")
    return Coalesce(Subquery(counted), 0)


def with_waiting(reviews: RightsReviewQuerySet) -> Any:
    """Add to reviews the number of accounts that still have to be looked at, as `waiting`."""
    return reviews.annotate(waiting=_number(waiting_accounts()))


def unused_q(prefix: str, day: date) -> Q:
    """Give the condition that an account was not used for a year: no login, and it was there all that time."""
    before = end_of(day - UNUSED_AFTER)
    never = Q(**{f"{prefix}last_login__isnull": True, f"{prefix}date_joined__lt": before})
    return never | Q(**{f"{prefix}last_login__lt": before})


def is_unused(user: User, day: date) -> bool:
    """Say whether an account was not used for a year; see `unused_q`."""
    return (user.last_login or user.date_joined) < end_of(day - UNUSED_AFTER)


def overview(reviews: RightsReviewQuerySet) -> Any:
    """Add what the coordination team sees: accounts, those to look at, those unused, whether somebody leads."""
    day = today()
    inside = Membership.objects.current(day).filter(organisation=OuterRef("organisation"), user__is_active=True)
    inside = inside.order_by()
    return with_waiting(reviews).annotate(
        accounts=_number(inside),
        unused=_number(inside.filter(unused_q("user__", day))),
        is_led=somebody_leads("organisation"),
    )


def latest_round() -> RightsRound | None:
    """Give the newest round; None before the first."""
    return RightsRound.objects.order_by("-year").first()


@dataclass
class Account:
    """One account of an organisation: what it may do, how it is used, and whether somebody looked at it."""

    user: User
    has_second_factor: bool
    is_unused: bool
    gave_mandates: int
    memberships: list[HeldMembership] = field(default_factory=list)
    check: RightsCheck | None = None
    is_own: bool = False
    is_new: bool = False
    leads_alone: bool = False

    @property
    def ends(self) -> date | None:
        """The last day when all memberships have one, else None."""
        days = [held.membership.valid_to for held in self.memberships]
        return max((day for day in days if day), default=None) if all(days) else None

    @property
    def leads(self) -> bool:
        """Whether this person leads the organisation."""
        return any(held.membership.is_lead for held in self.memberships)

    @property
    def waits(self) -> bool:
        """Whether somebody still has to look."""
        return self.check is None and self.ends is None and not self.is_new and not self.leads_alone


def accounts_of(review: RightsReview, actor: User) -> list[Account]:
    """Give the accounts of an organisation, those to look at first; five queries, whatever their number."""
    organisation, day = review.organisation, today()
    held = (
        Membership.objects.current(day)
        .filter(organisation=organisation, user__is_active=True)
        .select_related("user")
        .annotate(
            second=Exists(SECOND_FACTORS.filter(user=OuterRef("user"))),
            mandates=_mandates_given(organisation, day),
        )
        .order_by("user__name", "user_id", "pk")
    )
    checks = {check.user_id: check for check in review.checks.select_related("checked_by")}
    levels = levels_of({organisation.pk})
    coordinating = coordinating_organisation_id(day)
    found: dict[int, Account] = {}
    for membership in held:
        membership.organisation = organisation
        account = found.get(membership.user_id)
        if account is None:
            account = found[membership.user_id] = Account(
                user=membership.user,
                has_second_factor=membership.second,  # type: ignore[attr-defined]
                is_unused=is_unused(membership.user, day),
                gave_mandates=membership.mandates,  # type: ignore[attr-defined]
                check=checks.get(membership.user_id),
                is_own=membership.user_id == actor.pk,
                is_new=True,
            )
        role = role_of_membership(membership, levels.get(organisation.pk, ""), coordinating)
        account.memberships.append(HeldMembership(membership, role))
        account.is_new = account.is_new and membership.valid_from > review.round.opened_on
    leads = [account for account in found.values() if account.leads]
    if len(leads) == 1:
        leads[0].leads_alone = True
    return sorted(found.values(), key=lambda account: (not account.waits, not account.is_unused))


def _mandates_given(organisation: Organisation, day: date) -> Coalesce:
    given = Mandate.objects.current(day).filter(organisation=organisation, given_by=OuterRef("user")).order_by()
    return Coalesce(Subquery(given.values("given_by").annotate(number=Count("pk")).values("number")), 0)
