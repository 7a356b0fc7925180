"""Workspaces at national scale. Required: at most 15 queries and 60 ms a page, 8 times a bare view."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.test.utils import override_settings
from pytest_django.plugin import DjangoDbBlocker

from activities.models import Participation, Workspace, WorkspaceNote, WorkspacePublication
from tests.bench import bare
from tests.bench.bench_pages import medians, queries_of
from tests.figures import Figures

pytestmark = pytest.mark.django_db
MOST_QUERIES = 15
MOST_TIMES = 8.0
MOST_TIME = 60.0


def _room() -> Workspace:
    """Give the workspace that most people take part in."""
    rooms = Workspace.objects.filter(activity__isnull=False).select_related("activity")
    return max(rooms, key=lambda room: room.points.count() + room.notes.count() + room.files.count())


def _note() -> str:
    return WorkspaceNote.objects.filter(workspace=_room(), is_start=False)[0].get_absolute_url()


def _version() -> str:
    note = WorkspaceNote.objects.filter(workspace=_room(), is_start=False)[0]
    return note.workspace.url(
        "workspace_note_version",
        note_id=note.public_id,
        number=note.versions.order_by("-number")[0].number,
    )


PAGES: dict[str, Callable[[], str]] = {
    "workspace": lambda: _room().get_absolute_url(),
    "note": _note,
    "versions compared": _version,
    "publication": lambda: WorkspacePublication.objects.order_by("pk")[0].get_absolute_url(),
}


@pytest.mark.parametrize("name", list(PAGES))
def test_page(name: str, national: None, django_db_blocker: DjangoDbBlocker, figures: Figures) -> None:
    with django_db_blocker.unblock():
        assert Workspace.objects.count() >= 400
        client, yardstick = Client(), bare.client()
        place = Participation.objects.filter(activity=_room().activity, state="registered").order_by("pk")[0]
        client.force_login(place.user)
        address = PAGES[name]()
        asked = queries_of(client, address)
        # As in the portal: pages keep what they worked out until anything changes.
        with override_settings(NSS_KEEP_PAGES=True):
            took, bare_took = medians(lambda: client.get(address), lambda: yardstick.get("/bare/"))
    figures.record(f"{name}: queries with nothing kept", asked, "", at_most=MOST_QUERIES)
    figures.record(f"{name}: times the bare view", took[0] / bare_took[0], "x", at_most=MOST_TIMES)
    figures.record(f"{name}: time", took[0], "ms", at_most=MOST_TIME)
