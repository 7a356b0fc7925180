"""The sealed PDF of the standard approach, there for everybody as soon as a version is in force."""

from django.conf import settings
from django.db import transaction

from contracts.models import StandardVersion
from contracts.models.standard import DUTCH
from governance.models import User
from nss_portal.core.models import Report, ReportFormat, ReportState
from nss_portal.core.reports.services import request_report

KIND = "standard-approach"


@transaction.atomic
def ask_for_document(version: StandardVersion) -> None:
    """Ask for the PDF of a public version in every language; of any other a reader asks for it alone."""
    if not version.is_public:
        return
    for language, _name in settings.LANGUAGES:
        _ask(version, language)


@transaction.atomic
def ask_for_lacking() -> int:
    """Ask for the PDFs that the version in force does not have yet, in any language. Gives how many."""
    version = StandardVersion.objects.in_force().filter(standard__code=DUTCH).first()
    if version is None:
        return 0
    there = Report.objects.filter(kind=KIND, object_ref=str(version.number), format=ReportFormat.PDF)
    alive = there.filter(state__in=[ReportState.REQUESTED, ReportState.READY])
    held = set(alive.values_list("language", flat=True))
    lacking = [language for language, _name in settings.LANGUAGES if language not in held]
    for language in lacking:
        _ask(version, language)
    return len(lacking)


def _ask(version: StandardVersion, language: str) -> None:
    request_report(
        kind=KIND,
        object_ref=str(version.number),
        format=ReportFormat.PDF.value,
        language=language,
        actor=User.objects.system(),
    )
