"""The Dutch standard approach: its versions, and the sections and model promises that a version consists of."""

from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from contracts.models.contract import ContractStandard
from governance.models.organisation import Group
from nss_portal.core.access.querysets import AccessQuerySet
from nss_portal.core.localized import Localized

# The standard that the versions here belong to; the other standards are forms of others, without versions here.
DUTCH = "nl-1"


class StandardState(models.TextChoices):
    """The steps of a version of the standard approach."""

    DRAFT = "draft", _("draft")
    PROPOSED = "proposed", _("proposed: open for going through")
    DECIDED = "decided", _("decided")
    PUBLISHED = "published", _("in force")
    SUPERSEDED = "superseded", _("superseded")


OPEN = (StandardState.DRAFT, StandardState.PROPOSED)
PUBLIC = (StandardState.PUBLISHED, StandardState.SUPERSEDED)


class StandardVersionQuerySet(AccessQuerySet["StandardVersion"]):
    """Versions; the public sees those that are or were in force."""

    resource: ClassVar[str] = "contract_standard"

    def in_force(self) -> Self:
        """Keep the version that holds now: at most one."""
        return self.filter(state=StandardState.PUBLISHED)

    def open(self) -> Self:
        """Keep the version that is being worked on: at most one."""
        return self.filter(state__in=OPEN)


class StandardVersion(models.Model):
    """One version of the approach; sections, model promises and measures hang on it.

    `revision` counts every change of what it says, so that the steering group decides on what it has read.
    """

    standard = models.ForeignKey(ContractStandard, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField(_("number"))
    state = models.CharField(_("state"), max_length=12, choices=StandardState, default=StandardState.DRAFT)
    intro_nl = models.TextField(_("introduction in Dutch"))
    intro_en = models.TextField(_("introduction in English"), blank=True)
    revision = models.PositiveIntegerField(default=0)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    proposed_on = models.DateField(_("proposed on"), null=True, blank=True)
    # Until when cities are asked to go through a proposed version.
    react_by = models.DateField(_("answers by"), null=True, blank=True)
    decided_on = models.DateField(_("decided on"), null=True, blank=True)
    published_on = models.DateField(_("in force since"), null=True, blank=True)
    is_illustrative = models.BooleanField(_("made up for the demonstration"), default=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    intro = Localized()
    objects: ClassVar[StandardVersionQuerySet] = StandardVersionQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["-number"]
        verbose_name = _("version of the standard approach")
        verbose_name_plural = _("versions of the standard approach")
        constraints = [
            models.UniqueConstraint(fields=["standard", "number"], name="standard_number_once"),
            models.UniqueConstraint(
                fields=["standard"],
                condition=Q(state="published"),
                name="standard_one_in_force",
                violation_error_message=_("Another version of the standard approach is in force."),
            ),
            models.UniqueConstraint(
                fields=["standard"],
                condition=Q(state__in=["draft", "proposed", "decided"]),
                name="standard_one_on_its_way",
                violation_error_message=_("Another version of the standard approach is on its way."),
            ),
        ]

    def __str__(self) -> str:
        return str(_("Standard approach, version %(number)d") % {"number": self.number})

    def get_absolute_url(self) -> str:
        """Give the address of the version's page."""
        return reverse("contracts:standard_version", args=[self.number])

    @property
    def is_open(self) -> bool:
        """Say whether what the version says may still change."""
        return self.state in OPEN

    @property
    def is_public(self) -> bool:
        """Say whether everybody may read the version."""
        return self.state in PUBLIC


class StandardItem(models.Model):
    """What a version consists of: named by a code that stays the same over the versions."""

    KIND: ClassVar[str]
    # The fields that a proposal can change, texts first.
    FIELDS: ClassVar[tuple[str, ...]]

    code = models.SlugField(_("code"), max_length=40)
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    title_nl = models.CharField(_("title in Dutch"), max_length=200)
    title_en = models.CharField(_("title in English"), max_length=200, blank=True)
    # Counts every change, so that an answer to an earlier text can be told from one to this text.
    revision = models.PositiveIntegerField(default=0)

    title = Localized()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.title

    def values(self) -> dict[str, Any]:
        """Give what the item says, by the names of its fields."""
        return {name: getattr(self, name) for name in self.FIELDS}


class StandardSection(StandardItem):
    """A section: what it asks, how one goes about it, and a text that a municipality can take as it is.

    In the model text {gemeente}, {inwoners}, {doeljaar} and {basisjaar} stand for what the portal fills in.
    """

    KIND = "section"
    FIELDS = ("title_nl", "title_en", "guidance_nl", "guidance_en", "model_nl", "model_en")

    version = models.ForeignKey(StandardVersion, on_delete=models.CASCADE, related_name="sections")
    guidance_nl = models.TextField(_("guidance in Dutch"))
    guidance_en = models.TextField(_("guidance in English"), blank=True)
    model_nl = models.TextField(_("model text in Dutch"), blank=True)
    model_en = models.TextField(_("model text in English"), blank=True)

    guidance = Localized()
    model = Localized()

    class Meta:
        ordering = ["version", "order", "pk"]
        verbose_name = _("section of the standard approach")
        verbose_name_plural = _("sections of the standard approach")
        constraints = [models.UniqueConstraint(fields=["version", "code"], name="standard_section_code_once")]


class StandardPromise(StandardItem):
    """A promise that a kind of party can make, out of its own powers and means; `title` is the promise itself."""

    KIND = "promise"
    FIELDS = ("title_nl", "title_en", "group")

    version = models.ForeignKey(StandardVersion, on_delete=models.CASCADE, related_name="promises")
    group = models.CharField(_("by whom"), max_length=20, choices=Group)

    class Meta:
        ordering = ["version", "order", "pk"]
        verbose_name = _("model promise")
        verbose_name_plural = _("model promises")
        constraints = [models.UniqueConstraint(fields=["version", "code"], name="standard_promise_code_once")]
