"""Make the newsletter: begin a draft, choose and order, note that it was sent."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from activities.models import Newsletter
from activities.models.newsletter import NewsletterState
from activities.presenting.newsletter import html_of, text_of
from activities.selectors.newsletter import offered
from activities.workflow import NEWSLETTER
from nss_portal.core import audit, workflow
from nss_portal.core.access import Actor, NotAllowed, require
from nss_portal.core.editing import apply_changes, locked
from nss_portal.core.locks import lock
from nss_portal.core.models.audit import Event
from nss_portal.core.time import today

# So far back the first one looks, and so many of a kind a new draft brings by itself.
FIRST_DAYS = 60
AT_FIRST = 6


@transaction.atomic
def begin(*, actor: Actor) -> Newsletter:
    """Begin a draft with the newest of what was published since the last one; gives the draft that is there.

    Raises NotAllowed.
    """
    require(actor, "newsletter", "change")
    lock("newsletter")
    there = Newsletter.objects.filter(state=NewsletterState.DRAFT).first()
    if there is not None:
        return there
    last = Newsletter.objects.order_by("-until", "-pk").first()
    now = timezone.now()
    since = last.until if last else now - timedelta(days=FIRST_DAYS)
    with translation.override("nl"):
        items = [
            {"kind": one.kind, "id": one.id} for entries in offered(since).values() for one in entries[:AT_FIRST]
        ]
        title = _("What happened in the network, {month}").format(month=date_format(now, "F Y"))
    made = Newsletter.objects.create(
        title=title, items=items, since=since, until=now, created_by_id=getattr(actor, "pk", None)
    )
    audit.record(actor=actor, event=Event.CREATED, obj=made)
    return made


@transaction.atomic
def change(
    *, actor: Actor, newsletter: Newsletter, version: int, values: Mapping[str, Any], until: datetime
) -> Newsletter:
    """Change a draft: `values` are title, introduction and items; `until` is when what is offered was looked at.

    Raises NotAllowed, also for one that was sent, and EditConflict when a colleague was first.
    """
    require(actor, "newsletter", "change", newsletter)
    fresh = locked(newsletter)
    if fresh.state != NewsletterState.DRAFT:
        raise NotAllowed(_("This newsletter was sent. It stays as it was."))
    changes = apply_changes(fresh, version, {name: values[name] for name in ("title", "introduction", "items")})
    # Nothing between two newsletters is lost: never later than now, never back before what was seen.
    fresh.until = max(fresh.until, min(until, timezone.now()))
    if changes:
        fresh.version += 1
        fresh.changed_at = timezone.now()
        audit.record(actor=actor, event=Event.CHANGED, obj=fresh, changes={"fields": sorted(changes)})
    fresh.save()
    return fresh


@transaction.atomic
def send(*, actor: Actor, newsletter: Newsletter, sent_on: date) -> Newsletter:
    """Note that it was sent on a day, and keep it as it was then; the next one begins where this one ended.

    Raises NotAllowed, ValidationError for a day to come, TransitionRefused when it is empty or was sent already.
    """
    require(actor, "newsletter", "change", newsletter)
    if sent_on > today():
        raise ValidationError({"sent_on": _("This day is still to come.")})
    fresh = locked(newsletter)
    if fresh.state == NewsletterState.DRAFT:
        fresh.sent_on, fresh.html, fresh.text = sent_on, html_of(fresh), text_of(fresh)
        fresh.save(update_fields=["sent_on", "html", "text"])
    workflow.take(NEWSLETTER, "send", fresh, actor=actor)
    return fresh


@transaction.atomic
def reopen(*, actor: Actor, newsletter: Newsletter) -> Newsletter:
    """Say that it was not sent after all: it is a draft again.

    Raises NotAllowed, TransitionRefused when there is a next one.
    """
    fresh = locked(newsletter)
    workflow.take(NEWSLETTER, "reopen", fresh, actor=actor)
    fresh.sent_on, fresh.html, fresh.text = None, "", ""
    fresh.save(update_fields=["sent_on", "html", "text"])
    return fresh


@transaction.atomic
def discard(*, actor: Actor, newsletter: Newsletter) -> None:
    """Throw a draft away for good; raises NotAllowed, also for one that was sent."""
    require(actor, "newsletter", "change", newsletter)
    fresh = locked(newsletter)
    if fresh.state != NewsletterState.DRAFT:
        raise NotAllowed(_("This newsletter was sent. It stays as it was."))
    audit.record(actor=actor, event=Event.DELETED, obj=fresh)
    fresh.delete()
