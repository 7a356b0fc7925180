"""How long governance keeps what it has of persons: accounts, invitations, requests, participants."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from governance.models import Invitation, Membership, Participant, PrivacyKind, PrivacyRequest, User
from governance.models.privacy import OPEN_STATES
from governance.services.privacy.copying import throw_away_copies
from governance.services.privacy.demo import load_demo_requests
from governance.services.privacy.leaving_users import forget_leavers
from governance.services.sign_up import KEEP_CONFIRMED
from nss_portal.core.registry import demo_loaders, retention_rules
from nss_portal.core.retention import Kept, Outcome

demo_loaders.register(load_demo_requests)

YEAR = 365
DATA = _("No longer than it is needed (AVG, article 5(1)(e)).")


def gone(before: datetime) -> Any:
    """Give accounts that belong to nothing any more since before a day, and of whom nothing was asked yet."""
    day = before.date()
    memberships = Membership.objects.filter(user=OuterRef("pk")).order_by()
    later = memberships.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=day))
    asked = PrivacyRequest.objects.filter(user=OuterRef("pk"), kind=PrivacyKind.ERASURE).order_by()
    asked = asked.filter(state__in=OPEN_STATES)
    people = User.objects.filter(is_active=True, is_system=False, is_demo=False, is_staff=False)
    return people.filter(~Exists(later), ~Exists(asked), date_joined__lt=before)


@retention_rules.register
def rules() -> Iterator[Kept]:
    """Governance's kinds of records."""
    yield Kept(
        "accounts",
        _("Accounts of people who left"),
        _("the last day of the last membership"),
        _("The person gets a mail first and can take it back. What an organisation did stays, under a pseudonym."),
        2 * YEAR,
        Outcome.BLOTTED,
        gone,
        forget_leavers,
        order=1,
    )
    yield Kept(
        "invitations",
        _("Invitations to get an account"),
        _("the last day on which the link worked"),
        DATA,
        YEAR,
        due=lambda before: Invitation.objects.filter(expires_at__lt=before),
        order=2,
    )
    yield Kept(
        "account-requests",
        _("Requests for an account that were agreed to"),
        _("the day on which it came in"),
        _("Requests that came to nothing go sooner; carried out every day by the requests themselves."),
        KEEP_CONFIRMED.days,
        is_set=True,
        order=2,
    )
    yield Kept(
        "assessment-participants",
        _("Addresses of people who were asked for an assessment and have no account"),
        _("the day on which the assessment closed"),
        _("Answers are thrown away as the assessment closes; the address is kept for questions about it."),
        90,
        due=lambda before: Participant.objects.filter(user__isnull=True, assessment__closed_at__lt=before),
        order=3,
    )
    yield Kept(
        "copies",
        _("Copies of personal data that somebody asked for"),
        _("the day on which it was made"),
        _("Long enough to download it."),
        7,
        due=lambda before: PrivacyRequest.objects.filter(file__isnull=False, finished_at__lt=before),
        let_go=lambda keys: throw_away_copies(PrivacyRequest.objects.filter(pk__in=keys)),
        is_set=True,
        order=4,
    )
    yield Kept(
        "privacy-requests",
        _("Requests about personal data"),
        _("the day on which it was dealt with"),
        _("To show that it was dealt with (AVG, article 5(2))."),
        3 * YEAR,
        due=lambda before: PrivacyRequest.objects.filter(file__isnull=True, finished_at__lt=before),
        order=5,
    )
    yield Kept(
        "decisions",
        _("Decisions of meetings, and proposals on the structure"),
        _("the day of the decision"),
        _("What the structure decided is for the archive (Archiefwet)."),
        None,
        Outcome.ARCHIVED,
        order=60,
    )
