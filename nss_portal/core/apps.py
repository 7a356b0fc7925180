from django.apps import AppConfig


class CoreConfig(AppConfig):
    name = "nss_portal.core"
    label = "core"

    def ready(self) -> None:
        from nss_portal.core.jobs import rules  # noqa: F401
