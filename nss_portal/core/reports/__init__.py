"""Reports: made by the worker out of what a person may see, in several formats, each file with its hash.

An app registers a kind in its `reports.py`, imported by its `apps.py`:

    @reports.kind("contract", resource="contract", formats=("pdf", "xlsx", "json"))
    class ContractReport(reports.ReportKind): …
"""

from nss_portal.core.reports.registry import Choice, ReportKind, Snapshot, kind, kind_named, kinds

__all__ = ["Choice", "ReportKind", "Snapshot", "kind", "kind_named", "kinds"]
