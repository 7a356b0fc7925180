"""Knowledge products: what one can take along, and where it is used."""

from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from activities.models.lesson import Lesson
from activities.models.programme import Programme
from cities.models import Theme, TransitionStep
from governance.models import Organisation
from nss_portal.core.access import Actor, standing_of
from nss_portal.core.access.querysets import AccessQuerySet, narrow
from nss_portal.core.access.resources import visible_q
from nss_portal.core.ids import PublicIdField


class ProductKind(models.TextChoices):
    """What kind of thing a knowledge product is."""

    ONE_PAGER = "one-pager", _("one-pager")
    TOOLBOX = "toolbox", _("toolbox")
    PODCAST = "podcast", _("podcast")
    GUIDE = "guide", _("guide")
    MODEL_TEXT = "model-text", _("model text")


class PublishingState(models.TextChoices):
    """Where a knowledge product or a news item stands."""

    DRAFT = "draft", _("draft")
    PUBLISHED = "published", _("published")
    WITHDRAWN = "withdrawn", _("withdrawn")


class KnowledgeProductQuerySet(AccessQuerySet["KnowledgeProduct"]):
    """Knowledge products: what is published is public, a draft is for who may change it."""

    resource = "knowledge_product"

    def visible_to(self, actor: Actor) -> Self:
        """Keep what is published, and what the actor may change. The matrix has no row for viewing."""
        if standing_of(actor).is_system:
            return self
        return narrow(self, Q(state=PublishingState.PUBLISHED) | visible_q(actor, self.resource))

    def listed(self) -> Self:
        """Leave out what was withdrawn."""
        return self.exclude(state=PublishingState.WITHDRAWN)


class KnowledgeProduct(models.Model):
    """Something that came of working together and that another city can take as it is, as a link or a file."""

    public_id = PublicIdField()
    organisation = models.ForeignKey(
        Organisation, verbose_name=_("of"), on_delete=models.PROTECT, related_name="knowledge_products"
    )
    kind = models.CharField(_("kind"), max_length=12, choices=ProductKind)
    title = models.CharField(_("title"), max_length=160)
    summary = models.TextField(_("what it is, and for whom"))
    url = models.URLField(_("where it is"), max_length=300, blank=True)
    theme = models.ForeignKey(
        Theme, verbose_name=_("theme"), null=True, blank=True, on_delete=models.PROTECT, related_name="products"
    )
    steps = models.ManyToManyField(
        TransitionStep, verbose_name=_("steps of the roadmap"), blank=True, related_name="products"
    )
    lessons = models.ManyToManyField(Lesson, verbose_name=_("lessons"), blank=True, related_name="products")
    programmes = models.ManyToManyField(
        Programme, verbose_name=_("programmes"), blank=True, related_name="products"
    )
    # Where else it is used, in the standard approach say: [{"label", "url"}].
    places = models.JSONField(_("where else it is used"), default=list, blank=True)
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

    objects: ClassVar[KnowledgeProductQuerySet] = KnowledgeProductQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["-changed_at", "-pk"]
        verbose_name = _("knowledge product")
        verbose_name_plural = _("knowledge products")
        indexes = [models.Index(fields=["state", "-published_at", "-id"], name="product_newest")]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """Give the address of the product's page."""
        return reverse("activities:product", args=[self.public_id])
