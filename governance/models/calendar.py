"""The personal address at which somebody's calendar is read by Outlook, Google or Apple."""

import secrets

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext_lazy as _

from nss_portal.core.ids import PublicIdField

# So many characters of the seal stand in the address: 128 bits and more.
SEAL_LENGTH = 32


def new_nonce() -> str:
    """Draw what makes an address new: with another one the old address no longer fits."""
    return secrets.token_hex(16)


class CalendarContent(models.TextChoices):
    """What a personal calendar holds."""

    MINE = "mine", _("only what I take part in and what is asked of me")
    ALL = "all", _("everything that I may see on the agenda")


class CalendarAddress(models.Model):
    """One person's calendar address. The address itself is worked out, not kept: a copy of the data opens nothing.

    Whoever has the address reads the calendar without logging in, so it can be replaced and stopped at any time.
    """

    public_id = PublicIdField()
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="calendar_address"
    )
    nonce = models.CharField(max_length=32, default=new_nonce, editable=False)
    content = models.CharField(
        _("what the calendar holds"), max_length=5, choices=CalendarContent, default=CalendarContent.MINE
    )
    made_at = models.DateTimeField(_("made"), default=timezone.now, editable=False)
    read_on = models.DateField(_("last read"), null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("calendar address")
        verbose_name_plural = _("calendar addresses")

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} {self.public_id}"

    @property
    def token(self) -> str:
        """The secret part of the address."""
        seal = salted_hmac("governance.calendar", f"{self.public_id}:{self.nonce}", algorithm="sha256").hexdigest()
        return f"{self.public_id}{seal[:SEAL_LENGTH]}"

    @classmethod
    def of_token(cls, token: str) -> "CalendarAddress | None":
        """Give the address that a token belongs to; None when it is not, or no longer, one. One query."""
        found = cls.objects.filter(public_id=token[:-SEAL_LENGTH]).select_related("user").first()
        return found if found is not None and constant_time_compare(found.token, token) else None
