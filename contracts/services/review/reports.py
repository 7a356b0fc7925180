"""The files that go with a national reflection: to read, and to reckon with."""

from django.conf import settings

from contracts.models import ReviewRound
from contracts.reports.review import NAME
from nss_portal.core.access import Actor
from nss_portal.core.models import ReportFormat
from nss_portal.core.reports.services import request_report

FORMATS = (ReportFormat.PDF, ReportFormat.XLSX, ReportFormat.JSON)


def ask_for_reports(current: ReviewRound, *, actor: Actor) -> None:
    """Ask for a closed round's reflection in every format and language; a worker makes them."""
    for language, _name in settings.LANGUAGES:
        for format in FORMATS:
            request_report(
                kind=NAME, object_ref=str(current.year), format=format.value, language=language, actor=actor
            )
