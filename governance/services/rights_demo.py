"""What a fresh demonstration shows of rights: a review that is open, some of it done, and requests that wait."""

from collections.abc import Iterable
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from governance.models import Membership, RightsReview, RightsRound, SignUp, User
from governance.services.rights_review import confirm_accounts, open_round
from nss_portal.core.time import today

OPENED_AGO, DUE_IN = timedelta(days=20), timedelta(days=22)
DONE = 3
REQUESTS = (
    ("Illustratief Warmtebedrijf", "company", "https://warmtebedrijf.example", "a@warmtebedrijf.example"),
    ("Illustratief Lectoraat Energie", "knowledge", "", "b@hogeschool.example"),
)


@transaction.atomic
def load_demo_rights(scale: str, seed: int) -> Iterable[str]:
    """Open a review of rights of which some organisations are done, with accounts that nobody uses; once."""
    if not settings.NSS_DEMO or RightsRound.objects.exists():
        return []
    _let_some_sleep()
    opened = open_round(opened_on=today() - OPENED_AGO, due_on=today() + DUE_IN)
    done = _look_at_some(opened) if opened else 0
    now = timezone.now()
    SignUp.objects.bulk_create(
        SignUp(
            new_name=name,
            new_group=group,
            new_website=website,
            name="Illustratieve aanvrager",
            email=email,
            position="Adviseur",
            motivation="Verzonnen voor de demonstratie: wij willen meedenken over warmte in de wijken.",
            verified_at=now,
        )
        for name, group, website, email in REQUESTS
    )
    return [f"demo: review of rights open, {done} accounts looked at; requests for an account {len(REQUESTS)}"]


def _let_some_sleep() -> None:
    """Let one in seven accounts be older than a year: nobody logged in with it."""
    ago = timezone.now() - timedelta(days=500)
    keys = list(User.objects.filter(is_demo=True, last_login=None).order_by("pk").values_list("pk", flat=True))
    User.objects.filter(pk__in=keys[3::7]).update(date_joined=ago)


def _look_at_some(opened: RightsRound) -> int:
    waiting = RightsReview.objects.filter(round=opened, done_at=None).order_by("organisation__name")
    leads = Membership.objects.current(today()).filter(is_lead=True, user__is_demo=True).select_related("user")
    by_organisation = {lead.organisation_id: lead.user for lead in leads}
    done = 0
    for review in [one for one in waiting if one.organisation_id in by_organisation][:DONE]:
        lead = by_organisation[review.organisation_id]
        people = Membership.objects.current(today()).filter(organisation=review.organisation_id)
        keys = people.exclude(user=lead).values_list("user", flat=True)
        done += confirm_accounts(actor=lead, review=review, users=set(keys))
    return done
