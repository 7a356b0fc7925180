"""What parts of the activities app add to each other's pages."""

from collections.abc import Callable
from typing import Any

from nss_portal.core.registry import Registry

# (actor, activity) -> Section | None: a part of an activity's page (its workspace, say)
activity_sections: Registry[Callable[[Any, Any], Any]] = Registry()
