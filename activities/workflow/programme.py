"""The life cycle of a programme, after that of City Deals: what must be there to go on is checked here.

The conditions are those of `programme_phases.csv`. A page shows the same checks as a list before anybody presses.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.db.models import Model
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from activities.models import Phase, Programme
from activities.selectors.programmes import Whole, whole_of
from governance.models.organisation import Group
from nss_portal.core.time import today
from nss_portal.core.workflow import Condition, Step, Workflow

FEWEST_PARTNERS = 2
RAISING = (Group.MUNICIPALITY, Group.MINISTRY)


@dataclass(frozen=True)
class Check:
    """One thing that must be there: what it is, and what is missing now (an empty text when it is there).

    `place` is where on the programme's page one sees to it.
    """

    label: str | Promise
    missing: Callable[[Whole], str]
    place: str = ""


def _challenge(whole: Whole) -> str:
    return "" if whole.programme.challenge.strip() else _("Describe the challenge first.")


def _crosses(whole: Whole) -> str:
    named = [part for part in whole.programme.domains.replace(";", ",").split(",") if part.strip()]
    return "" if len(named) > 1 else _("Name at least two policy domains that it crosses.")


def _raised(whole: Whole) -> str:
    by = whole.programme.raised_by
    return "" if by and by.group in RAISING else _("Say which municipality or ministry raised it.")


def _enough(whole: Whole) -> str:
    count = sum(1 for one in whole.taking_part if one.hours)
    wanted = whole.programme.enough
    if count >= wanted:
        return ""
    text = ngettext(
        "{count} of {wanted} partners gives time.", "{count} of {wanted} partners give time.", count
    ).format(count=count, wanted=wanted)
    way_on = _("Ask others, or stop with the reason and try again later.")
    return f"{text} {way_on}"


def _contributing(whole: Whole) -> str:
    few = len(whole.taking_part) < FEWEST_PARTNERS
    return _("A covenant takes at least two partners.") if few else ""


def _contributions(whole: Whole) -> str:
    without = [one.short or one.name for one in whole.taking_part if not (one.hours or one.euros)]
    if not without:
        return ""
    return _("Still without hours or euros: {names}.").format(names=", ".join(without))


def _goal(whole: Whole) -> str:
    return "" if whole.covenant and whole.covenant.goal.strip() else _("Write the goal in the covenant.")


def _agreed(whole: Whole) -> str:
    return "" if whole.covenant and whole.covenant.agreements.strip() else _("Write what is agreed.")


def _time_path(whole: Whole) -> str:
    covenant = whole.covenant
    there = covenant and covenant.starts_on and covenant.ends_on
    return "" if there else _("Say from when until when the programme runs.")


def _milestone(whole: Whole) -> str:
    kept = [one for one in whole.milestones if one.dropped_on is None]
    return "" if kept else _("Add at least one milestone.")


def _signed(whole: Whole) -> str:
    closed = {one.pk for one in whole.rounds if one.closed_on}
    count = sum(1 for one in whole.signatures if one.round_id in closed)
    return "" if count >= FEWEST_PARTNERS else _("Close a signing round with at least two signatures.")


def _in_gazette(whole: Whole) -> str:
    there = any(one.gazette for one in whole.rounds if one.closed_on)
    return "" if there else _("Note the publication in the Staatscourant.")


def _groups(whole: Whole) -> str:
    seated = {one.group_id for one in whole.members if one.left_on is None}
    return "" if any(one.pk in seated for one in whole.groups) else _("Make a working group with members.")


def _milestones_followed(whole: Whole) -> str:
    day = today()
    late = [
        one.title
        for one in whole.milestones
        if one.done_on is None and one.dropped_on is None and one.planned_on < day
    ]
    return _("Say what became of: {names}.").format(names=", ".join(late)) if late else ""


def _reflected(whole: Whole) -> str:
    waiting = [one for one in whole.reflections if not one.submitted_at]
    return _("Hand in the half-yearly reflection that is open.") if waiting else ""


def _result(whole: Whole) -> str:
    return "" if whole.results else _("Add at least one result.")


def _themes(whole: Whole) -> str:
    return "" if whole.scalings else _("Choose at least one scaling theme.")


def _themes_whole(whole: Whole) -> str:
    open_ones = [
        one.theme_nl
        for one in whole.scalings
        if not (one.task and one.forms and one.finance and one.alliances and (one.owner or one.owner_missing))
    ]
    return _("Not finished yet: {names}.").format(names=", ".join(open_ones)) if open_ones else ""


def _anchored(whole: Whole) -> str:
    loose = [one.title for one in whole.results if not one.anchored_in]
    if not whole.results:
        return _("Add at least one result.")
    return _("Say where these are anchored: {names}.").format(names=", ".join(loose)) if loose else ""


def _learned(whole: Whole) -> str:
    closing = whole.closing
    there = closing and (closing.what_worked.strip() or closing.what_failed.strip())
    return "" if there else _("Write what worked, and what did not.")


def _handed_over(whole: Whole) -> str:
    closing = whole.closing
    there = closing and closing.handed_to.strip() and closing.hand_over.strip()
    return "" if there else _("Write to whom it is handed over, and how it goes on.")


def _unsigned(whole: Whole) -> str:
    return _("The covenant is signed already. A next tranche gets a covenant of its own.") if whole.signed else ""


CHECKS: dict[str, tuple[Check, ...]] = {
    "explore": (
        Check(gettext_lazy("A challenge, described"), _challenge, "edit"),
        Check(gettext_lazy("It crosses policy domains"), _crosses, "edit"),
        Check(gettext_lazy("Raised by a municipality or a ministry"), _raised, "edit"),
    ),
    "prepare": (Check(gettext_lazy("Enough partners who say yes and give time"), _enough, "partners"),),
    "sign": (
        Check(gettext_lazy("Contributing partners"), _contributing, "partners"),
        Check(gettext_lazy("Hours or euros of every partner"), _contributions, "partners"),
        Check(gettext_lazy("The goal"), _goal, "covenant"),
        Check(gettext_lazy("What is agreed"), _agreed, "covenant"),
        Check(gettext_lazy("A time path"), _time_path, "covenant"),
        Check(gettext_lazy("Milestones"), _milestone, "milestones"),
    ),
    "execute": (
        Check(gettext_lazy("Signed in a signing round"), _signed, "signing"),
        Check(gettext_lazy("Published in the Staatscourant"), _in_gazette, "signing"),
    ),
    "scale": (
        Check(gettext_lazy("Working groups with members"), _groups, "groups"),
        Check(
            gettext_lazy("Every milestone from before today reached, moved or dropped"),
            _milestones_followed,
            "milestones",
        ),
        Check(gettext_lazy("Half-yearly reflections handed in"), _reflected, "reflections"),
        Check(gettext_lazy("Results"), _result, "results"),
    ),
    "close": (
        Check(gettext_lazy("Scaling themes"), _themes, "scaling"),
        Check(
            gettext_lazy("Per theme: task, process owner, forms of cooperation, finance and alliances"),
            _themes_whole,
            "scaling",
        ),
        Check(gettext_lazy("Results, and where each is anchored"), _anchored, "results"),
        Check(gettext_lazy("Lessons: what worked and what did not"), _learned, "closing"),
        Check(gettext_lazy("Hand-over to other alliances"), _handed_over, "closing"),
    ),
    "reopen": (Check(gettext_lazy("Nobody has signed yet"), _unsigned, "signing"),),
}
# The step that leads on from each phase.
ONWARD = {
    Phase.INVENTORY: "explore",
    Phase.EXPLORATION: "prepare",
    Phase.PREPARATION: "sign",
    Phase.SIGNING: "execute",
    Phase.EXECUTION: "scale",
    Phase.SCALING: "close",
}


def checklist(whole: Whole, step: str) -> list[tuple[Check, str]]:
    """Give what a step asks for, each with what is missing now. No query."""
    return [(check, check.missing(whole)) for check in CHECKS.get(step, ())]


def _conditions(step: str) -> list[Condition]:
    def missing(record: Model) -> Iterable[str]:
        if isinstance(record, Programme):
            whole = whole_of(record)
            yield from (text for _check, text in checklist(whole, step) if text)

    return [missing]


def _onward(name: str, source: Phase, target: Phase, label: Promise | str) -> Step:
    conditions = _conditions(name)
    return Step(name=name, sources=[source], target=target, action="change", label=label, conditions=conditions)


PROGRAMME = Workflow(
    resource="programme",
    field="phase",
    steps=[
        _onward("explore", Phase.INVENTORY, Phase.EXPLORATION, gettext_lazy("Begin the exploration")),
        _onward("prepare", Phase.EXPLORATION, Phase.PREPARATION, gettext_lazy("Begin to prepare the covenant")),
        _onward("sign", Phase.PREPARATION, Phase.SIGNING, gettext_lazy("Put the covenant up for signing")),
        _onward("execute", Phase.SIGNING, Phase.EXECUTION, gettext_lazy("Begin the execution")),
        _onward("scale", Phase.EXECUTION, Phase.SCALING, gettext_lazy("Begin to scale up")),
        _onward("close", Phase.SCALING, Phase.CLOSED, gettext_lazy("Close the programme")),
        Step(
            name="reopen",
            sources=[Phase.SIGNING],
            target=Phase.PREPARATION,
            action="change",
            label=gettext_lazy("Open the covenant again"),
            conditions=_conditions("reopen"),
            needs_reason=True,
        ),
        Step(
            name="stop",
            sources=[
                Phase.INVENTORY,
                Phase.EXPLORATION,
                Phase.PREPARATION,
                Phase.SIGNING,
                Phase.EXECUTION,
                Phase.SCALING,
            ],
            target=Phase.STOPPED,
            action="change",
            label=gettext_lazy("Stop, with the reason"),
            needs_reason=True,
        ),
        Step(
            name="retry",
            sources=[Phase.STOPPED],
            target=Phase.EXPLORATION,
            action="change",
            label=gettext_lazy("Try again"),
            needs_reason=True,
        ),
    ],
)
