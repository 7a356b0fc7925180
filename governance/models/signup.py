"""An organisation arrives: its e-mail domains, and the request of its first person."""

from datetime import date
from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from governance.models.invitation import Invitation
from governance.models.membership import current_q
from governance.models.organisation import Group, Organisation
from nss_portal.core.access.querysets import AccessQuerySet
from nss_portal.core.ids import PublicIdField


class OrganisationDomainQuerySet(models.QuerySet["OrganisationDomain"]):
    """Domains, with those in use."""

    def current(self, day: date) -> Self:
        """Keep the domains in use on a day, first and last day included."""
        return self.filter(current_q(day))


class OrganisationDomain(models.Model):
    """A domain of an organisation's e-mail addresses, dated. Several may share one (those of the State do)."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="domains")
    domain = models.CharField(_("e-mail domain"), max_length=100)
    valid_from = models.DateField(_("from"))
    valid_to = models.DateField(_("until"), null=True, blank=True)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    objects: ClassVar[OrganisationDomainQuerySet] = OrganisationDomainQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["organisation", "domain", "valid_from"]
        verbose_name = _("e-mail domain")
        verbose_name_plural = _("e-mail domains")
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "domain"],
                condition=Q(valid_to__isnull=True),
                name="organisation_domain_once_at_a_time",
                violation_error_message=_("This domain stands with the organisation already."),
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="organisation_domain_ends_after_it_begins",
                violation_error_message=_("The last day lies before the first."),
            ),
            models.CheckConstraint(
                condition=Q(domain=Lower("domain")), name="organisation_domain_in_small_letters"
            ),
        ]

    def __str__(self) -> str:
        return self.domain


class SignUpState(models.TextChoices):
    """Where the request of an organisation's person stands."""

    RECEIVED = "received", _("received")
    CONFIRMED = "confirmed", _("confirmed")
    DECLINED = "declined", _("declined")
    WITHDRAWN = "withdrawn", _("withdrawn")


class SignUpQuerySet(AccessQuerySet["SignUp"]):
    """Requests; they count from the moment the asker's address is verified."""

    resource = "sign_up"

    def verified(self) -> Self:
        """Keep the requests whose e-mail address is known to be the asker's."""
        return self.filter(verified_at__isnull=False)

    def waiting(self) -> Self:
        """Keep the verified requests that nobody has decided on yet."""
        return self.verified().filter(state=SignUpState.RECEIVED)


class SignUp(models.Model):
    """Somebody asks for an account for an organisation: one that is known, or one that is new here.

    `organisation` is empty for a new one until the request is confirmed; `new_*` say what it is.
    """

    public_id = PublicIdField()
    organisation = models.ForeignKey(
        Organisation,
        verbose_name=_("organisation"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="sign_ups",
    )
    new_name = models.CharField(_("name of the organisation"), max_length=200, blank=True)
    new_group = models.CharField(_("group"), max_length=20, choices=Group, blank=True)
    new_website = models.URLField(_("website"), blank=True)
    name = models.CharField(_("name"), max_length=120)
    email = models.EmailField(_("e-mail address"))
    position = models.CharField(_("job title"), max_length=120)
    motivation = models.TextField(_("why the organisation wants to take part"))
    language = models.CharField(max_length=2, default="nl")
    state = models.CharField(
        _("state"), max_length=12, choices=SignUpState, default=SignUpState.RECEIVED, editable=False
    )
    received_at = models.DateTimeField(_("received"), auto_now_add=True)
    verified_at = models.DateTimeField(_("address verified"), null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    decision_reason = models.TextField(_("reason of the decision"), blank=True)
    invitation = models.OneToOneField(
        Invitation, null=True, blank=True, on_delete=models.SET_NULL, related_name="sign_up"
    )

    objects: ClassVar[SignUpQuerySet] = SignUpQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["received_at", "pk"]
        verbose_name = _("request of an organisation")
        verbose_name_plural = _("requests of organisations")
        constraints = [
            models.CheckConstraint(
                condition=Q(organisation__isnull=False) | ~Q(new_name=""),
                name="sign_up_names_an_organisation",
                violation_error_message=_("Choose an organisation, or name a new one."),
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["confirmed", "declined"]) | Q(verified_at__isnull=False),
                name="sign_up_decided_after_verification",
                violation_error_message=_("The e-mail address has not been verified yet."),
            ),
            models.UniqueConstraint(
                Lower("email"),
                "organisation",
                "new_name",
                condition=Q(state="received"),
                nulls_distinct=False,
                name="sign_up_once_per_asker",
                violation_error_message=_("This request has been received already."),
            ),
        ]

    def __str__(self) -> str:
        return self.organisation.name if self.organisation else self.new_name

    @property
    def domain(self) -> str:
        """The part of the address after the @, in small letters."""
        return self.email.rpartition("@")[2].lower()
