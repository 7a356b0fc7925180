"""The life of a version: started, proposed, sent back, decided, brought into force; never by one person alone."""

from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from contracts.models import (
    ContractStandard,
    StandardMeasure,
    StandardPromise,
    StandardSection,
    StandardVersion,
    TemplateSection,
)
from contracts.models.standard import DUTCH, StandardState
from contracts.models.template import Part
from contracts.rules_standard import decides, proposes
from contracts.services.errors import Refused
from contracts.services.standard.document import ask_for_document
from contracts.workflow_standard import STANDARD
from governance.models import User
from nss_portal.core import audit
from nss_portal.core.access import Actor, NotAllowed
from nss_portal.core.models.audit import Event
from nss_portal.core.time import today
from nss_portal.core.worddiff import with_plain_lines
from nss_portal.core.workflow import take

# Sections that the form lacks stand behind those that it has.
LAST = 100
ITEMS: dict[str, Any] = {model.KIND: model for model in (StandardSection, StandardMeasure, StandardPromise)}


def lock_version(version: StandardVersion) -> StandardVersion:
    """Lock a version and read it again."""
    return StandardVersion.objects.select_for_update(of=("self",)).get(pk=version.pk)


def require_keeper(actor: Actor) -> None:
    """Raise NotAllowed for anybody but the coordination team, which keeps the approach."""
    if not proposes(actor):
        raise NotAllowed(_("The coordination team keeps the standard approach."))


@transaction.atomic
def start_version(*, actor: Actor) -> StandardVersion:
    """Copy the version in force into a new draft.

    Raises NotAllowed, and Refused while another version is on its way or none is in force.
    """
    require_keeper(actor)
    standard = ContractStandard.objects.select_for_update().get(code=DUTCH)
    versions = StandardVersion.objects.filter(standard=standard)
    if versions.filter(state__in=[StandardState.DRAFT, StandardState.PROPOSED, StandardState.DECIDED]).exists():
        raise Refused(_("There is a version on its way already. Go on with that one."))
    origin = versions.in_force().first()
    if origin is None:
        raise Refused(_("There is no version in force to start from."))
    number = versions.order_by("-number").values_list("number", flat=True)[0] + 1
    draft = StandardVersion.objects.create(
        standard=standard, number=number, intro_nl=origin.intro_nl, intro_en=origin.intro_en
    )
    copy_items(origin, draft)
    audit.record(actor=actor, event=Event.CREATED, obj=draft, changes={"copied_from": origin.number})
    return draft


def copy_items(origin: StandardVersion, draft: StandardVersion) -> None:
    """Copy all that a version says into another; codes stay, so that what changed can be told."""
    for model in ITEMS.values():
        rows = list(model._default_manager.filter(version=origin).order_by("order", "pk"))
        for row in rows:
            row.pk, row.version, row.revision = None, draft, 0
            row._state.adding = True
        model._default_manager.bulk_create(rows)


@transaction.atomic
def change_intro(
    *, version: StandardVersion, actor: Actor, revision: int, intro_nl: str, intro_en: str
) -> StandardVersion:
    """Change the introduction of an open version. Raises NotAllowed, Refused (also where it changed meanwhile)."""
    require_keeper(actor)
    fresh = lock_version(version)
    if not fresh.is_open:
        raise Refused(_("This version is decided and does not change."))
    values = {"intro_nl": with_plain_lines(intro_nl).strip(), "intro_en": with_plain_lines(intro_en).strip()}
    changes: dict[str, object] = {k: [getattr(fresh, k), v] for k, v in values.items() if getattr(fresh, k) != v}
    if not changes:
        return fresh
    if fresh.revision != revision:
        raise Refused(_("A colleague changed this version in the meantime. Look at it, and save again."))
    for name, value in values.items():
        setattr(fresh, name, value)
    fresh.revision += 1
    fresh.full_clean()
    fresh.save()
    audit.record(actor=actor, event=Event.CHANGED, obj=fresh, changes=changes)
    return fresh


@transaction.atomic
def propose(*, version: StandardVersion, actor: Actor, react_by: date | None = None) -> None:
    """Open a draft for cities to go through. Raises NotAllowed, TransitionRefused, Refused for a day gone by."""
    require_keeper(actor)
    if react_by is not None and react_by < today():
        raise Refused(_("Choose a day that is still to come."))
    fresh = lock_version(version)
    take(STANDARD, "propose", fresh, actor=actor)
    fresh.proposed_by_id = getattr(actor, "pk", None)
    fresh.proposed_on, fresh.react_by = today(), react_by
    fresh.save(update_fields=["proposed_by", "proposed_on", "react_by"])
    version.refresh_from_db()


@transaction.atomic
def send_back(*, version: StandardVersion, actor: Actor, reason: str) -> None:
    """Turn a proposed version into a draft again, by who proposes or who decides; what cities said stays.

    Raises NotAllowed, TransitionRefused.
    """
    take(STANDARD, "send_back", version, actor=actor, reason=reason)


@transaction.atomic
def decide(*, version: StandardVersion, actor: Actor, revision: int) -> None:
    """Decide on a proposed version, as it was when it was read: from now on nothing in it changes.

    Raises NotAllowed for who does not decide or proposed it, Refused where the text changed since, and
    TransitionRefused.
    """
    if not decides(actor):
        raise NotAllowed(_("The steering group decides on the standard approach."))
    fresh = lock_version(version)
    if fresh.proposed_by_id is not None and fresh.proposed_by_id == getattr(actor, "pk", None):
        raise NotAllowed(_("Whoever proposes a version does not decide on it too."))
    if fresh.state == StandardState.PROPOSED and fresh.revision != revision:
        raise Refused(_("The text changed since you opened this page. Read what changed, then decide."))
    if fresh.state == StandardState.PROPOSED:
        fresh.decided_on = today()
        fresh.save(update_fields=["decided_on"])
    take(STANDARD, "decide", fresh, actor=actor)
    version.refresh_from_db()


@transaction.atomic
def publish(*, version: StandardVersion, actor: Actor) -> None:
    """Bring a decided version into force, in place of the present one. Raises NotAllowed, TransitionRefused."""
    require_keeper(actor)
    fresh = lock_version(version)
    if fresh.state == StandardState.DECIDED:
        present = StandardVersion.objects.select_for_update().filter(standard=fresh.standard_id).in_force().first()
        if present is not None:
            reason = _("Version %(number)s took its place.") % {"number": fresh.number}
            take(STANDARD, "supersede", present, actor=User.objects.system(), reason=reason)
            ask_for_document(present)
        fresh.published_on = today()
        fresh.save(update_fields=["published_on"])
        grow_form(fresh)
    take(STANDARD, "publish", fresh, actor=actor)
    ask_for_document(fresh)
    version.refresh_from_db()


def grow_form(version: StandardVersion) -> None:
    """Give the form of contracts a section for each section that it lacks; none goes, contracts stand in them."""
    there = set(TemplateSection.objects.filter(standard=version.standard_id).values_list("code", flat=True))
    lacking = [one for one in version.sections.order_by("order", "pk") if one.code not in there]
    TemplateSection.objects.bulk_create(
        [
            TemplateSection(
                standard=version.standard,
                code=one.code,
                part=Part.ACTION_PLAN,
                order=LAST + number,
                title_nl=one.title_nl,
                title_en=one.title_en or one.title_nl,
            )
            for number, one in enumerate(lacking)
        ]
    )
