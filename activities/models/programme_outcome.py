"""What comes of a programme: results and where they are anchored, scaling up, and how it is handed over."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from activities.models.programme import Programme
from cities.models.reference import Labelled
from governance.models import Organisation
from nss_portal.core.localized import Localized


class ResultKind(models.TextChoices):
    """What kind of thing a result is."""

    LAW = "law", _("law or rule")
    POLICY = "policy", _("policy")
    MONEY = "money", _("money")
    PRODUCT = "product", _("product")
    NETWORK = "network", _("network")


class ProgrammeResult(models.Model):
    """One result, and where it is anchored: in which law, policy, budget or organisation it stays."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="results")
    kind = models.CharField(_("kind"), max_length=8, choices=ResultKind)
    title = models.CharField(_("result"), max_length=200)
    text = models.TextField(_("what it is"), blank=True)
    url = models.URLField(_("address"), blank=True)
    reached_on = models.DateField(_("reached on"), null=True, blank=True)
    anchored_in = models.CharField(_("anchored in"), max_length=300, blank=True)
    anchored_at = models.ForeignKey(
        Organisation,
        verbose_name=_("with which organisation"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="programme_results",
    )

    class Meta:
        ordering = ["kind", "reached_on", "pk"]
        verbose_name = _("result of a programme")
        verbose_name_plural = _("results of programmes")

    def __str__(self) -> str:
        return self.title


class ScalingTheme(Labelled):
    """A theme on which results are scaled up (`scaling_themes.csv`); the list is open.

    The hints say what the City Deal Klimaatadaptatie found: who could see to it, and in which forms.
    """

    owner_hint_nl = models.CharField(_("process owner that was named, in Dutch"), max_length=250, blank=True)
    owner_hint_en = models.CharField(_("process owner that was named, in English"), max_length=250, blank=True)
    forms_hint_nl = models.CharField(_("forms of cooperation, in Dutch"), max_length=300, blank=True)
    forms_hint_en = models.CharField(_("forms of cooperation, in English"), max_length=300, blank=True)
    owner_hint = Localized()
    forms_hint = Localized()

    class Meta(Labelled.Meta):
        verbose_name = _("scaling theme")
        verbose_name_plural = _("scaling themes")


class ProgrammeScaling(models.Model):
    """What has to happen on one theme in the next five years, and who sees to it.

    `owner_missing` says that nobody is found yet: that is known then, rather than forgotten.
    """

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="scalings")
    theme = models.ForeignKey(ScalingTheme, verbose_name=_("theme"), on_delete=models.PROTECT, related_name="+")
    task = models.TextField(_("task for the next five years"), blank=True)
    owner = models.ForeignKey(
        Organisation,
        verbose_name=_("process owner"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="programme_scalings",
    )
    owner_missing = models.BooleanField(_("a process owner is missing"), default=False)
    forms = models.TextField(_("forms of cooperation"), blank=True)
    finance = models.TextField(_("finance"), blank=True)
    alliances = models.TextField(_("alliances"), blank=True)

    class Meta:
        ordering = ["theme__order", "pk"]
        verbose_name = _("scaling up")
        verbose_name_plural = _("scaling up")
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "theme"],
                name="programme_scaling_theme_once",
                violation_error_message=_("This theme is there already."),
            ),
            models.CheckConstraint(
                condition=Q(owner__isnull=True) | Q(owner_missing=False),
                name="programme_scaling_owner_or_missing",
                violation_error_message=_("Name the process owner, or say that one is missing."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.theme)


class ProgrammeClosing(models.Model):
    """What was learned, and to whom the results are handed over."""

    programme = models.OneToOneField(Programme, on_delete=models.CASCADE, related_name="closing")
    what_worked = models.TextField(_("what worked"), blank=True)
    what_failed = models.TextField(_("what did not work"), blank=True)
    handed_to = models.CharField(_("handed over to"), max_length=300, blank=True)
    hand_over = models.TextField(_("what is handed over, and how it goes on"), blank=True)

    class Meta:
        verbose_name = _("closing of a programme")
        verbose_name_plural = _("closings of programmes")

    def __str__(self) -> str:
        return str(self.programme)
