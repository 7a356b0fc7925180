"""Who takes part in a programme: asked, yes or no and why, what it brings, joined and left; hours per year."""

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from activities.models.programme import Programme
from governance.models import Organisation

MOST_HOURS = 100_000
MOST_EUROS = 2_000_000_000


class Answer(models.TextChoices):
    """What an organisation says to the question to take part."""

    ASKED = "asked", _("asked")
    YES = "yes", _("takes part")
    NO = "no", _("does not take part")


class ProgrammePartner(models.Model):
    """An organisation in a programme, from when it was asked until it leaves, each with the reason.

    `hours` is per year, `euros` for the whole run: what is pledged, not what is booked. `is_location`: the
    programme runs in this city. Who comes back after leaving has a second row.
    """

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="partners")
    organisation = models.ForeignKey(
        Organisation, verbose_name=_("organisation"), on_delete=models.PROTECT, related_name="programme_parts"
    )
    answer = models.CharField(_("answer"), max_length=6, choices=Answer, default=Answer.ASKED)
    why = models.TextField(_("why"), blank=True)
    asked_on = models.DateField(_("asked on"), default=timezone.localdate)
    answered_on = models.DateField(_("answered on"), null=True, blank=True)
    is_location = models.BooleanField(_("the programme runs here"), default=False)
    hours = models.PositiveIntegerField(
        _("hours per year"), null=True, blank=True, validators=[MaxValueValidator(MOST_HOURS)]
    )
    euros = models.PositiveIntegerField(
        _("euros in all"), null=True, blank=True, validators=[MaxValueValidator(MOST_EUROS)]
    )
    brings = models.CharField(_("what it brings"), max_length=300, blank=True)
    contact = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("whom to call"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    joined_on = models.DateField(_("joined"), null=True, blank=True)
    left_on = models.DateField(_("left"), null=True, blank=True)
    left_reason = models.TextField(_("why it left"), blank=True)

    class Meta:
        ordering = ["asked_on", "pk"]
        verbose_name = _("partner of a programme")
        verbose_name_plural = _("partners of programmes")
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "organisation"],
                condition=Q(left_on__isnull=True),
                name="programme_partner_once",
                violation_error_message=_("This organisation is asked already."),
            ),
            models.CheckConstraint(
                condition=Q(left_on__isnull=True) | Q(joined_on__isnull=True) | Q(left_on__gte=F("joined_on")),
                name="programme_partner_left_after_joining",
                violation_error_message=_("The last day lies before the first."),
            ),
            models.CheckConstraint(
                condition=Q(left_on__isnull=True) | ~Q(left_reason=""),
                name="programme_partner_leaves_with_reason",
                violation_error_message=_("Give a reason."),
            ),
            models.CheckConstraint(
                condition=~Q(answer="no") | ~Q(why=""),
                name="programme_partner_says_no_with_reason",
                violation_error_message=_("Say why not: that helps whoever tries it again."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.organisation)


class HoursEstimate(models.Model):
    """About how many hours a partner gave in a year: one number a year, never time sheets."""

    partner = models.ForeignKey(ProgrammePartner, on_delete=models.CASCADE, related_name="estimates")
    year = models.PositiveSmallIntegerField(_("year"))
    hours = models.PositiveIntegerField(_("hours, about"), validators=[MaxValueValidator(MOST_HOURS)])
    euros = models.PositiveIntegerField(
        _("euros"), null=True, blank=True, validators=[MaxValueValidator(MOST_EUROS)]
    )
    note = models.CharField(_("note"), max_length=300, blank=True)
    at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["year", "pk"]
        verbose_name = _("estimate of hours")
        verbose_name_plural = _("estimates of hours")
        constraints = [
            models.UniqueConstraint(
                fields=["partner", "year"],
                name="programme_hours_once_a_year",
                violation_error_message=_("There is an estimate of this year already."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.partner}, {self.year}"
