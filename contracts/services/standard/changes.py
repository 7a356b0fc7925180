"""Proposals to change the approach: written by anybody with an account, decided on by the coordination team."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from activities.models import Lesson
from cities.models import Bottleneck
from contracts.models import ReviewRound, StandardChange, StandardVersion
from contracts.models.standard import StandardItem, StandardState
from contracts.models.standard_change import ChangeAct, ChangeState
from contracts.services.errors import Refused
from contracts.services.standard.versions import ITEMS, lock_version, require_keeper
from governance.models import Organisation
from governance.services.ownership import require_for
from nss_portal.core import audit
from nss_portal.core.access import Actor, NotAllowed, standing_of
from nss_portal.core.access.standing import LinkActor
from nss_portal.core.models.audit import Event
from nss_portal.core.worddiff import with_plain_lines

CODE_LENGTH = 40


def label_of_actor(actor: Actor) -> str:
    """Give the name under which somebody speaks."""
    return actor.label if isinstance(actor, LinkActor) else str(actor)


def kept_values(values: Mapping[str, Any]) -> dict[str, Any]:
    """Give values as JSON holds them: decimals as text, so that every digit stays."""
    return {name: str(value) if isinstance(value, Decimal) else value for name, value in values.items()}


def read_values(kind: str, kept: Mapping[str, Any]) -> dict[str, Any]:
    """Give values out of JSON as the fields of a part hold them."""
    model = ITEMS[kind]
    return {name: model._meta.get_field(name).to_python(value) for name, value in kept.items()}


def item_in(version: StandardVersion, kind: str, code: str) -> StandardItem | None:
    """Give a part of a version, or None."""
    found: StandardItem | None = ITEMS[kind]._default_manager.filter(version=version, code=code).first()
    return found


@transaction.atomic
def propose_change(
    *,
    actor: Actor,
    version: StandardVersion,
    organisation: Organisation,
    act: str,
    kind: str,
    title: str,
    reason: str,
    values: Mapping[str, Any],
    code: str = "",
    lessons: Sequence[Lesson] = (),
    bottlenecks: Sequence[Bottleneck] = (),
    round: ReviewRound | None = None,
    evidence: Sequence[Mapping[str, str]] = (),
) -> StandardChange:
    """Propose to change a part of a version, to add one or to leave one out.

    `values` are the fields as they should become. Raises NotAllowed (another organisation, a version that one does
    not see), Refused (nothing differs, the part does not exist, the version is past) and ValidationError.
    """
    require_for(actor, "contract_standard", "comment", organisation)
    if not StandardVersion.objects.visible_to(actor).filter(pk=version.pk).exists():
        raise NotAllowed(_("You can only propose changes to a version that you may see."))
    if not version.is_open and version.state != StandardState.PUBLISHED:
        raise Refused(_("This version is past. Propose the change on the version in force."))
    item = item_in(version, kind, code) if code else None
    if act != ChangeAct.ADD and item is None:
        raise Refused(_("This part is not in the version any more. Choose another one."))
    texts = _wanted(act, kind, item, values)
    change = StandardChange(
        version=version,
        act=act,
        kind=kind,
        code=code or _free_code(version, kind, str(values.get("title_nl", ""))),
        title=title.strip(),
        reason=reason.strip(),
        texts=kept_values(texts),
        before=kept_values({name: getattr(item, name) for name in texts}) if item else {},
        evidence=[dict(one) for one in evidence],
        round=round,
        organisation=organisation,
        author_label=label_of_actor(actor),
        created_by_id=getattr(actor, "pk", None),
    )
    change.full_clean()
    change.save()
    change.lessons.set(lessons)
    change.bottlenecks.set(bottlenecks)
    audit.record(actor=actor, event=Event.CREATED, obj=change, on_behalf_of=organisation)
    return change


def _plain(value: Any) -> Any:
    return with_plain_lines(value) if isinstance(value, str) else value


def _wanted(act: str, kind: str, item: StandardItem | None, values: Mapping[str, Any]) -> dict[str, Any]:
    """Give the fields that a proposal changes; of a new part all, of one that goes none."""
    if act == ChangeAct.DROP:
        return {}
    fields = {name: _plain(values[name]) for name in ITEMS[kind].FIELDS if name in values}
    if act == ChangeAct.ADD:
        return fields
    changed = {name: value for name, value in fields.items() if getattr(item, name) != value}
    if not changed:
        raise Refused(_("Nothing differs from the text as it is. Change at least one field."))
    return changed


def _free_code(version: StandardVersion, kind: str, title: str) -> str:
    """Make a code for a new part that no version and no proposal has; codes name a part for good."""
    stem = slugify(title)[: CODE_LENGTH - 4].strip("-") or "nieuw"
    taken = set(ITEMS[kind]._default_manager.filter(code__startswith=stem).values_list("code", flat=True))
    taken |= set(StandardChange.objects.filter(kind=kind, code__startswith=stem).values_list("code", flat=True))
    candidates = (stem, *(f"{stem}-{number}" for number in range(2, 1000)))
    return next(code for code in candidates if code not in taken)


@transaction.atomic
def withdraw_change(*, change: StandardChange, actor: Actor) -> None:
    """Take a proposal back, by the organisation that made it. Raises NotAllowed, Refused when it is decided."""
    fresh = StandardChange.objects.select_for_update(of=("self",)).get(pk=change.pk)
    if fresh.organisation_id not in standing_of(actor).organisations:
        raise NotAllowed(_("Only the organisation that made a proposal takes it back."))
    if fresh.state != ChangeState.OPEN:
        raise Refused(_("This proposal is decided already."))
    fresh.state = ChangeState.WITHDRAWN
    fresh.save(update_fields=["state"])
    audit.record(actor=actor, event=Event.WITHDRAWN, obj=fresh, on_behalf_of=fresh.organisation)


@transaction.atomic
def decline_change(*, change: StandardChange, actor: Actor, answer: str) -> None:
    """Say that a proposal is not taken over, and why. Raises NotAllowed, Refused without a reason."""
    fresh = _open_change(change, actor)
    if not answer.strip():
        raise Refused(_("Say why it is not taken over: whoever proposed it reads that."))
    _close(fresh, actor, ChangeState.DECLINED, answer)


@transaction.atomic
def take_change(
    *,
    change: StandardChange,
    actor: Actor,
    into: StandardVersion,
    revision: int,
    values: Mapping[str, Any],
    answer: str = "",
) -> None:
    """Take a proposal over into an open version, with the fields as they become in the end.

    `revision` is that of the part that the actor saw (0 for one that is new). Raises NotAllowed, Refused (the
    version is decided, the part changed or went meanwhile), ValidationError.
    """
    fresh = _open_change(change, actor)
    values = {name: _plain(value) for name, value in values.items()}
    version = lock_version(into)
    if not version.is_open:
        raise Refused(_("This version is decided and does not change."))
    item = item_in(version, fresh.kind, fresh.code)
    if fresh.act == ChangeAct.ADD:
        _add(version, fresh, item, values)
    elif item is None:
        raise Refused(_("This part is not in the version any more."))
    elif fresh.act == ChangeAct.DROP:
        item.delete()
    else:
        _change(item, revision, values)
    version.revision += 1
    version.save(update_fields=["revision"])
    fresh.texts = kept_values({name: values[name] for name in fresh.texts if name in values}) or fresh.texts
    fresh.taken_into = version
    _close(fresh, actor, ChangeState.TAKEN, answer)
    audit.record(
        actor=actor,
        event=Event.CHANGED,
        obj=version,
        changes={"part": fresh.code, "act": fresh.act, "proposal": fresh.title},
    )


def _open_change(change: StandardChange, actor: Actor) -> StandardChange:
    require_keeper(actor)
    fresh = StandardChange.objects.select_for_update(of=("self",)).get(pk=change.pk)
    if fresh.state != ChangeState.OPEN:
        raise Refused(_("This proposal is decided already."))
    return fresh


def _add(
    version: StandardVersion, change: StandardChange, item: StandardItem | None, values: Mapping[str, Any]
) -> None:
    if item is not None:
        raise Refused(_("The version has this part already."))
    model = ITEMS[change.kind]
    last = (
        model._default_manager.filter(version=version).order_by("-order").values_list("order", flat=True).first()
    )
    fields = {name: values[name] for name in model.FIELDS if name in values}
    made = model(version=version, code=change.code, order=(last or 0) + 1, **fields)
    made.full_clean()
    made.save()


def _change(item: StandardItem, revision: int, values: Mapping[str, Any]) -> None:
    if item.revision != revision:
        raise Refused(_("This part changed in the meantime. Look at the text as it is now, and save again."))
    for name in item.FIELDS:
        if name in values:
            setattr(item, name, values[name])
    item.revision += 1
    item.full_clean()
    item.save()


def _close(change: StandardChange, actor: Actor, state: ChangeState, answer: str) -> None:
    before, change.state = change.state, state
    change.answer, change.decided_at = answer.strip(), timezone.now()
    try:
        change.full_clean(exclude=["evidence", "texts", "before"])
    except ValidationError as error:
        raise Refused(" ".join(error.messages)) from error
    change.save()
    audit.record(
        actor=actor,
        event=Event.STATE,
        obj=change,
        changes={"state": [before, state]},
        reason=change.answer,
        on_behalf_of=change.organisation,
    )
