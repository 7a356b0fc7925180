"""How long the cities app keeps what it has of persons."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db.models import CharField, F, Value
from django.db.models.functions import Cast, Concat
from django.utils.translation import gettext_lazy as _

from cities.models import InvolvementRequest
from cities.models.request import RequestState
from nss_portal.core.registry import retention_rules
from nss_portal.core.retention import Kept, Outcome

GONE = "@vervallen.invalid"


def decided(before: datetime) -> Any:
    """Give requests that were decided on or withdrawn and still name who asked."""
    old = InvolvementRequest.objects.filter(received_at__lt=before).exclude(state=RequestState.RECEIVED)
    return old.exclude(email__endswith=GONE)


def blot(keys: list[Any]) -> int:
    """Take the person out of requests; that the municipality asked, and what was decided, stays."""
    email = Concat(Cast(F("pk"), CharField()), Value(GONE))
    return InvolvementRequest.objects.filter(pk__in=keys).update(
        name="–", email=email, position="–", motivation="–"
    )


@retention_rules.register
def rules() -> Iterator[Kept]:
    """Kinds of records of municipalities."""
    yield Kept(
        "sign-ups-unconfirmed",
        _("Requests to take part of which nobody confirmed the address"),
        _("the day on which it came in"),
        _("Carried out every day by the requests themselves."),
        30,
        is_set=True,
        order=40,
    )
    yield Kept(
        "sign-ups",
        _("Who asked to take part for a municipality"),
        _("the day on which it came in"),
        _("That the municipality asked, and what was decided, stays."),
        365,
        Outcome.BLOTTED,
        decided,
        blot,
        order=41,
    )
