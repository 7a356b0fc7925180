"""What the contracts app adds to the floors below it and to the pages that compose all apps."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from django.db.models import BigIntegerField, Case, OuterRef, Q, Subquery, When
from django.db.models.functions import Cast, JSONObject
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cities.models import Municipality
from contracts.demo.indicators import load_indicators
from contracts.demo.national import load_national
from contracts.demo.policies import load_policies
from contracts.demo.published import load_published
from contracts.demo.rounds import load_rounds
from contracts.demo.signing import load_signing
from contracts.demo.tables import load_offers
from contracts.models import ClimateContract, ContractVersion
from contracts.models.version import VersionState
from contracts.pages import register_rows, series_of
from contracts.selectors.contract import registered
from contracts.services.reference import load_reference
from contracts.services.template_reference import load_templates
from nss_portal.core.access import Actor, granted
from nss_portal.core.carrying import Carried
from nss_portal.core.gathering import Rows
from nss_portal.core.models import Transition
from nss_portal.core.registry import (
    NavigationItem,
    NewsItem,
    Section,
    WorkItem,
    demo_loaders,
    home_sections,
    merger_handlers,
    municipality_sections,
    navigation,
    news_items,
    reference_loaders,
    work_items,
)

NEWS_SHOWN = 12
ON_HOME = 4
# States whose arrival is news for others than the city itself.
NEWS_STATES = (VersionState.ADOPTED, VersionState.SIGNED, VersionState.PUBLISHED)

reference_loaders.register(load_reference)
reference_loaders.register(load_templates)
demo_loaders.register(load_published)
demo_loaders.register(load_offers)
demo_loaders.register(load_national)
demo_loaders.register(load_indicators)
demo_loaders.register(load_rounds)
demo_loaders.register(load_policies)
demo_loaders.register(load_signing)


@navigation.register
def entries() -> list[NavigationItem]:
    """Climate contracts stand in the main navigation."""
    return [NavigationItem(label=gettext_lazy("Climate contracts"), url_name="contracts:list", order=50)]


@news_items.register
def steps_of_contracts(user: Any, since: datetime) -> Iterable[NewsItem]:
    """Tell which contracts were adopted, signed or published."""
    kind = ContractVersion._meta.label_lower
    steps = Transition.objects.filter(object_type=kind, target__in=NEWS_STATES, at__gt=since)
    # Only of a version the key is sure to be a number.
    key = Case(When(object_type=kind, then=Cast("object_id", BigIntegerField())))
    seen = ContractVersion.objects.visible_to(user).filter(pk=OuterRef("version")).order_by()
    contract = JSONObject(title="contract__title", title_en="contract__title_en", public_id="contract__public_id")
    visible = steps.annotate(version=key).annotate(contract=Subquery(seen.values_list(contract)))
    newest = visible.filter(contract__isnull=False).order_by("-at")[:NEWS_SHOWN]
    return Rows(newest, "at", "target", "contract", each=_step)


def _step(row: Any) -> NewsItem:
    contract = ClimateContract(**row.contract)
    return NewsItem(
        when=timezone.localdate(row.at),
        subject=contract.name,
        text=_("is now: {state}").format(state=VersionState(row.target).label),
        url=contract.get_absolute_url(),
    )


@municipality_sections.register
def contracts_of(actor: Actor, municipality: Municipality) -> Section | None:
    """Show on a municipality's page its contracts that the person may see. Two queries."""
    inside = ClimateContract.objects.filter(municipalities=municipality).values("pk")
    contracts = list(registered(actor).filter(pk__in=inside))
    if not contracts:
        return None
    return Section(
        key="klimaatcontract",
        title=_("Climate contract"),
        template="contracts/includes/contracts_of.html",
        context={"rows": register_rows(contracts)},
        order=20,
    )


@municipality_sections.register
def emissions_of(actor: Actor, municipality: Municipality) -> Section | None:
    """Show on a municipality's page its published emission figures, a series per source. One query."""
    found = series_of(municipality)
    if not found:
        return None
    return Section(
        key="uitstoot",
        title=_("Emissions"),
        template="contracts/includes/emissions_of.html",
        context={"all_series": found, "url": reverse("contracts:emissions", args=[municipality.code])},
        order=25,
    )


@work_items.register
def versions_to_adopt(user: Any) -> Iterable[WorkItem]:
    """Ask a lead of a municipality to adopt what lies under internal review."""
    held = granted(user, "contract", "adopt").get("own-lead", frozenset())
    if not held:
        return ()
    inside = ClimateContract.objects.filter(municipalities__organisation__in=held).values("pk")
    waiting = ContractVersion.objects.filter(contract__in=inside, state=VersionState.INTERNAL_REVIEW)
    contract = ("contract__public_id", "contract__title", "contract__title_en")
    return Rows(waiting.order_by("contract__title", "pk"), "number", *contract, each=_adopt)


def _adopt(version: ContractVersion) -> WorkItem:
    return WorkItem(
        title=_("Adopt version {number} of the climate contract").format(number=version.number),
        url=version.get_absolute_url(),
        action_label=_("Look at the version"),
        minutes=20,
        detail=version.contract.name,
    )


@home_sections.register
def contracts_in_short(actor: Actor) -> Section | None:
    """Show a visitor the published contracts of real cities, with how many there are. Two queries."""
    visible = ClimateContract.objects.visible_to(actor)
    count = visible.count()
    if not count:
        return None
    shown = list(visible.filter(is_illustrative=False).order_by("title", "pk")[:ON_HOME])
    return Section(
        key="klimaatcontracten",
        title=_("Climate contracts"),
        template="contracts/includes/home.html",
        context={"contracts": shown, "count": count, "url": reverse("contracts:list")},
        order=30,
    )


@merger_handlers.register
def carried() -> Iterator[Carried]:
    """Contracts go along into the municipality that goes on; what was adopted or measured does not change."""
    yield Carried(
        "contracts.ContractMunicipality",
        "municipality",
        gettext_lazy("climate contracts"),
        stays=gettext_lazy("the other municipality is bound by the same contract already"),
        only=Q(),
    )
    yield Carried(
        "contracts.Party",
        "organisation",
        gettext_lazy("parties to contracts"),
        only=Q(version__state__in=[VersionState.DRAFT, VersionState.INTERNAL_REVIEW]),
        stays=gettext_lazy(
            "an adopted version never changes; people of the successor act for this party from that day"
        ),
    )
    yield Carried(
        "contracts.DemandOffer",
        "organisation",
        gettext_lazy("offers to joint demands"),
        only=Q(),
        stays=gettext_lazy("the other organisation has an offer of its own for the same measure"),
    )
    yield Carried(
        "contracts.EmissionSeries",
        "municipality",
        gettext_lazy("series of emission figures"),
        stays=gettext_lazy(
            "the figures are about the old territory; the successor's page shows them under its name"
        ),
    )
    yield Carried(
        "contracts.EmissionSource",
        "entered_for",
        gettext_lazy("sources of figures entered by hand"),
        stays=gettext_lazy("they name who entered the figures"),
    )
    yield Carried(
        "contracts.PopulationFigure",
        "municipality",
        gettext_lazy("numbers of inhabitants by year"),
        stays=gettext_lazy("they are about the old territory"),
    )
