from django.apps import AppConfig

from nss_portal.celery import app as celery_app

__all__ = ["CoreConfig", "celery_app"]  # tasks find the Celery application once Django has started


class CoreConfig(AppConfig):
    name = "nss_portal.core"
    label = "core"

    def ready(self) -> None:
        from nss_portal.core import retention_own  # noqa: F401
        from nss_portal.core.jobs import rules, todo  # noqa: F401
        from nss_portal.core.pdf import checks  # noqa: F401
        from nss_portal.core.privacy import own  # noqa: F401
        from nss_portal.core.reports import rules as report_rules  # noqa: F401
