"""The way of a request of an organisation's person."""

from collections.abc import Iterable

from django.db.models import Model
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from governance.models import SignUp, SignUpState
from nss_portal.core.access import LinkActor
from nss_portal.core.workflow import Step, Workflow


def _verified(record: Model) -> Iterable[str]:
    if isinstance(record, SignUp) and record.verified_at is None:
        yield _("The asker has not confirmed the e-mail address yet.")


def sign_up_purpose(request: SignUp) -> str:
    """Give what the asker's personal link is good for: this request and nothing else."""
    return f"sign-up:{request.public_id}"


def holds_link(actor: LinkActor, record: Model) -> bool:
    """Say whether the personal link by which somebody came belongs to this request."""
    return isinstance(record, SignUp) and actor.purpose == sign_up_purpose(record)


SIGN_UP = Workflow(
    resource="sign_up",
    steps=[
        Step(
            name="confirm",
            sources=[SignUpState.RECEIVED],
            target=SignUpState.CONFIRMED,
            action="decide",
            label=gettext_lazy("Confirm and invite"),
            conditions=[_verified],
        ),
        Step(
            name="decline",
            sources=[SignUpState.RECEIVED],
            target=SignUpState.DECLINED,
            action="decide",
            label=gettext_lazy("Decline"),
            conditions=[_verified],
            needs_reason=True,
        ),
        Step(
            name="withdraw",
            sources=[SignUpState.RECEIVED],
            target=SignUpState.WITHDRAWN,
            action="decide",
            label=gettext_lazy("Take the request back"),
            door=holds_link,
        ),
    ],
)
