"""News: short items of the editors and the coordination team."""

from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from activities.models.knowledge import PublishingState
from governance.models import Organisation
from nss_portal.core.access import Actor, standing_of
from nss_portal.core.access.querysets import AccessQuerySet, narrow
from nss_portal.core.access.resources import visible_q
from nss_portal.core.ids import PublicIdField


class NewsQuerySet(AccessQuerySet["News"]):
    """News: what is published is public, a draft is for who may change it."""

    resource = "news"

    def visible_to(self, actor: Actor) -> Self:
        """Keep what is published, and what the actor may change. The matrix has no row for viewing."""
        if standing_of(actor).is_system:
            return self
        return narrow(self, Q(state=PublishingState.PUBLISHED) | visible_q(actor, self.resource))

    def published(self) -> Self:
        """Keep what is published, the newest first."""
        return self.filter(state=PublishingState.PUBLISHED).order_by("-published_at", "-pk")


class News(models.Model):
    """One short item: what happened, in a few sentences, with where to read on."""

    public_id = PublicIdField()
    organisation = models.ForeignKey(
        Organisation, verbose_name=_("of"), on_delete=models.PROTECT, related_name="news"
    )
    title = models.CharField(_("title"), max_length=120)
    text = models.TextField(_("text"))
    url = models.CharField(_("read on at"), max_length=300, blank=True)
    state = models.CharField(
        _("state"), max_length=12, choices=PublishingState, default=PublishingState.DRAFT, editable=False
    )
    version = models.PositiveIntegerField(default=1, editable=False)
    is_illustrative = models.BooleanField(_("made up for the demonstration"), default=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(_("made"), default=timezone.now, editable=False)
    changed_at = models.DateTimeField(_("last changed"), default=timezone.now, editable=False)
    published_at = models.DateTimeField(_("published"), null=True, blank=True, editable=False)

    objects: ClassVar[NewsQuerySet] = NewsQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["-changed_at", "-pk"]
        verbose_name = _("news item")
        verbose_name_plural = _("news")
        indexes = [models.Index(fields=["state", "-published_at", "-id"], name="news_newest")]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """Give the address of the item's page."""
        return reverse("activities:news_item", args=[self.public_id])
