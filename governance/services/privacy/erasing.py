"""The clock forgets whom the days of grace are over of; a second run does nothing more."""

from datetime import date

from allauth.usersessions.models import UserSession
from django.db import transaction
from django.utils import timezone, translation

from governance.models import Membership, PrivacyKind, PrivacyRequest, PrivacyState, User
from governance.models.privacy import OPEN_STATES
from governance.services.memberships import finish_membership
from governance.services.privacy.asking import ERASURE_JOB, obstacles_of, pseudonym_of
from governance.services.privacy.copying import person_of, throw_away_copies
from nss_portal.core import audit, jobs
from nss_portal.core.mail.compose import KIND as MAIL_JOB
from nss_portal.core.models import Job, OutgoingMail
from nss_portal.core.models.audit import Event
from nss_portal.core.privacy import Forgotten, Person, forget
from nss_portal.core.registry import account_endings
from nss_portal.core.retention import is_on_hold
from nss_portal.core.time import today

HOLD = "accounts"


def ask_for_due(day: date) -> int:
    """Ask for the erasures of which the day has come; says how many. One job a request and day."""
    due = PrivacyRequest.objects.filter(kind=PrivacyKind.ERASURE, state__in=OPEN_STATES, due_on__lte=day)
    for request in due:
        with transaction.atomic():
            jobs.enqueue(
                kind=ERASURE_JOB,
                key=f"{request.public_id}:{day.isoformat()}",
                payload={"request": request.pk},
                title=str(request),
            )
    return len(due)


def carry_out(job: jobs.RunningJob) -> dict[str, object]:
    """Forget the person of a request; where something stands in the way it waits, and the person reads why."""
    request = PrivacyRequest.objects.select_related("user").get(pk=int(job.payload["request"]))
    if request.state not in OPEN_STATES or request.kind != PrivacyKind.ERASURE:
        return {"state": str(request.state)}
    if is_on_hold(HOLD):
        return {"state": "on hold"}
    user = request.user
    if user is not None and request.state == PrivacyState.WAITING:
        with translation.override(request.language):
            obstacles = " ".join(one.text for one in obstacles_of(user))
        if obstacles:
            PrivacyRequest.objects.filter(pk=request.pk).update(obstacle=obstacles)
            return {"state": "obstacle"}
    person = person_of(request)
    _close_doors(job, request, person)
    name, address = pseudonym_of(request)

    def last(found: Forgotten) -> None:
        _finish(request, found, name, address)

    found = forget(person, pseudonym=name, address=address, guard=job.checkpoint, last=last)
    return found.plain()


def _close_doors(job: jobs.RunningJob, request: PrivacyRequest, person: Person) -> None:
    """Let nobody in by this account any more, end its memberships, and stop what is on its way to the person."""
    with transaction.atomic():
        job.checkpoint()
        fresh = PrivacyRequest.objects.select_for_update(of=("self",)).get(pk=request.pk)
        fresh.state, fresh.obstacle = PrivacyState.RUNNING, ""
        fresh.save(update_fields=["state", "obstacle"])
        if request.user is not None:
            _end_all(request.user)
            for give_back in account_endings:
                give_back(request.user, User.objects.system())
        mails = OutgoingMail.objects.none()
        for one in person.addresses:
            mails = mails | OutgoingMail.objects.filter(recipient__iexact=one)
        keys = list(mails.values_list("pk", flat=True))
        Job.objects.filter(kind=MAIL_JOB, payload__mail__in=keys).delete()
    theirs = PrivacyRequest.objects.filter(kind=PrivacyKind.COPY)
    throw_away_copies(theirs.filter(user=request.user) if request.user else theirs.filter(email=request.email))


def _end_all(user: User) -> None:
    User.objects.filter(pk=user.pk).update(is_active=False)
    for session in UserSession.objects.filter(user=user):
        session.end()
    for membership in Membership.objects.current(today()).filter(user=user).select_related("organisation", "user"):
        finish_membership(actor=User.objects.system(), membership=membership, at_once=True)


def _finish(request: PrivacyRequest, found: Forgotten, name: str, address: str) -> None:
    """Rewrite the account and close the request, in the transaction that rewrote the log."""
    user = request.user
    if user is not None:
        user.name, user.email, user.language = name, address, "nl"
        user.is_active = user.is_staff = user.is_superuser = False
        user.last_login = user.last_visit = None
        user.set_unusable_password()
        user.save()
    done = PrivacyRequest.objects.select_for_update(of=("self",)).get(pk=request.pk)
    done.state, done.finished_at, done.result = PrivacyState.DONE, timezone.now(), found.plain()
    done.identity_note = ""
    done.save(update_fields=["state", "finished_at", "result", "identity_note"])
    audit.record(actor=User.objects.system(), event=Event.CHANGED, obj=done, changes={"forgotten": found.plain()})
