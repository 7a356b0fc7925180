"""All addresses: Dutch paths, the same ones under /en/ in English."""

from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path, register_converter

from nss_portal.core.ids import PublicIdConverter

register_converter(PublicIdConverter, "pid")

urlpatterns = [
    *i18n_patterns(
        path("", include("nss_portal.pages.urls")),
        prefix_default_language=False,
    ),
]
