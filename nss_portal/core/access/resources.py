"""Resources, their matrix cells and the queries that follow from them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.db.models import Model, Q, QuerySet
from django.utils.translation import gettext as _

from nss_portal.core.access.errors import NotAllowed
from nss_portal.core.access.standing import Actor, Organisations, Role, Standing, standing_of

NOTHING = Q(pk__in=[])
EVERYTHING = Q(pk__isnull=False)

# What a word means for a resource's records, given who asks and the organisations the role is held through.
Scope = Callable[[Standing, Organisations], Q]
Cells = Mapping[Role, str]

# Words that say how a right is used rather than on which records: any record that one may see.
MANNERS = frozenset({"form", "link", "propose", "decide", "vote"})


def cells(**words: str) -> Cells:
    """Write one row of the matrix; roles that are left out hold 'no'."""
    unknown = set(words) - {role.value for role in Role}
    if unknown:
        raise ValueError(f"unknown roles: {sorted(unknown)}")
    return {role: words.get(role.value, "no") for role in Role}


@dataclass(frozen=True)
class Resource:
    """One resource of the matrix: its model, its rows (`actions`) and what its words mean (`scopes`).

    'all', 'no' and the manners need no scope; 'own-lead' and 'mandate' follow from 'own', and 'advised' from
    'own' too, unless a scope of that name is given.
    """

    name: str
    model: str
    actions: Mapping[str, Cells]
    scopes: Mapping[str, Scope] = field(default_factory=dict)

    def word_q(self, word: str, standing: Standing, organisations: Organisations) -> Q:
        """Give the records that one word of one cell opens."""
        if word == "no":
            return NOTHING
        if word == "all" or word in MANNERS:
            return EVERYTHING
        if word in self.scopes:
            return self.scopes[word](standing, organisations)
        narrowed = {
            "own-lead": organisations & standing.lead_of,
            "mandate": standing.mandates,
            "advised": standing.advised,
        }
        if word in narrowed and "own" in self.scopes:
            return self.scopes["own"](standing, narrowed[word])
        raise LookupError(f"{self.name}: the word {word!r} has no scope")


_registry: dict[str, Resource] = {}


def register(resource: Resource) -> Resource:
    """Add a resource to the matrix; its app calls this from `rules.py`, loaded when Django is ready."""
    _registry[resource.name] = resource
    return resource


def resources() -> Mapping[str, Resource]:
    """All registered resources by name."""
    return _registry


def granted(actor: Actor, resource: str, action: str) -> dict[str, Organisations]:
    """Give the words that an actor's roles grant, each with the organisations it is held through."""
    words: dict[str, Organisations] = {}
    standing = standing_of(actor)
    row = _registry[resource].actions[action]
    for role, organisations in standing.roles.items():
        for word in row[role].split("+"):
            words[word] = words.get(word, frozenset()) | organisations
    words.pop("no", None)
    return words


def action_q(actor: Actor, resource: str, action: str) -> Q:
    """Give the records on which the actor may do `action`, as a condition on the resource's model."""
    standing = standing_of(actor)
    if standing.is_system:
        return EVERYTHING
    definition = _registry[resource]
    words = granted(actor, resource, action)
    if action == "view" and "published" in definition.scopes:
        words.setdefault("published", frozenset())
    if "all" in words and "all" not in definition.scopes:
        return EVERYTHING
    condition = NOTHING
    for word, organisations in words.items():
        condition |= definition.word_q(word, standing, organisations)
    return condition


def visible_q(actor: Actor, resource: str) -> Q:
    """Give the records that the actor may see. A right to change includes seeing."""
    condition = NOTHING
    for action in _registry[resource].actions:
        if action == "view" or (
            action.startswith(("change", "manage")) and not _is_manner(actor, resource, action)
        ):
            part = action_q(actor, resource, action)
            if part == EVERYTHING:
                return EVERYTHING
            condition |= part
    return condition


def _is_manner(actor: Actor, resource: str, action: str) -> bool:
    """Say whether all that the actor holds here is a manner (a form, a vote), which opens no records."""
    return set(granted(actor, resource, action)) <= MANNERS


def allowed(actor: Actor, resource: str, action: str) -> QuerySet[Any]:
    """Give the records of the resource's model on which the actor may do `action`."""
    model: Any = apps.get_model(_registry[resource].model)
    records: QuerySet[Any] = model._default_manager.filter(action_q(actor, resource, action))
    return records.distinct()


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
