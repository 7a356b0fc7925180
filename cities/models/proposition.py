"""Propositions: what a city or region puts on the agenda itself, on an urban task; a rolling agenda."""

from datetime import date
from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cities.models.reference import Labelled
from governance.models import Organisation
from nss_portal.core.access.querysets import AccessQuerySet, narrow
from nss_portal.core.access.resources import visible_q
from nss_portal.core.access.standing import Actor, standing_of
from nss_portal.core.ids import PublicIdField


class UrbanTask(Labelled):
    """An urban task that propositions are about (`urban_tasks.csv`); the list is open."""

    class Meta(Labelled.Meta):
        verbose_name = _("urban task")
        verbose_name_plural = _("urban tasks")


class PropositionState(models.TextChoices):
    """Where a proposition stands."""

    DRAFT = "draft", _("draft")
    OPEN = "open", _("on the agenda")
    ON_ITS_WAY = "on-its-way", _("on its way")
    CLOSED = "closed", _("closed")
    WITHDRAWN = "withdrawn", _("withdrawn")


class Way(models.TextChoices):
    """The three ways on from the agenda."""

    SELF = "self", _("the cities do it themselves")
    POLICY = "policy", _("it goes into running policy")
    PROGRAMME = "programme", _("it grows into a programme")


SHARED = (PropositionState.OPEN, PropositionState.ON_ITS_WAY, PropositionState.CLOSED)


class PropositionQuerySet(AccessQuerySet["Proposition"]):
    """Propositions: what stands on the agenda is public, a draft is for who may change it."""

    resource = "proposition"

    def visible_to(self, actor: Actor) -> Self:
        """Keep what is shared, and what the actor may change.

        The matrix has no row for viewing: who shares a proposition puts it on the public agenda.
        """
        if standing_of(actor).is_system:
            return self
        return narrow(self, Q(state__in=SHARED) | visible_q(actor, self.resource))

    def drafts(self) -> Self:
        """Keep those that are not finished yet."""
        return self.filter(state=PropositionState.DRAFT)

    def listed(self) -> Self:
        """Leave out what was withdrawn."""
        return self.exclude(state=PropositionState.WITHDRAWN)

    def with_support(self) -> Self:
        """Add `supporters`: how many organisations support it now; those that merged since count as one."""
        now = PropositionSupport.objects.filter(proposition=models.OuterRef("pk"), left_on__isnull=True)
        then, last = "organisation__successor", "organisation__successor__successor"
        once = Q(**{f"{then}__isnull": False, "organisation__valid_to__isnull": False})
        twice = once & Q(**{f"{last}__isnull": False, f"{then}__valid_to__isnull": False})
        onward = models.Case(
            models.When(twice, then=F(last)), models.When(once, then=F(then)), default=F("organisation")
        )
        each = now.order_by().values("proposition").annotate(count=models.Count(onward, distinct=True))
        counted = each.values("count")
        return self.annotate(supporters=Coalesce(models.Subquery(counted), 0))


class Proposition(models.Model):
    """What an organisation puts on the agenda; `version` counts changes, so that two editors notice each other.

    It stands on the agenda from `starts_on` to `ends_on`, and is looked at again on `review_on`: it rolls on.
    """

    public_id = PublicIdField()
    organisation = models.ForeignKey(
        Organisation, verbose_name=_("put forward by"), on_delete=models.PROTECT, related_name="propositions"
    )
    region = models.CharField(_("region"), max_length=120, blank=True)
    task = models.ForeignKey(
        UrbanTask,
        verbose_name=_("urban task"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="propositions",
    )
    title = models.CharField(_("title"), max_length=160)
    text = models.TextField(_("what it is about"), blank=True)
    ask = models.TextField(_("what is asked of others"), blank=True)
    state = models.CharField(
        _("state"), max_length=12, choices=PropositionState, default=PropositionState.DRAFT, editable=False
    )
    way = models.CharField(_("way on"), max_length=10, choices=Way, blank=True, editable=False)
    way_note = models.TextField(_("why this way"), blank=True, editable=False)
    result_label = models.CharField(_("what came of it"), max_length=200, blank=True, editable=False)
    result_url = models.CharField(max_length=300, blank=True, editable=False)
    starts_on = models.DateField(_("on the agenda from"), null=True, blank=True)
    ends_on = models.DateField(_("until"), null=True, blank=True)
    review_on = models.DateField(_("looked at again on"), null=True, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)
    is_illustrative = models.BooleanField(_("made up for the demonstration"), default=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(_("made"), default=timezone.now, editable=False)
    changed_at = models.DateTimeField(_("last changed"), default=timezone.now, editable=False)
    shared_at = models.DateTimeField(_("put on the agenda"), null=True, blank=True, editable=False)

    objects: ClassVar[PropositionQuerySet] = PropositionQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["-changed_at", "-pk"]
        verbose_name = _("proposition")
        verbose_name_plural = _("propositions")
        constraints = [
            models.CheckConstraint(
                condition=Q(starts_on__isnull=True) | Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="proposition_ends_after_it_starts",
                violation_error_message=_("The last day lies before the first."),
            ),
            models.CheckConstraint(
                condition=~Q(state="on-its-way") | ~Q(way=""),
                name="proposition_on_its_way_has_a_way",
                violation_error_message=_("Say which way the proposition goes on."),
            ),
        ]
        indexes = [models.Index(fields=["state", "-changed_at"], name="proposition_by_state")]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """Give the address of the proposition's page."""
        return reverse("cities:proposition", args=[self.public_id])

    def is_due(self, day: date) -> bool:
        """Say whether it stands on the agenda and is to be looked at again by a day."""
        return self.state == PropositionState.OPEN and self.review_on is not None and self.review_on <= day


class PropositionSupport(models.Model):
    """An organisation joins a proposition, with what it brings and why, from a day to a day."""

    proposition = models.ForeignKey(Proposition, on_delete=models.CASCADE, related_name="supports")
    organisation = models.ForeignKey(
        Organisation,
        verbose_name=_("organisation"),
        on_delete=models.PROTECT,
        related_name="supported_propositions",
    )
    brings = models.CharField(_("what it brings"), max_length=300)
    why = models.TextField(_("why it joins"))
    joined_on = models.DateField(_("joined"))
    left_on = models.DateField(_("left"), null=True, blank=True)
    left_reason = models.TextField(_("why it left"), blank=True)

    class Meta:
        ordering = ["joined_on", "pk"]
        verbose_name = _("support of a proposition")
        verbose_name_plural = _("support of propositions")
        constraints = [
            models.UniqueConstraint(
                fields=["proposition", "organisation"],
                condition=Q(left_on__isnull=True),
                name="proposition_supported_once",
                violation_error_message=_("This organisation supports the proposition already."),
            ),
            models.CheckConstraint(
                condition=Q(left_on__isnull=True) | Q(left_on__gte=F("joined_on")),
                name="proposition_left_after_joining",
                violation_error_message=_("The last day lies before the first."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.organisation)
