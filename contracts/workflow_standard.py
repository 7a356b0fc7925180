"""The steps of a version of the standard approach: proposed by the coordination team, decided by the steering
group."""

from collections.abc import Iterator

from django.db.models import Model
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from contracts.models.standard import StandardState, StandardVersion
from nss_portal.core.workflow import Step, Workflow


def has_sections(version: Model) -> Iterator[str]:
    """Say what a version lacks to be gone through."""
    if isinstance(version, StandardVersion) and not version.sections.exists():
        yield _("Add at least one section first.")


STANDARD = Workflow(
    resource="contract_standard",
    steps=[
        Step(
            name="propose",
            sources=[StandardState.DRAFT],
            target=StandardState.PROPOSED,
            action="publish",
            label=gettext_lazy("Propose this version"),
            conditions=[has_sections],
        ),
        Step(
            name="send_back",
            sources=[StandardState.PROPOSED],
            target=StandardState.DRAFT,
            action="publish",
            label=gettext_lazy("Send back to draft"),
            needs_reason=True,
        ),
        Step(
            name="decide",
            sources=[StandardState.PROPOSED],
            target=StandardState.DECIDED,
            action="publish",
            label=gettext_lazy("Decide on this version"),
            conditions=[has_sections],
        ),
        Step(
            name="publish",
            sources=[StandardState.DECIDED],
            target=StandardState.PUBLISHED,
            action="publish",
            label=gettext_lazy("Bring this version into force"),
        ),
        Step(
            name="supersede",
            sources=[StandardState.PUBLISHED],
            target=StandardState.SUPERSEDED,
            action=None,
            label=gettext_lazy("Superseded by a later version"),
        ),
    ],
)
