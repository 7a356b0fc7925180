"""Changes of state: one table per stateful model, one function that carries them out."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Model, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from nss_portal.core import audit
from nss_portal.core.access import Actor, require, standing_of
from nss_portal.core.access.standing import LinkActor
from nss_portal.core.models import Transition as TransitionRow
from nss_portal.core.models.audit import Event


class TransitionRefused(Exception):
    """The record is not in a state, or lacks something, that this step asks for; the text is for people."""


# Gives the reasons why a step cannot be taken yet, as texts for people; none means that it can.
Condition = Callable[[Model], Iterable[str]]


@dataclass(frozen=True)
class Step:
    """One allowed change of state. `action` is the row of the matrix that says who may (None: the system).

    `door` lets the holder of a personal link through, who has no role: it says whether the link is for this
    record.
    """

    name: str
    sources: Sequence[str]
    target: str
    action: str | None
    label: str | Promise = ""
    conditions: Sequence[Condition] = ()
    needs_reason: bool = False
    door: Callable[[LinkActor, Model], bool] | None = None


@dataclass(frozen=True)
class Workflow:
    """All steps of one model; `resource` names it in the matrix, `field` holds the state.

    Where the matrix speaks of another record than the one with the state (of the contract, not of its version),
    `subject` gives that record.
    """

    resource: str
    steps: Sequence[Step]
    field: str = "state"
    subject: Callable[[Any], Model] | None = None

    def step(self, name: str) -> Step:
        """Give the step of this name; raises LookupError when there is none."""
        for step in self.steps:
            if step.name == name:
                return step
        raise LookupError(f"{self.resource} has no step {name!r}")

    def open_steps(self, record: Model) -> list[Step]:
        """Give the steps that leave the record's present state."""
        return [step for step in self.steps if getattr(record, self.field) in step.sources]


def take(workflow: Workflow, name: str, record: Model, *, actor: Actor, reason: str = "") -> TransitionRow:
    """Take a step: check who, from where and what must hold; change the state; leave a row and an audit event.

    Raises NotAllowed when the actor may not, TransitionRefused when the record is not ready for it. The record is
    locked and read again first, so that two people who press at once take it once.
    """
    step = workflow.step(name)
    with transaction.atomic():
        fresh = type(record)._default_manager.select_for_update(of=("self",)).get(pk=record.pk)
        if isinstance(actor, LinkActor) and step.door is not None and step.door(actor, fresh):
            pass
        elif step.action is not None:
            subject = workflow.subject(fresh) if workflow.subject else fresh
            require(actor, workflow.resource, step.action, subject)
        elif not standing_of(actor).is_system:
            raise TransitionRefused(_("This step is taken by the portal itself."))
        source = getattr(fresh, workflow.field)
        _check(workflow, step, fresh, source, reason)
        setattr(fresh, workflow.field, step.target)
        fresh.save(update_fields=[workflow.field])
        setattr(record, workflow.field, step.target)
        audit.record(
            actor=actor,
            event=Event.STATE,
            obj=fresh,
            changes={workflow.field: [source, step.target]},
            reason=reason,
        )
        return TransitionRow.objects.create(
            object_type=fresh._meta.label_lower,
            object_id=str(fresh.pk),
            name=name,
            source=source,
            target=step.target,
            actor_id=getattr(actor, "pk", None),
            actor_label=actor.label if isinstance(actor, LinkActor) else str(actor),
            reason=reason,
        )


def _check(workflow: Workflow, step: Step, record: Model, source: str, reason: str) -> None:
    if source not in step.sources:
        raise TransitionRefused(_("This has changed in the meantime. Look at the page again."))
    if step.needs_reason and not reason.strip():
        raise TransitionRefused(_("Give a reason."))
    problems = [problem for condition in step.conditions for problem in condition(record)]
    if problems:
        raise TransitionRefused(" ".join(problems))


def history(record: Model) -> QuerySet[TransitionRow]:
    """Give the changes of state of one record, oldest first."""
    return TransitionRow.objects.filter(object_type=record._meta.label_lower, object_id=str(record.pk))
