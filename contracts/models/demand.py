"""What companies and financiers offer to cities that want the same: an answer to a joint demand."""

from collections.abc import Iterable
from typing import Self

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from contracts.models.action import Action, Measure
from contracts.models.version import IN_FORCE_STATES
from governance.models import Organisation
from nss_portal.core.access import Actor, Role, standing_of
from nss_portal.core.ids import PublicIdField


class OfferStatus(models.TextChoices):
    """How far an offer is, as who made it says."""

    OPEN = "open", _("open: ask for more")
    TALKING = "talking", _("in conversation with cities")
    AGREED = "agreed", _("agreed with cities")
    WITHDRAWN = "withdrawn", _("withdrawn")


def wanting(cities: Iterable[int]) -> Q:
    """Give the condition on offers under which one of these organisations is a city that wants this."""
    wants = Action.objects.filter(
        measure=OuterRef("measure__code"),
        version__state__in=IN_FORCE_STATES,
        version__contract__municipalities__organisation__in=cities,
    )
    return ~Q(status=OfferStatus.WITHDRAWN) & Q(Exists(wants.order_by()))


class DemandOfferQuerySet(models.QuerySet["DemandOffer"]):
    """Offers, for who made them and for the cities that want this; nobody else."""

    def visible_to(self, actor: Actor) -> Self:
        """Keep offers of one's own organisation, and those to a city of which one may change the contract."""
        standing = standing_of(actor)
        if standing.is_system:
            return self
        cities = standing.roles.get(Role.MEMBER, frozenset()) | standing.roles.get(Role.TEAM, frozenset())
        partners = standing.roles.get(Role.PARTNER, frozenset())
        return self.filter(Q(organisation__in=partners) | wanting(cities))


class DemandOffer(models.Model):
    """What one organisation offers to all cities that want one kind of measure."""

    public_id = PublicIdField()
    measure = models.ForeignKey(Measure, on_delete=models.PROTECT, related_name="offers")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="demand_offers")
    text = models.TextField(_("offer"), max_length=4000)
    contact = models.CharField(_("whom to reach, and how"), max_length=200)
    status = models.CharField(_("status"), max_length=10, choices=OfferStatus, default=OfferStatus.OPEN)
    is_illustrative = models.BooleanField(_("made up for the demonstration"), default=False)
    # Counts every saving; a form that carries an older number was overtaken by a colleague.
    revision = models.PositiveIntegerField(default=0)
    made_at = models.DateTimeField(_("made"), default=timezone.now, editable=False)

    objects = DemandOfferQuerySet.as_manager()

    class Meta:
        ordering = ["-made_at", "pk"]
        verbose_name = _("offer to a joint demand")
        verbose_name_plural = _("offers to joint demands")
        constraints = [
            models.UniqueConstraint(
                fields=["measure", "organisation"],
                name="demand_offer_once",
                violation_error_message=_("Your organisation answered this demand already. Change that answer."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.public_id}"

    @property
    def is_open(self) -> bool:
        """Say whether cities can answer it."""
        return self.status != OfferStatus.WITHDRAWN


class OfferAnswerQuerySet(models.QuerySet["OfferAnswer"]):
    """Answers to offers, for the city that answers and for who made the offer; nobody else."""

    def visible_to(self, actor: Actor) -> Self:
        """Keep answers of one's own city, and those to an offer of one's own organisation."""
        standing = standing_of(actor)
        if standing.is_system:
            return self
        cities = standing.roles.get(Role.MEMBER, frozenset()) | standing.roles.get(Role.TEAM, frozenset())
        partners = standing.roles.get(Role.PARTNER, frozenset())
        return self.filter(Q(organisation__in=cities) | Q(offer__organisation__in=partners))


class OfferAnswer(models.Model):
    """What one city says to an offer: interested, with whom to reach, or not."""

    offer = models.ForeignKey(DemandOffer, on_delete=models.CASCADE, related_name="answers")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    is_interested = models.BooleanField(_("interested"))
    text = models.TextField(_("what the city says"), max_length=2000, blank=True)
    contact = models.CharField(_("whom to reach, and how"), max_length=200, blank=True)
    # Counts every saving; a form that carries an older number was overtaken by a colleague.
    revision = models.PositiveIntegerField(default=0)
    answered_at = models.DateTimeField(_("answered"), auto_now=True)

    objects = OfferAnswerQuerySet.as_manager()

    class Meta:
        ordering = ["offer", "-is_interested", "pk"]
        verbose_name = _("answer to an offer")
        verbose_name_plural = _("answers to offers")
        constraints = [
            models.UniqueConstraint(fields=["offer", "organisation"], name="offer_answered_once_per_city"),
            models.CheckConstraint(
                condition=Q(is_interested=False) | ~Q(contact=""),
                name="offer_answer_says_whom_to_reach",
                violation_error_message=_("Say whom they can reach at your municipality."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.offer} · {self.organisation_id}"
