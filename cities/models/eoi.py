"""A call for Expressions of Interest with its questionnaire, which is data: questions, options, yearly updates."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from nss_portal.core.access.querysets import AccessQuerySet
from nss_portal.core.ids import PublicIdField
from nss_portal.core.localized import Localized
from nss_portal.core.time import is_past, today


class CallState(models.TextChoices):
    """Where a call stands; an open one takes answers between its first and its last day."""

    DRAFT = "draft", _("draft")
    OPEN = "open", _("open")
    CLOSED = "closed", _("closed")


class Kind(models.TextChoices):
    """How a question is answered; `coded` is a list of known answers with room for own words."""

    MULTIPLE = "multiple_choice", _("tick what applies")
    SINGLE = "single_choice", _("choose one")
    CODED = "coded", _("tick what applies, and own words")
    TEXT = "free_text", _("own words")
    NUMBER = "number", _("number")
    YES_NO = "yes_no", _("yes or no")


WITH_OPTIONS = frozenset({Kind.MULTIPLE, Kind.SINGLE, Kind.CODED})
WITH_CHOICE = WITH_OPTIONS | {Kind.YES_NO}
WITH_TEXT = frozenset({Kind.CODED, Kind.TEXT, Kind.NUMBER})


class Prefill(models.TextChoices):
    """What the portal knows already and fills in."""

    NONE = "", _("nothing")
    INHABITANTS = "inhabitants", _("the number of inhabitants (CBS)")
    BOTTLENECKS = "bottlenecks", _("the open bottlenecks of the city")


class EoiCallQuerySet(AccessQuerySet["EoiCall"]):
    """Calls; drafts are the coordinator's."""

    resource: ClassVar[str] = "eoi_call"


class EoiCall(models.Model):
    """One call with its questionnaire. `code` names it in addresses and commands; `version` counts the edits."""

    public_id = PublicIdField()
    code = models.SlugField(_("code"), max_length=40, unique=True)
    name_nl = models.CharField(_("name in Dutch"), max_length=160)
    name_en = models.CharField(_("name in English"), max_length=160, blank=True)
    name = Localized()
    intro_nl = models.TextField(_("introduction in Dutch"), blank=True)
    intro_en = models.TextField(_("introduction in English"), blank=True)
    intro = Localized()
    year = models.PositiveSmallIntegerField(_("year"))
    opens_on = models.DateField(_("first day"))
    closes_on = models.DateField(_("last day"))
    state = models.CharField(_("state"), max_length=10, choices=CallState, default=CallState.DRAFT, editable=False)
    analysis_published = models.BooleanField(_("analysis is published"), default=False)
    source = models.CharField(_("source"), max_length=300, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)
    is_illustrative = models.BooleanField(_("made up for the demonstration"), default=False)

    objects = EoiCallQuerySet.as_manager()

    class Meta:
        ordering = ["-year", "-opens_on", "-pk"]
        verbose_name = _("call for Expressions of Interest")
        verbose_name_plural = _("calls for Expressions of Interest")
        constraints = [
            models.CheckConstraint(
                condition=Q(closes_on__gte=F("opens_on")),
                name="eoi_call_closes_after_it_opens",
                violation_error_message=_("The last day lies before the first."),
            )
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Give the address of the call's page."""
        return reverse("cities:eoi_call", args=[self.code])

    @property
    def has_begun(self) -> bool:
        """Say whether the first day has come."""
        return self.opens_on <= today()

    @property
    def takes_answers(self) -> bool:
        """Say whether answers are taken now; the last day ends at local midnight."""
        return self.state == CallState.OPEN and self.has_begun and not is_past(self.closes_on)


class EoiAnalysisQuerySet(AccessQuerySet["EoiAnalysis"]):
    """Analyses that somebody may see."""

    resource: ClassVar[str] = "eoi_analysis"


class EoiAnalysis(EoiCall):
    """What the answers to a call say together: the same record, with the rights of the analysis."""

    objects = EoiAnalysisQuerySet.as_manager()  # type: ignore[assignment,misc]

    class Meta:
        proxy = True
        verbose_name = _("analysis of Expressions of Interest")
        verbose_name_plural = _("analyses of Expressions of Interest")


class EoiQuestion(models.Model):
    """One question; those that follow each other with the same theme share a screen."""

    call = models.ForeignKey(EoiCall, on_delete=models.CASCADE, related_name="questions")
    code = models.SlugField(_("code"), max_length=60)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    theme_nl = models.CharField(_("theme in Dutch"), max_length=120, blank=True)
    theme_en = models.CharField(_("theme in English"), max_length=120, blank=True)
    theme = Localized()
    label_nl = models.CharField(_("question in Dutch"), max_length=250)
    label_en = models.CharField(_("question in English"), max_length=250, blank=True)
    label = Localized()
    help_nl = models.CharField(_("hint in Dutch"), max_length=400, blank=True)
    help_en = models.CharField(_("hint in English"), max_length=400, blank=True)
    help = Localized()
    unit = models.CharField(_("unit"), max_length=20, blank=True)
    prefill = models.CharField(
        _("filled in with"), max_length=20, choices=Prefill, blank=True, default=Prefill.NONE
    )
    is_required = models.BooleanField(_("has to be answered"), default=False)
    is_withdrawn = models.BooleanField(_("withdrawn"), default=False)

    class Meta:
        ordering = ["order", "pk"]
        verbose_name = _("question")
        verbose_name_plural = _("questions")
        constraints = [
            models.UniqueConstraint(
                fields=["call", "code"],
                name="eoi_question_code_once",
                violation_error_message=_("This call has a question with this code already."),
            )
        ]

    def __str__(self) -> str:
        return self.label


class EoiOption(models.Model):
    """One answer to choose; coordinators mark which NZC covers and which ask for a Dutch translation."""

    question = models.ForeignKey(EoiQuestion, on_delete=models.CASCADE, related_name="options")
    code = models.SlugField(_("code"), max_length=60)
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    group_nl = models.CharField(_("group in Dutch"), max_length=60, blank=True)
    group_en = models.CharField(_("group in English"), max_length=60, blank=True)
    group = Localized()
    label_nl = models.CharField(_("answer in Dutch"), max_length=200)
    label_en = models.CharField(_("answer in English"), max_length=200, blank=True)
    label = Localized()
    nzc_covers = models.BooleanField(_("NetZeroCities covers this"), default=False)
    asks_translation = models.BooleanField(_("asks for a Dutch translation"), default=False)
    is_withdrawn = models.BooleanField(_("withdrawn"), default=False)

    class Meta:
        ordering = ["order", "pk"]
        verbose_name = _("option")
        verbose_name_plural = _("options")
        constraints = [
            models.UniqueConstraint(
                fields=["question", "code"],
                name="eoi_option_code_once",
                violation_error_message=_("This question has an option with this code already."),
            )
        ]

    def __str__(self) -> str:
        return self.label


class EoiUpdate(models.Model):
    """A year in which the cities of a call are asked whether their answers have changed."""

    call = models.ForeignKey(EoiCall, on_delete=models.CASCADE, related_name="updates")
    year = models.PositiveSmallIntegerField(_("year"))
    opens_on = models.DateField(_("first day"), default=today)
    due_on = models.DateField(_("last day"))
    is_illustrative = models.BooleanField(_("made up for the demonstration"), default=False)

    class Meta:
        ordering = ["-year"]
        verbose_name = _("yearly update")
        verbose_name_plural = _("yearly updates")
        constraints = [
            models.UniqueConstraint(
                fields=["call", "year"],
                name="eoi_update_once_a_year",
                violation_error_message=_("The update of this year was asked for already."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.call} {self.year}"

    @property
    def takes_answers(self) -> bool:
        """Say whether answers are taken now; the last day ends at local midnight."""
        return self.opens_on <= today() and not is_past(self.due_on)
