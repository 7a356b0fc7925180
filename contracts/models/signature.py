"""Who signs a version: a row per party, what it signed, on paper or in the portal, and whether it withdrew."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from contracts.models.party import Party
from contracts.models.version import ContractVersion
from governance.models import Invitation, Organisation
from governance.models.organisation import Group
from nss_portal.core.access import Actor
from nss_portal.core.ids import PublicIdField


class SignatureState(models.TextChoices):
    """Where the signature of a party stands."""

    OPEN = "open", _("not signed yet")
    SIGNED = "signed", _("signed")
    WITHDRAWN = "withdrawn", _("withdrawn")


class SignatureWay(models.TextChoices):
    """How a party signed."""

    PORTAL = "portal", _("in the portal")
    PAPER = "paper", _("on paper")


class Confirmation(models.TextChoices):
    """What a person confirmed the signature with, besides the password."""

    CODE = "code", _("code of an app")
    RECOVERY = "recovery", _("recovery code")
    PASSKEY = "passkey", _("passkey")
    NONE = "", _("nothing (demonstration)")


class PaperSigningQuerySet(models.QuerySet["PaperSigning"]):
    """Papers with signatures written by hand."""

    def visible_to(self, actor: Actor) -> Self:
        """Keep the papers of contracts that the actor may change, or to which the actor's organisation is a party.

        A scan shows signatures of people, so that publishing a contract does not open it.
        """
        from contracts.rules import paper_q

        return self.filter(paper_q(actor))


class PaperSigning(models.Model):
    """An event at which parties signed on paper; its scan hangs on it as a file (`core.files`)."""

    version = models.ForeignKey(ContractVersion, on_delete=models.CASCADE, related_name="paper_signings")
    signed_on = models.DateField(_("signed on"))
    place = models.CharField(_("place"), max_length=120)
    event = models.CharField(_("event"), max_length=200, blank=True)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(auto_now_add=True)

    objects = PaperSigningQuerySet.as_manager()

    class Meta:
        ordering = ["version", "signed_on", "pk"]
        verbose_name = _("signing on paper")
        verbose_name_plural = _("signings on paper")

    def __str__(self) -> str:
        return f"{self.version} · {self.place}"


class SignatureQuerySet(models.QuerySet["Signature"]):
    """Signatures; whoever sees the version sees who signed it."""

    def standing(self) -> Self:
        """Leave out what was withdrawn."""
        return self.exclude(state=SignatureState.WITHDRAWN)


class Signature(models.Model):
    """The signature of one party to one version, asked for or given; `party` is empty for who joined later.

    What was signed never changes: the database refuses it. A party that comes back after it withdrew gets a new
    row.
    """

    public_id = PublicIdField()
    version = models.ForeignKey(ContractVersion, on_delete=models.CASCADE, related_name="signatures")
    party = models.ForeignKey(Party, null=True, blank=True, on_delete=models.CASCADE, related_name="signatures")
    organisation = models.ForeignKey(
        Organisation,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("organisation"),
    )
    order = models.PositiveSmallIntegerField(default=0)
    name = models.CharField(_("name"), max_length=200)
    name_en = models.CharField(_("name in English"), max_length=200, blank=True)
    group = models.CharField(_("group"), max_length=20, choices=Group)
    state = models.CharField(_("state"), max_length=10, choices=SignatureState, default=SignatureState.OPEN)
    way = models.CharField(_("how"), max_length=10, choices=SignatureWay, blank=True)
    # The hash of the version that was signed.
    digest = models.CharField(max_length=64, blank=True)
    signed_on = models.DateField(_("signed on"), null=True, blank=True)
    signed_at = models.DateTimeField(null=True, blank=True)
    signed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    signatory = models.CharField(_("who signed"), max_length=150, blank=True)
    position = models.CharField(_("position"), max_length=120, blank=True)
    confirmation = models.CharField(_("confirmed with"), max_length=10, choices=Confirmation, blank=True)
    paper = models.ForeignKey(
        PaperSigning, null=True, blank=True, on_delete=models.PROTECT, related_name="signatures"
    )
    withdrawn_on = models.DateField(_("withdrawn on"), null=True, blank=True)
    withdrawal_reason = models.TextField(_("why it withdrew"), blank=True)

    objects = SignatureQuerySet.as_manager()

    class Meta:
        ordering = ["version", "order", "pk"]
        verbose_name = _("signature")
        verbose_name_plural = _("signatures")
        constraints = [
            models.UniqueConstraint(
                fields=["version", "name"],
                condition=~Q(state="withdrawn"),
                name="signature_once_per_party",
                violation_error_message=_("This party signs this version already."),
            ),
            models.CheckConstraint(
                condition=Q(state="open")
                | Q(state="signed", digest__regex=r"^[0-9a-f]{64}$", signed_on__isnull=False)
                | Q(state="withdrawn"),
                name="signature_of_something",
                violation_error_message=_("A signature says what was signed, and when."),
            ),
            models.CheckConstraint(
                condition=~Q(state="withdrawn") | (Q(withdrawn_on__isnull=False) & ~Q(withdrawal_reason="")),
                name="signature_withdrawn_with_reason",
                violation_error_message=_("A withdrawal has a day and a reason."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.version} · {self.name}"

    @property
    def label(self) -> str:
        """Give the party's name in the language of the page, or in the one in which it was written."""
        return (get_language() == "en" and self.name_en) or self.name

    @property
    def is_open(self) -> bool:
        """Say whether the party has yet to sign."""
        return self.state == SignatureState.OPEN

    @property
    def is_signed(self) -> bool:
        """Say whether the party has signed and stands by it."""
        return self.state == SignatureState.SIGNED

    @property
    def is_withdrawn(self) -> bool:
        """Say whether the party withdrew."""
        return self.state == SignatureState.WITHDRAWN

    @property
    def joined_later(self) -> bool:
        """Say whether the party is none of those that the version names."""
        return self.party_id is None


class SignatoryInvitation(models.Model):
    """Somebody is asked to sign for a party: a person with an account, or an address that gets an invitation."""

    signature = models.ForeignKey(Signature, on_delete=models.CASCADE, related_name="invitations")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    email = models.EmailField(_("e-mail address"))
    account_invitation = models.ForeignKey(
        Invitation, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    invited_on = models.DateField(_("invited on"))
    reminded_on = models.DateField(_("reminded on"), null=True, blank=True)

    class Meta:
        ordering = ["signature", "pk"]
        verbose_name = _("invitation to sign")
        verbose_name_plural = _("invitations to sign")
        constraints = [models.UniqueConstraint(fields=["signature", "email"], name="signatory_invited_once")]

    def __str__(self) -> str:
        return f"{self.signature} · {self.email}"
