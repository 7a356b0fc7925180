"""Actions on paper: what each does, who is responsible, and the money of each, out of plain data alone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from contracts.models.action import InvestmentKind
from contracts.snapshot_words import number_words, pairs, row_title, value_words

# What of an action is shown elsewhere than among its facts.
ACTION_FIELDS = ("title", "title_en", "responsible", "sector", "illustrative", "code", "investments")


@dataclass(frozen=True)
class Sheetlet:
    """One action on paper: its title, facts in words, and money."""

    number: int
    code: str
    title: str
    who: str
    facts: Sequence[tuple[str, str]]
    effect_kt: Decimal | None
    amount_meur: Decimal | None
    posts: Sequence[str]

    @property
    def effect(self) -> str:
        """Give the reduction in the target year (kt); '–' where it is not known."""
        return number_words(self.effect_kt)

    @property
    def amount(self) -> str:
        """Give the money (million euro); '–' where it is not known."""
        return number_words(self.amount_meur)


def sheetlet_of(
    number: int, row: Mapping[str, Any], names: Mapping[str, str], measures: Mapping[str, str]
) -> Sheetlet:
    """Put an action in words; `names` are of parties, `measures` of kinds of measures by their code."""
    amounts = [Decimal(post["amount_meur"]) for post in row["investments"] if is_capital(post)]
    hidden = (*ACTION_FIELDS, "effect_kt")
    if row.get("measure") in measures:
        row = {**row, "measure": measures[row["measure"]]}
    return Sheetlet(
        number=number,
        code=row["code"],
        title=row_title(row),
        who=names.get(row["responsible"] or "", ""),
        facts=pairs({key: value for key, value in row.items() if not key.endswith("_en")}, without=hidden),
        effect_kt=None if row["effect_kt"] is None else Decimal(row["effect_kt"]),
        amount_meur=sum(amounts, Decimal(0)) if amounts else None,
        posts=[_post(post) for post in row["investments"]],
    )


def is_capital(post: Mapping[str, Any]) -> bool:
    """Say whether a post is an investment; operation, savings and co-benefits are not added to those."""
    return bool(post.get("kind", InvestmentKind.CAPITAL) == InvestmentKind.CAPITAL)


def _post(post: Mapping[str, Any]) -> str:
    """Write a post: 'state, grant: 38.3 mln euros in 2030'; what is no capital is named first."""
    words = [value_words(key, post.get(key)) for key in ("kind", "payer", "capital_form", "capital_source")]
    amount = _("%(amount)s mln euros") % {"amount": number_words(Decimal(post["amount_meur"]))}
    if post["year"]:
        amount = _("%(amount)s in %(year)s") % {"amount": amount, "year": post["year"]}
    return f"{', '.join(filter(None, words))}: {amount}"
