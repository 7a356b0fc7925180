"""The directory of the desk: networks, programmes, subsidies and calls that exist already, and who runs them."""

from datetime import date, timedelta
from typing import Self, cast

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from cities.models import Theme
from cities.models.involvement import Level
from governance.models import Organisation
from nss_portal.core.access import Actor
from nss_portal.core.access.querysets import AccessQuerySet
from nss_portal.core.ids import PublicIdField
from nss_portal.core.localized import Localized

# An entry that nobody looked at for so long is looked at again: subsidies open and close by the half-year.
CHECKED_DAYS = 183


class EntryKind(models.TextChoices):
    """What an entry of the directory is."""

    NETWORK = "network", _("network")
    PROGRAMME = "programme", _("programme")
    SUPPORT = "support", _("knowledge and support")
    DATA = "data", _("figures and data")
    SUBSIDY = "subsidy", _("subsidy")
    FINANCING = "financing", _("loan or other financing")
    FISCAL = "fiscal", _("tax scheme")
    CALL = "call", _("call")


# Money that one applies for: these may have a deadline, and are matched to cities.
MONEY_KINDS = (EntryKind.SUBSIDY, EntryKind.CALL, EntryKind.FINANCING)


class EntryScope(models.TextChoices):
    """From where it comes."""

    NL = "nl", _("Netherlands")
    EU = "eu", _("European Union")
    WORLD = "world", _("international")


class Certainty(models.TextChoices):
    """How sure an entry is."""

    CONFIRMED = "confirmed", _("confirmed")
    PARTLY = "partly", _("confirmed in part")
    UNCONFIRMED = "unconfirmed", _("not confirmed yet")


class EntryState(models.TextChoices):
    """Whether what the entry is about still exists."""

    LISTED = "listed", _("listed")
    ENDED = "ended", _("ended")


class DirectoryQuerySet(AccessQuerySet["DirectoryEntry"]):
    """Entries of the directory. Viewing has no row in the matrix: the directory is public."""

    resource = "desk_directory"

    def visible_to(self, actor: Actor) -> Self:
        """Keep what the actor may see: all of it, for everybody."""
        return self.all()

    def listed(self) -> Self:
        """Leave out what ended."""
        return self.filter(state=EntryState.LISTED)

    def unchecked(self, day: date) -> Self:
        """Keep what nobody looked at for long, or ever."""
        return self.listed().filter(
            Q(checked_on__isnull=True) | Q(checked_on__lt=day - timedelta(days=CHECKED_DAYS))
        )

    def money(self) -> Self:
        """Keep what one can apply for."""
        return self.filter(kind__in=MONEY_KINDS)

    def open_on(self, day: date) -> Self:
        """Keep what is listed and whose deadline has not passed; what has no fixed date counts as open."""
        return self.listed().filter(Q(deadline__isnull=True) | Q(deadline__gte=day))


_Manager = models.Manager.from_queryset(DirectoryQuerySet)


class DirectoryManager(_Manager["DirectoryEntry"]):
    """Reads entries without the words of their index, which only the database looks at."""

    def get_queryset(self) -> DirectoryQuerySet:
        """Give all entries."""
        return cast(DirectoryQuerySet, super().get_queryset().defer("search"))


class DirectoryEntry(models.Model):
    """Something that exists already, so that nobody sets it up again.

    `code` is the key of reference data. `run_by` says in words who runs it; `organisation` is the one that
    keeps the entry here. `levels` (codes, none: all), `min_population` and `max_population` say for which
    municipalities money is meant, `themes` what it is for.
    """

    public_id = PublicIdField()
    code = models.SlugField(max_length=80, unique=True, null=True, blank=True, editable=False)
    kind = models.CharField(_("kind"), max_length=12, choices=EntryKind)
    scope = models.CharField(_("from where"), max_length=6, choices=EntryScope, default=EntryScope.NL)
    name = models.CharField(_("name"), max_length=160)
    name_en = models.CharField(_("name in English"), max_length=160, blank=True)
    description_nl = models.TextField(_("what it is"), blank=True)
    description_en = models.TextField(_("what it is, in English"), blank=True)
    description = Localized()
    run_by = models.CharField(_("run by"), max_length=200)
    organisation = models.ForeignKey(
        Organisation,
        verbose_name=_("keeps this entry"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="directory_entries",
    )
    under = models.ForeignKey(
        "self",
        verbose_name=_("falls under"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="parts",
    )
    url = models.URLField(_("website"), max_length=300, blank=True)
    contact = models.CharField(_("whom to ask"), max_length=200, blank=True)
    themes = models.ManyToManyField(Theme, verbose_name=_("themes"), blank=True, related_name="directory_entries")
    opens_on = models.DateField(_("opens on"), null=True, blank=True)
    deadline = models.DateField(_("deadline"), null=True, blank=True)
    levels = ArrayField(
        models.CharField(max_length=12, choices=Level), verbose_name=_("for"), default=list, blank=True
    )
    min_population = models.PositiveIntegerField(_("from so many inhabitants"), null=True, blank=True)
    max_population = models.PositiveIntegerField(_("up to so many inhabitants"), null=True, blank=True)
    min_partners = models.PositiveSmallIntegerField(_("applicants together, at least"), null=True, blank=True)
    amount = models.CharField(_("how much"), max_length=200, blank=True)
    certainty = models.CharField(
        _("how sure this is"), max_length=12, choices=Certainty, default=Certainty.UNCONFIRMED
    )
    certainty_note_nl = models.CharField(_("what was confirmed"), max_length=200, blank=True)
    certainty_note_en = models.CharField(_("what was confirmed, in English"), max_length=200, blank=True)
    certainty_note = Localized()
    source = models.CharField(_("source"), max_length=250, blank=True)
    checked_on = models.DateField(_("last checked"), null=True, blank=True, editable=False)
    checked_by = models.ForeignKey(
        Organisation,
        verbose_name=_("checked by"),
        null=True,
        blank=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="+",
    )
    state = models.CharField(
        _("state"), max_length=8, choices=EntryState, default=EntryState.LISTED, editable=False
    )
    version = models.PositiveIntegerField(default=1, editable=False)
    is_illustrative = models.BooleanField(_("made up for the demonstration"), default=False)
    created_at = models.DateTimeField(_("made"), default=timezone.now, editable=False)
    changed_at = models.DateTimeField(_("last changed"), default=timezone.now, editable=False)
    search = models.GeneratedField(
        expression=SearchVector("name", "name_en", config="dutch", weight="A")
        + SearchVector("description_nl", "run_by", config="dutch", weight="B"),
        output_field=SearchVectorField(),
        db_persist=True,
    )

    objects = DirectoryManager()

    class Meta:
        ordering = ["name", "pk"]
        verbose_name = _("entry of the directory")
        verbose_name_plural = _("entries of the directory")
        constraints = [
            models.CheckConstraint(
                condition=Q(opens_on__isnull=True) | Q(deadline__isnull=True) | Q(deadline__gte=F("opens_on")),
                name="directory_closes_after_it_opens",
                violation_error_message=_("The deadline lies before the day on which it opens."),
            ),
            models.CheckConstraint(
                condition=Q(min_population__isnull=True)
                | Q(max_population__isnull=True)
                | Q(max_population__gte=F("min_population")),
                name="directory_sizes_in_order",
                violation_error_message=_("The largest number of inhabitants is smaller than the smallest."),
            ),
            models.CheckConstraint(
                condition=Q(under__isnull=True) | ~Q(under=F("id")),
                name="directory_not_under_itself",
                violation_error_message=_("An entry cannot fall under itself."),
            ),
        ]
        indexes = [
            GinIndex(fields=["search"], name="directory_search"),
            models.Index(fields=["kind", "deadline"], name="directory_deadlines"),
        ]

    def __str__(self) -> str:
        return self.local_name

    def get_absolute_url(self) -> str:
        """Give the address of the entry's page."""
        return reverse("activities:desk_entry", args=[self.public_id])

    @property
    def local_name(self) -> str:
        """The name in the language of the page: English where there is one."""
        return (get_language() == "en" and self.name_en) or self.name

    def is_unchecked(self, day: date) -> bool:
        """Say whether nobody looked at it for long, or ever."""
        return self.checked_on is None or self.checked_on < day - timedelta(days=CHECKED_DAYS)
