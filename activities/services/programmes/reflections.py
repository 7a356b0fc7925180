"""Twice a year a programme looks back: planned against real progress, filled in from what the portal knows."""

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from activities.models import Milestone, Programme, ProgrammeReflection
from activities.models.programme import AT_WORK
from activities.services.programmes import letters
from activities.services.programmes.work import noted
from governance.models import User
from nss_portal.core import audit
from nss_portal.core.access import Actor, require
from nss_portal.core.editing import apply_changes, locked
from nss_portal.core.locks import lock
from nss_portal.core.models.audit import Event
from nss_portal.core.workflow import TransitionRefused

TEXTS = ("planned", "real", "energy", "adjust")
# So many days after a half year ended its reflection is due.
DAYS = 42


def last_half(day: date) -> tuple[int, int]:
    """Give the half year (year, 1 or 2) that ended last before a day."""
    return (day.year, 1) if day.month > 6 else (day.year - 1, 2)


def bounds(year: int, half: int) -> tuple[date, date]:
    """Give the first and the last day of a half year."""
    return (date(year, 1, 1), date(year, 6, 30)) if half == 1 else (date(year, 7, 1), date(year, 12, 31))


@transaction.atomic
def open_reflections(*, day: date, guard: Callable[[], None]) -> int:
    """Open the reflection on the half year that ended, for every programme at work before its end; once.

    Gives how many were opened.
    """
    guard()
    lock("programme reflections")
    year, half = last_half(day)
    first, last = bounds(year, half)
    there = ProgrammeReflection.objects.filter(year=year, half=half).values("programme")
    waiting = Programme.objects.filter(phase__in=AT_WORK, starts_on__lte=last).exclude(pk__in=there)
    opened = 0
    with translation.override("nl"):
        for programme in waiting.prefetch_related("milestones").order_by("pk"):
            planned, real = prefill(list(programme.milestones.all()), first, last)
            reflection = ProgrammeReflection.objects.create(
                programme=programme,
                year=year,
                half=half,
                due_on=last + timedelta(days=DAYS),
                planned=planned,
                real=real,
            )
            audit.record(
                actor=User.objects.system(),
                event=Event.REQUESTED,
                obj=programme,
                changes={"reflection": f"{year}-{half}"},
            )
            letters.ask_to_reflect(reflection)
            opened += 1
    return opened


def prefill(milestones: list[Milestone], first: date, last: date) -> tuple[str, str]:
    """Say what was planned in a half year and what really happened, a line per milestone."""
    planned, real = [], []
    for one in sorted(milestones, key=lambda milestone: milestone.planned_on):
        agreed = one.first_planned_on or one.planned_on
        if first <= agreed <= last or first <= one.planned_on <= last:
            planned.append(f"- {one.title}: {_day(agreed)}")
        if one.done_on and first <= one.done_on <= last:
            real.append(_("- {title}: reached on {day}").format(title=one.title, day=_day(one.done_on)))
        elif one.dropped_on and first <= one.dropped_on <= last:
            real.append(_("- {title}: dropped").format(title=one.title))
        elif one.done_on is None and one.dropped_on is None and first <= agreed <= last:
            real.append(_("- {title}: not yet").format(title=one.title))
    return "\n".join(planned), "\n".join(real)


def _day(day: date) -> str:
    return date_format(day, "j F Y")


@transaction.atomic
def change_reflection(
    *, actor: Actor, reflection: ProgrammeReflection, version: int, values: Mapping[str, Any]
) -> ProgrammeReflection:
    """Change the texts; raises NotAllowed, TransitionRefused once handed in, EditConflict as others do."""
    require(actor, "programme", "change", reflection.programme)
    fresh = locked(reflection)
    if fresh.submitted_at is not None:
        raise TransitionRefused(_("This reflection was handed in."))
    changes = apply_changes(fresh, version, {name: values[name].strip() for name in TEXTS})
    if changes:
        fresh.version += 1
        fresh.save()
        noted(
            actor, locked(fresh.programme), {"reflection": f"{fresh.year}-{fresh.half}", "fields": list(changes)}
        )
    return fresh


@transaction.atomic
def submit_reflection(*, actor: Actor, reflection: ProgrammeReflection) -> ProgrammeReflection:
    """Hand a reflection in: all partners read it; raises NotAllowed, TransitionRefused while it says nothing."""
    require(actor, "programme", "change", reflection.programme)
    fresh = locked(reflection)
    if fresh.submitted_at is not None:
        return fresh
    if not fresh.real.strip():
        raise TransitionRefused(_("Write what really happened first; a few lines are enough."))
    fresh.submitted_at = timezone.now()
    fresh.save(update_fields=["submitted_at"])
    programme = locked(fresh.programme)
    audit.record(
        actor=actor,
        event=Event.SUBMITTED,
        obj=programme,
        changes={"reflection": f"{fresh.year}-{fresh.half}"},
        on_behalf_of=programme.organisation,
    )
    return fresh
