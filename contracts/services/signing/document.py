"""The sealed PDF of a public version, made anew when what it says of signatures changes."""

from django.conf import settings
from django.db import transaction

from contracts.models import ContractVersion
from governance.models import User
from nss_portal.core.models import ReportFormat
from nss_portal.core.reports.services import request_report

KIND = "contract"


@transaction.atomic
def ask_for_document(version: ContractVersion) -> None:
    """Ask for the PDF of a public version in every language; of any other a reader asks for it alone."""
    if not version.is_public:
        return
    for language, _name in settings.LANGUAGES:
        request_report(
            kind=KIND,
            object_ref=f"{version.contract.public_id}/{version.number}",
            format=ReportFormat.PDF.value,
            language=language,
            actor=User.objects.system(),
        )
