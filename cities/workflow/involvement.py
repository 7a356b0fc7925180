"""The way of a request to take part."""

from collections.abc import Iterable

from django.db.models import Model
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cities.models import InvolvementRequest
from cities.models.request import RequestState
from nss_portal.core.access import LinkActor
from nss_portal.core.workflow import Step, Workflow


def _verified(record: Model) -> Iterable[str]:
    if isinstance(record, InvolvementRequest) and record.verified_at is None:
        yield _("The asker has not verified the e-mail address yet.")


def request_purpose(request: InvolvementRequest) -> str:
    """Give what the asker's personal link is good for: this request and nothing else."""
    return f"involvement-request:{request.public_id}"


def holds_link(actor: LinkActor, record: Model) -> bool:
    """Say whether the personal link by which somebody came belongs to this request."""
    return isinstance(record, InvolvementRequest) and actor.purpose == request_purpose(record)


REQUEST = Workflow(
    resource="involvement",
    steps=[
        Step(
            name="confirm",
            sources=[RequestState.RECEIVED],
            target=RequestState.CONFIRMED,
            action="decide",
            label=gettext_lazy("Confirm"),
            conditions=[_verified],
            needs_reason=True,
        ),
        Step(
            name="decline",
            sources=[RequestState.RECEIVED],
            target=RequestState.DECLINED,
            action="decide",
            label=gettext_lazy("Decline"),
            conditions=[_verified],
            needs_reason=True,
        ),
        Step(
            name="withdraw",
            sources=[RequestState.RECEIVED],
            target=RequestState.WITHDRAWN,
            action="request",
            label=gettext_lazy("Withdraw the request"),
            door=holds_link,
        ),
    ],
)
