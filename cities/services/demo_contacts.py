"""Illustrative contact persons per theme, named by their function."""

import random

from django.conf import settings
from django.db import transaction

from cities.models import ContactTheme, Theme
from governance.models import Membership, Organisation
from governance.models.membership import Function
from governance.models.organisation import Group
from governance.services.demo import demo_contact
from nss_portal.core.time import today

# What people of a kind of organisation are called, and for which themes they answer.
CONTACTS = {
    Group.MINISTRY: [("Beleidsadviseur klimaat", ["policy-development", "regulation", "finance"])],
    Group.PROVINCE: [("Programmamanager energietransitie", ["energy-heat", "mobility", "integral-approach"])],
    Group.UMBRELLA: [("Adviseur klimaat en energie", ["integral-approach", "participation", "scarcity"])],
    Group.KNOWLEDGE: [("Onderzoeker stedelijke transitie", ["monitoring", "behaviour", "participation"])],
    Group.FINANCIAL: [("Relatiebeheerder gemeenten", ["finance", "citizen-finance"])],
    Group.AGENCY: [("Adviseur regelingen", ["finance", "regulation", "energy-heat"])],
    Group.COMPANY: [("Adviseur leden", ["scarcity", "energy-heat"])],
}


@transaction.atomic
def load_demo_contacts(scale: str, seed: int) -> list[str]:
    """Name a contact person with themes at every party, and give the teams of cities themes; repeatable.

    A second run names those that have none yet, at national scale alone: what somebody took away stays away.
    """
    if not settings.NSS_DEMO:
        return []
    there = ContactTheme.objects.exists()
    if there and scale == "small":
        return ["demo: contact persons are there already"]
    themes = {theme.code: theme for theme in Theme.objects.all()}
    rows = []
    parties = Organisation.objects.filter(group__in=CONTACTS).existing_on(today()).order_by("name")
    parties = parties.exclude(memberships__contact_themes__isnull=False)
    for organisation in parties:
        for position, codes in CONTACTS[Group(organisation.group)]:
            membership = demo_contact(organisation=organisation, position=position)
            rows += [ContactTheme(membership=membership, theme=themes[code]) for code in codes if code in themes]
    teams = Membership.objects.current(today()).filter(
        function=Function.TEAM, user__is_demo=True, contact_themes__isnull=True
    )
    dice = random.Random(seed + there)  # noqa: S311
    codes = sorted(themes)
    for membership in teams.order_by("pk"):
        chosen = dice.sample(codes, min(2, len(codes)))
        rows += [ContactTheme(membership=membership, theme=themes[code]) for code in chosen]
    ContactTheme.objects.bulk_create(rows, ignore_conflicts=True)
    if there and not rows:
        return ["demo: contact persons are there already"]
    return [f"demo: themes of contact persons {len(rows)}"]
