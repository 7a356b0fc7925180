"""Whom to call about what: the themes that a contact person of an organisation answers for."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from cities.models.reference import Theme
from governance.models import Membership


class ContactTheme(models.Model):
    """One theme that somebody is the contact person for, as the own organisation keeps it.

    Who sees it follows from the membership: `transition_team.view_contacts` in the matrix.
    """

    membership = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="contact_themes")
    theme = models.ForeignKey(Theme, verbose_name=_("theme"), on_delete=models.PROTECT, related_name="contacts")

    class Meta:
        ordering = ["theme__order", "pk"]
        verbose_name = _("theme of a contact person")
        verbose_name_plural = _("themes of contact persons")
        constraints = [
            models.UniqueConstraint(
                fields=["membership", "theme"],
                name="contact_theme_once",
                violation_error_message=_("This person answers for this theme already."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.membership}: {self.theme}"
