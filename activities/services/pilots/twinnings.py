"""Write twinnings: a city asks to follow, both agree, they meet, the follower says what it learned and applied."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from activities.models import Lesson, Pilot, PilotPart, Twinning, TwinningMeeting, TwinningReview
from activities.models.lesson import Origin
from activities.models.pilot import FOLLOWABLE, PilotPartState
from activities.models.twinning import Applied, TwinningState
from activities.services.lessons import Details, create_lesson_draft
from activities.services.pilots import letters
from activities.workflow.pilot import TWINNING
from governance.models import Organisation
from governance.models.organisation import Group
from governance.services.ownership import organisations_for
from nss_portal.core import audit, workflow
from nss_portal.core.access import Actor, NotAllowed, require
from nss_portal.core.editing import apply_changes, locked, readable
from nss_portal.core.models.audit import Event
from nss_portal.core.time import today
from nss_portal.core.workflow import TransitionRefused

YEAR = timedelta(days=365)
LONGEST_YEARS = 10


def may_follow_for(actor: Actor, pilot: Pilot) -> Any:
    """Give the municipalities in whose name the actor can ask to follow a pilot, names in order."""
    own = organisations_for(actor, "pilot", "follow").filter(group=Group.MUNICIPALITY)
    parts = PilotPart.objects.filter(pilot=pilot).exclude(state=PilotPartState.LEFT)
    following = Twinning.objects.filter(pilot=pilot, state__in=[TwinningState.ASKED, TwinningState.AGREED])
    free = own.exclude(pk__in=parts.values("organisation")).exclude(pk__in=following.values("follower"))
    return free.order_by("name", "pk")


def cities_of(pilot: Pilot) -> Any:
    """Give the cities that take part in a pilot, from which another one can learn."""
    parts = PilotPart.objects.filter(pilot=pilot, state=PilotPartState.JOINED)
    found = Organisation.objects.filter(pk__in=parts.values("organisation"), group=Group.MUNICIPALITY)
    return found.order_by("name", "pk")


@transaction.atomic
def ask_to_follow(
    *, actor: Actor, pilot: Pilot, follower: Organisation, city: Organisation, wish: str
) -> Twinning:
    """Ask a city of a pilot to learn from it; that city and who leads the pilot get a mail.

    Raises NotAllowed, and ValidationError for a pilot that takes no followers or that the city follows already.
    """
    require(actor, "pilot", "view", pilot)
    fresh = locked(pilot)
    if follower.pk not in set(organisations_for(actor, "pilot", "follow").values_list("pk", flat=True)):
        raise NotAllowed(_("You cannot do this in the name of {name}.").format(name=follower))
    if not fresh.takes_followers or fresh.state not in FOLLOWABLE:
        raise ValidationError(_("This pilot takes no followers."))
    if not may_follow_for(actor, fresh).filter(pk=follower.pk).exists():
        raise ValidationError(_("This city takes part in the pilot or follows it already, or has asked to."))
    if not cities_of(fresh).filter(pk=city.pk).exists():
        raise ValidationError({"city": _("Choose one of the cities that take part.")})
    if not wish.strip():
        raise ValidationError({"wish": _("Say what you want to learn.")})
    twinning = Twinning.objects.create(
        pilot=fresh,
        follower=follower,
        city=city,
        wish=wish.strip(),
        created_by_id=getattr(actor, "pk", None),
    )
    audit.record(actor=actor, event=Event.CREATED, obj=twinning, on_behalf_of=follower)
    for one in {city, fresh.organisation}:
        letters.write_to(
            one, twinning, kind="follow", key=str(twinning.pk), by=letters.named(follower), text=wish.strip()
        )
    return twinning


def _terms(values: Mapping[str, Any]) -> dict[str, Any]:
    found = {"learns": values["learns"].strip(), "gives": values["gives"].strip(), "until": values["until"]}
    problems = {}
    if not found["learns"]:
        problems["learns"] = _("Say what the follower learns.")
    if found["until"] is None or found["until"] <= today():
        problems["until"] = _("Choose a day to come.")
    elif found["until"] > today() + LONGEST_YEARS * YEAR:
        problems["until"] = _("Choose a day within ten years.")
    if problems:
        raise ValidationError(problems)
    return found


def next_question(until: date, day: date) -> date:
    """Give the day of the next look back: a year on, or the end where that comes first."""
    return min(until, day + YEAR)


@transaction.atomic
def agree(*, actor: Actor, twinning: Twinning, values: Mapping[str, Any]) -> Twinning:
    """Say yes with the terms: who learns what, what comes back, until when.

    Raises NotAllowed for anybody but the city that is asked and who leads the pilot, ValidationError,
    TransitionRefused when it was decided already.
    """
    require(actor, "twinning", "decide", twinning)
    terms = _terms(values)
    fresh = locked(twinning)
    if fresh.state != TwinningState.ASKED:
        raise TransitionRefused(_("This has changed in the meantime. Look at the page again."))
    Twinning.objects.filter(pk=fresh.pk).update(
        **terms,
        ask_on=next_question(terms["until"], today()),
        version=fresh.version + 1,
        changed_at=timezone.now(),
    )
    workflow.take(TWINNING, "agree", fresh, actor=actor)
    fresh.refresh_from_db()
    letters.write_to(
        fresh.follower, fresh, kind="agreed", key=str(fresh.pk), by=letters.named(fresh.city), text=fresh.learns
    )
    return fresh


@transaction.atomic
def change_terms(*, actor: Actor, twinning: Twinning, version: int, values: Mapping[str, Any]) -> Twinning:
    """Change what was agreed; either city does, and the other one gets a mail.

    Raises NotAllowed, ValidationError, EditConflict when the other was first.
    """
    require(actor, "twinning", "change", twinning)
    terms = _terms(values)
    fresh = locked(twinning)
    if fresh.state != TwinningState.AGREED:
        raise TransitionRefused(_("This has changed in the meantime. Look at the page again."))
    changes = apply_changes(fresh, version, terms)
    if changes:
        fresh.ask_on = next_question(fresh.until or today(), _last_review(fresh) or today())
        fresh.version += 1
        fresh.changed_at = timezone.now()
        fresh.save()
        audit.record(actor=actor, event=Event.CHANGED, obj=fresh, changes=readable(changes))
        for one in {fresh.follower, fresh.city}:
            letters.write_to(one, fresh, kind="twinning", key=f"terms:{fresh.version}", text=fresh.learns)
    return fresh


def _last_review(twinning: Twinning) -> date | None:
    return twinning.reviews.order_by("-on").values_list("on", flat=True).first()


@transaction.atomic
def move_twinning(*, actor: Actor, twinning: Twinning, step: str, reason: str = "") -> Twinning:
    """Decline, withdraw, finish or end early; both cities hear of it.

    Raises LookupError, NotAllowed, TransitionRefused.
    """
    fresh = locked(twinning)
    workflow.take(TWINNING, step, fresh, actor=actor, reason=reason)
    Twinning.objects.filter(pk=fresh.pk).update(
        changed_at=timezone.now(), ask_on=None if step != "end" else today(), version=fresh.version + 1
    )
    fresh.refresh_from_db()
    for one in {fresh.follower, fresh.city}:
        letters.write_to(one, fresh, kind="twinning", key=f"{step}:{fresh.version}", text=reason.strip())
    return fresh


@transaction.atomic
def plan_meeting(*, actor: Actor, twinning: Twinning, on: date, about: str) -> TwinningMeeting:
    """Put a meeting of both cities down. Raises NotAllowed, ValidationError once it is over or twice the same."""
    require(actor, "twinning", "change", twinning)
    fresh = locked(twinning)
    if fresh.state != TwinningState.AGREED:
        raise ValidationError(_("Meetings are planned while the twinning runs."))
    if fresh.until is not None and on > fresh.until:
        raise ValidationError({"on": _("This lies after the last day of the twinning.")})
    meeting, created = TwinningMeeting.objects.get_or_create(twinning=fresh, on=on, about=about.strip()[:200])
    if created:
        changes = {"meeting": [None, f"{on.isoformat()} {meeting.about}"]}
        audit.record(actor=actor, event=Event.CHANGED, obj=fresh, changes=changes)
        Twinning.objects.filter(pk=fresh.pk).update(changed_at=timezone.now())
    return meeting


@transaction.atomic
def look_back(
    *, actor: Actor, twinning: Twinning, learned: str, applied: str, applied_note: str = ""
) -> TwinningReview:
    """Say what was learned and what is applied; the next question comes a year on, the last one at the end.

    Raises NotAllowed for anybody but the follower, ValidationError.
    """
    require(actor, "twinning", "report", twinning)
    fresh = locked(twinning)
    if fresh.state not in (TwinningState.AGREED, TwinningState.FINISHED, TwinningState.ENDED):
        raise ValidationError(_("There is nothing to look back on yet."))
    problems = {}
    if not learned.strip():
        problems["learned"] = _("Say what you learned; 'nothing, because …' is an answer too.")
    if applied == Applied.NO and not applied_note.strip():
        problems["applied_note"] = _("Say why it is not applied: others learn from that.")
    if problems:
        raise ValidationError(problems)
    review = TwinningReview.objects.create(
        twinning=fresh,
        on=today(),
        learned=learned.strip(),
        applied=Applied(applied).value,
        applied_note=applied_note.strip(),
        by_id=getattr(actor, "pk", None),
    )
    goes_on = fresh.state == TwinningState.AGREED and fresh.until is not None and fresh.until > today()
    ask_on = next_question(fresh.until or today(), today()) if goes_on else None
    Twinning.objects.filter(pk=fresh.pk).update(ask_on=ask_on, changed_at=timezone.now())
    audit.record(actor=actor, event=Event.CREATED, obj=review, on_behalf_of=fresh.follower)
    return review


@transaction.atomic
def make_lesson(*, actor: Actor, review: TwinningReview) -> Lesson:
    """Make a draft lesson of a look back, with the theme, steps and bottlenecks of the pilot; the same one twice.

    Raises NotAllowed for who may not write lessons in the name of the follower.
    """
    twinning = Twinning.objects.select_related("pilot__theme", "follower", "city").get(pk=review.twinning_id)
    require(actor, "twinning", "report", twinning)
    pilot = twinning.pilot
    worked = review.learned
    failed = review.applied_note if review.applied in (Applied.NO, Applied.NOT_YET) else ""
    if review.applied_note and not failed:
        worked = f"{worked}\n\n{review.applied_note}"
    lesson = create_lesson_draft(
        actor=actor,
        organisation=twinning.follower,
        title=_("What we learned from {city}: {title}").format(
            city=letters.named(twinning.city), title=pilot.title
        ),
        what_worked=worked,
        what_failed=failed,
        theme=pilot.theme,
        origin_label=str(pilot),
        origin_url=pilot.get_absolute_url(),
        key=f"twinning-review-{review.pk}",
        details=Details(
            origin=Origin.OWN_WORK.value, steps=list(pilot.steps.all()), bottlenecks=list(pilot.bottlenecks.all())
        ),
    )
    TwinningReview.objects.filter(pk=review.pk).update(lesson=lesson)
    return lesson
