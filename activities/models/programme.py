"""Programmes: what several cities and partners take on together, along the life cycle of a City Deal."""

from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from cities.models import Bottleneck, Proposition, Theme, TransitionStep, UrbanTask
from cities.models.bottleneck import Sharing
from cities.models.reference import Labelled
from governance.models import Organisation
from nss_portal.core.access.querysets import AccessQuerySet
from nss_portal.core.ids import PublicIdField
from nss_portal.core.localized import Localized


def slug_of(title: str) -> str:
    """Give the readable part of an address for a title."""
    return slugify(title)[:80].strip("-") or "programma"


class Phase(models.TextChoices):
    """Where a programme stands in the life cycle (`programme_phases.csv`), or that it stopped."""

    INVENTORY = "inventory", _("inventory")
    EXPLORATION = "exploration", _("exploration")
    PREPARATION = "preparation", pgettext_lazy("phase of a programme", "preparation")
    SIGNING = "signing", _("signing")
    EXECUTION = "execution", _("execution")
    SCALING = "scaling", _("scaling up")
    CLOSED = "closed", pgettext_lazy("phase of a programme", "closed")
    STOPPED = "stopped", _("stopped")


# The way from the first idea to the end; a midterm review is an event during execution rather than a phase.
ROAD = (
    Phase.INVENTORY,
    Phase.EXPLORATION,
    Phase.PREPARATION,
    Phase.SIGNING,
    Phase.EXECUTION,
    Phase.SCALING,
    Phase.CLOSED,
)
ENDED = (Phase.CLOSED, Phase.STOPPED)
BEFORE_COVENANT = (Phase.INVENTORY, Phase.EXPLORATION, Phase.PREPARATION)
# The covenant is agreed and work is done or about to be.
RUNNING = (Phase.SIGNING, Phase.EXECUTION, Phase.SCALING)
# Reflected on twice a year; hours are estimated once a year.
AT_WORK = (Phase.EXECUTION, Phase.SCALING)


class ProgrammePhase(models.Model):
    """What a phase is called and what must be there to leave it, in words: reference data."""

    code = models.SlugField(_("code"), max_length=20, unique=True)
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    label_nl = models.CharField(_("name in Dutch"), max_length=60)
    label_en = models.CharField(_("name in English"), max_length=60)
    leave_nl = models.TextField(_("what must be there to leave it, in Dutch"))
    leave_en = models.TextField(_("what must be there to leave it, in English"))
    is_event = models.BooleanField(_("an event rather than a phase"), default=False)
    leave = Localized()

    class Meta:
        ordering = ["order", "pk"]
        verbose_name = _("phase of a programme")
        verbose_name_plural = _("phases of programmes")

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """Give the name in the language of the page."""
        return self.label_en if get_language() == "en" else self.label_nl


class ExistingProgramme(Labelled):
    """A programme of others that one of ours can be tied to (`programme_alignment.csv`): City Deals, say."""

    run_by = models.CharField(_("run by"), max_length=120)

    class Meta(Labelled.Meta):
        verbose_name = _("existing programme")
        verbose_name_plural = _("existing programmes")


class ProgrammeQuerySet(AccessQuerySet["Programme"]):
    """Programmes that somebody may see."""

    resource = "programme"

    def running(self) -> Self:
        """Keep those that have not ended."""
        return self.exclude(phase__in=ENDED)


class Programme(models.Model):
    """A programme; its organisation leads it. `version` counts changes, so that two editors notice each other.

    `domains` are the policy domains that the challenge crosses, `enough` how many partners with time it takes.
    A next tranche or a restart is a programme of its own that names the `previous` one.
    """

    public_id = PublicIdField()
    key = models.CharField(max_length=120, unique=True, null=True, blank=True, editable=False)
    title = models.CharField(_("title"), max_length=160)
    organisation = models.ForeignKey(
        Organisation, verbose_name=_("led by"), on_delete=models.PROTECT, related_name="programmes_led"
    )
    domain = models.ForeignKey(
        Theme, verbose_name=_("domain"), null=True, blank=True, on_delete=models.PROTECT, related_name="programmes"
    )
    task = models.ForeignKey(
        UrbanTask,
        verbose_name=_("urban task"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="programmes",
    )
    region = models.CharField(_("region"), max_length=120, blank=True)
    challenge = models.TextField(_("the challenge"), blank=True)
    domains = models.CharField(_("policy domains that it crosses"), max_length=300, blank=True)
    raised_by = models.ForeignKey(
        Organisation,
        verbose_name=_("raised by"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="programmes_raised",
    )
    goal = models.TextField(_("goal"), blank=True)
    mandate = models.TextField(_("mandate"), blank=True)
    tied_to = models.ForeignKey(
        ExistingProgramme,
        verbose_name=_("tied to an existing programme"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="programmes",
    )
    tied_note = models.CharField(_("which one"), max_length=160, blank=True)
    bottlenecks = models.ManyToManyField(
        Bottleneck, verbose_name=_("bottlenecks"), blank=True, related_name="programmes"
    )
    steps = models.ManyToManyField(
        TransitionStep, verbose_name=_("steps of the roadmap"), blank=True, related_name="programmes"
    )
    enough = models.PositiveSmallIntegerField(_("partners with time that it takes"), default=3)
    phase = models.CharField(
        _("phase"), max_length=12, choices=Phase, default=Phase.INVENTORY, editable=False, db_index=True
    )
    sharing = models.CharField(_("shared with"), max_length=10, choices=Sharing, default=Sharing.DRAFT)
    starts_on = models.DateField(_("runs from"), null=True, blank=True)
    ends_on = models.DateField(_("until"), null=True, blank=True)
    retry_on = models.DateField(_("tried again on"), null=True, blank=True, editable=False)
    proposition = models.OneToOneField(
        Proposition,
        verbose_name=_("grown from the proposition"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="programme",
        editable=False,
    )
    previous = models.ForeignKey(
        "self",
        verbose_name=_("goes on from"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="next_ones",
        editable=False,
    )
    tranche = models.PositiveSmallIntegerField(_("tranche"), default=1, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    is_illustrative = models.BooleanField(_("made up for the demonstration"), default=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(_("made"), default=timezone.now, editable=False)
    changed_at = models.DateTimeField(_("last changed"), default=timezone.now, editable=False)
    phase_since = models.DateField(_("in this phase since"), default=timezone.localdate, editable=False)

    objects: ClassVar[ProgrammeQuerySet] = ProgrammeQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["-changed_at", "-pk"]
        verbose_name = _("programme")
        verbose_name_plural = _("programmes")
        constraints = [
            models.CheckConstraint(
                condition=Q(starts_on__isnull=True) | Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="programme_ends_after_it_starts",
                violation_error_message=_("The last day lies before the first."),
            ),
            models.CheckConstraint(
                condition=~Q(previous=F("pk")),
                name="programme_not_its_own_previous",
                violation_error_message=_("A programme cannot go on from itself."),
            ),
        ]
        indexes = [models.Index(fields=["-changed_at", "-id"], name="programme_latest")]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """Give the address of the programme's page."""
        return reverse("activities:programme", args=[self.public_id, self.slug])

    @property
    def slug(self) -> str:
        """The readable part of the address; it may change, the public identifier does not."""
        return slug_of(self.title)
