from nss_portal.core.models.audit import AuditEvent
from nss_portal.core.models.files import StoredFile
from nss_portal.core.models.jobs import ClockEntry, Heartbeat, Job, JobState
from nss_portal.core.models.mail import MailboxMessage, MailState, OutgoingMail, SuppressedAddress
from nss_portal.core.models.report import Report, ReportFormat, ReportState
from nss_portal.core.models.retention import RetentionHold
from nss_portal.core.models.workflow import Transition

__all__ = [
    "AuditEvent",
    "ClockEntry",
    "Heartbeat",
    "Job",
    "JobState",
    "MailState",
    "MailboxMessage",
    "OutgoingMail",
    "Report",
    "ReportFormat",
    "ReportState",
    "RetentionHold",
    "StoredFile",
    "SuppressedAddress",
    "Transition",
]
