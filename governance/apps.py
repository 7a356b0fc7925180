from importlib import import_module

from django.apps import AppConfig


class GovernanceConfig(AppConfig):
    name = "governance"
    label = "governance"

    def ready(self) -> None:
        for part in ("rules", "registrations"):
            import_module(f"governance.{part}")
