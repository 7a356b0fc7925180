"""What a closed round says of the measures of the standard approach becomes proposals for its next version.

Only where several contracts took the same measure, and together expect clearly less or more of it than they
promised: then its typical effect is proposed to become what they expect. The coordination team decides, as on
every proposal; nothing changes by itself.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from cities.models.bottleneck import Sharing
from contracts.models import Effort, MeasureUse, ReviewRound, StandardChange, StandardMeasure, StandardVersion
from contracts.models.review import PartState
from contracts.models.standard import DUTCH
from contracts.models.standard_change import ChangeAct, ItemKind
from contracts.services.review.figures import Snapshot
from contracts.services.standard.changes import propose_change
from governance.models import Organisation, User
from governance.variants import coordinating_organisation_id
from nss_portal.core.formats import format_number
from nss_portal.core.time import today

# A measure is judged by at least so many contracts, and proposed to change from so large a difference.
LEAST_CONTRACTS = 3
LEAST_DIFFERENCE = Decimal("0.10")
STORED = Decimal("0.001")
REASON_LENGTH = 300


@dataclass
class Said:
    """What the contracts of a round say of one measure: kt promised and expected, and the answers themselves."""

    planned: Decimal = Decimal(0)
    expected: Decimal = Decimal(0)
    contracts: set[int] = field(default_factory=set)
    efforts: list[Effort] = field(default_factory=list)

    @property
    def share(self) -> Decimal:
        """Give which part of the promise is expected."""
        return self.expected / self.planned

    @property
    def counts(self) -> bool:
        """Say whether this is enough to propose a change."""
        return len(self.contracts) >= LEAST_CONTRACTS and abs(self.share - 1) >= LEAST_DIFFERENCE


@transaction.atomic
def propose_out_of(round: ReviewRound) -> list[StandardChange]:
    """Propose what a closed round gives cause for; call it in the transaction that closes the round.

    Gives nothing where there is no approach to change or nobody coordinates, or where it was done already.
    """
    version = _version()
    organisation = Organisation.objects.filter(pk=coordinating_organisation_id(today()) or 0).first()
    if version is None or organisation is None:
        return []
    done = set(StandardChange.objects.filter(round=round, created_by=User.objects.system()).values_list("code"))
    said = {code: one for code, one in said_of_measures(round).items() if one.counts and (code,) not in done}
    measures = version.measures.filter(code__in=list(said), effect__isnull=False).order_by("order", "pk")
    return [_propose(round, version, organisation, measure, said[measure.code]) for measure in measures]


def _version() -> StandardVersion | None:
    """Give the version that proposals are made on: the one that is being worked on, else the one in force."""
    versions = StandardVersion.objects.filter(standard__code=DUTCH)
    return versions.open().first() or versions.in_force().first()


def said_of_measures(round: ReviewRound) -> dict[str, Said]:
    """Give what was handed in about actions that contracts took out of the library, by the measure's code.

    Contracts that their cities do not share stay out, and so do made-up ones in a real round. Two queries.
    """
    efforts = Effort.objects.filter(
        part__review__round=round,
        part__state=PartState.SUBMITTED,
        action__isnull=False,
        planned_kt__gt=0,
        expected_kt__isnull=False,
    ).exclude(status="")
    efforts = efforts.exclude(part__review__contract__sharing=Sharing.DRAFT)
    if not round.is_illustrative:
        efforts = efforts.exclude(part__review__contract__is_illustrative=True)
    uses = MeasureUse.objects.filter(contract__reviews__round=round)
    code_of = {
        (one, action): code for one, action, code in uses.values_list("contract", "action_code", "measure_code")
    }
    found: dict[str, Said] = defaultdict(Said)
    for effort in efforts.select_related("action", "lesson", "bottleneck", "part__review__contract").defer(
        "part__review__prefilled", "part__review__outcome"
    ):
        contract, action = effort.part.review.contract_id, effort.action
        code = code_of.get((contract, action.code)) if action else None
        if code is None or effort.planned_kt is None or effort.expected_kt is None:
            continue
        one = found[code]
        one.planned += effort.planned_kt
        one.expected += effort.expected_kt
        one.contracts.add(contract)
        one.efforts.append(effort)
    return dict(found)


def _propose(
    round: ReviewRound, version: StandardVersion, organisation: Organisation, measure: StandardMeasure, said: Said
) -> StandardChange:
    assert measure.effect is not None  # noqa: S101 - chosen so
    effect = (measure.effect * said.share).quantize(STORED)
    words = {
        "year": round.year,
        "count": len(said.contracts),
        "promised": format_number(said.planned, 1),
        "expected": format_number(said.expected, 1),
        "share": format_number(said.share * 100, 0),
    }
    values = {**measure.values(), "effect": effect, **_range(measure, effect)}
    return propose_change(
        actor=User.objects.system(),
        version=version,
        organisation=organisation,
        act=ChangeAct.CHANGE,
        kind=ItemKind.MEASURE,
        code=measure.code,
        title=_("Typical effect by the annual review %(year)d: %(measure)s")[:160]
        % {"year": round.year, "measure": measure.title_nl[:80]},
        reason=_(
            "In the annual review %(year)d, %(count)d contracts with this measure expect %(expected)s kt of the "
            "%(promised)s kt that they promised: %(share)s percent. The proposal brings the typical effect in "
            "line with that. It was made by the portal out of the reviews; look at the reasons before you decide."
        )
        % words,
        values=values,
        lessons=[one.lesson for one in said.efforts if one.lesson is not None],
        bottlenecks=[one.bottleneck for one in said.efforts if one.bottleneck is not None],
        round=round,
        evidence=[_evidence(one, round.year) for one in said.efforts],
    )


def _range(measure: StandardMeasure, effect: Decimal) -> Snapshot:
    """Widen the range of a measure where the new effect falls outside it."""
    found: Snapshot = {}
    if measure.effect_low is not None and effect < measure.effect_low:
        found["effect_low"] = effect
    if measure.effect_high is not None and effect > measure.effect_high:
        found["effect_high"] = effect
    return found


def _evidence(effort: Effort, year: int) -> dict[str, str]:
    """Give what one contract says; shown to who may see its review."""
    review = effort.part.review
    said = effort.obstacle or effort.reason
    text = _("%(expected)s of %(promised)s kt") % {
        "expected": format_number(effort.expected_kt or Decimal(0), 1),
        "promised": format_number(effort.planned_kt or Decimal(0), 1),
    }
    return {
        "label": review.contract.title,
        "url": reverse("contracts:review", args=[review.contract.public_id, year]),
        "text": f"{text}. {said[:REASON_LENGTH]}".strip(),
        "contract": review.contract.public_id,
    }
