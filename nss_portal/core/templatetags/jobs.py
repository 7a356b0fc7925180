"""`{% load jobs %}` gives `{% job_progress job %}`."""

from nss_portal.core.jobs.progress import register

__all__ = ["register"]
