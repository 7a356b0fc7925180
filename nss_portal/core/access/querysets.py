"""The QuerySet that every list, page, export and feed starts from."""

from collections.abc import Iterator
from functools import cache
from typing import Any, ClassVar, Self, TypeVar

from django.contrib.admin.utils import lookup_spawns_duplicates
from django.db.models import Model, Q, QuerySet

from nss_portal.core.access.resources import EVERYTHING, action_q, visible_q
from nss_portal.core.access.standing import Actor

M = TypeVar("M", bound=Model)
S = TypeVar("S", bound=QuerySet[Any])


def _lookups(condition: Q) -> Iterator[str]:
    for child in condition.children:
        if isinstance(child, Q):
            yield from _lookups(child)
        elif isinstance(child, tuple):
            yield child[0]


@cache
def _doubles(options: Any, lookup: str) -> bool:
    """Say whether a lookup reaches over a to-many relation, and so may give a record more than once."""
    return lookup_spawns_duplicates(options, lookup)


def narrow(queryset: S, condition: Q) -> S:
    """Filter by a condition so that every record comes once.

    A condition that reaches over a to-many relation goes into a subquery: DISTINCT would forbid locking the rows
    and would cost a sort of all columns.
    """
    if condition == EVERYTHING:
        return queryset
    options: Any = queryset.model._meta
    if any(_doubles(options, lookup) for lookup in _lookups(condition)):
        return queryset.filter(pk__in=queryset.model._base_manager.filter(condition).values("pk"))
    return queryset.filter(condition)


class AccessQuerySet(QuerySet[M]):
    """A QuerySet of a resource of the matrix; subclasses name it in `resource`."""

    resource: ClassVar[str]

    def visible_to(self, actor: Actor) -> Self:
        """Keep the records that the actor may see."""
        return narrow(self, visible_q(actor, self.resource))

    def open_to(self, actor: Actor, action: str) -> Self:
        """Keep the records on which the actor may do `action`."""
        return narrow(self, action_q(actor, self.resource, action))
