"""Knowledge products and news: drafted, published, withdrawn, and published again."""

from collections.abc import Iterable

from django.db.models import Model
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from activities.models import KnowledgeProduct
from activities.models.knowledge import PublishingState
from nss_portal.core.files import files_of
from nss_portal.core.workflow import Step, Workflow


def _can_be_had(record: Model) -> Iterable[str]:
    if isinstance(record, KnowledgeProduct) and not record.url and not files_of(record):
        yield _("Add a file, or say where it is.")


PRODUCT = Workflow(
    resource="knowledge_product",
    steps=[
        Step(
            name="publish",
            sources=[PublishingState.DRAFT, PublishingState.WITHDRAWN],
            target=PublishingState.PUBLISHED,
            action="change",
            label=gettext_lazy("Publish the product"),
            conditions=[_can_be_had],
        ),
        Step(
            name="withdraw",
            sources=[PublishingState.PUBLISHED],
            target=PublishingState.WITHDRAWN,
            action="change",
            label=gettext_lazy("Withdraw the product"),
            needs_reason=True,
        ),
    ],
)
NEWS = Workflow(
    resource="news",
    steps=[
        Step(
            name="publish",
            sources=[PublishingState.DRAFT, PublishingState.WITHDRAWN],
            target=PublishingState.PUBLISHED,
            action="change",
            label=gettext_lazy("Publish the news"),
        ),
        Step(
            name="withdraw",
            sources=[PublishingState.PUBLISHED],
            target=PublishingState.WITHDRAWN,
            action="change",
            label=gettext_lazy("Withdraw the news"),
            needs_reason=True,
        ),
    ],
)
