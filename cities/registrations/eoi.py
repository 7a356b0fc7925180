"""What Expressions of Interest add to the floors below and to the pages that compose all apps."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cities import reports_eoi
from cities.models import EoiSubmission, EoiVersion, Municipality
from cities.models.eoi_submission import VersionState
from cities.presenting_eoi import Ask, own_organisations
from cities.presenting_eoi_asks import asked_of
from cities.services.eoi.demo import load_demo
from cities.services.eoi.reference import load_reference
from nss_portal.core.access import Actor
from nss_portal.core.gathering import Rows
from nss_portal.core.registry import (
    NavigationItem,
    NewsItem,
    Section,
    WorkItem,
    demo_loaders,
    municipality_sections,
    navigation,
    news_items,
    reference_loaders,
    work_items,
)

# Read here, so that the kind of report is known.
__all__ = ["reports_eoi"]

NEWS_SHOWN = 5

reference_loaders.register(load_reference)
demo_loaders.register(load_demo)


@navigation.register
def entries() -> list[NavigationItem]:
    """Expressions of Interest stand under the municipalities."""
    label = gettext_lazy("Expression of Interest")
    return [NavigationItem(label=label, url_name="cities:eoi", order=25, under="cities:municipalities")]


@work_items.register
def asked_of_cities(user: Any) -> Iterable[WorkItem]:
    """Ask a city to hand in, or to say whether its answers have changed."""
    held = own_organisations(user)
    return asked_of(user, held, _asked) if held else ()


def _asked(ask: Ask) -> WorkItem:
    title = _("Update your Expression of Interest: {name}") if ask.is_update else _("Hand in: {name}")
    return WorkItem(
        title=title.format(name=ask.call.name),
        url=ask.url,
        action_label=ask.label,
        minutes=ask.minutes,
        due=ask.due,
        detail=_("Has something changed since {year}?").format(year=ask.year) if ask.is_update else "",
        on_behalf_of=str(ask.organisation),
    )


@news_items.register
def handed_in(user: Any, since: datetime) -> Iterable[NewsItem]:
    """Tell which cities handed in, as far as the person may read it."""
    visible = EoiSubmission.objects.visible_to(user).filter(submitted_at__gt=since)
    updates = EoiVersion.objects.filter(submission=OuterRef("pk"), state=VersionState.SUBMITTED, is_update=True)
    newest = visible.annotate(is_updated=Exists(updates)).order_by("-submitted_at")[:NEWS_SHOWN]
    call = ("call__name_nl", "call__name_en")
    return Rows(newest, "public_id", "submitted_at", "is_updated", "organisation__name", *call, each=_said)


def _said(submission: Any) -> NewsItem:
    first = _("handed in its Expression of Interest: {name}")
    again = _("updated its Expression of Interest: {name}")
    return NewsItem(
        when=timezone.localdate(submission.submitted_at),
        subject=str(submission.organisation),
        text=(again if submission.is_updated else first).format(name=submission.call.name),
        url=submission.get_absolute_url(),
    )


@municipality_sections.register
def eoi_of(actor: Actor, municipality: Municipality) -> Rows[Section]:
    """Show on a municipality's page its Expressions of Interest that the person may see."""
    visible = EoiSubmission.objects.visible_to(actor).filter(organisation=municipality.organisation_id)
    newest = visible.order_by("-call__year", "-pk")[:5]
    fields = ("public_id", "submitted_at", "is_illustrative", "call__name_nl", "call__name_en")
    return Rows(newest, *fields, together=_section)


def _section(found: list[EoiSubmission]) -> Iterator[Section]:
    yield Section(
        key="eoi",
        title=_("Expression of Interest"),
        template="cities/includes/eoi_of.html",
        context={"submissions": found},
        order=30,
    )
