"""Joint demand: like actions of the contracts that somebody sees, added up by kind of measure."""

from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, NamedTuple

from django.db.models import Count, F, Q, QuerySet, Sum

from contracts.models import Action, ClimateContract, ContractVersion, Investment, Measure
from contracts.models.action import InvestmentKind
from contracts.models.version import IN_FORCE_STATES
from nss_portal.core.access import Actor


@dataclass(frozen=True)
class Demand:
    """What cities want of one kind of measure. `kt` in the target years, money in million euro by kind."""

    measure: Measure
    actions: int
    cities: int
    kt: Decimal | None
    money: dict[str, Decimal] = field(default_factory=dict)

    @property
    def capital(self) -> Decimal | None:
        """Give the capital that is needed (million euro)."""
        return self.money.get(InvestmentKind.CAPITAL.value)


def wanted(actor: Actor) -> QuerySet[Action]:
    """Give the actions of versions in force that somebody sees."""
    contracts = ClimateContract.objects.visible_to(actor).order_by()
    versions = ContractVersion.objects.visible_to(actor).filter(
        state__in=IN_FORCE_STATES, contract__in=contracts.values("pk")
    )
    return Action.objects.filter(version__in=versions.order_by().values("pk"))


def demands(actor: Actor, *, sector: str = "", field_of_action: str = "", code: str = "") -> list[Demand]:
    """Add up like actions of all kinds or of one (`code`), what most cities want first; four queries."""
    kinds = Measure.objects.filter(code=code) if code else Measure.objects.all()
    measures = {measure.code: measure for measure in kinds}
    found = wanted(actor).filter(measure__in=list(measures)).order_by()
    sums = found.values_list("measure").annotate(Count("pk"), Sum("effect_kt"))
    cities = dict(found.values_list("measure").annotate(Count("version__contract__municipalities", distinct=True)))
    money: dict[str, dict[str, Decimal]] = defaultdict(dict)
    posts = Investment.objects.filter(action__in=found.values("pk")).order_by()
    for measure, kind, amount in posts.values_list("action__measure", "kind").annotate(Sum("amount_meur")):
        money[measure][kind] = amount
    rows = [
        Demand(measures[code], actions, cities.get(code, 0), kt, money.get(code, {}))
        for code, actions, kt in sums
        if (not sector or measures[code].sector == sector)
        and (not field_of_action or measures[code].field == field_of_action)
    ]
    return sorted(rows, key=lambda row: (-row.cities, -row.actions, row.measure.label))


def unnamed(actor: Actor) -> int:
    """Count the actions that name no kind of measure and so do not add up; one query."""
    known = Measure.objects.values("code")
    return wanted(actor).filter(Q(measure="") | ~Q(measure__in=known)).count()


class WantedAction(NamedTuple):
    """An action of one kind with its contract; `kt` in the target year, `amount_meur` the capital."""

    title: str
    title_en: str
    kt: Decimal | None
    amount_meur: Decimal | None
    contract: str
    contract_en: str
    public_id: str


def actions_wanting(actor: Actor, measure: Measure) -> QuerySet[Action, tuple[Any, ...]]:
    """Give the actions of one kind as the fields of `WantedAction`, what does most first."""
    from contracts.selectors.contract import ACTION_AMOUNT

    return (
        wanted(actor)
        .filter(measure=measure.code)
        .order_by(F("effect_kt").desc(nulls_last=True), "version__contract__title", "pk")
        .values_list(
            "title",
            "title_en",
            "effect_kt",
            ACTION_AMOUNT,
            "version__contract__title",
            "version__contract__title_en",
            "version__contract__public_id",
        )
    )
