"""Signals: what cities formally put before a ministry, a province or the EU."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cities.models.bottleneck import Bottleneck
from governance.models import Organisation
from nss_portal.core.access.querysets import AccessQuerySet
from nss_portal.core.ids import PublicIdField


class SignalState(models.TextChoices):
    """Where a signal stands."""

    DRAFT = "draft", _("draft")
    SENT = "sent", _("sent")
    RECEIVED = "received", _("received")
    ANSWERED = "answered", _("answered")
    FOLLOW_UP = "follow_up", _("in follow-up")
    CLOSED = "closed", _("rounded off")
    WITHDRAWN = "withdrawn", _("withdrawn")


# An answer is still due.
OPEN_STATES = (SignalState.SENT, SignalState.RECEIVED)


class Audience(models.TextChoices):
    """Who reads a signal from the moment that it is sent; a draft is read by who writes and co-signs it."""

    NETWORK = "network", _("the network of mission and EoI cities")
    PUBLISHED = "published", _("everybody")


class SignalQuerySet(AccessQuerySet["Signal"]):
    """Signals that somebody may see."""

    resource = "signal"

    def sent(self) -> Self:
        """Leave out drafts."""
        return self.exclude(state=SignalState.DRAFT)

    def waiting(self) -> Self:
        """Keep those to which an answer is still due."""
        return self.filter(state__in=OPEN_STATES)


class Signal(models.Model):
    """A formal question of one or more cities, or of the coordination team, to another government.

    `organisation` writes and sends it, others co-sign. `no_owner` says that nobody knew whose it was when it was
    sent. `answer_by` is the day that the sender asked for; the day that holds stands with the addressee. `key`
    makes a draft that another part of the portal proposes come once.
    """

    public_id = PublicIdField()
    key = models.CharField(max_length=120, unique=True, null=True, blank=True, editable=False)
    organisation = models.ForeignKey(
        Organisation, verbose_name=_("sender"), on_delete=models.PROTECT, related_name="signals"
    )
    title = models.CharField(_("title"), max_length=160)
    question = models.TextField(_("what is asked"), blank=True)
    background = models.TextField(_("background"), blank=True)
    bottlenecks = models.ManyToManyField(
        Bottleneck, verbose_name=_("bottlenecks"), blank=True, related_name="signals"
    )
    no_owner = models.BooleanField(_("no owner known"), default=False)
    contact_function = models.CharField(_("contact person"), max_length=120, blank=True)
    contact_reach = models.CharField(_("e-mail address or telephone number"), max_length=120, blank=True)
    answer_by = models.DateField(_("answer by"), null=True, blank=True)
    audience = models.CharField(_("who reads it"), max_length=10, choices=Audience, default=Audience.PUBLISHED)
    state = models.CharField(
        _("state"), max_length=12, choices=SignalState, default=SignalState.DRAFT, editable=False
    )
    sent_on = models.DateField(_("sent on"), null=True, blank=True, editable=False)
    outcome = models.TextField(_("what became of it"), blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)
    is_illustrative = models.BooleanField(_("made up for the demonstration"), default=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(_("made"), default=timezone.now, editable=False)
    changed_at = models.DateTimeField(_("last changed"), default=timezone.now, editable=False)

    objects = SignalQuerySet.as_manager()

    class Meta:
        ordering = ["-changed_at", "-pk"]
        verbose_name = _("signal")
        verbose_name_plural = _("signals")
        constraints = [
            models.CheckConstraint(
                condition=Q(state="draft") | Q(sent_on__isnull=False, answer_by__isnull=False),
                name="signal_sent_has_its_dates",
                violation_error_message=_(
                    "A signal that is sent has a day on which it went, and one for the answer."
                ),
            ),
            models.CheckConstraint(
                condition=~Q(state="closed") | ~Q(outcome=""),
                name="signal_closed_says_what_became_of_it",
                violation_error_message=_("A signal that is closed says what became of it."),
            ),
        ]
        indexes = [
            models.Index(fields=["organisation", "state"], name="signal_sender_state"),
            models.Index(fields=["state", "-sent_on"], name="signal_state_latest"),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """Give the address of the signal's page."""
        return reverse("cities:signal", args=[self.public_id])

    @property
    def is_draft(self) -> bool:
        """Whether it is not sent yet."""
        return self.state == SignalState.DRAFT


class CosignState(models.TextChoices):
    """What another sender did with the question to co-sign."""

    INVITED = "invited", _("asked")
    SIGNED = "signed", _("co-signed")
    DECLINED = "declined", _("does not co-sign")
    WITHDRAWN = "withdrawn", _("took the signature back")
    LAPSED = "lapsed", _("did not answer in time")


# These see the draft.
READING_STATES = (CosignState.INVITED, CosignState.SIGNED)


class SignalCosigner(models.Model):
    """Another organisation that sends the signal too; whoever signs does so for the own organisation."""

    signal = models.ForeignKey(Signal, on_delete=models.CASCADE, related_name="cosigners")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="cosigned_signals")
    state = models.CharField(_("state"), max_length=12, choices=CosignState, default=CosignState.INVITED)
    reason = models.TextField(_("reason"), blank=True)
    by_label = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["pk"]
        verbose_name = _("co-signature")
        verbose_name_plural = _("co-signatures")
        constraints = [
            models.UniqueConstraint(
                fields=["signal", "organisation"],
                name="signal_cosigner_once",
                violation_error_message=_("This organisation was asked already."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.organisation}: {self.get_state_display()}"


class AddresseeTask(models.TextChoices):
    """What is asked of an addressee."""

    ANSWER = "answer", _("answer")
    NAME = "name", _("name an owner")


class SignalAddressee(models.Model):
    """An organisation to which a signal goes, or went before it was referred on.

    The organisation stays the one of the day; whoever took its task over since answers (`selectors_signals`).
    `until` is the day on which another took its place. `due_on` is the day that holds for this addressee.
    """

    signal = models.ForeignKey(Signal, on_delete=models.CASCADE, related_name="addressees")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="addressed_signals")
    task = models.CharField(_("task"), max_length=10, choices=AddresseeTask, default=AddresseeTask.ANSWER)
    is_lead = models.BooleanField(_("in the lead"), default=False)
    addressed_on = models.DateField(_("addressed on"), null=True, blank=True)
    due_on = models.DateField(_("answer due on"), null=True, blank=True)
    received_on = models.DateField(_("received on"), null=True, blank=True)
    answered_on = models.DateField(_("answered on"), null=True, blank=True)
    until = models.DateField(_("until"), null=True, blank=True)

    class Meta:
        ordering = ["-is_lead", "pk"]
        verbose_name = _("addressee")
        verbose_name_plural = _("addressees")
        constraints = [
            models.UniqueConstraint(
                fields=["signal"],
                condition=Q(is_lead=True, until__isnull=True),
                name="signal_one_addressee_in_the_lead",
                violation_error_message=_("One addressee is in the lead."),
            ),
            models.UniqueConstraint(
                fields=["signal", "organisation"],
                condition=Q(until__isnull=True),
                name="signal_addressee_once",
                violation_error_message=_("This organisation is addressed already."),
            ),
        ]
        indexes = [models.Index(fields=["organisation", "until"], name="signal_addressee_present")]

    def __str__(self) -> str:
        return str(self.organisation)
