"""Illustrative workspaces for the demonstration, of activities and programmes that are made up too."""

import random
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone

from activities.models import (
    ActionPoint,
    Activity,
    NoteVersion,
    Participation,
    PreparationTask,
    Programme,
    TaskDone,
    Workspace,
    WorkspaceDecision,
    WorkspaceFile,
    WorkspaceNote,
    WorkspacePublication,
)
from activities.models.activity import TAKING_PART, ActivityState
from activities.models.programme import AT_WORK
from activities.models.workspace import Owner
from activities.models.workspace_work import PointState
from activities.selectors.insiders import people_of
from activities.services.workspace.rooms import owned_by, starting_text
from cities.services.demo import drawn_id, rows_of
from governance.models import Membership, User
from nss_portal.core.files import keep
from nss_portal.core.time import today

TEXTS = Path(__file__).resolve().parent.parent.parent / "data" / "demo_workspace.csv"
ROOMS = {"small": 5, "national": 400}
PROGRAMMES = {"small": 2, "national": 20}
PEOPLE = 6
# Of a programme all people of its partners are in: these do something in the made-up rooms.
MOST_PEOPLE = 12
SHEET = b"stad;aansluitingen;raming in euro\nillustratief A;1200;8400000\nillustratief B;800;6100000\n"


@transaction.atomic
def load_demo(scale: str, seed: int) -> list[str]:
    """Add illustrative workspaces; same seed, same data; a second run adds only what a larger scale has more."""
    there = Workspace.objects.filter(activity__is_illustrative=True).count()
    activities = Activity.objects.filter(
        is_illustrative=True,
        state__in=[ActivityState.PUBLISHED, ActivityState.HELD],
        workspace__isnull=True,
    )
    # What is still to come first: there is most to do.
    coming = list(activities.order_by("state", "starts_at", "pk"))
    chosen = sorted(coming, key=lambda one: one.state != ActivityState.PUBLISHED)[: max(ROOMS[scale] - there, 0)]
    texts = rows_of(TEXTS)
    for number, activity in enumerate(chosen, start=there):
        # Dice of its own: what comes with one does not hang on how many came before it.
        _Room(activity, random.Random(f"{seed}-workspace-{number}"), texts, number).fill()  # noqa: S311
    owners = _programmes(PROGRAMMES[scale])
    for number, (key, owner) in enumerate(owners):
        _Room(owner, random.Random(f"{seed}-workspace-{key}"), texts, 4 * number + 1).fill()  # noqa: S311
    return [f"demo: workspaces {len(chosen) + len(owners)}"]


def _programmes(most: int) -> list[tuple[str, Owner]]:
    """Give programmes at work and their first working groups without a workspace, each with a name for dice."""
    found: list[tuple[str, Owner]] = []
    for one in Programme.objects.filter(is_illustrative=True, phase__in=AT_WORK).order_by("pk")[:most]:
        group = one.groups.filter(ended_on=None, members__left_on=None).order_by("pk").first()
        found += [(one.public_id, one)] if not hasattr(one, "workspace") else []
        found += [(f"{one.public_id}-group", group)] if group and not hasattr(group, "workspace") else []
    return found


class _Room:
    """One made-up workspace."""

    def __init__(self, owner: Owner, dice: random.Random, texts: Sequence[dict[str, str]], number: int) -> None:
        self.owner, self.dice, self.number = owner, dice, number
        self.texts = {
            kind: [text for text in texts if text["kind"] == kind]
            for kind in ("note", "task", "decision", "point")
        }

    def fill(self) -> None:
        """Write the rows of the workspace."""
        self.room = Workspace.objects.create(**owned_by(self.owner))
        if isinstance(self.owner, Activity):
            self._take_part(self.owner)
        self.people = sorted(people_of(self.room), key=lambda one: one.user_id)[:MOST_PEOPLE]
        self.users = User.objects.in_bulk([one.user_id for one in self.people])
        self._notes()
        if self.people:
            self._tasks()
            decisions = self._decisions()
            self._points(decisions)
        if self.number % 5 == 0:
            self._file()
        if self.number % 4 == 1:
            self._publication()

    def _take_part(self, activity: Activity) -> None:
        """Let people of the demonstration take part where nobody does yet."""
        if Participation.objects.filter(activity=activity, state__in=TAKING_PART).exists():
            return
        members = Membership.objects.filter(user__is_demo=True, valid_to__isnull=True)
        candidates = {one.user_id: one for one in members.order_by("pk")}
        keys = self.dice.sample(sorted(candidates), min(PEOPLE, len(candidates)))
        Participation.objects.bulk_create(
            Participation(activity=activity, user_id=key, organisation_id=candidates[key].organisation_id)
            for key in keys
        )

    def _user(self) -> User | None:
        return self.users[self.dice.choice(self.people).user_id] if self.people else None

    def _some(self, kind: str, number: int) -> list[dict[str, str]]:
        return self.dice.sample(self.texts[kind], min(number, len(self.texts[kind])))

    def _notes(self) -> None:
        start = {"title": "Startnotitie", "text": starting_text(self.owner)}
        for place, text in enumerate([start, *self._some("note", 2)]):
            user = self._user() if place else None
            at = timezone.now() - timedelta(days=self.dice.randint(2, 20), hours=place)
            note = WorkspaceNote.objects.create(
                public_id=drawn_id(self.dice),
                workspace=self.room,
                is_start=not place,
                title=text["title"],
                text=text["text"],
                version=2 if place else 1,
                created_at=at,
                changed_at=at + timedelta(hours=3 * place),
                changed_by_label=str(user) if user else "",
            )
            half = text["text"][: len(text["text"]) // 2].rsplit(" ", 1)[0]
            versions = [(1, half, at), (2, text["text"], note.changed_at)] if place else [(1, text["text"], at)]
            NoteVersion.objects.bulk_create(
                NoteVersion(
                    note=note,
                    number=number,
                    title=note.title,
                    text=said,
                    by=user,
                    by_label=str(user) if user else "het portaal",
                    began_at=moment,
                    at=moment,
                )
                for number, said, moment in versions
            )

    def _tasks(self) -> None:
        for place, text in enumerate(self._some("task", 2)):
            task = PreparationTask.objects.create(
                public_id=drawn_id(self.dice),
                workspace=self.room,
                title=text["title"],
                explanation=text["text"],
                minutes=int(text["who"]),
                due_on=today() + timedelta(days=self.dice.randint(3, 25) * (place + 1)),
                for_everybody=not place,
                created_at=timezone.now() - timedelta(days=12),
            )
            if place:
                task.people.set({one.user_id for one in self.dice.sample(self.people, min(2, len(self.people)))})
            done = self.dice.sample(self.people, len(self.people) // 3)
            asked = set(task.people.values_list("pk", flat=True))
            TaskDone.objects.bulk_create(
                TaskDone(task=task, user_id=one.user_id) for one in done if not place or one.user_id in asked
            )

    def _decisions(self) -> list[WorkspaceDecision]:
        return [
            WorkspaceDecision.objects.create(
                public_id=drawn_id(self.dice),
                workspace=self.room,
                text=text["text"],
                decided_by=text["who"],
                decided_on=today() - timedelta(days=self.dice.randint(5, 30)),
                recorded_by_label=str(self._user()),
                created_at=timezone.now() - timedelta(days=5),
            )
            for text in self._some("decision", 2)
        ]

    def _points(self, decisions: Sequence[WorkspaceDecision]) -> None:
        for place, text in enumerate(self._some("point", 3)):
            owner = self.dice.choice(self.people)
            is_done = place == 2
            fields: dict[str, Any] = {}
            if is_done:
                fields = {"state": PointState.DONE, "settled_on": today() - timedelta(days=2), "result": "Gedaan."}
            ActionPoint.objects.create(
                public_id=drawn_id(self.dice),
                workspace=self.room,
                decision=decisions[0] if decisions and not place else None,
                text=text["text"],
                owner=self.users[owner.user_id],
                organisation_id=owner.organisation_id,
                due_on=today() + timedelta(days=self.dice.randint(-4, 30)),
                carried=place % 2,
                created_at=timezone.now() - timedelta(days=14),
                **fields,
            )

    def _file(self) -> None:
        file = WorkspaceFile.objects.create(
            public_id=drawn_id(self.dice),
            workspace=self.room,
            title="Ramingen naast elkaar",
            added_by_label=str(self._user() or ""),
        )
        actor = User.objects.system()
        file.stored = keep(content=SHEET, name="ramingen.csv", actor=actor, owner=file, is_confidential=True)
        file.save(update_fields=["stored"])

    def _publication(self) -> None:
        text = self._some("note", 1)[0]
        decisions = self.room.decisions.order_by("decided_on", "pk")[:1]
        WorkspacePublication.objects.create(
            public_id=drawn_id(self.dice),
            workspace=self.room,
            title=f"Uitkomsten: {self.room.title}"[:160],
            text=text["text"],
            decisions=[
                {"text": one.text, "decided_by": one.decided_by, "decided_on": one.decided_on.isoformat()}
                for one in decisions
            ],
            published_by_label="Demonstratie",
            published_at=timezone.now() - timedelta(days=self.dice.randint(1, 40)),
        )
