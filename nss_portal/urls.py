"""All addresses: Dutch paths, the same ones under /en/ in English."""

from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import include, path, register_converter

from nss_portal.core.health import healthz
from nss_portal.core.ids import PublicIdConverter

register_converter(PublicIdConverter, "pid")

urlpatterns = [
    path("healthz", healthz, name="healthz"),
    *i18n_patterns(
        path("beheer/taken/", include("nss_portal.core.jobs.urls")),
        path("beheer/post/", include("nss_portal.core.mail.urls")),
        path("demo/post/", include("nss_portal.core.mail.demo_urls")),
        path("rapporten/", include("nss_portal.core.reports.urls")),
        path("bestanden/", include("nss_portal.core.files.urls")),
        path("", include("cities.urls")),
        path("", include("activities.urls")),
        path("account/", include("governance.account_urls")),
        path("demo/", include("nss_portal.pages.demo_urls")),
        path("", include("governance.urls")),
        path("", include("contracts.urls")),
        path("herijking/", include("contracts.urls_review_link")),
        path("", include("nss_portal.pages.urls")),
        path("beheer/", admin.site.urls),
        prefix_default_language=False,
    ),
]
