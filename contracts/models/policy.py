"""New national policy, and what contracts did with it."""

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from contracts.models.action import Action, Sector
from contracts.models.contract import ClimateContract
from contracts.models.tip import TipAnswer
from nss_portal.core.ids import PublicIdField


class NationalPolicy(models.Model):
    """A law, scheme or agreement of the state that contracts may build on. Entered by the coordination team.

    Without a sector it concerns every contract. `measure` is the kind of measure that it goes with, if it does.
    """

    public_id = PublicIdField()
    title = models.CharField(_("policy"), max_length=200)
    title_en = models.CharField(_("policy in English"), max_length=200, blank=True)
    text = models.TextField(_("what it means for municipalities"))
    text_en = models.TextField(_("the same in English"), blank=True)
    url = models.URLField(_("address of the source"), max_length=300)
    sector = models.CharField(_("sector"), max_length=20, choices=Sector, blank=True)
    measure = models.SlugField(_("kind of measure"), max_length=40, blank=True)
    in_force_on = models.DateField(_("in force from"), null=True, blank=True)
    offered_on = models.DateField(_("offered since"))
    is_withdrawn = models.BooleanField(_("not offered any more"), default=False)
    is_illustrative = models.BooleanField(_("made up for the demonstration"), default=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    revision = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["-offered_on", "-pk"]
        verbose_name = _("national policy")
        verbose_name_plural = _("national policies")

    def __str__(self) -> str:
        return self.label

    def get_absolute_url(self) -> str:
        """Give the address where coordinators change it."""
        return reverse("contracts:policy", args=[self.public_id])

    @property
    def label(self) -> str:
        """Give the title in the language of the page."""
        return (get_language() == "en" and self.title_en) or self.title

    @property
    def meaning(self) -> str:
        """Give what it means, in the language of the page."""
        return (get_language() == "en" and self.text_en) or self.text


class PolicyAnswer(models.Model):
    """What a contract's city said to a national policy; `action` is the draft action that came of it."""

    contract = models.ForeignKey(ClimateContract, on_delete=models.CASCADE, related_name="policy_answers")
    policy = models.ForeignKey(NationalPolicy, on_delete=models.CASCADE, related_name="answers")
    answer = models.CharField(_("answer"), max_length=10, choices=TipAnswer)
    action = models.ForeignKey(Action, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    answered_at = models.DateTimeField(default=timezone.now)
    answered_by_label = models.CharField(max_length=200)

    class Meta:
        ordering = ["contract", "answered_at", "pk"]
        verbose_name = _("answer to a national policy")
        verbose_name_plural = _("answers to national policies")
        constraints = [
            models.UniqueConstraint(
                fields=["contract", "policy"],
                name="policy_answered_once",
                violation_error_message=_("This policy was answered already."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.policy} · {self.contract}"
