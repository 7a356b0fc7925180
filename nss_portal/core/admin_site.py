"""The admin at /beheer/: for technical administrators to look at records. It writes nothing.

Writes go through services, which check rights and leave an audit event; an admin that wrote would leave neither.
"""

from typing import Any

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib.admin import AdminSite, ModelAdmin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _


class PortalAdminSite(AdminSite):
    """An admin without a login of its own: that would go past the second factor and the limits on attempts."""

    site_title = _("Administration")
    site_header = _("Administration")
    index_title = _("Records")

    def register(
        self, model_or_iterable: Any, admin_class: type[ModelAdmin] | None = None, **options: Any
    ) -> None:
        """Take what only shows: what libraries register would write, for example somebody's way in."""
        if admin_class is not None and issubclass(admin_class, ReadOnlyAdmin):
            super().register(model_or_iterable, admin_class, **options)

    def has_permission(self, request: HttpRequest) -> bool:
        """Staff only, with a second factor wherever the portal asks for one."""
        has_factor = not settings.NSS_SECOND_FACTOR or is_mfa_enabled(request.user)
        return super().has_permission(request) and has_factor

    def login(self, request: HttpRequest, extra_context: dict[str, object] | None = None) -> HttpResponse:
        """Send to the portal's login; somebody logged in without the right gets a 403."""
        if request.user.is_authenticated:
            from nss_portal.core.access import NotAllowed

            if request.user.is_staff:
                raise NotAllowed(_("The administration asks for a second step of your own. Set one up first."))
            raise NotAllowed(_("The administration is for technical administrators only."))
        return redirect(f"{reverse('account_login')}?{urlencode({'next': request.get_full_path()})}")


class ReadOnlyAdmin(ModelAdmin):
    """A register of records to look at; everything that changes them is a service elsewhere."""

    def has_add_permission(self, request: HttpRequest, obj: object | None = None) -> bool:
        """Nothing is made here."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: object | None = None) -> bool:
        """Nothing is changed here."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: object | None = None) -> bool:
        """Nothing is deleted here."""
        return False
