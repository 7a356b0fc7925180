"""Reads of contracts for pages, downloads and other apps; every one starts from what the actor may see."""

from collections.abc import Iterable

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import (
    Case,
    Count,
    Exists,
    F,
    IntegerField,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Subquery,
    Sum,
    When,
)
from django.db.models.functions import Coalesce, JSONObject

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
    FigureNote,
    Investment,
    Party,
)
from contracts.models.review import ReviewState
from contracts.models.version import IN_FORCE_STATES
from nss_portal.core.access import Actor


def versions_of(actor: Actor) -> QuerySet[ContractVersion]:
    """Give the versions that an actor sees, the one that holds first, then the newest."""
    rank = Case(When(state__in=IN_FORCE_STATES, then=0), default=1, output_field=IntegerField())
    return ContractVersion.objects.visible_to(actor).annotate(rank=rank).order_by("rank", "-number")


def registered(actor: Actor) -> QuerySet[ClimateContract]:
    """Give the contracts that an actor sees, each with `shown_id` and `shown_state` of the version to show."""
    shown = versions_of(actor).filter(contract=OuterRef("pk"))
    links = ContractMunicipality.objects.select_related("municipality")
    return (
        ClimateContract.objects.visible_to(actor)
        .annotate(shown_id=Subquery(shown.values("pk")[:1]), shown_state=Subquery(shown.values("state")[:1]))
        .prefetch_related(Prefetch("contract_municipalities", queryset=links))
    )


def with_totals(versions: Iterable[int]) -> dict[int, ContractVersion]:
    """Give versions by primary key with `action_count`, `party_count` and `amount_meur` (million euro)."""
    amounts = Investment.objects.filter(version=OuterRef("pk")).values("version").annotate(sum=Sum("amount_meur"))
    parties = Party.objects.filter(version=OuterRef("pk")).values("version").annotate(count=Count("pk"))
    actions = Action.objects.filter(version=OuterRef("pk")).values("version").annotate(count=Count("pk"))
    annotated = ContractVersion.objects.annotate(
        action_count=Coalesce(Subquery(actions.values("count")), 0),
        party_count=Coalesce(Subquery(parties.values("count")), 0),
        amount_meur=Subquery(amounts.values("sum")),
    )
    return dict(annotated.in_bulk(list(versions)))


def contract_for_page(actor: Actor) -> QuerySet[ClimateContract]:
    """Give visible contracts with all that the page of one needs of it in a single query.

    Adds `may_change`, `may_adopt` and `may_publish`, `places` (code and name of its municipalities) and `notes`
    (what the team says of figures that differ).
    """

    def open_to(action: str) -> Exists:
        return Exists(ClimateContract.objects.open_to(actor, action).filter(pk=OuterRef("pk")))

    places = ContractMunicipality.objects.filter(contract=OuterRef("pk")).order_by("order", "pk")
    notes = FigureNote.objects.filter(contract=OuterRef("pk"))
    return (
        ClimateContract.objects.visible_to(actor)
        .select_related("standard", "publication")
        .annotate(
            may_change=open_to("change"),
            may_adopt=open_to("adopt"),
            may_publish=open_to("publish"),
            places=ArraySubquery(
                places.values_list(JSONObject(code="municipality__code", name="municipality__common_name"))
            ),
            notes=ArraySubquery(
                notes.values_list(
                    JSONObject(finding="finding", text="text", who="written_by_label", revision="revision")
                )
            ),
        )
    )


def actions_of(version: ContractVersion) -> QuerySet[Action]:
    """Give the actions of a version, what does most first, each with `amount_meur` (million euro)."""
    amounts = Investment.objects.filter(action=OuterRef("pk")).values("action").annotate(sum=Sum("amount_meur"))
    return (
        version.actions.annotate(amount_meur=Subquery(amounts.values("sum")))
        .select_related("responsible")
        .order_by(F("effect_kt").desc(nulls_last=True), F("amount_meur").desc(nulls_last=True), "order", "pk")
    )


def commitments_of(version: ContractVersion) -> QuerySet[Commitment]:
    """Give the promises of a version with their parties."""
    return version.commitments.select_related("party").order_by("party__order", "order", "pk")


def figures_of(contract: ClimateContract) -> QuerySet[EmissionFigure]:
    """Give all figures of a contract and of its municipalities, with series and source; in one query."""
    links = ContractMunicipality.objects.filter(contract=contract).values("municipality")
    return (
        EmissionFigure.objects.filter(Q(series__contract=contract) | Q(series__municipality__in=links))
        .select_related("series__source", "series__municipality")
        .order_by("series__source__code", "-series__is_leading", "series", "year", "pk")
    )


def figures_of_municipality(municipality: Municipality) -> QuerySet[EmissionFigure]:
    """Give all figures of a municipality itself, with series and source; in one query."""
    return (
        EmissionFigure.objects.filter(series__municipality=municipality)
        .select_related("series__source")
        .order_by("series__source__label_nl", "-series__is_leading", "series", "year", "pk")
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
    found = AnnualReview.objects.visible_to(actor).filter(contract=contract).select_related("round")
    return list(found.order_by("-round__year"))


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
