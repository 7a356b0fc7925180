"""Django's admin with a site of our own; apart, since settings name it before any model is loaded."""

from django.contrib.admin.apps import AdminConfig


class PortalAdminConfig(AdminConfig):
    """The admin at /beheer/."""

    default_site = "nss_portal.core.admin_site.PortalAdminSite"
