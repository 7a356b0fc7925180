from nss_portal.core.models.audit import AuditEvent
from nss_portal.core.models.workflow import Transition

__all__ = ["AuditEvent", "Transition"]
