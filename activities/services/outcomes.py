"""What came out of a Deep Dive for the roadmap."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from activities.models import Activity, Outcome
from activities.models.activity import ActivityState, Kind
from nss_portal.core import audit
from nss_portal.core.access import Actor, NotAllowed, require
from nss_portal.core.editing import apply_changes, readable
from nss_portal.core.models.audit import Event
from nss_portal.core.workflow import TransitionRefused

HAS_OUTCOME = (ActivityState.PUBLISHED, ActivityState.HELD, ActivityState.CLOSED)


@transaction.atomic
def write_outcome(
    *, actor: Actor, activity: Activity, version: int, possible: str, who_is_up: str, scaling_up: str
) -> Outcome:
    """Write the outcome down; it stays with the organiser until it is published.

    Raises NotAllowed, and EditConflict when a colleague was first.
    """
    require(actor, "activity", "change", activity)
    if activity.kind != Kind.DEEP_DIVE or activity.state not in HAS_OUTCOME:
        raise NotAllowed(_("Only a Deep Dive that is on the agenda has an outcome for the roadmap."))
    Outcome.objects.get_or_create(activity=activity, defaults={"version": 0})
    fresh = Outcome.objects.select_for_update(of=("self",)).get(activity=activity)
    texts = {"possible": possible, "who_is_up": who_is_up, "scaling_up": scaling_up}
    changes = apply_changes(fresh, version, {name: text.strip() for name, text in texts.items()})
    if changes:
        fresh.version += 1
        fresh.changed_at = timezone.now()
        fresh.save()
        audit.record(
            actor=actor,
            event=Event.CHANGED,
            obj=activity,
            changes={f"outcome.{name}": pair for name, pair in readable(changes).items()},
            on_behalf_of=activity.organisation,
        )
    return fresh


@transaction.atomic
def publish_outcome(*, actor: Actor, activity: Activity) -> Outcome:
    """Put the outcome on the pages of the roadmap, for whoever may see the activity.

    Raises NotAllowed, and TransitionRefused while it is not complete or the Deep Dive has not taken place.
    """
    require(actor, "activity", "change", activity)
    outcome = Outcome.objects.select_for_update(of=("self",)).filter(activity=activity).first()
    if outcome is None or not (outcome.possible and outcome.who_is_up and outcome.scaling_up):
        raise TransitionRefused(_("Write first what is possible, who is up and how to scale up."))
    if activity.starts_at is None or activity.starts_at > timezone.now():
        raise TransitionRefused(_("It has not begun yet."))
    if outcome.published_at is None:
        outcome.published_at = timezone.now()
        outcome.save(update_fields=["published_at"])
        audit.record(
            actor=actor,
            event=Event.CHANGED,
            obj=activity,
            changes={"outcome": ["", "published"]},
            on_behalf_of=activity.organisation,
        )
    return outcome
