"""Merge one municipality into another: rehearse, plan, carry out on the day, call off."""

from dataclasses import asdict
from datetime import date, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from cities.models import Involvement, Municipality, MunicipalityMerger, MunicipalityName
from cities.models.involvement import Level
from cities.services.bottleneck_groups import recount
from cities.workflow import MERGER
from governance.models import Organisation, User
from governance.variants import coordinating_organisation_id
from nss_portal.core import audit, workflow
from nss_portal.core.access import Actor, require
from nss_portal.core.carrying import Handover, Line, carry_over
from nss_portal.core.models.audit import Event
from nss_portal.core.time import today


def check_merger(old: Municipality, new: Municipality, on: date) -> None:
    """Raise ValidationError, by field, with what stands in the way of a merger."""
    problems: dict[str, list[str]] = {}
    if old.pk == new.pk:
        problems.setdefault("new", []).append(_("A municipality cannot go on in itself."))
    if old.valid_to is not None:
        text = _("{name} has ended already, on {day}.")
        problems.setdefault("old", []).append(text.format(name=old, day=old.valid_to.isoformat()))
    if old.valid_from is not None and on <= old.valid_from:
        problems.setdefault("on", []).append(_("This day lies before the first day of {name}.").format(name=old))
    if new.valid_to is not None and new.valid_to < on:
        text = _("{name} no longer exists on this day.")
        problems.setdefault("new", []).append(text.format(name=new))
    if new.valid_from is not None and new.valid_from > on:
        problems.setdefault("new", []).append(_("{name} does not exist yet on this day.").format(name=new))
    if coordinating_organisation_id(on) == old.organisation_id:
        text = _("{name} coordinates the network on that day. Let another organisation coordinate first.")
        problems.setdefault("old", []).append(text.format(name=old))
    open_period = Involvement.objects.filter(
        municipality__in=[old, new], valid_to__isnull=True, valid_from__gte=on
    )
    if open_period.exists():
        problems.setdefault("on", []).append(_("The involvement of one of the two changed on or after this day."))
    if problems:
        raise ValidationError(problems)


def rehearse_merger(*, actor: Actor, old: Municipality, new: Municipality, on: date) -> list[Line]:
    """Say what a merger would carry over, by carrying it out and taking it back. Raises as `plan_merger` does."""
    require(actor, "municipality_merger", "plan")
    with transaction.atomic():
        check_merger(old, new, on)
        lines = _carry_out(old, new, on)
        transaction.set_rollback(True)
    return lines


@transaction.atomic
def plan_merger(
    *, actor: Actor, old: Municipality, new: Municipality, on: date, reason: str = ""
) -> MunicipalityMerger:
    """Plan a merger; one of which the day has come is carried out at once, another by the clock on its day.

    Raises NotAllowed, and ValidationError (by field: old, new, on) when it cannot be.
    """
    require(actor, "municipality_merger", "plan")
    old, new = _locked(old, new)
    check_merger(old, new, on)
    if MunicipalityMerger.objects.planned().filter(old=old).exists():
        raise ValidationError({"old": _("A merger of this municipality is planned already.")})
    merger = MunicipalityMerger.objects.create(
        old=old,
        new=new,
        on=on,
        reason=reason.strip(),
        planned_by_id=getattr(actor, "pk", None),
        planned_by_label=str(actor)[:150],
    )
    audit.record(
        actor=actor,
        event=Event.CREATED,
        obj=merger,
        changes={"old": old.code, "new": new.code, "on": on.isoformat()},
        reason=merger.reason,
    )
    return carry_out_merger(merger=merger) if on <= today() else merger


@transaction.atomic
def cancel_merger(*, actor: Actor, merger: MunicipalityMerger, reason: str) -> MunicipalityMerger:
    """Call a planned merger off; raises NotAllowed, TransitionRefused when it is done or without reason."""
    workflow.take(MERGER, "cancel", merger, actor=actor, reason=reason)
    return merger


@transaction.atomic
def carry_out_merger(*, merger: MunicipalityMerger) -> MunicipalityMerger:
    """Carry a planned merger out, as the portal itself: all of it or nothing.

    Raises ValidationError when something stands in the way by now, TransitionRefused when it is not planned (any
    more) or its day has not come.
    """
    merger = MunicipalityMerger.objects.select_for_update(of=("self",)).get(pk=merger.pk)
    if merger.on > today():
        raise workflow.TransitionRefused(_("The day of this merger has not come yet."))
    workflow.take(MERGER, "carry_out", merger, actor=User.objects.system())
    old, new = _locked(merger.old, merger.new)
    check_merger(old, new, merger.on)
    with translation.override("nl"):  # kept as words
        lines = _carry_out(old, new, merger.on)
    merger.outcome, merger.done_at, merger.problem = [asdict(line) for line in lines], timezone.now(), ""
    merger.save(update_fields=["outcome", "done_at", "problem"])
    return merger


def carry_out_due_mergers() -> list[str]:
    """Carry out the mergers whose day has come; what stands in the way of one is kept for the coordinators."""
    done = []
    for merger in MunicipalityMerger.objects.planned().filter(on__lte=today()).order_by("on", "pk"):
        try:
            done.append(str(carry_out_merger(merger=merger)))
        except ValidationError as error:
            MunicipalityMerger.objects.filter(pk=merger.pk).update(problem=" ".join(error.messages))
    return done


def _locked(old: Municipality, new: Municipality) -> tuple[Municipality, Municipality]:
    """Lock both, always in the same order, so that two mergers at once do not wait for each other."""
    found = {
        m.pk: m
        for m in Municipality.objects.select_for_update(of=("self",))
        .select_related("organisation")
        .filter(pk__in=[old.pk, new.pk])
        .order_by("pk")
    }
    return found[old.pk], found[new.pk]


def _carry_out(old: Municipality, new: Municipality, on: date) -> list[Line]:
    system = User.objects.system()
    last_day = on - timedelta(days=1)
    pairs = {
        Municipality: Handover(old, new, on, system),
        Organisation: Handover(old.organisation, new.organisation, on, system),
    }
    _involvement(old, new, on, system)
    lines = list(carry_over(pairs))
    _population(old, new)
    old.valid_to, old.successor = last_day, new
    old.save(update_fields=["valid_to", "successor"])
    Organisation.objects.filter(pk=old.organisation_id).update(
        valid_to=last_day, successor=new.organisation, succeeded_on=on
    )
    recount()
    for name in {old.common_name, old.name}:
        MunicipalityName.objects.get_or_create(
            municipality=new, name=name, defaults={"kind": MunicipalityName.Kind.FORMER}
        )
    counts = {line.label: line.moved for line in lines}
    audit.record(
        actor=system,
        event=Event.CHANGED,
        obj=old,
        changes={"valid_to": [None, last_day.isoformat()], "successor": ["", new.code]},
        on_behalf_of=old.organisation,
    )
    audit.record(
        actor=system,
        event=Event.CHANGED,
        obj=new,
        changes={"merger": old.code, "carried_over": counts, "population": new.population},
        on_behalf_of=new.organisation,
    )
    return lines


def _involvement(old: Municipality, new: Municipality, on: date, system: User) -> None:
    """End the old one's level; the successor takes the higher of the two, so that what was begun goes on."""
    order = [level.value for level in Level]
    levels = dict(
        Involvement.objects.filter(municipality__in=[old, new], valid_to__isnull=True).values_list(
            "municipality", "level"
        )
    )
    before, present = levels.get(old.pk, Level.OTHER), levels.get(new.pk, Level.OTHER)
    Involvement.objects.filter(municipality=old, valid_to__isnull=True).update(valid_to=on - timedelta(days=1))
    if order.index(before) >= order.index(present):
        return
    Involvement.objects.filter(municipality=new, valid_to__isnull=True).update(valid_to=on - timedelta(days=1))
    Involvement.objects.create(
        municipality=new,
        level=before,
        valid_from=on,
        reason_nl=f"{old} was dit al en gaat sinds {on.isoformat()} verder in {new}.",
        reason_en=f"{old} was this already and goes on in {new} since {on.isoformat()}.",
        decided_by_id=system.pk,
        decided_by_label=str(system),
    )


def _population(old: Municipality, new: Municipality) -> None:
    """Add the inhabitants up and keep of which figures; a municipality without a figure adds nothing."""
    parts = [*_parts(new), *_parts(old)]
    if not _parts(old):
        return
    new.population = sum(part["number"] for part in parts)
    new.population_year = min((part["year"] for part in parts if part["year"]), default=None)
    new.population_parts = parts
    new.save(update_fields=["population", "population_year", "population_parts"])


def _parts(municipality: Municipality) -> list[dict[str, Any]]:
    if municipality.population is None:
        return []
    return municipality.population_parts or [
        {
            "code": municipality.code,
            "name": municipality.common_name,
            "number": municipality.population,
            "year": municipality.population_year,
        }
    ]
