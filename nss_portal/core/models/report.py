"""Reports: what was asked for, by whom, and the file that came of it."""

from typing import Any, Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from nss_portal.core.access import Actor, standing_of
from nss_portal.core.access.querysets import AccessQuerySet
from nss_portal.core.ids import PublicIdField
from nss_portal.core.models.files import StoredFile


class ReportState(models.TextChoices):
    """Where a report stands."""

    REQUESTED = "requested", _("being made")
    READY = "ready", _("ready")
    FAILED = "failed", _("not made")


class ReportFormat(models.TextChoices):
    """What a report can be had as; HTML only from the command line, since pages show it themselves."""

    PDF = "pdf", _("PDF, to read and to print")
    XLSX = "xlsx", _("Excel (XLSX), the figures")
    JSON = "json", _("JSON, the data")
    HTML = "html", _("HTML")


class ReportQuerySet(AccessQuerySet["Report"]):
    """Reports; what somebody may ask for is in the matrix, what came of it is theirs alone or public."""

    resource = "report"

    def visible_to(self, actor: Actor) -> Self:
        """Keep the reports that the actor asked for, and the public ones.

        A report holds what the person who asked may see, drafts of their city included; so the right to ask for
        reports about a record opens no report that somebody else asked for.
        """
        standing = standing_of(actor)
        if standing.is_system:
            return self
        public = Q(is_public=True, state=ReportState.READY)
        return self.filter(public | Q(requested_by=standing.user_id) if standing.user_id else public)


class Report(models.Model):
    """One report in one format and language.

    `organisations` are the primary keys of those whose record it is about, for 'own' in the matrix.
    `data_sha256` is the hash of the data it shows: the same data is the same file. `sha256` and `size` are of the
    file itself; by them anybody can check that a file came from here.
    """

    public_id = PublicIdField()
    kind = models.CharField(_("kind"), max_length=40)
    object_ref = models.CharField(max_length=80)
    object_label = models.CharField(_("about"), max_length=200)
    format = models.CharField(_("format"), max_length=10, choices=ReportFormat)
    language = models.CharField(_("language"), max_length=2, choices=settings.LANGUAGES)
    organisations: Any = ArrayField(models.BigIntegerField(), default=list, blank=True)
    is_public = models.BooleanField(_("public"), default=False)
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    requested_by_label = models.CharField(_("asked for by"), max_length=200)
    requested_at = models.DateTimeField(_("asked for at"), default=timezone.now)
    state = models.CharField(_("state"), max_length=10, choices=ReportState, default=ReportState.REQUESTED)
    title = models.CharField(_("title"), max_length=200, blank=True)
    version = models.CharField(_("version shown"), max_length=200, blank=True)
    data_sha256 = models.CharField(max_length=64, blank=True)
    sha256 = models.CharField("SHA-256", max_length=64, blank=True, db_index=True)
    size = models.PositiveBigIntegerField(_("size in bytes"), default=0)
    file = models.ForeignKey(StoredFile, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    ready_at = models.DateTimeField(_("ready at"), null=True, blank=True)
    failure = models.TextField(_("why it was not made"), blank=True)

    objects = ReportQuerySet.as_manager()

    class Meta:
        ordering = ["-requested_at", "-pk"]
        verbose_name = _("report")
        verbose_name_plural = _("reports")
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "object_ref", "format", "language", "requested_by"],
                condition=Q(state="requested"),
                name="report_asked_for_once_at_a_time",
                violation_error_message=_("This report is being made already."),
            )
        ]
        indexes = [models.Index(fields=["kind", "object_ref", "data_sha256"], name="report_same_data")]

    def __str__(self) -> str:
        return self.title or f"{self.kind} {self.object_label}"
