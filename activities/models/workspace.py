"""The workspace of an activity, programme or working group: what those who take part share.

What stands in it is confidential: no record here tells its words by its name (`__str__`), since names get into the
log of changes, into jobs and into mails. Publishing is a step of its own (`activities.models.publication`).
"""

from typing import Self, TypeVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from activities.models.activity import Activity
from activities.models.programme import Programme
from activities.models.programme_work import WorkingGroup
from governance.models import Organisation
from nss_portal.core.access import Actor
from nss_portal.core.access.querysets import AccessQuerySet
from nss_portal.core.ids import PublicIdField
from nss_portal.core.models import StoredFile

M = TypeVar("M", bound=models.Model)


class WorkspaceQuerySet(AccessQuerySet["Workspace"]):
    """Workspaces that somebody may enter."""

    resource = "activity_workspace"


# What a workspace reads of its owner, for its name and its address.
OWNERS = ("activity__organisation", "programme__organisation", "group__programme__organisation")
WITH_OWNERS = tuple(f"workspace__{path}" for path in OWNERS)


class Workspace(models.Model):
    """The room of one activity, programme or working group. It opens when somebody who takes part first enters."""

    activity = models.OneToOneField(
        Activity, null=True, blank=True, on_delete=models.CASCADE, related_name="workspace"
    )
    programme = models.OneToOneField(
        Programme, null=True, blank=True, on_delete=models.CASCADE, related_name="workspace"
    )
    group = models.OneToOneField(
        WorkingGroup, null=True, blank=True, on_delete=models.CASCADE, related_name="workspace"
    )
    opened_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = WorkspaceQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        verbose_name = _("workspace")
        verbose_name_plural = _("workspaces")
        constraints = [
            models.CheckConstraint(
                condition=Q(activity__isnull=False, programme__isnull=True, group__isnull=True)
                | Q(activity__isnull=True, programme__isnull=False, group__isnull=True)
                | Q(activity__isnull=True, programme__isnull=True, group__isnull=False),
                name="workspace_belongs_to_one",
                violation_error_message=_("A workspace belongs to one activity, programme or working group."),
            )
        ]

    def __str__(self) -> str:
        return str(_("Workspace of %(name)s") % {"name": self.title})

    def get_absolute_url(self) -> str:
        """Give the address of the workspace."""
        return self.url()

    @property
    def kind(self) -> str:
        """Which field names the owner: activity, programme or group."""
        return "group" if self.group_id else "programme" if self.programme_id else "activity"

    @property
    def owner_key(self) -> int:
        """The primary key of what the workspace belongs to."""
        key: int = getattr(self, f"{self.kind}_id")
        return key

    @property
    def subject(self) -> Activity | Programme:
        """The activity or programme whose rights say who leads."""
        subject: Activity | Programme = self.group.programme if self.group else getattr(self, self.kind)
        return subject

    @property
    def title(self) -> str:
        """What the workspace is called: as what it belongs to."""
        return f"{self.group.name} ({self.subject.title})" if self.group else self.subject.title

    @property
    def organisation(self) -> Organisation:
        """The organisation that leads what it belongs to."""
        return self.subject.organisation

    def url(self, page: str = "workspace", **more: object) -> str:
        """Give the address of a page of this workspace, by the name of the page and what it names."""
        return room_url(self.group or self.subject, page, **more)


Owner = Activity | Programme | WorkingGroup


def room_url(owner: Owner, page: str = "workspace", **more: object) -> str:
    """Give the address of a page of the workspace of something, opened already or not."""
    where: dict[str, object]
    if isinstance(owner, WorkingGroup):
        where = {"programme_id": owner.programme.public_id, "group_id": owner.pk}
    elif isinstance(owner, Programme):
        where = {"programme_id": owner.public_id, "slug": owner.slug}
    else:
        where = {"public_id": owner.public_id, "slug": owner.slug}
    return reverse(f"activities:{page}", kwargs={**where, **more})


class InWorkspaceQuerySet(models.QuerySet[M]):
    """Records of workspaces: whoever enters the workspace sees them."""

    def visible_to(self, actor: Actor) -> Self:
        """Keep what stands in workspaces that the actor may enter."""
        return self.filter(workspace__in=Workspace.objects.visible_to(actor).order_by())

    def present(self) -> Self:
        """Leave out what was taken away."""
        return self.filter(removed_at__isnull=True)


class WorkspaceNote(models.Model):
    """A text that those who take part write together, in Markdown.

    The starting note is there from the beginning and cannot be taken away. `version` counts the savings, so that
    two people who write at once notice each other.
    """

    public_id = PublicIdField()
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="notes")
    is_start = models.BooleanField(_("starting note"), default=False, editable=False)
    title = models.CharField(_("title"), max_length=120)
    text = models.TextField(_("text"), blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    changed_at = models.DateTimeField(_("last changed"), default=timezone.now, editable=False)
    changed_by_label = models.CharField(max_length=200, blank=True, editable=False)
    removed_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = InWorkspaceQuerySet.as_manager()

    class Meta:
        ordering = ["-is_start", "pk"]
        verbose_name = _("note")
        verbose_name_plural = _("notes")
        constraints = [
            models.UniqueConstraint(
                fields=["workspace"],
                condition=Q(is_start=True),
                name="workspace_one_starting_note",
                violation_error_message=_("There is a starting note already."),
            ),
            models.CheckConstraint(
                condition=Q(is_start=False) | Q(removed_at__isnull=True),
                name="workspace_starting_note_stays",
                violation_error_message=_("The starting note stays."),
            ),
        ]

    def __str__(self) -> str:
        return str(_("note in a workspace"))

    def get_absolute_url(self) -> str:
        """Give the address of the note."""
        return self.workspace.url("workspace_note", note_id=self.public_id)


class NoteVersion(models.Model):
    """A note as it was, from `at` on.

    While `is_auto`, what the same person saves by itself within some minutes goes into the same version.
    `is_aside` marks a text that came second when two people saved at once: nobody's words are lost.
    """

    note = models.ForeignKey(WorkspaceNote, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    title = models.CharField(max_length=120)
    text = models.TextField(blank=True)
    is_auto = models.BooleanField(default=False)
    is_aside = models.BooleanField(default=False)
    restored_from = models.PositiveIntegerField(null=True, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    by_label = models.CharField(max_length=200, blank=True)
    began_at = models.DateTimeField(default=timezone.now)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-at", "-pk"]
        verbose_name = _("version of a note")
        verbose_name_plural = _("versions of notes")
        constraints = [
            models.UniqueConstraint(fields=["note", "number"], name="note_version_once"),
        ]

    def __str__(self) -> str:
        return str(_("version of a note in a workspace"))


class WorkspaceFileQuerySet(InWorkspaceQuerySet["WorkspaceFile"]):
    """Files of workspaces; one that was taken away opens for nobody."""

    def visible_to(self, actor: Actor) -> Self:
        """Keep the files that the actor may open."""
        return super().visible_to(actor).present()


class WorkspaceFile(models.Model):
    """A file in a workspace. Taken away it is out of sight; its trace stays in the history."""

    public_id = PublicIdField()
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="files")
    stored = models.OneToOneField(StoredFile, null=True, on_delete=models.SET_NULL, related_name="+")
    title = models.CharField(_("what it is"), max_length=160, blank=True)
    is_scanned = models.BooleanField(default=False, editable=False)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    added_by_label = models.CharField(max_length=200, blank=True)
    added_at = models.DateTimeField(default=timezone.now)
    removed_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = WorkspaceFileQuerySet.as_manager()

    class Meta:
        ordering = ["-added_at", "-pk"]
        verbose_name = _("file in a workspace")
        verbose_name_plural = _("files in workspaces")

    def __str__(self) -> str:
        return str(_("file in a workspace"))
