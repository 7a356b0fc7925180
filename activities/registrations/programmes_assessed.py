"""Programmes as things that their partners assess."""

import random
from collections.abc import Sequence
from datetime import timedelta

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy

from activities.models import Programme, ProgrammePartner
from activities.models.programme import BEFORE_COVENANT
from activities.selectors.assessments import KIND, reviews_from
from governance.models import Assessment, Instrument, ResultSharing
from governance.services.assessments.demo import closed_example
from nss_portal.core.access import Actor
from nss_portal.core.registry import AssessedKind, assessed_kinds, demo_loaders
from nss_portal.core.time import today

EXAMPLES = {"small": 4, "national": 40}


def _choices(actor: Actor) -> Sequence[tuple[str, str]]:
    """Give the programmes that somebody leads, or coordinates."""
    led = Programme.objects.open_to(actor, "change").order_by("title", "pk")
    return list(led.values_list("public_id", "title"))


def _people(actor: Actor, key: str) -> Sequence[str]:
    """Give the addresses of those whom partners named as the one to call."""
    if not Programme.objects.open_to(actor, "change").filter(public_id=key).exists():
        return []
    contacts = ProgrammePartner.objects.filter(
        programme__public_id=key, left_on=None, contact__isnull=False, contact__is_active=True
    )
    return list(contacts.order_by("pk").values_list("contact__email", flat=True))


@assessed_kinds.register
def programmes() -> AssessedKind:
    """Tell of programmes."""
    return AssessedKind(
        code=KIND,
        label=gettext_lazy("Programmes"),
        choices=_choices,
        page=lambda key: reverse("activities:programme_short", args=[key]),
        people=_people,
        used_in=reviews_from,
    )


@demo_loaders.register
@transaction.atomic
def load_demo(scale: str, seed: int) -> list[str]:
    """Let partners of a few made-up programmes answer, where none did yet."""
    instrument = Instrument.objects.filter(about=KIND, is_current=True).first()
    if instrument is None or Assessment.objects.filter(subject_kind=KIND).exists():
        return []
    dice = random.Random(seed + 6)  # noqa: S311 - made-up data, not a secret
    running = Programme.objects.filter(is_illustrative=True).exclude(phase__in=BEFORE_COVENANT).order_by("pk")
    made = 0
    for programme in running.select_related("organisation")[: EXAMPLES[scale]]:
        closed_example(
            dice=dice,
            instrument=instrument,
            organisation=programme.organisation,
            subject=(KIND, programme.public_id, programme.title),
            closes_on=today() - timedelta(days=90 + made),
            answers=dice.randint(7, 14),
            sharing=ResultSharing.PUBLISHED if made % 2 == 0 else ResultSharing.NETWORK,
        )
        made += 1
    return [f"demo: assessments of programmes {made}"]
