"""Write knowledge products."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from activities.models import KnowledgeProduct, Lesson, Programme
from activities.models.knowledge import PublishingState
from activities.workflow import PRODUCT
from cities.models import Theme, TransitionStep
from governance.models import Organisation
from governance.services.ownership import require_for
from nss_portal.core import audit, workflow
from nss_portal.core.access import Actor, NotAllowed, require
from nss_portal.core.editing import apply_changes, changed_links, locked, readable, set_links, with_unseen
from nss_portal.core.files import StoredFile, files_of, keep_upload, throw_away
from nss_portal.core.models.audit import Event

LINKED = ("steps", "lessons", "programmes")


@dataclass(frozen=True)
class Product:
    """What is said of a knowledge product; `places` as [{"label", "url"}]."""

    kind: str
    title: str
    summary: str
    url: str = ""
    theme: Theme | None = None
    places: Sequence[Mapping[str, str]] = ()
    steps: Sequence[TransitionStep] = ()
    lessons: Sequence[Lesson] = ()
    programmes: Sequence[Programme] = ()

    @property
    def plain(self) -> dict[str, Any]:
        """Give what stands in the product's own row."""
        return {
            "kind": self.kind,
            "title": self.title.strip(),
            "summary": self.summary.strip(),
            "url": self.url.strip(),
            "theme": self.theme,
            "places": [dict(row) for row in self.places],
        }

    @property
    def linked(self) -> dict[str, Sequence[Any]]:
        """Give what the product is linked to."""
        return {name: getattr(self, name) for name in LINKED}


@transaction.atomic
def create_product(*, actor: Actor, organisation: Organisation, product: Product) -> KnowledgeProduct:
    """Make a draft in the name of an organisation; raises NotAllowed."""
    require_for(actor, "knowledge_product", "change", organisation)
    made = KnowledgeProduct.objects.create(
        organisation=organisation, created_by_id=getattr(actor, "pk", None), **product.plain
    )
    set_links(made, product.linked)
    audit.record(actor=actor, event=Event.CREATED, obj=made, on_behalf_of=organisation)
    return made


@transaction.atomic
def change_product(*, actor: Actor, record: KnowledgeProduct, version: int, product: Product) -> KnowledgeProduct:
    """Change a product; raises NotAllowed, or EditConflict when a colleague was first."""
    require(actor, "knowledge_product", "change", record)
    fresh = locked(record)
    linked = with_unseen(actor, fresh, product.linked)
    links = changed_links(fresh, version, linked)
    changes = apply_changes(fresh, version, product.plain)
    if changes or links:
        fresh.version += 1
        fresh.changed_at = timezone.now()
        fresh.save()
        set_links(fresh, linked)
        audit.record(actor=actor, event=Event.CHANGED, obj=fresh, changes=readable(changes | links))
    return fresh


@transaction.atomic
def move_product(*, actor: Actor, record: KnowledgeProduct, step: str, reason: str = "") -> KnowledgeProduct:
    """Publish or withdraw a product; raises as `workflow.take` does."""
    fresh = locked(record)
    workflow.take(PRODUCT, step, fresh, actor=actor, reason=reason)
    fresh.changed_at = timezone.now()
    if fresh.state == PublishingState.PUBLISHED:
        fresh.published_at = timezone.now()
    fresh.save(update_fields=["changed_at", "published_at"])
    return fresh


@transaction.atomic
def discard_product(*, actor: Actor, record: KnowledgeProduct) -> None:
    """Throw a draft away for good; raises NotAllowed for anything but a draft."""
    require(actor, "knowledge_product", "change", record)
    fresh = locked(record)
    if fresh.state != PublishingState.DRAFT:
        raise NotAllowed(_("Only a draft can be thrown away. Withdraw it instead."))
    for stored in files_of(fresh):
        throw_away(stored=stored, actor=actor)
    audit.record(actor=actor, event=Event.DELETED, obj=fresh, on_behalf_of=fresh.organisation)
    fresh.delete()


@transaction.atomic
def add_product_file(*, actor: Actor, record: KnowledgeProduct, upload: UploadedFile) -> StoredFile:
    """Keep a file of a product; raises NotAllowed, or ValidationError in words for who sent it."""
    require(actor, "knowledge_product", "change", record)
    return keep_upload(upload=upload, owner=locked(record), actor=actor)


@transaction.atomic
def remove_product_file(*, actor: Actor, record: KnowledgeProduct, stored: StoredFile) -> None:
    """Take a file away from a product; raises NotAllowed, also for the last one of what is published."""
    require(actor, "knowledge_product", "change", record)
    fresh = locked(record)
    there = files_of(fresh)
    if stored not in there:
        raise NotAllowed(_("This file does not belong to the product."))
    if fresh.state == PublishingState.PUBLISHED and len(there) == 1 and not fresh.url:
        raise NotAllowed(_("The product could not be had any more. Add the new file first."))
    throw_away(stored=stored, actor=actor)
