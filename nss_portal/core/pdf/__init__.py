"""Accessible PDFs (PDF/UA-1) out of templates; made by the worker, never in the web process."""

from nss_portal.core.pdf import archive, seal
from nss_portal.core.pdf.render import page_html, render

__all__ = ["archive", "page_html", "render", "seal"]
