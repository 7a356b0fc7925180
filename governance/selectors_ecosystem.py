"""The ecosystem: who is tied to whom, through what, in which role; chosen and counted to draw and to list."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from governance.models import GovernanceVariant, Organisation, VariantRole
from governance.models.organisation import Group
from nss_portal.core.access import Actor
from nss_portal.core.registry import Tied, ties

# So many names stand at a side of the drawing; the table has all.
MOST_LEFT, MOST_RIGHT = 18, 12


@dataclass(frozen=True)
class Known:
    """An organisation of the ecosystem, as little of it as is shown."""

    pk: int
    public_id: str
    name: str
    short_name: str
    group: str

    @property
    def label(self) -> str:
        """Give the short name where there is one."""
        return self.short_name or self.name


@dataclass(frozen=True)
class Line:
    """One tie of an organisation."""

    who: Known
    tied: Tied


@dataclass(frozen=True)
class GroupLine:
    """How many organisations of a group have a part in something, or in programmes on a theme."""

    group: Group
    thing: str
    label: str
    number: int
    weight: int


def all_lines(actor: Actor) -> list[Line]:
    """Give all ties that the actor may see; one query besides those of the sources."""
    found: list[Tied] = [tied for source in ties for tied in source(actor)]
    fields = ("pk", "public_id", "name", "short_name", "group")
    rows = Organisation.objects.visible_to(actor).filter(pk__in={tied.organisation for tied in found})
    known = {row[0]: Known(*row) for row in rows.order_by().values_list(*fields)}
    return [Line(known[tied.organisation], tied) for tied in found if tied.organisation in known]


def themes_of(lines: Iterable[Line]) -> list[tuple[str, str]]:
    """Give the themes that occur, by name."""
    there = {line.tied.theme: line.tied.theme_label for line in lines if line.tied.theme}
    return sorted(there.items(), key=lambda pair: pair[1])


def organisations_of(lines: Iterable[Line]) -> list[tuple[str, str]]:
    """Give the organisations that occur, by name."""
    return sorted({line.who.public_id: line.who.name for line in lines}.items(), key=lambda pair: pair[1])


def chosen(lines: Sequence[Line], theme: str, organisation: str) -> list[Line]:
    """Keep the ties on a theme, and those through which others are tied to an organisation."""
    kept = [line for line in lines if line.tied.theme == theme] if theme else list(lines)
    if organisation:
        things = {line.tied.thing for line in kept if line.who.public_id == organisation}
        kept = [line for line in kept if line.tied.thing in things]
    return kept


def by_group(lines: Iterable[Line]) -> list[GroupLine]:
    """Count organisations per group and per thing; programmes count under their theme."""
    there: dict[tuple[str, str], set[int]] = defaultdict(set)
    weights: dict[tuple[str, str], int] = {}
    labels: dict[str, str] = {}
    for line in lines:
        thing = f"theme-{line.tied.theme}" if line.tied.theme else line.tied.thing
        labels[thing] = line.tied.theme_label or line.tied.label
        key = (line.who.group, thing)
        there[key].add(line.who.pk)
        weights[key] = min(weights.get(key, 9), line.tied.weight)
    order = {group.value: place for place, group in enumerate(Group)}
    rows = [
        GroupLine(Group(group), thing, labels[thing], len(who), weights[group, thing])
        for (group, thing), who in there.items()
    ]
    return sorted(rows, key=lambda row: (order[row.group], row.thing.startswith("theme-"), row.label))


def most_tied(lines: Iterable[Line], first: str = "") -> tuple[list[Known], list[Tied]]:
    """Give who and what to draw: those with most ties, `first` (an organisation) on top, in order of name."""
    lines = list(lines)
    who = Counter(line.who for line in lines)
    things = {line.tied.thing: line.tied for line in lines}
    often = Counter(line.tied.thing for line in lines)
    left = sorted(who, key=lambda one: (one.public_id != first, -who[one], one.name))[:MOST_LEFT]
    right = sorted(things.values(), key=lambda one: (-often[one.thing], one.label))[:MOST_RIGHT]
    order = {group.value: place for place, group in enumerate(Group)}
    left.sort(key=lambda one: (one.public_id != first, order[one.group], one.label))
    return left, sorted(right, key=lambda one: (str(one.kind), one.theme_label, one.label))


def roles_in(actor: Actor, code: str, in_force: int | None) -> tuple[list[GovernanceVariant], list[VariantRole]]:
    """Give the variants, and the roles in one: that with the code, else the one in force; one query."""
    seen = GovernanceVariant.objects.visible_to(actor).order_by()
    found = (
        VariantRole.objects.filter(variant__in=seen).select_related("variant").order_by("variant__order", "order")
    )
    all_roles = list(found)
    variants = list({role.variant_id: role.variant for role in all_roles}.values())
    shown = next((one for one in variants if one.code == code), None)
    shown = shown or next((one for one in variants if one.pk == in_force), None) or next(iter(variants), None)
    return variants, [role for role in all_roles if shown is not None and role.variant_id == shown.pk]
