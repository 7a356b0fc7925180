"""Questions to the desk: asked with an account or without, handled by one organisation, answered."""

from typing import Self, cast

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cities.models import Theme
from governance.models import Organisation
from nss_portal.core.access.querysets import AccessQuerySet
from nss_portal.core.ids import PublicIdField


class QuestionState(models.TextChoices):
    """Where a question stands."""

    NEW = "new", _("new")
    HANDLING = "handling", _("being handled")
    REFERRED = "referred", _("referred on")
    WAITING = "waiting", _("waits for the asker")
    ANSWERED = "answered", _("answered")
    CLOSED = "closed", _("closed")
    REOPENED = "reopened", _("reopened")


# Something is asked of the holder.
WITH_HOLDER = (QuestionState.NEW, QuestionState.HANDLING, QuestionState.REFERRED, QuestionState.REOPENED)
OPEN_STATES = (*WITH_HOLDER, QuestionState.WAITING)


class QuestionQuerySet(AccessQuerySet["DeskQuestion"]):
    """Questions that somebody may see."""

    resource = "desk_question"

    def verified(self) -> Self:
        """Leave out those whose asker has not confirmed the address yet: nobody handles them."""
        return self.filter(verified_at__isnull=False)

    def published(self) -> Self:
        """Keep those of which everybody reads question and answer."""
        return self.filter(published_at__isnull=False)

    def with_holder(self) -> Self:
        """Keep those that wait for whoever has them, and not for another question to which they were joined."""
        return self.filter(state__in=WITH_HOLDER, verified_at__isnull=False, joined_to__isnull=True)


_Manager = models.Manager.from_queryset(QuestionQuerySet)


class QuestionManager(_Manager["DeskQuestion"]):
    """Reads questions without the words of their indexes, which only the database looks at."""

    def get_queryset(self) -> QuestionQuerySet:
        """Give all questions."""
        return cast(QuestionQuerySet, super().get_queryset().defer("search", "public_search"))


class DeskQuestion(models.Model):
    """One question.

    Asked by a person of an `organisation`, or by somebody without an account (`asker_name`, `asker_email`), and
    then handled from the moment that the address is verified. `holder` has it now. `title` and `text` are the
    asker's own words; what everybody reads are `public_title`, `public_text` and `public_answer`, without the
    asker's name. `joined_to` is the same question, asked before: its answer goes to this asker too.
    """

    public_id = PublicIdField()
    key = models.CharField(max_length=60, unique=True, null=True, blank=True, editable=False)
    organisation = models.ForeignKey(
        Organisation,
        verbose_name=_("asked by"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="desk_questions",
    )
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="desk_questions"
    )
    asker_name = models.CharField(_("name"), max_length=120, blank=True)
    asker_email = models.EmailField(_("e-mail address"), blank=True)
    asker_from = models.CharField(_("organisation"), max_length=160, blank=True)
    language = models.CharField(max_length=2, default="nl")
    title = models.CharField(_("question in one line"), max_length=160)
    text = models.TextField(_("explanation"), blank=True)
    theme = models.ForeignKey(
        Theme,
        verbose_name=_("theme"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="desk_questions",
    )
    may_publish = models.BooleanField(_("others may read it, without the asker's name"), default=True)
    holder = models.ForeignKey(
        Organisation, verbose_name=_("is with"), on_delete=models.PROTECT, related_name="held_questions"
    )
    handler = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    joined_to = models.ForeignKey(
        "self",
        verbose_name=_("same question as"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="joined",
    )
    state = models.CharField(
        _("state"), max_length=10, choices=QuestionState, default=QuestionState.NEW, editable=False
    )
    received_at = models.DateTimeField(_("received"), default=timezone.now, editable=False)
    verified_at = models.DateTimeField(_("address verified"), null=True, blank=True, editable=False)
    due_on = models.DateField(_("answer due on"), null=True, blank=True, editable=False)
    waiting_since = models.DateField(_("waits for the asker since"), null=True, blank=True, editable=False)
    answered_at = models.DateTimeField(_("first answered"), null=True, blank=True, editable=False)
    changed_at = models.DateTimeField(_("last changed"), default=timezone.now, editable=False)
    public_title = models.CharField(_("question that everybody reads"), max_length=160, blank=True)
    public_text = models.TextField(_("explanation that everybody reads"), blank=True)
    public_answer = models.TextField(_("answer that everybody reads"), blank=True)
    published_at = models.DateTimeField(_("published"), null=True, blank=True, editable=False)
    is_illustrative = models.BooleanField(_("made up for the demonstration"), default=False)
    search = models.GeneratedField(
        expression=SearchVector("title", config="dutch", weight="A")
        + SearchVector("text", config="dutch", weight="B"),
        output_field=SearchVectorField(),
        db_persist=True,
    )
    public_search = models.GeneratedField(
        expression=SearchVector("public_title", config="dutch", weight="A")
        + SearchVector("public_text", "public_answer", config="dutch", weight="B"),
        output_field=SearchVectorField(),
        db_persist=True,
    )

    objects = QuestionManager()

    class Meta:
        ordering = ["-received_at", "-pk"]
        verbose_name = _("question to the desk")
        verbose_name_plural = _("questions to the desk")
        constraints = [
            models.CheckConstraint(
                condition=Q(organisation__isnull=False) | ~Q(asker_email=""),
                name="desk_question_has_an_asker",
                violation_error_message=_("A question comes from an organisation or from an e-mail address."),
            ),
            models.CheckConstraint(
                condition=Q(published_at__isnull=True)
                | (Q(may_publish=True) & ~Q(public_title="") & ~Q(public_answer="")),
                name="desk_question_published_by_choice",
                violation_error_message=_("A question is published with an answer, and only if the asker agrees."),
            ),
            models.CheckConstraint(
                condition=Q(joined_to__isnull=True) | ~Q(joined_to=F("id")),
                name="desk_question_not_joined_to_itself",
                violation_error_message=_("A question cannot be joined to itself."),
            ),
        ]
        indexes = [
            GinIndex(fields=["search"], name="desk_question_search"),
            GinIndex(fields=["public_search"], name="desk_question_public_search"),
            # Counting and leafing through what somebody may see reads this and not the texts.
            models.Index(
                fields=["-received_at", "-id"],
                include=["verified_at", "published_at", "organisation", "holder", "state", "theme"],
                name="desk_question_latest",
            ),
            models.Index(fields=["holder", "state", "due_on"], name="desk_question_held"),
            models.Index(fields=["organisation", "-received_at"], name="desk_question_asked"),
            models.Index(
                fields=["-published_at"],
                name="desk_question_published",
                condition=Q(published_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.public_title or _("Question {code}").format(code=self.public_id)

    def get_absolute_url(self) -> str:
        """Give the address of the question's page."""
        return reverse("activities:desk_question", args=[self.public_id])

    @property
    def has_account(self) -> bool:
        """Whether it was asked by somebody with an account."""
        return self.organisation_id is not None

    @property
    def is_open(self) -> bool:
        """Whether an answer is still due."""
        return self.state in OPEN_STATES


class InviteState(models.TextChoices):
    """What a city did with the question 'who has done this?'."""

    ASKED = "asked", _("asked")
    ANSWERED = "answered", _("answered")
    DECLINED = "declined", _("has no experience with this")


class DeskInvite(models.Model):
    """A city that is asked whether it has done this before."""

    question = models.ForeignKey(DeskQuestion, on_delete=models.CASCADE, related_name="invites")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="desk_invites")
    why = models.CharField(_("why this city"), max_length=200, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=InviteState, default=InviteState.ASKED)
    asked_on = models.DateField(_("asked on"))

    class Meta:
        ordering = ["pk"]
        verbose_name = _("question to another city")
        verbose_name_plural = _("questions to other cities")
        constraints = [
            models.UniqueConstraint(
                fields=["question", "organisation"],
                name="desk_invite_once",
                violation_error_message=_("This city was asked already."),
            )
        ]
        indexes = [models.Index(fields=["organisation", "state"], name="desk_invite_open")]

    def __str__(self) -> str:
        return f"{self.organisation}: {self.get_state_display()}"


class MessageKind(models.TextChoices):
    """What was said about a question."""

    ANSWER = "answer", _("the answer")
    EXPERIENCE = "experience", _("experience of a city")
    ASK_BACK = "ask_back", _("question to the asker")
    REPLY = "reply", _("reaction of the asker")
    REFERRAL = "referral", _("referred on")
    NOTE = "note", _("internal note")


class DeskMessage(models.Model):
    """One thing that was said about a question, by whom and when; it is never changed.

    Without an `organisation` the asker said it, who has no account. A note is read by those who handle the
    question alone.
    """

    question = models.ForeignKey(DeskQuestion, on_delete=models.CASCADE, related_name="messages")
    kind = models.CharField(_("kind"), max_length=10, choices=MessageKind)
    organisation = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    referred_to = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    text = models.TextField(_("text"))
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    by_label = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["at", "pk"]
        verbose_name = _("message about a question")
        verbose_name_plural = _("messages about questions")

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {self.at:%Y-%m-%d}"


class DeskRoute(models.Model):
    """Which organisation gets questions on a theme (`desk_routes.csv`); other ones go to who keeps the desk."""

    theme = models.OneToOneField(Theme, on_delete=models.CASCADE, related_name="desk_route")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="desk_routes")
    why_nl = models.CharField(_("why"), max_length=250)
    why_en = models.CharField(_("why, in English"), max_length=250, blank=True)

    class Meta:
        ordering = ["theme__order"]
        verbose_name = _("way of questions on a theme")
        verbose_name_plural = _("ways of questions on themes")

    def __str__(self) -> str:
        return f"{self.theme}: {self.organisation}"
