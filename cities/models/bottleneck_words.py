"""The words that occur in bottlenecks, so that 'congestie' finds 'netcongestie' too."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class BottleneckWord(models.Model):
    """One stemmed word that occurs, or once occurred, in a bottleneck; a trigger of the database adds them.

    `backwards` is the same word from its end, so that words that end alike are found through an index.
    """

    lexeme = models.CharField(_("word"), max_length=255, unique=True)
    backwards = models.CharField(max_length=255, db_index=True)

    class Meta:
        ordering = ["lexeme"]
        verbose_name = _("word of bottlenecks")
        verbose_name_plural = _("words of bottlenecks")

    def __str__(self) -> str:
        return self.lexeme
