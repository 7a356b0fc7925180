"""What a workspace made public: a copy, fixed on the day, that nothing in the workspace changes any more."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from activities.models.workspace import Workspace
from nss_portal.core.access import Actor
from nss_portal.core.ids import PublicIdField


class PublicationState(models.TextChoices):
    """Whether it can be read."""

    PUBLISHED = "published", _("published")
    WITHDRAWN = "withdrawn", _("withdrawn")


class PublicationQuerySet(models.QuerySet["WorkspacePublication"]):
    """What workspaces made public."""

    def visible_to(self, actor: Actor) -> Self:
        """Keep what everybody reads, and what was withdrawn from workspaces that the actor may enter."""
        inside = Workspace.objects.visible_to(actor).order_by()
        return self.filter(Q(state=PublicationState.PUBLISHED) | Q(workspace__in=inside))

    def published(self) -> Self:
        """Keep what everybody reads."""
        return self.filter(state=PublicationState.PUBLISHED)


class WorkspacePublication(models.Model):
    """One publication: a title, a text taken from a version of a note, decisions, and copies of files.

    The files hang on this record (`core.files.files_of`). `decisions` is a list of {text, decided_by, decided_on},
    the day as YYYY-MM-DD.
    """

    public_id = PublicIdField()
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="publications")
    title = models.CharField(_("title"), max_length=160)
    text = models.TextField(_("text"), blank=True)
    note_version = models.ForeignKey(
        "activities.NoteVersion", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    decisions = models.JSONField(default=list, blank=True)
    state = models.CharField(
        _("state"),
        max_length=10,
        choices=PublicationState,
        default=PublicationState.PUBLISHED,
        editable=False,
    )
    withdrawn_reason = models.CharField(_("why it was withdrawn"), max_length=500, blank=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    published_by_label = models.CharField(max_length=200, blank=True)
    published_at = models.DateTimeField(_("published"), default=timezone.now)

    objects = PublicationQuerySet.as_manager()

    class Meta:
        ordering = ["-published_at", "-pk"]
        verbose_name = _("publication of a workspace")
        verbose_name_plural = _("publications of workspaces")

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """Give the public address."""
        return reverse("activities:publication", args=[self.public_id])
