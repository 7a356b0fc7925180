"""Results and where they are anchored, scaling themes, lessons and hand-over."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from activities.models import Programme, ProgrammeClosing, ProgrammeResult, ProgrammeScaling, ScalingTheme
from activities.services.programmes.work import noted, opened
from nss_portal.core.access import Actor
from nss_portal.core.editing import locked_among

RESULT = ("kind", "title", "text", "url", "reached_on", "anchored_in", "anchored_at")
SCALING = ("task", "owner", "owner_missing", "forms", "finance", "alliances")
CLOSING = ("what_worked", "what_failed", "handed_to", "hand_over")


def _clean(values: Mapping[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
    given = {name: values[name] for name in names if name in values}
    return {name: value.strip() if isinstance(value, str) else value for name, value in given.items()}


def _put(record: Any, values: Mapping[str, Any]) -> None:
    for name, value in values.items():
        setattr(record, name, value)
    record.save()


@transaction.atomic
def keep_result(
    *, actor: Actor, programme: Programme, values: Mapping[str, Any], result: ProgrammeResult | None = None
) -> ProgrammeResult:
    """Add a result or change it; raises NotAllowed, ValidationError without a title."""
    fresh = opened(actor, programme)
    cleaned = _clean(values, RESULT)
    if not cleaned.get("title"):
        raise ValidationError({"title": _("Say what the result is.")})
    kept = locked_among(fresh.results.all(), result) if result else ProgrammeResult(programme=fresh)
    _put(kept, cleaned)
    noted(actor, fresh, {"result": kept.title, "anchored_in": kept.anchored_in})
    return kept


@transaction.atomic
def keep_scaling(
    *, actor: Actor, programme: Programme, theme: ScalingTheme, values: Mapping[str, Any]
) -> ProgrammeScaling:
    """Say what has to happen on one theme and who sees to it; raises NotAllowed, ValidationError."""
    fresh = opened(actor, programme)
    cleaned = _clean(values, SCALING)
    if cleaned.get("owner") and cleaned.get("owner_missing"):
        raise ValidationError({"owner": _("Name the process owner, or say that one is missing.")})
    kept = ProgrammeScaling.objects.filter(programme=fresh, theme=theme).first()
    kept = kept or ProgrammeScaling(programme=fresh, theme=theme)
    _put(kept, cleaned)
    noted(actor, fresh, {"scaling_theme": theme.label_nl})
    return kept


@transaction.atomic
def keep_closing(*, actor: Actor, programme: Programme, values: Mapping[str, Any]) -> ProgrammeClosing:
    """Write lessons and the hand-over; raises NotAllowed, TransitionRefused when the programme has ended."""
    fresh = opened(actor, programme)
    kept = ProgrammeClosing.objects.filter(programme=fresh).first() or ProgrammeClosing(programme=fresh)
    _put(kept, _clean(values, CLOSING))
    noted(actor, fresh, {"handed_to": kept.handed_to})
    return kept
