"""An invitation to get an account, or one more membership, by a personal link that works once."""

from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from governance.models.membership import LEADING_FUNCTIONS, Function
from governance.models.organisation import Organisation
from nss_portal.core.access import Actor
from nss_portal.core.ids import PublicIdField


class InvitationQuerySet(models.QuerySet["Invitation"]):
    """Invitations: who may invite for an organisation sees those of that organisation."""

    def visible_to(self, actor: Actor) -> Self:
        """Keep the invitations of organisations that the actor may invite for."""
        return self.filter(organisation__in=Organisation.objects.order_by().can_invite(actor))


class Invitation(models.Model):
    """Somebody is asked to join an organisation in a function. Of the link's token only a hash is kept."""

    class State(models.TextChoices):
        OPEN = "open", _("open")
        ACCEPTED = "accepted", _("accepted")
        WITHDRAWN = "withdrawn", _("withdrawn")
        EXPIRED = "expired", _("expired")

    public_id = PublicIdField()
    email = models.EmailField(_("e-mail address"))
    name = models.CharField(_("name"), max_length=150, blank=True)
    organisation = models.ForeignKey(
        Organisation, verbose_name=_("organisation"), on_delete=models.PROTECT, related_name="invitations"
    )
    function = models.CharField(_("function"), max_length=20, choices=Function, default=Function.STAFF)
    is_lead = models.BooleanField(_("leads the team or manages its accounts"), default=False)
    position = models.CharField(_("position"), max_length=120, blank=True)
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    invited_at = models.DateTimeField(default=timezone.now)
    token_hash = models.CharField(max_length=64, unique=True)
    expires_at = models.DateTimeField(_("valid until"))
    accepted_at = models.DateTimeField(null=True, blank=True)
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[InvitationQuerySet] = InvitationQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["-invited_at", "-pk"]
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        constraints = [
            models.UniqueConstraint(
                fields=["email", "organisation", "function"],
                condition=Q(accepted_at__isnull=True, withdrawn_at__isnull=True),
                name="invitation_open_once",
                violation_error_message=_("There is an open invitation for this person already."),
            ),
            models.CheckConstraint(
                condition=Q(accepted_at__isnull=True) | Q(withdrawn_at__isnull=True),
                name="invitation_accepted_or_withdrawn",
                violation_error_message=_("An accepted invitation cannot be withdrawn."),
            ),
            models.CheckConstraint(
                condition=Q(is_lead=False) | Q(function__in=[function.value for function in LEADING_FUNCTIONS]),
                name="invitation_lead_is_staff_or_team",
                violation_error_message=_("Only staff or a team member can lead."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.email}, {self.organisation}"

    @property
    def state(self) -> "Invitation.State":
        """Where the invitation stands at this moment."""
        if self.accepted_at:
            return self.State.ACCEPTED
        if self.withdrawn_at:
            return self.State.WITHDRAWN
        return self.State.EXPIRED if self.expires_at <= timezone.now() else self.State.OPEN
