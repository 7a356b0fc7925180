"""Teams and who's who: which themes a contact person answers for."""

from collections.abc import Iterable

from django.db import transaction

from cities.models import Bottleneck, ContactTheme, Theme
from governance.models import Membership, Organisation, User
from governance.services.memberships import resource_of
from nss_portal.core import audit
from nss_portal.core.access import Actor, require
from nss_portal.core.carrying import Handover
from nss_portal.core.models.audit import Event
from nss_portal.core.time import today


@transaction.atomic
def set_contact_themes(*, actor: Actor, membership: Membership, themes: Iterable[Theme]) -> None:
    """Set the themes that somebody is the contact person for. Raises NotAllowed."""
    fresh = Membership.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=membership.pk)
    require(actor, resource_of(fresh), "manage", fresh)
    before = set(Theme.objects.filter(contacts__membership=fresh))
    after = set(themes)
    if before == after:
        return
    ContactTheme.objects.filter(membership=fresh, theme__in=before - after).delete()
    ContactTheme.objects.bulk_create(ContactTheme(membership=fresh, theme=theme) for theme in after - before)
    changes = {"themes": [sorted(theme.code for theme in before), sorted(theme.code for theme in after)]}
    audit.record(actor=actor, event=Event.CHANGED, obj=fresh, changes=changes, on_behalf_of=fresh.organisation)


@transaction.atomic
def give_contact_themes(*, user: User, successor: User, organisation: Organisation, actor: Actor) -> None:
    """Let a colleague answer for the themes of somebody who leaves. The caller has checked that the actor may."""
    held = ContactTheme.objects.filter(membership__user=user, membership__organisation=organisation)
    colleague = (
        Membership.objects.current(today())
        .filter(user=successor, organisation=organisation)
        .order_by("-is_lead", "pk")
        .first()
    )
    if colleague is None:
        return
    ContactTheme.objects.bulk_create(
        [ContactTheme(membership=colleague, theme_id=key) for key in held.values_list("theme", flat=True)],
        ignore_conflicts=True,
    )
    changes = {"themes": [sorted(held.values_list("theme__code", flat=True)), str(successor)]}
    audit.record(actor=actor, event=Event.CHANGED, obj=colleague, changes=changes, on_behalf_of=organisation)
    held.delete()


@transaction.atomic
def give_drafts(*, user: User, successor: User, organisation: Organisation, actor: Actor) -> None:
    """Let a colleague finish the draft bottlenecks that somebody began. The caller has checked that it may be."""
    drafts = Bottleneck.objects.drafts().filter(organisation=organisation, created_by=user)
    for draft in drafts:
        changes = {"to_finish": [str(user), str(successor)]}
        audit.record(actor=actor, event=Event.CHANGED, obj=draft, changes=changes, on_behalf_of=organisation)
    drafts.update(created_by=successor)


def carry_contact_themes(handover: Handover) -> int:
    """In a merger: whoever went on in the successor answers for the same themes there."""
    held = ContactTheme.objects.filter(
        membership__organisation=handover.old.organisation, membership__valid_to__gte=handover.last_day
    ).select_related("membership")
    went_on = {
        (membership.user_id, membership.function): membership
        for membership in Membership.objects.current(handover.on).filter(organisation=handover.new.organisation)
    }
    new = [
        ContactTheme(membership=went_on[key], theme_id=row.theme_id)
        for row in held
        if (key := (row.membership.user_id, row.membership.function)) in went_on
    ]
    ContactTheme.objects.bulk_create(new, ignore_conflicts=True)
    return len(new)
