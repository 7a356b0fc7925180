"""Reads of contracts for pages, downloads and other apps; every one starts from what the actor may see."""

from collections.abc import Iterable
from decimal import Decimal
from typing import NamedTuple

from django.db.models import (
    Case,
    DecimalField,
    Exists,
    F,
    Func,
    IntegerField,
    JSONField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.expressions import Combinable

from cities.models import Municipality
from contracts.figures import Claim, step_of
from contracts.models import (
    Action,
    AnnualReview,
    ClimateContract,
    Commitment,
    ContractMunicipality,
    ContractVersion,
    Effort,
    EmissionFigure,
    EmissionSeries,
)
from contracts.models.emission import FigureKind
from contracts.models.review import ReviewState
from contracts.models.version import IN_FORCE_STATES
from nss_portal.core.access import Actor, action_q
from nss_portal.core.access.resources import NOTHING

# What may be done with a contract by the buttons of its pages.
RIGHTS = ("change", "adopt", "publish")
# What a list shows beside its own columns. Written out, since Django takes longer to put a subquery together than
# the database to answer it; the inner tables stand in no rule of access.
PLACES = Func(
    F("pk"),
    template="""(SELECT coalesce(jsonb_agg(
            jsonb_build_object('code', m.code, 'name', m.common_name) ORDER BY l."order", l.id
        ), '[]') FROM contracts_contractmunicipality l JOIN cities_municipality m ON m.id = l.municipality_id
        WHERE l.contract_id = %(expressions)s)""",
    output_field=JSONField(),
)
NOTES = Func(
    F("pk"),
    template="""(SELECT coalesce(jsonb_agg(jsonb_build_object(
            'finding', n.finding, 'text', n.text, 'who', n.written_by_label, 'revision', n.revision
        )), '[]') FROM contracts_figurenote n WHERE n.contract_id = %(expressions)s)""",
    output_field=JSONField(),
)
PARTY_COUNT = Func(
    F("pk"),
    template="(SELECT count(*) FROM contracts_party p WHERE p.version_id = %(expressions)s)",
    output_field=IntegerField(),
)
ACTION_COUNT = Func(
    F("pk"),
    template="(SELECT count(*) FROM contracts_action a WHERE a.version_id = %(expressions)s)",
    output_field=IntegerField(),
)
# Only capital counts as investment: what it costs to run and what it saves are kinds of their own.
ACTION_AMOUNT = Func(
    F("pk"),
    template="""(SELECT sum(i.amount_meur) FROM contracts_investment i
        WHERE i.action_id = %(expressions)s AND i.kind = 'capital')""",
    output_field=DecimalField(max_digits=14, decimal_places=3),
)
AMOUNT_MEUR = Func(
    F("pk"),
    template="""(SELECT sum(i.amount_meur) FROM contracts_investment i
        WHERE i.version_id = %(expressions)s AND i.kind = 'capital')""",
    output_field=DecimalField(max_digits=14, decimal_places=3),
)


def versions_of(actor: Actor) -> QuerySet[ContractVersion]:
    """Give the versions that an actor sees, the one that holds first, then the newest."""
    rank = Case(When(state__in=IN_FORCE_STATES, then=0), default=1, output_field=IntegerField())
    return ContractVersion.objects.visible_to(actor).annotate(rank=rank).order_by("rank", "-number")


def registered(actor: Actor) -> QuerySet[ClimateContract]:
    """Give the contracts that an actor sees, each with its `places` and `shown_id` of the version to show."""
    shown = versions_of(actor).filter(contract=OuterRef("pk")).values("pk")[:1]
    return ClimateContract.objects.visible_to(actor).annotate(shown_id=Subquery(shown), places=PLACES)


class VersionTotals(NamedTuple):
    """A version with the numbers that the register shows; `amount_meur` in million euros, None without money."""

    number: int
    state: str
    parties: int
    actions: int
    amount_meur: Decimal | None


def totals_of(versions: Iterable[int]) -> dict[int, VersionTotals]:
    """Give the totals of versions by primary key; one query."""
    found = ContractVersion.objects.filter(pk__in=list(versions)).order_by()
    rows = found.values_list("pk", "number", "state", PARTY_COUNT, ACTION_COUNT, AMOUNT_MEUR)
    return {pk: VersionTotals(*values) for pk, *values in rows}


def contract_for_page(actor: Actor) -> QuerySet[ClimateContract]:
    """Give visible contracts with all that the page of one needs of it in a single query.

    Adds `may_change`, `may_adopt` and `may_publish`, `places` (code and name of its municipalities) and `notes`
    (what the team says of figures that differ).
    """
    return (
        ClimateContract.objects.visible_to(actor)
        .select_related("standard", "publication")
        .annotate(places=PLACES, notes=NOTES, **_rights(actor))
    )


def _rights(actor: Actor) -> dict[str, Combinable]:
    """Give what the actor may do with a contract as annotations; rights that open the same ones are asked once."""
    asked: dict[str, Combinable] = {}
    conditions: dict[str, Q] = {}
    for action in RIGHTS:
        condition = action_q(actor, "contract", action)
        same = next((name for name, other in conditions.items() if other == condition), None)
        conditions[f"may_{action}"] = condition
        if same:
            asked[f"may_{action}"] = F(same)
        elif condition == NOTHING:
            asked[f"may_{action}"] = Value(False)
        else:
            mine = ClimateContract.objects.open_to(actor, action).filter(pk=OuterRef("pk"))
            asked[f"may_{action}"] = Exists(mine)
    return asked


def actions_of(version: ContractVersion) -> QuerySet[Action]:
    """Give the actions of a version, what does most first, each with `amount_meur` (million euro)."""
    return version.actions.annotate(amount_meur=ACTION_AMOUNT).order_by(
        F("effect_kt").desc(nulls_last=True), F("amount_meur").desc(nulls_last=True), "order", "pk"
    )


def commitments_of(version: ContractVersion) -> QuerySet[Commitment]:
    """Give the promises of a version in the order in which they stand in it."""
    return version.commitments.order_by("order", "pk")


def figures_of(contract: ClimateContract) -> tuple[EmissionFigure, ...]:
    """Give all figures of a contract and of its municipalities, with series and source; two queries.

    Those of a municipality that went on in one of them are about its own territory and stay under its name.
    """
    links = ContractMunicipality.objects.filter(contract=contract).values("municipality")
    places = Q(municipality__in=links) | Q(municipality__successor__in=links)
    series = EmissionSeries.objects.filter(Q(contract=contract) | places)
    return _with_figures(
        series.select_related("source", "municipality").order_by("source__code", "-is_leading", "pk")
    )


def _with_figures(found: QuerySet[EmissionSeries]) -> tuple[EmissionFigure, ...]:
    """Give the figures of series, in the order of the series and in each by year."""
    order = {series.pk: (place, series) for place, series in enumerate(found)}
    figures = list(EmissionFigure.objects.filter(series__in=list(order)).order_by("year", "pk"))
    for figure in figures:
        figure.series = order[figure.series_id][1]
    return tuple(sorted(figures, key=lambda figure: order[figure.series_id][0]))


def latest_figures_of(municipality: Municipality) -> QuerySet[EmissionFigure]:
    """Give of each series of a municipality, and of those that went on in it, the figures of its last year.

    With series, source and municipality; one query.
    """
    either = Q(series__municipality=municipality) | Q(series__municipality__successor=municipality)
    last = EmissionFigure.objects.filter(series=OuterRef("series")).order_by("-year").values("year")[:1]
    return (
        EmissionFigure.objects.filter(either, year=Subquery(last))
        .select_related("series__source", "series__municipality")
        .order_by("series__source__label_nl", "-series__is_leading", "series_id", "pk")
    )


def measured_figures_of(municipality: Municipality) -> QuerySet[EmissionFigure]:
    """Give all measured figures of a municipality and of those that went on in it, with series and source."""
    either = Q(series__municipality=municipality) | Q(series__municipality__successor=municipality)
    return (
        EmissionFigure.objects.filter(either, kind=FigureKind.MEASURED)
        .select_related("series__source", "series__municipality")
        .order_by("series_id", "year", "pk")
    )


def claim(figure: EmissionFigure, *, is_joint: bool = False) -> Claim:
    """Give a figure as the pure functions of `contracts.figures` take it.

    In a joint contract the figures of one city are not those of all, so that its code becomes the subject.
    """
    series = figure.series
    own = series.municipality.code if is_joint and series.municipality else ""
    return Claim(
        source=series.source.code,
        locator=series.locator,
        kind=figure.kind,
        sector=figure.sector,
        year=figure.year,
        value=figure.value,
        step=step_of(figure.printed or "1", series.printed_unit),
        unit=series.unit,
        boundary=f"{series.scope} {series.gas}" if series.scope else "",
        is_detail=figure.is_detail,
        printed=figure.printed,
        printed_unit=series.printed_unit,
        label=figure.sector_label,
        place=series.place,
        subject=own,
    )


def reviews_of(contract: ClimateContract, actor: Actor) -> list[AnnualReview]:
    """Give the reviews of a contract that the actor sees, the newest round first."""
    found = AnnualReview.objects.visible_to(actor).filter(contract=contract).with_round().defer("prefilled")
    reviews = list(found.order_by("-round__year"))
    for review in reviews:
        review.contract = contract
    return reviews


def newest_handed_in(reviews: Iterable[AnnualReview]) -> AnnualReview | None:
    """Give the newest review that is handed in; `reviews` come with the newest round first."""
    return next((review for review in reviews if review.state != ReviewState.OPEN), None)


def last_statuses(reviews: Iterable[AnnualReview]) -> dict[str, str]:
    """Give what the newest review that is handed in says of each action and promise: code to status."""
    handed_in = newest_handed_in(reviews)
    if handed_in is None:
        return {}
    rows = Effort.objects.filter(part__review=handed_in).exclude(status="")
    return {
        action or promise: status
        for action, promise, status in rows.values_list("action__code", "commitment__code", "status")
    }
