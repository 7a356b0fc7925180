"""The newsletter: a draft out of what was published and is public, for the editors to send with their own tool."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from nss_portal.core.access.querysets import AccessQuerySet
from nss_portal.core.ids import PublicIdField


class NewsletterState(models.TextChoices):
    """Whether it went out."""

    DRAFT = "draft", _("draft")
    SENT = "sent", _("sent")


class NewsletterQuerySet(AccessQuerySet["Newsletter"]):
    """Newsletters, for who brings news."""

    resource = "newsletter"


class Newsletter(models.Model):
    """One newsletter. It offers what was published from `since` on.

    `items` is the ordered list of chosen records: [{"kind": "lesson", "id": "abc123"}]; they are read anew
    at each turn, as a visitor sees them, so what is withdrawn is gone from the draft too. `until` is the moment up
    to which the editors saw what was offered: the next one begins there. Of one that was sent `html` and `text`
    stay as they went out.
    """

    public_id = PublicIdField()
    title = models.CharField(_("subject"), max_length=120)
    introduction = models.TextField(_("introduction"), blank=True)
    items = models.JSONField(default=list, blank=True)
    since = models.DateTimeField(_("from"), default=timezone.now, editable=False)
    until = models.DateTimeField(_("until"), default=timezone.now, editable=False)
    state = models.CharField(
        _("state"), max_length=6, choices=NewsletterState, default=NewsletterState.DRAFT, editable=False
    )
    sent_on = models.DateField(_("sent on"), null=True, blank=True, editable=False)
    html = models.TextField(blank=True, editable=False)
    text = models.TextField(blank=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(_("made"), default=timezone.now, editable=False)
    changed_at = models.DateTimeField(_("last changed"), default=timezone.now, editable=False)

    objects: ClassVar[NewsletterQuerySet] = NewsletterQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["-since", "-pk"]
        verbose_name = _("newsletter")
        verbose_name_plural = _("newsletters")
        constraints = [
            models.UniqueConstraint(
                fields=["state"],
                condition=Q(state="draft"),
                name="newsletter_one_draft",
                violation_error_message=_("There is a draft already. Send it or throw it away first."),
            ),
            models.CheckConstraint(
                condition=Q(state="draft") | Q(sent_on__isnull=False),
                name="newsletter_sent_has_its_day",
                violation_error_message=_("Say on which day it was sent."),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """Give the address: the form of a draft, the text of one that was sent."""
        return reverse("activities:newsletter", args=[self.public_id])

    @property
    def period(self) -> str:
        """From which day until which it brings what was published."""
        first, last = (date_format(timezone.localtime(one), "j F Y") for one in (self.since, self.until))
        return _("{first} to {last}").format(first=first, last=last)
