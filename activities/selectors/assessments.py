"""Assessments of programmes, as the page of a programme shows them."""

from typing import Any

from activities.models import Programme
from governance.models import Assessment
from nss_portal.core.access import Actor

# What a programme is called among the things that are assessed.
KIND = "programme"


def assessments_of(actor: Actor, programme: Programme) -> list[dict[str, Any]]:
    """Give the assessments of a programme that somebody sees, the latest first. One query."""
    found = Assessment.objects.visible_to(actor).filter(subject_kind=KIND, subject_key=programme.public_id)
    return [
        {
            "assessment": one,
            "state": one.get_state_display(),
            "mean": one.result["mean"] if one.result else None,
        }
        for one in found.only("public_id", "closes_on", "state", "result", "subject_kind", "subject_label")[:5]
    ]
