from importlib import import_module

from django.apps import AppConfig


class ActivitiesConfig(AppConfig):
    name = "activities"
    label = "activities"

    def ready(self) -> None:
        for part in ("rules", "registrations"):
            import_module(f"activities.{part}")
