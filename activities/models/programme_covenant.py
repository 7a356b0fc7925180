"""The covenant of a programme, its signing rounds and the signatures under it."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from activities.models.programme import Programme
from activities.models.programme_partner import ProgrammePartner
from governance.models import Organisation
from nss_portal.core.access.querysets import AccessQuerySet


class CovenantQuerySet(AccessQuerySet["Covenant"]):
    """Covenants; the programme says who reads them, the matrix who signs."""

    resource = "covenant"


class Covenant(models.Model):
    """What the partners agree. Once `fixed_at` is set it never changes: `fixed` is the text that is signed.

    `digest` is the SHA-256 of that text with goal, time path, milestones and contributions.
    """

    programme = models.OneToOneField(Programme, on_delete=models.CASCADE, related_name="covenant")
    goal = models.TextField(_("goal"), blank=True)
    why = models.TextField(_("why"), blank=True)
    agreements = models.TextField(_("what is agreed"), blank=True)
    starts_on = models.DateField(_("runs from"), null=True, blank=True)
    ends_on = models.DateField(_("until"), null=True, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)
    fixed_at = models.DateTimeField(_("fixed"), null=True, blank=True, editable=False)
    fixed = models.JSONField(null=True, blank=True, editable=False)
    digest = models.CharField(max_length=64, blank=True, editable=False)

    objects: ClassVar[CovenantQuerySet] = CovenantQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["pk"]
        verbose_name = _("covenant")
        verbose_name_plural = _("covenants")
        constraints = [
            models.CheckConstraint(
                condition=Q(starts_on__isnull=True) | Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="covenant_ends_after_it_starts",
                violation_error_message=_("The last day lies before the first."),
            ),
            models.CheckConstraint(
                condition=Q(fixed_at__isnull=True, digest="") | (Q(fixed_at__isnull=False) & ~Q(digest="")),
                name="covenant_fixed_with_digest",
                violation_error_message=_("A covenant that is fixed has a mark of its text."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.programme)


class SigningRound(models.Model):
    """A moment at which partners sign; later rounds let others join. Open until `closed_on`."""

    covenant = models.ForeignKey(Covenant, on_delete=models.CASCADE, related_name="rounds")
    number = models.PositiveSmallIntegerField(_("round"))
    held_on = models.DateField(_("day of signing"))
    place = models.CharField(_("where"), max_length=160, blank=True)
    closed_on = models.DateField(_("closed on"), null=True, blank=True)
    # As `stcrt-2021-12345`; see services.programmes.gazette.
    gazette = models.CharField(_("Staatscourant"), max_length=20, blank=True)

    class Meta:
        ordering = ["number"]
        verbose_name = _("signing round")
        verbose_name_plural = _("signing rounds")
        constraints = [
            models.UniqueConstraint(
                fields=["covenant", "number"],
                name="signing_round_number_once",
                violation_error_message=_("This round is there already."),
            ),
            models.UniqueConstraint(
                fields=["covenant"],
                condition=Q(closed_on__isnull=True),
                name="signing_round_one_open",
                violation_error_message=_("Another signing round is open already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.covenant}, {self.number}"


class Signature(models.Model):
    """One party's signature, with what it pledged at that moment; never changed."""

    round = models.ForeignKey(SigningRound, on_delete=models.PROTECT, related_name="signatures")
    partner = models.OneToOneField(ProgrammePartner, on_delete=models.PROTECT, related_name="signature")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    signed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    signed_by_label = models.CharField(_("signed by"), max_length=200)
    signed_at = models.DateTimeField(_("signed"), default=timezone.now)
    hours = models.PositiveIntegerField(_("hours per year"), null=True, blank=True)
    euros = models.PositiveIntegerField(_("euros in all"), null=True, blank=True)
    digest = models.CharField(max_length=64)

    class Meta:
        ordering = ["signed_at", "pk"]
        verbose_name = _("signature")
        verbose_name_plural = _("signatures")

    def __str__(self) -> str:
        return f"{self.organisation} ({self.signed_by_label})"
