from importlib import import_module

from django.apps import AppConfig


class CitiesConfig(AppConfig):
    name = "cities"
    label = "cities"

    def ready(self) -> None:
        for part in ("rules", "registrations"):
            import_module(f"cities.{part}")
