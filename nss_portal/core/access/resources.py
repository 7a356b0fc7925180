"""Resources, their matrix cells and the queries that follow from them."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import reduce
from operator import or_
from typing import Any

from django.apps import apps
from django.db.models import Model, Q, QuerySet
from django.utils.translation import gettext as _

from nss_portal.core.access.errors import NotAllowed
from nss_portal.core.access.standing import Actor, Organisations, Role, Standing, standing_of

NOTHING = Q(pk__in=[])
EVERYTHING = Q(pk__isnull=False)

# What a word means for a resource's records, given who asks and the organisations the word is held through.
Scope = Callable[[Standing, Organisations], Q]
Cells = Mapping[Role, str]

# Words that say how a right is used rather than on which records: on those that one may see.
MANNERS = frozenset({"propose", "decide", "vote"})
# A public form or a personal link is a way in that is guarded at its own door; a role opens no record by it.
DOORS = frozenset({"form", "link"})
# Words held through fewer organisations than the role is; with none left the word is not held at all.
NARROWED: Mapping[str, Callable[[Standing, Organisations], Organisations]] = {
    "own": lambda standing, organisations: organisations,
    "own-lead": lambda standing, organisations: organisations & standing.lead_of,
    "mandate": lambda standing, organisations: standing.mandates,
    "advised": lambda standing, organisations: standing.advised,
}


def cells(**words: str) -> Cells:
    """Write one row of the matrix; roles that are left out hold 'no'."""
    unknown = set(words) - {role.value for role in Role}
    if unknown:
        raise ValueError(f"unknown roles: {sorted(unknown)}")
    return {role: words.get(role.value, "no") for role in Role}


@dataclass(frozen=True)
class Resource:
    """One resource of the matrix: its model, its rows (`actions`) and what its words mean (`scopes`).

    'all', 'no', 'form', 'link' and the manners need no scope. 'own-lead' and 'mandate' follow from 'own', with
    fewer organisations. 'advised' follows from 'own' and 'network': what the advised city shares; a resource
    that shares drafts with an advisor gives its own scope 'advised'. A resource with drafts gives a scope 'all'
    that leaves out the drafts of others. `view` names the row that says who sees, where it is not called so.
    `in_matrix` is False for what is about the running of the portal (jobs, mails) and so not in the matrix.
    """

    name: str
    model: str
    actions: Mapping[str, Cells]
    scopes: Mapping[str, Scope] = field(default_factory=dict)
    view: str = "view"
    in_matrix: bool = True

    def word_q(self, word: str, standing: Standing, organisations: Organisations) -> Q:
        """Give the records that one word of one cell opens."""
        if word in self.scopes:
            return self.scopes[word](standing, organisations)
        if word == "no" or word in DOORS:
            return NOTHING
        if word == "all":
            return EVERYTHING
        if word in NARROWED and "own" in self.scopes:
            own = self.scopes["own"](standing, organisations)
            return own & self._shared_q(standing, organisations) if word == "advised" else own
        raise LookupError(f"{self.name}: the word {word!r} has no scope")

    def _shared_q(self, standing: Standing, organisations: Organisations) -> Q:
        for word in ("network", "published"):
            if word in self.scopes:
                return self.scopes[word](standing, organisations)
        return NOTHING


_registry: dict[str, Resource] = {}


def register(resource: Resource) -> Resource:
    """Add a resource to the matrix; its app calls this from `rules.py`, loaded when Django is ready."""
    _registry[resource.name] = resource
    return resource


def resources() -> Mapping[str, Resource]:
    """All registered resources of the matrix by name."""
    return {name: resource for name, resource in _registry.items() if resource.in_matrix}


def _any_of(conditions: Iterable[Q]) -> Q:
    """Join conditions, each of them once, without a trace of those that open nothing or everything.

    Several rows of the matrix often open the same records; what is asked twice costs twice, here and in the
    database.
    """
    kept: list[Q] = []
    for condition in conditions:
        if condition == EVERYTHING:
            return EVERYTHING
        if condition != NOTHING and condition not in kept:
            kept.append(condition)
    return reduce(or_, kept) if kept else NOTHING


def granted(actor: Actor, resource: str, action: str) -> dict[str, Organisations]:
    """Give the words that an actor's roles grant, each with the organisations it is held through.

    A word that comes to nothing for this person ('own-lead' of somebody who leads nothing, 'mandate' while
    nobody gave one) is left out.
    """
    words: dict[str, Organisations] = {}
    standing = standing_of(actor)
    row = _registry[resource].actions[action]
    for role, organisations in standing.roles.items():
        for word in row[role].split("+"):
            if word in NARROWED:
                held = NARROWED[word](standing, organisations)
                if not held:
                    continue
            else:
                held = organisations
            words[word] = words.get(word, frozenset()) | held
    words.pop("no", None)
    return words


def action_q(actor: Actor, resource: str, action: str) -> Q:
    """Give the records on which the actor may do `action`, as a condition on the resource's model."""
    if standing_of(actor).is_system:
        return EVERYTHING
    words = granted(actor, resource, action)
    conditions = _opened(actor, resource, action, words)
    if words.keys() & MANNERS:
        definition = _registry[resource]
        conditions.append(visible_q(actor, resource) if definition.view in definition.actions else EVERYTHING)
    return _any_of(conditions)


def _opened(actor: Actor, resource: str, action: str, words: Mapping[str, Organisations]) -> list[Q]:
    """Give what each of the words opens; manners open nothing here. Published is the floor under the view row."""
    definition, standing = _registry[resource], standing_of(actor)
    opened = {word: held for word, held in words.items() if word not in MANNERS}
    if action == "view" and "published" in definition.scopes:
        opened.setdefault("published", frozenset())
    return [definition.word_q(word, standing, organisations) for word, organisations in opened.items()]


def visible_q(actor: Actor, resource: str) -> Q:
    """Give the records that the actor may see: a right to do something with a record includes seeing it."""
    if standing_of(actor).is_system:
        return EVERYTHING
    return _any_of(
        condition
        for action in _registry[resource].actions
        for condition in _opened(actor, resource, action, granted(actor, resource, action))
    )


def allowed(actor: Actor, resource: str, action: str) -> QuerySet[Any]:
    """Give the records of the resource's model on which the actor may do `action`."""
    from nss_portal.core.access.querysets import narrow

    model: Any = apps.get_model(_registry[resource].model)
    return narrow(model._default_manager.all(), action_q(actor, resource, action))


def may(actor: Actor, resource: str, action: str, record: Model | None = None) -> bool:
    """Say whether the actor may do `action`: on this record, or, without one, on any record at all."""
    if standing_of(actor).is_system:
        return True
    if record is None:
        return bool(granted(actor, resource, action))
    return allowed(actor, resource, action).filter(pk=record.pk).exists()


def require(actor: Actor, resource: str, action: str, record: Model | None = None) -> None:
    """Raise NotAllowed unless `may` says yes; every service starts with this."""
    if not may(actor, resource, action, record):
        raise NotAllowed(_("You may look at this, but you cannot change it."))
