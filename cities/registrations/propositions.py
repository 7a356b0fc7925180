"""What propositions add to the pages that compose all apps."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cities.models import Municipality
from cities.models.proposition import SHARED, Proposition, PropositionState, PropositionSupport
from cities.services.demo_propositions import load_demo
from cities.services.proposition_reference import load_urban_tasks
from nss_portal.core.access import Actor, granted
from nss_portal.core.carrying import Carried
from nss_portal.core.gathering import Rows
from nss_portal.core.registry import (
    NavigationItem,
    NewsItem,
    Section,
    WorkItem,
    demo_loaders,
    merger_handlers,
    municipality_sections,
    navigation,
    news_items,
    reference_loaders,
    work_items,
)
from nss_portal.core.time import today

SHOWN = 10
ON_PAGE = 5
# So many days before the day of review somebody is asked to look.
DAYS_BEFORE = 14

reference_loaders.register(load_urban_tasks)
demo_loaders.register(load_demo)


@navigation.register
def entries() -> list[NavigationItem]:
    """Propositions stand in the main navigation."""
    return [NavigationItem(label=gettext_lazy("Propositions"), url_name="cities:propositions", order=34)]


@work_items.register
def propositions_to_do(user: Any) -> Iterable[WorkItem]:
    """Ask to finish drafts, and to look again at what the rolling agenda brings round."""
    mine = granted(user, "proposition", "change").get("own")
    if not mine:
        return ()
    soon = today() + timedelta(days=DAYS_BEFORE)
    waits = Q(state=PropositionState.DRAFT) | Q(state=PropositionState.OPEN, review_on__lte=soon)
    found = Proposition.objects.filter(waits, organisation__in=mine).order_by("review_on", "pk")[:SHOWN]
    return Rows(found, "public_id", "title", "state", "review_on", "organisation__name", each=_to_do)


def _to_do(proposition: Proposition) -> WorkItem:
    is_draft = proposition.state == PropositionState.DRAFT
    title = _("Finish the proposition '{title}'") if is_draft else _("Does '{title}' still hold?")
    page = "cities:proposition_edit" if is_draft else "cities:proposition_review"
    return WorkItem(
        title=title.format(title=proposition.title),
        url=reverse(page, args=[proposition.public_id]),
        action_label=_("Finish the draft") if is_draft else _("Look at it again"),
        minutes=10 if is_draft else 5,
        due=None if is_draft else proposition.review_on,
        on_behalf_of=str(proposition.organisation),
    )


@news_items.register
def new_propositions(user: Any, since: datetime) -> Iterable[NewsItem]:
    """Tell what was put on the agenda."""
    found = Proposition.objects.filter(state__in=SHARED, shared_at__gt=since).order_by("-shared_at", "-pk")
    return Rows(found[:SHOWN], "public_id", "title", "shared_at", "organisation__name", each=_put_on_the_agenda)


def _put_on_the_agenda(proposition: Any) -> NewsItem:
    return NewsItem(
        when=timezone.localdate(proposition.shared_at),
        subject=str(proposition.organisation),
        text=_("put '{title}' on the agenda").format(title=proposition.title),
        url=proposition.get_absolute_url(),
    )


@municipality_sections.register
def propositions_of(actor: Actor, municipality: Municipality) -> Rows[Section]:
    """Show on a municipality's page what it put forward and what it joined."""
    own = municipality.organisation_id
    joined = Q(pk__in=_joined(own), state__in=SHARED)
    found = Proposition.objects.visible_to(actor).listed().filter(Q(organisation=own) | joined)

    def section(found: list[Proposition]) -> Iterator[Section]:
        rows = [
            {
                "title": proposition.title,
                "url": proposition.get_absolute_url(),
                "state": proposition.get_state_display(),
                "is_own": proposition.organisation_id == own,
                "is_illustrative": proposition.is_illustrative,
            }
            for proposition in found
        ]
        template = "cities/includes/propositions_of.html"
        yield Section("proposities", _("Propositions"), template, {"rows": rows}, order=45)

    fields = ("public_id", "title", "state", "organisation", "is_illustrative")
    return Rows(found[:ON_PAGE], *fields, together=section)


def _joined(organisation: int) -> Any:
    return PropositionSupport.objects.filter(organisation=organisation, left_on=None).values("proposition")


@merger_handlers.register
def carried() -> Iterator[Carried]:
    """Say what goes along with a municipality that merges into another one."""
    yield Carried(
        "cities.Proposition",
        "organisation",
        gettext_lazy("propositions"),
        only=lambda handover: ~Q(supports__organisation=handover.new),
        stays=gettext_lazy("the successor had joined it; people of the successor act for it"),
    )
    yield Carried(
        "cities.PropositionSupport",
        "organisation",
        gettext_lazy("propositions that the municipality joined"),
        only=lambda handover: ~Q(proposition__organisation=handover.new),
        stays=gettext_lazy("the successor has joined already"),
    )
