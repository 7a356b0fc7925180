"""Organisations over time: what they say of themselves, names with dates, and a task that goes to another one."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from governance.models import Organisation, OrganisationName, User
from governance.models.organisation import Group
from governance.services import Refused
from governance.services.design.landscape import may_keep
from governance.variants import coordinating_organisation_id
from nss_portal.core import audit
from nss_portal.core.access import Actor, NotAllowed
from nss_portal.core.carrying import Handover, Line, carry_over
from nss_portal.core.models.audit import Event
from nss_portal.core.time import today

FACTS = ("name_en", "website", "about_nl", "about_en")


def _require_all(actor: Actor) -> None:
    if not may_keep(actor, None):
        raise NotAllowed(_("Only the coordination team does this."))


def _locked(actor: Actor, organisation: Organisation) -> Organisation:
    if not may_keep(actor, organisation):
        raise NotAllowed(_("A lead of {name} keeps this, or the coordination team.").format(name=organisation))
    return Organisation.objects.select_for_update(of=("self",)).get(pk=organisation.pk)


@transaction.atomic
def add_organisation(
    *, actor: Actor, name: str, short_name: str, group: str, website: str = "", valid_from: date | None = None
) -> Organisation:
    """Add an organisation to the register.

    Raises NotAllowed for who is not of the coordination team, Refused for a municipality (they come with the
    table of Statistics Netherlands), ValidationError for a name that is there in its group already.
    """
    _require_all(actor)
    if group == Group.MUNICIPALITY:
        raise Refused(_("Municipalities have a register of their own, which follows Statistics Netherlands."))
    made = Organisation(
        name=name.strip(), short_name=short_name.strip(), group=group, website=website, valid_from=valid_from
    )
    made.full_clean()
    made.save()
    audit.record(actor=actor, event=Event.CREATED, obj=made)
    return made


@transaction.atomic
def change_organisation(*, actor: Actor, organisation: Organisation, fields: Mapping[str, str]) -> Organisation:
    """Change what an organisation says of itself (`FACTS`).

    Raises NotAllowed for who is no lead of it and not of the coordination team, ValidationError for a wrong value.
    """
    fresh = _locked(actor, organisation)
    wanted = {name: fields[name].strip() for name in FACTS}
    changes = {name: [getattr(fresh, name), new] for name, new in wanted.items() if getattr(fresh, name) != new}
    if changes:
        for name, new in wanted.items():
            setattr(fresh, name, new)
        fresh.full_clean(exclude=["code", "successor"])
        fresh.save(update_fields=list(FACTS))
        audit.record(actor=actor, event=Event.CHANGED, obj=fresh, changes=changes, on_behalf_of=fresh)
    return fresh


def old_name_since(organisation: Organisation) -> date | None:
    """Give since when the present name is used, as far as that is known."""
    last = organisation.names.exclude(valid_to=None).order_by("-valid_to").first()
    if last is not None and last.valid_to is not None:
        return last.valid_to + timedelta(days=1)
    return organisation.valid_from


@transaction.atomic
def rename_organisation(
    *,
    actor: Actor,
    organisation: Organisation,
    name: str,
    short_name: str,
    valid_from: date,
    old_since: date | None = None,
) -> Organisation:
    """Give an organisation another name from a day on; the old one stays with its dates.

    `old_since` is since when the old name was used, needed where that is not known. Raises NotAllowed as
    `change_organisation`; Refused for a municipality, for the same name, for a day to come or before the old name.
    """
    fresh = _locked(actor, organisation)
    since = old_name_since(fresh) or old_since
    problem = _why_not_renamed(fresh, name.strip(), valid_from, since)
    if problem or since is None:
        raise Refused(problem)
    OrganisationName.objects.create(
        organisation=fresh,
        name=fresh.name,
        short_name=fresh.short_name,
        valid_from=since,
        valid_to=valid_from - timedelta(days=1),
    )
    before = fresh.name
    fresh.name, fresh.short_name = name.strip(), short_name.strip()
    fresh.full_clean(exclude=["code", "successor"])
    fresh.save(update_fields=["name", "short_name"])
    changes = {"name": [before, fresh.name], "from": valid_from.isoformat()}
    audit.record(actor=actor, event=Event.CHANGED, obj=fresh, changes=changes, on_behalf_of=fresh)
    return fresh


def _why_not_renamed(organisation: Organisation, name: str, on: date, since: date | None) -> str:
    if organisation.group == Group.MUNICIPALITY:
        return _("Municipalities have a register of their own, which follows Statistics Netherlands.")
    if name == organisation.name:
        return _("This is the name already.")
    if on > today():
        return _("This day is still to come. Change the name on the day itself.")
    if since is None:
        return _("Say since when the old name was used.")
    return _("The new name cannot begin before the old one.") if on <= since else ""


def why_not_handed_over(old: Organisation, new: Organisation, on: date) -> str:
    """Say what stands in the way of one organisation going on in another; '' when nothing does."""
    if Group.MUNICIPALITY in (old.group, new.group):
        return _("Municipalities merge on a page of their own.")
    if old.pk == new.pk:
        return _("An organisation cannot hand its task over to itself.")
    if old.valid_to is not None or old.successor_id is not None:
        return _("{name} has ended already.").format(name=old)
    if new.valid_to is not None and new.valid_to < on:
        return _("{name} no longer exists on this day.").format(name=new)
    if on > today():
        return _("This day is still to come. Do it on the day itself.")
    if old.valid_from is not None and on <= old.valid_from:
        return _("This day lies before the first day of {name}.").format(name=old)
    if coordinating_organisation_id(on) == old.pk or coordinating_organisation_id(today()) == old.pk:
        return _("{name} coordinates. Let the steering group choose who coordinates then, first.").format(name=old)
    return ""


@transaction.atomic
def hand_task_over(*, actor: Actor, old: Organisation, new: Organisation, on: date, reason: str) -> list[Line]:
    """Let an organisation go on in another one from a day on: people and running work go over, the past stays.

    Gives what went over, kind by kind. Raises NotAllowed for who is not of the coordination team, Refused as
    `why_not_handed_over` says or without a reason.
    """
    _require_all(actor)
    rows = Organisation.objects.select_for_update(of=("self",)).filter(pk__in=[old.pk, new.pk]).order_by("pk")
    found = {one.pk: one for one in rows}
    old, new = found[old.pk], found[new.pk]
    problem = why_not_handed_over(old, new, on) or ("" if reason.strip() else _("Give a reason."))
    if problem:
        raise Refused(problem)
    system, last_day = User.objects.system(), on - timedelta(days=1)
    lines = list(carry_over({Organisation: Handover(old, new, on, system)}, only=Organisation))
    old.valid_to, old.successor, old.succeeded_on = last_day, new, on
    old.save(update_fields=["valid_to", "successor", "succeeded_on"])
    counts = {line.label: line.moved for line in lines}
    changes: dict[str, Any] = {"successor": ["", str(new)], "from": on.isoformat(), "carried_over": counts}
    audit.record(
        actor=actor, event=Event.CHANGED, obj=old, changes=changes, on_behalf_of=old, reason=reason.strip()
    )
    audit.record(actor=actor, event=Event.CHANGED, obj=new, changes={"merger": str(old)}, on_behalf_of=new)
    return lines


def rehearse_handover(*, actor: Actor, old: Organisation, new: Organisation, on: date) -> list[Line]:
    """Say what would go over, by doing it and taking it back. Raises as `hand_task_over`."""
    with transaction.atomic():
        lines = hand_task_over(actor=actor, old=old, new=new, on=on, reason="-")
        transaction.set_rollback(True)
    return lines
