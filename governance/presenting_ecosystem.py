"""The ecosystem in drawings: parts in a variant, groups and what they are in, or names where one chose."""

from collections.abc import Sequence

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from governance.models import VariantRole
from governance.models.organisation import Helix
from governance.selectors_ecosystem import GroupLine, Line, most_tied
from nss_portal.core import charts

PARTS = (
    VariantRole.Part.COORDINATOR,
    VariantRole.Part.OWNER,
    VariantRole.Part.CO_OWNER,
    VariantRole.Part.INVOLVED,
)
# The groups of `governance_roles.csv` in the strands of the quadruple helix.
STRANDS = {"knowledge": Helix.KNOWLEDGE, "private": Helix.BUSINESS, "independent": Helix.SOCIETY}
HELIXES = tuple(Helix)


def strand_of(role: VariantRole) -> Helix:
    """Give the strand of the quadruple helix that a role's group falls under."""
    return STRANDS.get(role.group, Helix.GOVERNMENT)


def lanes_of(roles: Sequence[VariantRole], coordinator: str) -> charts.Chart | None:
    """Draw who has which part; `coordinator` is who coordinates today ('' for a variant that is not in force)."""
    if not roles:
        return None
    members = {
        part: [
            charts.Member(role.organisation, HELIXES.index(strand_of(role))) for role in roles if role.part == part
        ]
        for part in PARTS
    }
    if coordinator:
        members[VariantRole.Part.COORDINATOR] = [charts.Member(coordinator)]
    there = [part for part in PARTS if members[part]]
    lanes = [charts.Lane(str(capfirst(part.label)), members[part], strong=part in PARTS[:2]) for part in there]
    said = _("{part}: {names}.")
    words = " ".join(
        said.format(part=lane.label, names=", ".join(member.name for member in lane.members)) for lane in lanes
    )
    return charts.parts_in_lanes(
        charts.LanesChart(
            title=_("Who has which part: {variant}").format(variant=roles[0].variant.label),
            description=words,
            unit=_("part"),
            source=roles[0].variant.source,
            lanes=lanes,
            marks=[str(helix.label) for helix in HELIXES],
        )
    )


def _drawn(
    left: Sequence[charts.End], right: Sequence[charts.End], ties: Sequence[charts.Tie], description: str
) -> charts.Chart:
    return charts.tied(
        charts.TiesChart(
            title=_("Who is tied to whom"),
            description=description,
            unit=_("role"),
            left=left,
            right=right,
            ties=ties,
            looks=[_("leads, chairs or coordinates"), _("takes part")],
            left_title=_("Who"),
            right_title=_("In what"),
        )
    )


def groups_drawn(rows: Sequence[GroupLine]) -> charts.Chart | None:
    """Draw the groups of the quadruple helix and what they are in, with how many organisations."""
    if not rows:
        return None
    groups = list(dict.fromkeys(row.group for row in rows))
    things = {row.thing: row.label for row in sorted(rows, key=lambda r: (r.thing.startswith("theme-"), r.label))}
    keys = list(things)
    return _drawn(
        [charts.End(str(capfirst(group.label))) for group in groups],
        [charts.End(label) for label in things.values()],
        [charts.Tie(groups.index(row.group), keys.index(row.thing), row.weight) for row in rows],
        _("Lines run from groups of organisations to the groups that meet and the themes of their programmes."),
    )


def names_drawn(lines: Sequence[Line], first: str = "") -> charts.Chart | None:
    """Draw organisations and what they are in, those with most ties; `first` stands on top in bold."""
    who, things = most_tied(lines, first)
    if not who:
        return None
    keys = [tied.thing for tied in things]
    kept: dict[tuple[int, int], int] = {}
    for line in lines:
        if line.who in who and line.tied.thing in keys:
            place = (who.index(line.who), keys.index(line.tied.thing))
            kept[place] = min(kept.get(place, 9), line.tied.weight)
    words = ngettext(
        "{number} organisation and what it is in, with a line for each tie.",
        "{number} organisations and what they are in, with a line for each tie.",
        len(who),
    )
    return _drawn(
        [charts.End(one.label, strong=one.public_id == first) for one in who],
        [charts.End(tied.label) for tied in things],
        [charts.Tie(left, right, look) for (left, right), look in sorted(kept.items())],
        words.format(number=len(who)),
    )
