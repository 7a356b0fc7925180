from django.apps import AppConfig


class PagesConfig(AppConfig):
    name = "nss_portal.pages"
    label = "pages"
