from importlib import import_module

from django.apps import AppConfig


class ContractsConfig(AppConfig):
    name = "contracts"
    label = "contracts"

    def ready(self) -> None:
        for part in (
            "rules",
            "rules_standard",
            "registrations",
            "registrations_calendar",
            "registrations_comparison",
            "registrations_demand",
            "registrations_exchange",
            "registrations_people",
            "registrations_personal",
            "registrations_archive",
            "registrations_retention",
            "registrations_review",
            "registrations_signing",
            "reports_contract",
            "registrations_standard",
            "reports_standard",
            "reports_review",
        ):
            import_module(f"contracts.{part}")
