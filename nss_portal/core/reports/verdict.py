"""What a file is: one of our reports, one that somebody changed, or something else. Keeps nothing of it."""

import hashlib
from dataclasses import dataclass
from enum import StrEnum
from io import BytesIO

from nss_portal.core.access import Actor
from nss_portal.core.models import Report, ReportState
from nss_portal.core.pdf.seal import Seal, seal_of
from nss_portal.core.registry import Recognised, file_recognisers
from nss_portal.core.reports.services import claims_to_be_ours, recognise


class Outcome(StrEnum):
    """What can be said of a file."""

    OURS = "ours"  # to the last byte a report that the portal made
    SEALED = "sealed"  # our seal is whole; the report itself is not in the register any more
    DATA = "data"  # data that the portal handed out, to the last byte
    CHANGED = "changed"  # says that it is ours, and is not what the portal made
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Verdict:
    """What a file is; `report` is the one that it is, or for a changed file the one that it was made from."""

    outcome: Outcome
    sha256: str
    seal: Seal = Seal.NONE
    report: Report | None = None
    # What the file says of itself, where it is no report of the register: kind and version.
    kind: str = ""
    version: str = ""
    recognised: Recognised | None = None

    @property
    def is_ours(self) -> bool:
        """Say whether the file is, to the last byte, what the portal made."""
        return self.outcome in (Outcome.OURS, Outcome.SEALED, Outcome.DATA)


def verdict_on(content: bytes, actor: Actor) -> Verdict:
    """Say what a file is. `actor` may be a visitor: of data only what that person may see is named."""
    sha256, seal = hashlib.sha256(content).hexdigest(), seal_of(content)
    report = recognise(content)
    if report is not None:
        return Verdict(Outcome.OURS, sha256, seal, report, report.kind, report.version)
    for recogniser in file_recognisers:
        found = recogniser(sha256, actor)
        if found is not None:
            return Verdict(Outcome.DATA, sha256, seal, recognised=found)
    if seal == Seal.NONE and not claims_to_be_ours(content):
        return Verdict(Outcome.UNKNOWN, sha256)
    said = _said(content)
    outcome = Outcome.SEALED if seal == Seal.INTACT else Outcome.CHANGED
    origin = Report.objects.filter(data_sha256=said["nssdata"], state=ReportState.READY, format="pdf").first()
    return Verdict(
        outcome, sha256, seal, origin if said["nssdata"] else None, said["nssreport"], said["nssversion"]
    )


def _said(content: bytes) -> dict[str, str]:
    """Read what a PDF says of itself, as far as it can be read."""
    names = ("nssreport", "nssversion", "nssdata")
    nothing = dict.fromkeys(names, "")
    if not content.startswith(b"%PDF"):
        return nothing
    from pyhanko.pdf_utils.reader import PdfFileReader

    try:
        reader = PdfFileReader(BytesIO(content), strict=False)
        info = reader.trailer["/Info"]
        return {name: str(info.get(f"/{name}", ""))[:200] for name in names}
    except Exception:  # a stranger's file may break in any way; then it says nothing
        return nothing
