"""What belongs to one kind of activity: an outcome, what a reflection looks at, cases, and agreements."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from activities.models.activity import Activity, ActivitySession
from activities.models.programme import Programme
from cities.models import TransitionStep
from governance.models import Organisation


class Outcome(models.Model):
    """What a Deep Dive brings for the roadmap; it shows there once it is published."""

    activity = models.OneToOneField(Activity, primary_key=True, on_delete=models.CASCADE, related_name="outcome")
    possible = models.TextField(_("what is possible"), blank=True)
    who_is_up = models.TextField(_("who is up"), blank=True)
    scaling_up = models.TextField(_("how to scale up"), blank=True)
    published_at = models.DateTimeField(_("published"), null=True, blank=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    changed_at = models.DateTimeField(_("last changed"), default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("outcome for the roadmap")
        verbose_name_plural = _("outcomes for the roadmap")

    def __str__(self) -> str:
        return str(self.activity)


class SubjectKind(models.TextChoices):
    """What a reflection session can look at."""

    ACTIVITY = "activity", _("interim result of a Deep Dive or another activity")
    PROGRAMME = "programme", _("interim result of a programme")
    ROADMAP = "roadmap", _("part of the roadmap")
    STANDARD = "standard", _("part of the standard approach")


class ReflectionSubject(models.Model):
    """One interim result, or one section of a draft, that a reflection session looks at.

    `title` names it; `about`, `programme` and `step` lead to what it comes from, `url` to a page of the portal
    where none of them does.
    """

    activity = models.ForeignKey(Activity, on_delete=models.CASCADE, related_name="subjects")
    order = models.PositiveSmallIntegerField(default=0)
    kind = models.CharField(_("what it is"), max_length=10, choices=SubjectKind, default=SubjectKind.ACTIVITY)
    title = models.CharField(_("title"), max_length=200)
    finding = models.TextField(_("what came out of it so far"), blank=True)
    about = models.ForeignKey(
        Activity, null=True, blank=True, on_delete=models.SET_NULL, related_name="reflected_in"
    )
    programme = models.ForeignKey(
        Programme, null=True, blank=True, on_delete=models.SET_NULL, related_name="reflected_in"
    )
    step = models.ForeignKey(TransitionStep, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    url = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["activity", "order", "pk"]
        verbose_name = _("subject of a reflection")
        verbose_name_plural = _("subjects of a reflection")

    def __str__(self) -> str:
        return self.title


class Answer(models.TextChoices):
    """Whether a city has what it takes to follow."""

    YES = "yes", _("yes")
    PARTLY = "partly", _("partly")
    NO = "no", _("no")
    UNKNOWN = "unknown", _("not known yet")


class ReflectionCapacity(models.Model):
    """What one city has, to take the step that a reflection session looked at. `version` counts the changes."""

    activity = models.ForeignKey(Activity, on_delete=models.CASCADE, related_name="capacities")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="reflection_capacities")
    money = models.CharField(_("money"), max_length=8, choices=Answer)
    people = models.CharField(_("people"), max_length=8, choices=Answer)
    partners = models.CharField(_("partners"), max_length=8, choices=Answer)
    signing = models.CharField(_("room to sign"), max_length=8, choices=Answer)
    note = models.CharField(_("what is needed"), max_length=500, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)
    changed_at = models.DateTimeField(_("last changed"), default=timezone.now, editable=False)

    class Meta:
        ordering = ["organisation__name", "pk"]
        verbose_name = _("capacity to follow")
        verbose_name_plural = _("capacities to follow")
        constraints = [
            models.UniqueConstraint(
                fields=["activity", "organisation"],
                name="reflection_capacity_once_per_city",
                violation_error_message=_("The city recorded this already."),
            )
        ]

    def __str__(self) -> str:
        return str(self.organisation)


class TableCase(models.Model):
    """A case that a city brings to a case table."""

    activity = models.ForeignKey(Activity, on_delete=models.CASCADE, related_name="cases")
    organisation = models.ForeignKey(
        Organisation, verbose_name=_("brought by"), on_delete=models.PROTECT, related_name="table_cases"
    )
    order = models.PositiveSmallIntegerField(default=0)
    title = models.CharField(_("title"), max_length=160)
    question = models.TextField(_("what is asked of the table"))
    background = models.TextField(_("background"), blank=True)

    class Meta:
        ordering = ["activity", "order", "pk"]
        verbose_name = _("case")
        verbose_name_plural = _("cases")

    def __str__(self) -> str:
        return self.title


class AgreementState(models.TextChoices):
    """Where an agreement stands."""

    OPEN = "open", _("open")
    DONE = "done", _("done")
    DROPPED = "dropped", _("dropped")


class Agreement(models.Model):
    """A decision at a case table or an action point of a series, followed until it is done.

    It belongs to the activity and stays open over its sessions; `session` is the one at which it was made.
    """

    activity = models.ForeignKey(Activity, on_delete=models.CASCADE, related_name="agreements")
    session = models.ForeignKey(
        ActivitySession, null=True, blank=True, on_delete=models.SET_NULL, related_name="agreements"
    )
    case = models.ForeignKey(
        TableCase,
        verbose_name=_("case"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="agreements",
    )
    is_decision = models.BooleanField(_("decision"), default=False)
    text = models.CharField(_("what was agreed"), max_length=500)
    owner = models.ForeignKey(
        Organisation, verbose_name=_("who sees to it"), on_delete=models.PROTECT, related_name="agreements"
    )
    owner_user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("person"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="agreements",
    )
    due_on = models.DateField(_("by"))
    state = models.CharField(
        _("state"), max_length=8, choices=AgreementState, default=AgreementState.OPEN, editable=False
    )
    result = models.CharField(_("what became of it"), max_length=500, blank=True)
    settled_on = models.DateField(null=True, blank=True, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["due_on", "pk"]
        verbose_name = _("agreement")
        verbose_name_plural = _("agreements")
        constraints = [
            models.CheckConstraint(
                condition=Q(state="open") | Q(settled_on__isnull=False),
                name="agreement_settled_has_its_day",
                violation_error_message=_("An agreement that is settled has the day on which it was."),
            ),
            models.CheckConstraint(
                condition=~Q(state="dropped") | ~Q(result=""),
                name="agreement_dropped_says_why",
                violation_error_message=_("Say why this is dropped."),
            ),
        ]
        indexes = [models.Index(fields=["owner", "state", "due_on"], name="agreement_owner_open")]

    def __str__(self) -> str:
        return self.text
