from django.apps import AppConfig


class PagesConfig(AppConfig):
    name = "nss_portal.pages"
    label = "pages"

    def ready(self) -> None:
        from nss_portal.pages import calendar, registrations  # noqa: F401
