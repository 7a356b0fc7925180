from importlib import import_module

from django.apps import AppConfig


class ContractsConfig(AppConfig):
    name = "contracts"
    label = "contracts"

    def ready(self) -> None:
        for part in (
            "rules",
            "rules_standard",
            "registrations.contract",
            "registrations.calendar",
            "registrations.comparison",
            "registrations.demand",
            "registrations.exchange",
            "registrations.people",
            "registrations.personal",
            "registrations.archive",
            "registrations.retention",
            "registrations.review",
            "registrations.signing",
            "reports.contract",
            "registrations.standard",
            "reports.standard",
            "reports.review",
        ):
            import_module(f"contracts.{part}")
