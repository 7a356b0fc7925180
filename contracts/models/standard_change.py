"""Proposals to change the standard approach, and what is said about its parts."""

from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from activities.models import Lesson
from cities.models import Bottleneck
from contracts.models.review import ReviewRound
from contracts.models.standard import StandardVersion
from governance.models import Organisation
from nss_portal.core.access import Actor
from nss_portal.core.ids import PublicIdField


class ItemKind(models.TextChoices):
    """What a version consists of."""

    SECTION = "section", _("section")
    MEASURE = "measure", _("measure")
    PROMISE = "promise", _("model promise")


class ChangeAct(models.TextChoices):
    """What a proposal does."""

    CHANGE = "change", _("change")
    ADD = "add", _("add")
    DROP = "drop", _("leave out")


class ChangeState(models.TextChoices):
    """What became of a proposal."""

    OPEN = "open", _("open")
    TAKEN = "taken", _("taken over")
    DECLINED = "declined", _("not taken over")
    WITHDRAWN = "withdrawn", _("withdrawn")


class StandardChangeQuerySet(models.QuerySet["StandardChange"]):
    """Proposals; those that were taken over are public with the version that they went into."""

    def visible_to(self, actor: Actor) -> Self:
        """Keep those of the own organisation, all for who reads open versions, and what is in a public version."""
        from contracts.rules_standard import voice_q

        return self.filter(voice_q(actor) | Q(state="taken", taken_into__state__in=["published", "superseded"]))


class StandardChange(models.Model):
    """A proposal to change one part, with the reason; `texts` maps the fields it changes to their new values.

    `before` has the values that its writer saw. `evidence` is a list of {"label", "url", "text", "contract"}: what
    reviews say of setbacks; one with a contract shows to who may see its review.
    """

    public_id = PublicIdField()
    version = models.ForeignKey(StandardVersion, on_delete=models.PROTECT, related_name="changes")
    act = models.CharField(_("what it does"), max_length=8, choices=ChangeAct, default=ChangeAct.CHANGE)
    kind = models.CharField(_("what it is about"), max_length=8, choices=ItemKind)
    code = models.SlugField(_("code"), max_length=40)
    title = models.CharField(_("in short"), max_length=160)
    reason = models.TextField(_("why"))
    texts = models.JSONField(default=dict, blank=True)
    before = models.JSONField(default=dict, blank=True)
    evidence = models.JSONField(default=list, blank=True)
    lessons = models.ManyToManyField(Lesson, verbose_name=_("lessons"), blank=True, related_name="+")
    bottlenecks = models.ManyToManyField(
        Bottleneck, verbose_name=_("bottlenecks"), blank=True, related_name="standard_changes"
    )
    # The national reflection that it comes out of.
    round = models.ForeignKey(
        ReviewRound, null=True, blank=True, on_delete=models.PROTECT, related_name="standard_changes"
    )
    organisation = models.ForeignKey(
        Organisation, verbose_name=_("in the name of"), on_delete=models.PROTECT, related_name="standard_changes"
    )
    author_label = models.CharField(max_length=200)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    state = models.CharField(_("state"), max_length=10, choices=ChangeState, default=ChangeState.OPEN)
    taken_into = models.ForeignKey(
        StandardVersion, null=True, blank=True, on_delete=models.PROTECT, related_name="changes_taken"
    )
    answer = models.TextField(_("why (not)"), blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    is_illustrative = models.BooleanField(_("made up for the demonstration"), default=False)
    created_at = models.DateTimeField(_("made"), default=timezone.now, editable=False)

    objects: ClassVar[StandardChangeQuerySet] = StandardChangeQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["-created_at", "-pk"]
        verbose_name = _("proposal to change the standard approach")
        verbose_name_plural = _("proposals to change the standard approach")
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="taken") | Q(taken_into__isnull=False), name="standard_change_taken_into"
            ),
            models.CheckConstraint(
                condition=~Q(state="declined") | ~Q(answer=""),
                name="standard_change_declined_says_why",
                violation_error_message=_("Say why it is not taken over."),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """Give the address of the proposal's page."""
        return reverse("contracts:standard_change", args=[self.public_id])


class StandardCommentQuerySet(models.QuerySet["StandardComment"]):
    """What is said; for who reads open versions and for who said it."""

    def visible_to(self, actor: Actor) -> Self:
        """Keep what the own organisation said, or all for who reads open versions."""
        from contracts.rules_standard import voice_q

        return self.filter(voice_q(actor))


class StandardComment(models.Model):
    """What somebody says of a part of a version, or of a proposal."""

    version = models.ForeignKey(StandardVersion, on_delete=models.CASCADE, related_name="comments")
    kind = models.CharField(max_length=8, choices=ItemKind)
    code = models.SlugField(max_length=40)
    change = models.ForeignKey(
        StandardChange, null=True, blank=True, on_delete=models.CASCADE, related_name="comments"
    )
    text = models.TextField(_("text"))
    organisation = models.ForeignKey(
        Organisation, verbose_name=_("in the name of"), on_delete=models.PROTECT, related_name="standard_comments"
    )
    author_label = models.CharField(max_length=200)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    is_illustrative = models.BooleanField(_("made up for the demonstration"), default=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects: ClassVar[StandardCommentQuerySet] = StandardCommentQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["created_at", "pk"]
        verbose_name = _("comment on the standard approach")
        verbose_name_plural = _("comments on the standard approach")

    def __str__(self) -> str:
        return f"{self.code}, {self.organisation}"


class Verdict(models.TextChoices):
    """What a city says of a section of a proposed version."""

    WORKS = "works", _("works for us")
    CHANGES = "changes", _("works with changes")
    NOT = "not", _("does not work for us")


class GoingThrough(models.Model):
    """What a city says of one section of a proposed version; `seen` is the section's revision that it read."""

    version = models.ForeignKey(StandardVersion, on_delete=models.CASCADE, related_name="goings_through")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="standard_answers")
    code = models.SlugField(max_length=40)
    verdict = models.CharField(_("does it work for you"), max_length=8, choices=Verdict, blank=True)
    text = models.TextField(_("what would have to change, or why not"), blank=True)
    seen = models.PositiveIntegerField(default=0)
    revision = models.PositiveIntegerField(default=0)
    changed_at = models.DateTimeField(default=timezone.now, editable=False)
    changed_by_label = models.CharField(max_length=200, blank=True)
    is_illustrative = models.BooleanField(_("made up for the demonstration"), default=False)

    class Meta:
        ordering = ["version", "organisation", "pk"]
        verbose_name = _("answer to a proposed version")
        verbose_name_plural = _("answers to a proposed version")
        constraints = [
            models.UniqueConstraint(fields=["version", "organisation", "code"], name="standard_answer_once")
        ]

    def __str__(self) -> str:
        return f"{self.organisation} · {self.code}"
