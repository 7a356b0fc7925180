"""A newsletter is a draft until it was sent; that can be taken back while there is no next one."""

from collections.abc import Iterable

from django.db.models import Model
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from activities.models import Newsletter
from activities.models.newsletter import NewsletterState
from nss_portal.core.workflow import Step, Workflow


def _is_last(record: Model) -> Iterable[str]:
    assert isinstance(record, Newsletter)  # noqa: S101 - by the workflow
    if Newsletter.objects.filter(since__gt=record.since).exclude(pk=record.pk).exists():
        yield _("A next newsletter was begun after this one.")


def _holds_something(record: Model) -> Iterable[str]:
    assert isinstance(record, Newsletter)  # noqa: S101 - by the workflow
    if not record.items and not record.introduction.strip():
        yield _("Choose something for the newsletter first.")


NEWSLETTER = Workflow(
    resource="newsletter",
    steps=[
        Step(
            name="send",
            sources=[NewsletterState.DRAFT],
            target=NewsletterState.SENT,
            action="change",
            label=gettext_lazy("It was sent"),
            conditions=[_holds_something],
        ),
        Step(
            name="reopen",
            sources=[NewsletterState.SENT],
            target=NewsletterState.DRAFT,
            action="change",
            label=gettext_lazy("It was not sent after all"),
            conditions=[_is_last],
        ),
    ],
)
