"""Write news."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from activities.models import News
from activities.models.knowledge import PublishingState
from activities.workflow import NEWS
from governance.models import Organisation
from nss_portal.core import audit, workflow
from nss_portal.core.access import Actor, NotAllowed, require, standing_of
from nss_portal.core.editing import apply_changes, locked, readable
from nss_portal.core.models.audit import Event


@transaction.atomic
def create_news(*, actor: Actor, organisation: Organisation, title: str, text: str, url: str = "") -> News:
    """Make a draft in the name of one's own organisation; raises NotAllowed."""
    require(actor, "news", "change")
    standing = standing_of(actor)
    if not standing.is_system and organisation.pk not in standing.organisations:
        raise NotAllowed(_("You cannot do this in the name of {name}.").format(name=organisation))
    made = News.objects.create(
        organisation=organisation,
        title=title.strip(),
        text=text.strip(),
        url=url.strip(),
        created_by_id=getattr(actor, "pk", None),
    )
    audit.record(actor=actor, event=Event.CREATED, obj=made, on_behalf_of=organisation)
    return made


@transaction.atomic
def change_news(*, actor: Actor, news: News, version: int, title: str, text: str, url: str) -> News:
    """Change an item; raises NotAllowed, or EditConflict when a colleague was first."""
    require(actor, "news", "change", news)
    fresh = locked(news)
    fields = {"title": title.strip(), "text": text.strip(), "url": url.strip()}
    changes = apply_changes(fresh, version, fields)
    if changes:
        fresh.version += 1
        fresh.changed_at = timezone.now()
        fresh.save()
        audit.record(actor=actor, event=Event.CHANGED, obj=fresh, changes=readable(changes))
    return fresh


@transaction.atomic
def move_news(*, actor: Actor, news: News, step: str, reason: str = "") -> News:
    """Publish or withdraw an item; raises as `workflow.take` does."""
    fresh = locked(news)
    workflow.take(NEWS, step, fresh, actor=actor, reason=reason)
    fresh.changed_at = timezone.now()
    if fresh.state == PublishingState.PUBLISHED:
        fresh.published_at = timezone.now()
    fresh.save(update_fields=["changed_at", "published_at"])
    return fresh


@transaction.atomic
def discard_news(*, actor: Actor, news: News) -> None:
    """Throw a draft away for good; raises NotAllowed for anything but a draft."""
    require(actor, "news", "change", news)
    fresh = locked(news)
    if fresh.state != PublishingState.DRAFT:
        raise NotAllowed(_("Only a draft can be thrown away. Withdraw it instead."))
    audit.record(actor=actor, event=Event.DELETED, obj=fresh, on_behalf_of=fresh.organisation)
    fresh.delete()
