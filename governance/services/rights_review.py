"""The yearly review of rights: it opens by itself, leads look at each account, and nothing ends by itself."""

from collections.abc import Collection
from datetime import date, timedelta

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from governance.models import Membership, RightsCheck, RightsReview, RightsRound, User
from governance.selectors_rights import accounts_of, latest_round, to_be_decided_by, with_waiting
from governance.services import Refused
from nss_portal.core import audit, locks
from nss_portal.core.access import Actor, NotAllowed
from nss_portal.core.mail import Mail, queue_mails
from nss_portal.core.models.audit import Event
from nss_portal.core.time import today

# A day that was missed is made up for as long as people keep this many days.
LEAST_DAYS = 14
# So many days before the last one leads are reminded, who have not looked at everybody; -1 is the day after it.
STAGES = (14, 3, -1)
LOCK = "governance.rights-review"


def opening_day(year: int) -> date:
    """Give the day of a year on which the review opens; raises ImproperlyConfigured when the setting is no day."""
    try:
        month, day = settings.NSS_RIGHTS_OPENS_ON.split("-")
        return date(year, int(month), int(day))
    except ValueError as error:
        raise ImproperlyConfigured(
            "NSS_RIGHTS_OPENS_ON is a month and a day of every year, as in 02-01"
        ) from error


def open_due_round(day: date) -> RightsRound | None:
    """Open the round that is due on a day; None when there is nothing to open."""
    opens = opening_day(day.year)
    due_on = opens + timedelta(days=settings.NSS_RIGHTS_DUE_AFTER_DAYS)
    if not opens <= day <= due_on - timedelta(days=LEAST_DAYS):
        return None
    return open_round(opened_on=day, due_on=due_on)


@transaction.atomic
def open_round(*, opened_on: date, due_on: date) -> RightsRound | None:
    """Open the round of a year, with a review for every organisation that has people; None when it is there.

    The system does this. Mails are written by `remind`.
    """
    locks.lock(LOCK)
    if RightsRound.objects.filter(year=opened_on.year).exists():
        return None
    opened = RightsRound.objects.create(year=opened_on.year, opened_on=opened_on, due_on=due_on)
    with_people = (
        Membership.objects.current(opened_on)
        .filter(valid_to__isnull=True, user__is_active=True, user__is_system=False)
        .order_by("organisation_id")
        .values_list("organisation_id", flat=True)
        .distinct()
    )
    RightsReview.objects.bulk_create(
        [RightsReview(round=opened, organisation_id=key) for key in with_people], batch_size=1000
    )
    audit.record(
        actor=User.objects.system(),
        event=Event.CREATED,
        obj=opened,
        changes={"organisations": opened.reviews.count(), "due_on": due_on.isoformat()},
    )
    close_finished(opened)
    return opened


def may_look(actor: Actor, review: RightsReview) -> bool:
    """Say whether somebody looks at the accounts: a lead, or a coordinator where nobody leads."""
    return RightsReview.objects.filter(to_be_decided_by(actor), pk=review.pk).exists()


@transaction.atomic
def confirm_accounts(*, actor: User, review: RightsReview, users: Collection[int], in_bulk: bool = False) -> int:
    """Say of accounts (primary keys) that their rights are still right; gives of how many, twice is no harm.

    In bulk, accounts that were not used for a year are left out: each of those asks for a look of its own. Raises
    NotAllowed; Refused for one's own account, for who is not in (any more), and for a round that is over.
    """
    fresh = (
        RightsReview.objects.select_for_update(of=("self",))
        .select_related("organisation", "round")
        .get(pk=review.pk)
    )
    if not may_look(actor, fresh):
        raise NotAllowed(_("A lead of the organisation does this; where nobody leads, the coordination team."))
    newest = latest_round()
    if newest is None or newest.pk != fresh.round_id:
        raise Refused(_("This review is over: a newer one has opened."))
    accounts = {account.user.pk: account for account in accounts_of(fresh, actor)}
    if not in_bulk and actor.pk in users:
        raise Refused(_("Nobody confirms their own rights. Ask another lead to look at yours."))
    if not in_bulk and set(users) - accounts.keys():
        raise Refused(_("This person is no longer in the organisation. Look at the list again."))
    chosen = [accounts[key] for key in sorted(set(users) & accounts.keys())]
    wanted = [
        a for a in chosen if a.check is None and not a.is_own and not (in_bulk and (a.is_unused or not a.waits))
    ]
    for account in wanted:
        RightsCheck.objects.create(review=fresh, user=account.user, checked_by=actor)
        audit.record(
            actor=actor,
            event=Event.CHANGED,
            obj=account.user,
            changes={"rights_still_right": str(fresh.round), "in_bulk": in_bulk},
            on_behalf_of=fresh.organisation,
        )
    _finish(fresh, actor)
    return len(wanted)


def _finish(review: RightsReview, actor: User | None) -> None:
    """Note that nothing waits any more; belongs inside a transaction."""
    if review.done_at is None and with_waiting(RightsReview.objects.filter(pk=review.pk)).get().waiting == 0:
        review.done_at, review.done_by = timezone.now(), actor
        review.save(update_fields=["done_at", "done_by"])
        audit.record(
            actor=actor or User.objects.system(),
            event=Event.STATE,
            obj=review,
            changes={"done": [False, True]},
            on_behalf_of=review.organisation,
        )


@transaction.atomic
def close_finished(opened: RightsRound) -> int:
    """Note which reviews have nothing left to look at: people left, or one leads alone; gives how many."""
    open_ones = with_waiting(RightsReview.objects.filter(round=opened, done_at__isnull=True)).filter(waiting=0)
    keys = list(open_ones.values_list("pk", flat=True))
    return RightsReview.objects.filter(pk__in=keys, done_at__isnull=True).update(done_at=timezone.now())


def stage_of(opened: RightsRound, day: date) -> str | None:
    """Give which mail is due on a day: 'open', the days before the last one, or 'late'; None outside the round."""
    left = (opened.due_on - day).days
    if left < min(STAGES) - LEAST_DAYS:
        return None
    passed = [stage for stage in STAGES if left <= stage]
    if not passed:
        return "open"
    return "late" if min(passed) < 0 else str(min(passed))


@transaction.atomic
def remind(day: date) -> int:
    """Write to the leads of organisations that have not looked at everybody, once per stage; gives to how many."""
    opened = latest_round()
    stage = stage_of(opened, day) if opened else None
    if opened is None or stage is None:
        return 0
    waiting = RightsReview.objects.filter(round=opened, done_at__isnull=True).values("organisation")
    leads = (
        Membership.objects.current(day)
        .filter(organisation__in=waiting, is_lead=True, user__is_active=True)
        .select_related("user", "organisation")
        .order_by("pk")
    )
    mails = [_letter(opened, stage, membership) for membership in leads]
    queue_mails(mails)
    return len(mails)


def _letter(opened: RightsRound, stage: str, membership: Membership) -> Mail:
    user, organisation = membership.user, membership.organisation
    with translation.override(user.language):
        day = date_format(opened.due_on, "j F")
        subjects = {
            "open": _("Who has which rights for {organisation}? Look before {day}"),
            "late": _("The review of rights of {organisation} is late"),
        }
        subject = subjects.get(stage) or _("Before {day}: who has which rights for {organisation}?")
        context = {
            "organisation": organisation,
            "due_on": opened.due_on,
            "is_late": stage == "late",
            "url": settings.NSS_BASE_URL + reverse("governance:rights", args=[organisation.public_id]),
        }
        return Mail(
            key=f"rights:{opened.year}:{stage}:{organisation.pk}:{user.pk}",
            to=user.email,
            subject=subject.format(organisation=organisation, day=day),
            body=render_to_string("governance/mail/rights_review.txt", context),
            language=user.language,
        )


def rights_day(day: date) -> dict[str, int]:
    """Do what a day asks: open the round, note what is finished, write to who has not looked; twice is no harm."""
    opened = open_due_round(day)
    newest = latest_round()
    finished = close_finished(newest) if newest else 0
    return {"opened": opened.reviews.count() if opened else 0, "finished": finished, "written": remind(day)}


def is_over(opened: RightsRound) -> bool:
    """Say whether the last day of a round has passed."""
    return opened.due_on < today()
