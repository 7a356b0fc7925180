"""What the directory of the desk adds to the pages that compose all apps, and the data it brings."""

from collections.abc import Iterator
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from activities.selectors.desk import unchecked_count
from activities.services.desk.reference import load_directory
from nss_portal.core.carrying import Carried
from nss_portal.core.registry import (
    NavigationItem,
    WorkItem,
    merger_handlers,
    navigation,
    reference_loaders,
    work_items,
)

reference_loaders.register(load_directory)
MOST_MINUTES = 30


@navigation.register
def entries() -> list[NavigationItem]:
    """The desk stands in the main navigation, its directory under it."""
    return [
        NavigationItem(label=gettext_lazy("Desk"), url_name="activities:desk", order=50),
        NavigationItem(
            label=gettext_lazy("Directory"),
            url_name="activities:desk_directory",
            order=52,
            under="activities:desk",
        ),
    ]


@work_items.register
def entries_to_check(user: Any) -> Iterator[WorkItem]:
    """Ask who keeps entries whether they are still right; one item for all of them. One query."""
    number = unchecked_count(user)
    if not number:
        return
    text = ngettext("Check {number} entry of the directory", "Check {number} entries of the directory", number)
    yield WorkItem(
        title=text.format(number=number),
        url=reverse("activities:desk_to_check"),
        action_label=_("Check what is old"),
        minutes=min(2 * number, MOST_MINUTES),
        detail=_("Nobody looked at it for half a year or longer"),
    )


@merger_handlers.register
def carried() -> Iterator[Carried]:
    """Say what becomes of entries when the organisation that keeps them goes on in another."""
    yield Carried("activities.DirectoryEntry", "organisation", gettext_lazy("entries of the directory"))
    yield Carried(
        "activities.DirectoryEntry",
        "checked_by",
        "",
        stays=gettext_lazy("who checked it then stays as it was"),
    )
