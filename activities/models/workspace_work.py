"""What is asked of those who take part: preparation, decisions and what follows from them."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from activities.models.activity import ActivitySession
from activities.models.workspace import InWorkspaceQuerySet, Workspace, WorkspaceFile
from governance.models import Organisation
from nss_portal.core.ids import PublicIdField


class PreparationTask(models.Model):
    """To do beforehand: for everybody who takes part, or for those named; done by each for themselves."""

    public_id = PublicIdField()
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="tasks")
    title = models.CharField(_("what is asked"), max_length=160)
    explanation = models.TextField(_("explanation"), blank=True)
    due_on = models.DateField(_("by"))
    minutes = models.PositiveSmallIntegerField(_("minutes it takes"), null=True, blank=True)
    for_everybody = models.BooleanField(_("for everybody who takes part"), default=True)
    people = models.ManyToManyField(
        settings.AUTH_USER_MODEL, verbose_name=_("for whom"), blank=True, related_name="preparation_tasks"
    )
    materials = models.ManyToManyField(
        WorkspaceFile, verbose_name=_("materials"), blank=True, related_name="tasks"
    )
    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    removed_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = InWorkspaceQuerySet.as_manager()

    class Meta:
        ordering = ["due_on", "pk"]
        verbose_name = _("preparation")
        verbose_name_plural = _("preparation")
        indexes = [models.Index(fields=["workspace", "due_on"], name="preparation_due")]

    def __str__(self) -> str:
        return str(_("preparation in a workspace"))


class TaskDone(models.Model):
    """That one person did a task."""

    task = models.ForeignKey(PreparationTask, on_delete=models.CASCADE, related_name="done")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("task done")
        verbose_name_plural = _("tasks done")
        constraints = [models.UniqueConstraint(fields=["task", "user"], name="task_done_once")]

    def __str__(self) -> str:
        return str(_("preparation in a workspace"))


class WorkspaceDecision(models.Model):
    """What was decided, by whom and when. It is never changed: a mistake is taken back, with a reason."""

    public_id = PublicIdField()
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="decisions")
    session = models.ForeignKey(
        ActivitySession, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    text = models.TextField(_("what was decided"))
    decided_by = models.CharField(_("who decided"), max_length=200)
    decided_on = models.DateField(_("when"))
    recorded_by_label = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    removed_at = models.DateTimeField(null=True, blank=True, editable=False)
    removed_reason = models.CharField(_("why it is taken back"), max_length=500, blank=True)

    objects = InWorkspaceQuerySet.as_manager()

    class Meta:
        ordering = ["-decided_on", "-pk"]
        verbose_name = _("decision in a workspace")
        verbose_name_plural = _("decisions in workspaces")
        constraints = [
            models.CheckConstraint(
                condition=Q(removed_at__isnull=True) | ~Q(removed_reason=""),
                name="decision_taken_back_says_why",
                violation_error_message=_("Say why the decision is taken back."),
            )
        ]

    def __str__(self) -> str:
        return str(_("decision in a workspace"))


class PointState(models.TextChoices):
    """Where an action point stands."""

    OPEN = "open", _("open")
    DONE = "done", _("done")
    DROPPED = "dropped", _("dropped")


class ActionPoint(models.Model):
    """Something that one person does for the others, by a day; open it goes along to the next session."""

    public_id = PublicIdField()
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="points")
    session = models.ForeignKey(
        ActivitySession, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    decision = models.ForeignKey(
        WorkspaceDecision,
        verbose_name=_("follows from"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="points",
    )
    text = models.CharField(_("what is done"), max_length=300)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("who does it"),
        null=True,
        on_delete=models.SET_NULL,
        related_name="action_points",
    )
    organisation = models.ForeignKey(
        Organisation, verbose_name=_("for"), on_delete=models.PROTECT, related_name="action_points"
    )
    due_on = models.DateField(_("by"))
    state = models.CharField(_("state"), max_length=8, choices=PointState, default=PointState.OPEN, editable=False)
    result = models.CharField(_("what came of it"), max_length=500, blank=True)
    settled_on = models.DateField(null=True, blank=True, editable=False)
    carried = models.PositiveSmallIntegerField(default=0, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = InWorkspaceQuerySet.as_manager()

    class Meta:
        ordering = ["due_on", "pk"]
        verbose_name = _("action point")
        verbose_name_plural = _("action points")
        constraints = [
            models.CheckConstraint(
                condition=Q(state="open") | Q(settled_on__isnull=False),
                name="action_point_settled_has_its_day",
                violation_error_message=_("An action point that is settled has the day on which it was."),
            ),
            models.CheckConstraint(
                condition=~Q(state="dropped") | ~Q(result=""),
                name="action_point_dropped_says_why",
                violation_error_message=_("Say why this is dropped."),
            ),
        ]
        indexes = [
            models.Index(fields=["owner", "state", "due_on"], name="action_point_owner_open"),
            models.Index(fields=["workspace", "state"], name="action_point_workspace"),
        ]

    def __str__(self) -> str:
        return str(_("action point in a workspace"))


class WorkspaceReminder(models.Model):
    """A reminder that was written: once for a task or point, a person, a due date and a day around it."""

    task = models.ForeignKey(
        PreparationTask, null=True, blank=True, on_delete=models.CASCADE, related_name="reminders"
    )
    point = models.ForeignKey(
        ActionPoint, null=True, blank=True, on_delete=models.CASCADE, related_name="reminders"
    )
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    due_on = models.DateField()
    offset = models.SmallIntegerField()
    written_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("reminder of a workspace")
        verbose_name_plural = _("reminders of workspaces")
        constraints = [
            models.UniqueConstraint(
                fields=["task", "point", "user", "due_on", "offset"],
                name="workspace_reminder_once",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                condition=Q(task__isnull=False, point__isnull=True) | Q(task__isnull=True, point__isnull=False),
                name="workspace_reminder_is_about_one_thing",
            ),
        ]

    def __str__(self) -> str:
        return str(_("reminder of a workspace"))
