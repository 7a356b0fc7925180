from django.apps import AppConfig


class CoreConfig(AppConfig):
    name = "nss_portal.core"
    label = "core"
