"""The QuerySet that every list, page, export and feed starts from."""

from typing import ClassVar, Self, TypeVar

from django.db.models import Model, QuerySet

from nss_portal.core.access.resources import EVERYTHING, action_q, visible_q
from nss_portal.core.access.standing import Actor

M = TypeVar("M", bound=Model)


class AccessQuerySet(QuerySet[M]):
    """A QuerySet of a resource of the matrix; subclasses name it in `resource`."""

    resource: ClassVar[str]

    def visible_to(self, actor: Actor) -> Self:
        """Keep the records that the actor may see."""
        condition = visible_q(actor, self.resource)
        return self if condition == EVERYTHING else self.filter(condition).distinct()

    def open_to(self, actor: Actor, action: str) -> Self:
        """Keep the records on which the actor may do `action`."""
        condition = action_q(actor, self.resource, action)
        return self if condition == EVERYTHING else self.filter(condition).distinct()
