"""What cities do with a subsidy or call: show interest, and apply together."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from activities.models.desk import DirectoryEntry
from governance.models import Organisation
from nss_portal.core.access.querysets import AccessQuerySet
from nss_portal.core.ids import PublicIdField


class CallInterest(models.Model):
    """A city that looks at a subsidy or call; others that do so find it there."""

    entry = models.ForeignKey(DirectoryEntry, on_delete=models.CASCADE, related_name="interests")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="call_interests")
    note = models.CharField(_("what we would do with it"), max_length=300, blank=True)
    since = models.DateField(_("since"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        ordering = ["since", "pk"]
        verbose_name = _("interest in a call")
        verbose_name_plural = _("interests in calls")
        constraints = [
            models.UniqueConstraint(
                fields=["entry", "organisation"],
                name="call_interest_once",
                violation_error_message=_("This organisation has shown interest already."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.organisation}: {self.entry}"


class ApplicationState(models.TextChoices):
    """Where a joint application stands."""

    FORMING = "forming", _("in preparation")
    SUBMITTED = "submitted", _("submitted")
    GRANTED = "granted", _("granted")
    REJECTED = "rejected", _("not granted")
    WITHDRAWN = "withdrawn", _("called off")


class ApplicationQuerySet(AccessQuerySet["JointApplication"]):
    """Joint applications that somebody may see."""

    resource = "joint_application"


class JointApplication(models.Model):
    """Several organisations apply together; one leads. While `is_open`, other cities see it and can join."""

    public_id = PublicIdField()
    entry = models.ForeignKey(DirectoryEntry, on_delete=models.PROTECT, related_name="applications")
    organisation = models.ForeignKey(
        Organisation, verbose_name=_("leads"), on_delete=models.PROTECT, related_name="applications_led"
    )
    title = models.CharField(_("title"), max_length=160)
    text = models.TextField(_("what we apply for"), blank=True)
    is_open = models.BooleanField(_("others can join"), default=True)
    submit_by = models.DateField(_("own deadline"), null=True, blank=True)
    submitted_on = models.DateField(_("submitted on"), null=True, blank=True, editable=False)
    decided_on = models.DateField(_("decided on"), null=True, blank=True, editable=False)
    result = models.TextField(_("result"), blank=True, editable=False)
    state = models.CharField(
        _("state"), max_length=10, choices=ApplicationState, default=ApplicationState.FORMING, editable=False
    )
    version = models.PositiveIntegerField(default=1, editable=False)
    is_illustrative = models.BooleanField(_("made up for the demonstration"), default=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    changed_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = ApplicationQuerySet.as_manager()

    class Meta:
        ordering = ["-changed_at", "-pk"]
        verbose_name = _("joint application")
        verbose_name_plural = _("joint applications")
        constraints = [
            models.CheckConstraint(
                condition=~Q(state__in=["submitted", "granted", "rejected"]) | Q(submitted_on__isnull=False),
                name="joint_application_submitted_on_a_day",
                violation_error_message=_("Give the day on which it was submitted."),
            )
        ]
        indexes = [models.Index(fields=["organisation", "state"], name="joint_application_led")]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """Give the address of the application's page."""
        return reverse("activities:joint_application", args=[self.public_id])


class PartyState(models.TextChoices):
    """Whether an organisation takes part in a joint application."""

    ASKED = "asked", _("asked")
    JOINED = "joined", _("takes part")
    LEFT = "left", _("does not take part")


class ApplicationParty(models.Model):
    """An organisation in a joint application beside the one that leads."""

    application = models.ForeignKey(JointApplication, on_delete=models.CASCADE, related_name="parties")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="joint_applications")
    brings = models.CharField(_("what it brings"), max_length=300, blank=True)
    state = models.CharField(_("state"), max_length=8, choices=PartyState, default=PartyState.ASKED)
    since = models.DateField(_("since"))

    class Meta:
        ordering = ["pk"]
        verbose_name = _("party in a joint application")
        verbose_name_plural = _("parties in a joint application")
        constraints = [
            models.UniqueConstraint(
                fields=["application", "organisation"],
                name="application_party_once",
                violation_error_message=_("This organisation was asked already."),
            )
        ]
        indexes = [models.Index(fields=["organisation", "state"], name="application_party_open")]

    def __str__(self) -> str:
        return f"{self.organisation}: {self.get_state_display()}"
