"""Mail that the portal sends: one row and one Message-ID per mail."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from nss_portal.core.access.querysets import AccessQuerySet
from nss_portal.core.ids import PublicIdField


class MailState(models.TextChoices):
    """Where a mail stands. 'uncertain': a crash leaves it open whether it went."""

    QUEUED = "queued", _("waiting")
    SENDING = "sending", _("being sent")
    SENT = "sent", _("sent")
    UNCERTAIN = "uncertain", _("uncertain whether sent")
    FAILED = "failed", _("not sent")
    SUPPRESSED = "suppressed", _("held back")


class OutgoingMailQuerySet(AccessQuerySet["OutgoingMail"]):
    """Mails; only coordinators see them, and only what is needed to set right what went wrong."""

    resource = "mail"


class OutgoingMail(models.Model):
    """One mail to one address; `text` and `html` are what is sent, letter for letter."""

    public_id = PublicIdField()
    key = models.CharField(max_length=200, unique=True)
    message_id = models.CharField(max_length=200, unique=True)
    recipient = models.EmailField(_("to"))
    subject = models.CharField(_("subject"), max_length=255)
    text = models.TextField()
    html = models.TextField(blank=True)
    # An appointment that goes along, as iCalendar.
    calendar = models.TextField(blank=True)
    language = models.CharField(max_length=2, default="nl")
    about_type = models.CharField(max_length=100, blank=True)
    about_id = models.CharField(max_length=40, blank=True)
    about_label = models.CharField(_("about"), max_length=200, blank=True)
    state = models.CharField(_("state"), max_length=12, choices=MailState, default=MailState.QUEUED)
    rounds = models.PositiveIntegerField(default=1)
    attempts = models.PositiveIntegerField(_("tries"), default=0)
    sending_by = models.CharField(max_length=120, blank=True)
    sending_since = models.DateTimeField(null=True, blank=True)
    last_error = models.TextField(_("last error"), blank=True)
    queued_at = models.DateTimeField(_("written at"), default=timezone.now)
    sent_at = models.DateTimeField(_("sent at"), null=True, blank=True)

    objects = OutgoingMailQuerySet.as_manager()

    class Meta:
        ordering = ["-queued_at", "-pk"]
        verbose_name = _("mail")
        verbose_name_plural = _("mails")
        indexes = [
            models.Index(fields=["-queued_at", "-id"], name="mail_newest"),
            models.Index(fields=["about_type", "about_id"], name="mail_about"),
            models.Index(fields=["queued_at"], name="mail_open", condition=~Q(state="sent")),
        ]

    def __str__(self) -> str:
        return self.subject


class SuppressedAddress(models.Model):
    """An address that is no longer mailed, and why."""

    address = models.EmailField(_("address"))
    reason = models.CharField(_("reason"), max_length=255)
    by_label = models.CharField(max_length=200)
    since = models.DateTimeField(_("since"), default=timezone.now)

    class Meta:
        ordering = ["address"]
        verbose_name = _("address that is not mailed")
        verbose_name_plural = _("addresses that are not mailed")
        constraints = [
            models.UniqueConstraint(
                Lower("address"),
                name="suppressed_address_once",
                violation_error_message=_("This address is on the list already."),
            )
        ]

    def __str__(self) -> str:
        return self.address


class MailboxMessage(models.Model):
    """A mail that landed in the portal's own mailbox, where no mail server is set (demo mode)."""

    public_id = PublicIdField()
    message_id = models.CharField(max_length=200, unique=True)
    recipient = models.CharField(max_length=254)
    subject = models.CharField(max_length=255)
    text = models.TextField()
    html = models.TextField(blank=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return self.subject
