"""What governance carries over when a municipality goes on in another one."""

from collections.abc import Iterator

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from governance.models import Membership
from governance.models.membership import Function
from governance.services.memberships import start_membership
from nss_portal.core.carrying import Carried, Handover


def carry_memberships(handover: Handover) -> int:
    """End the memberships in force on the eve of the merger, and let each go on in the successor the day after.

    Dated, so that what somebody did for the old municipality still reads so. Who has the same function in the
    successor already keeps that one, with the lead when either had it.
    """
    eve = handover.last_day
    running = Membership.objects.filter(
        Q(valid_to__isnull=True) | Q(valid_to__gt=eve), organisation=handover.old, ended_at__isnull=True
    ).select_related("user")
    for held in running:
        until = held.valid_to
        held.valid_to = max(eve, held.valid_from)
        held.save(update_fields=["valid_to"])
        went_on = start_membership(
            actor=handover.actor,
            user=held.user,
            organisation=handover.new,
            function=Function(held.function),
            is_lead=held.is_lead,
            position=held.position,
            valid_from=max(handover.on, held.valid_from),
        )
        if went_on.valid_from >= handover.on:
            went_on.sharing, went_on.valid_to = held.sharing, until
            went_on.save(update_fields=["sharing", "valid_to"])
    return len(running)


def carried() -> Iterator[Carried]:
    """Say what goes along and what stays with the organisation that ended."""
    yield Carried(
        "governance.Membership",
        "organisation",
        _("people"),
        moves=carry_memberships,
        stays=_("the past stays dated under the old name; whoever was in goes on in the successor"),
    )
    yield Carried(
        "governance.Invitation",
        "organisation",
        _("open invitations"),
        only=Q(accepted_at__isnull=True, withdrawn_at__isnull=True),
        stays=_("used or withdrawn, or the person is invited by the successor already"),
    )
    yield Carried(
        "governance.Mandate",
        "organisation",
        _("mandates"),
        stays=_("a mandate holds for the municipality that gave it; the successor gives its own"),
    )
    yield Carried(
        "governance.OrganisationName", "organisation", _("former names"), stays=_("names of the old organisation")
    )
    yield Carried(
        "governance.Organisation",
        "successor",
        _("earlier mergers"),
        stays=_("the chain of mergers stays as it was"),
    )
    yield Carried(
        "governance.VariantPeriod",
        "coordinating_organisation",
        _("periods of coordination"),
        stays=_("who coordinated when stays as it was"),
    )
