"""What pages of programmes say, put in words and lists for the components."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from activities.models import Phase, Programme, WorkspacePublication
from activities.models.programme import ROAD, RUNNING
from activities.models.programme_outcome import ResultKind
from activities.models.programme_partner import Answer
from activities.models.programme_work import Conclusion
from activities.models.workspace import room_url
from activities.selectors.programmes import Row, Whole
from activities.services.programmes.gazette import gazette_name, gazette_url
from activities.workflow.programme import ONWARD, PROGRAMME, checklist
from nss_portal.core.access import Actor, standing_of
from nss_portal.core.formats import format_number as number
from nss_portal.core.formats import format_whole_euro as euro
from nss_portal.core.time import today

TONES = {
    Phase.INVENTORY: "neutral",
    Phase.EXPLORATION: "info",
    Phase.PREPARATION: "info",
    Phase.SIGNING: "attention",
    Phase.EXECUTION: "good",
    Phase.SCALING: "good",
    Phase.CLOSED: "neutral",
    Phase.STOPPED: "bad",
}
# Where on the page, or on which form, one sees to what a check asks for.
FORMS = {"edit": "activities:programme_edit", "closing": "activities:programme_closing"}


def road(programme: Programme) -> list[dict[str, Any]]:
    """Give where a programme stands on its way, for steps.html; nothing for one that stopped."""
    if programme.phase not in ROAD:
        return []
    now = ROAD.index(Phase(programme.phase))
    done = programme.phase == Phase.CLOSED
    return [
        {"label": phase.label, "state": "done" if at < now or done else "current" if at == now else "todo"}
        for at, phase in enumerate(ROAD)
    ]


def onward(whole: Whole) -> dict[str, Any] | None:
    """Give the step that leads on, with what must be there for it and what is missing; None at the end."""
    programme = whole.programme
    name = ONWARD.get(Phase(programme.phase))
    if name is None:
        return None
    step = PROGRAMME.step(name)
    rows = [
        {"label": check.label, "missing": missing, "url": _place(programme, check.place)}
        for check, missing in checklist(whole, name)
    ]
    ready = not any(row["missing"] for row in rows)
    url = reverse("activities:programme_move", args=[programme.public_id, name])
    return {"label": step.label, "target": Phase(step.target).label, "rows": rows, "ready": ready, "url": url}


def _place(programme: Programme, place: str) -> str:
    if place in FORMS:
        return reverse(FORMS[place], args=[programme.public_id])
    return f"#{place}" if place else ""


def facts(whole: Whole) -> list[tuple[str, Any]]:
    """Give the facts of a programme."""
    programme = whole.programme
    found: list[tuple[str, Any]] = [(_("Led by"), programme.organisation)]
    cities = [one.short or one.name.removeprefix("Gemeente ") for one in whole.taking_part if one.is_location]
    optional: list[tuple[str, Any]] = [
        (_("Runs in"), ", ".join(cities)),
        (_("Domain"), programme.domain),
        (_("Urban task"), programme.task),
        (_("Region"), programme.region),
        (_("Crosses"), programme.domains),
        (_("Raised by"), programme.raised_by),
        (_("Tied to"), _tied(programme)),
        (_("Runs"), _period(programme.starts_on, programme.ends_on)),
        (_("In this phase since"), date_format(programme.phase_since, "j F Y")),
        (_("Tried again on"), date_format(programme.retry_on, "j F Y") if programme.retry_on else ""),
    ]
    return found + [(label, value) for label, value in optional if value]


def _tied(programme: Programme) -> str:
    if programme.tied_note or programme.tied_to is None:
        return programme.tied_note
    return str(programme.tied_to)


def _period(starts: date | None, ends: date | None) -> str:
    if starts is None or ends is None:
        return ""
    return _("{first} to {last}").format(first=date_format(starts, "j F Y"), last=date_format(ends, "j F Y"))


def pledge_in_words(row: Any) -> str:
    """Say what a partner pledges: '120 hours a year, € 10.000'."""
    parts = []
    if row.hours:
        parts.append(_("{hours} hours a year").format(hours=number(row.hours)))
    if row.euros:
        parts.append(euro(row.euros))
    return ", ".join(parts)


def partners(whole: Whole, *, inside: bool) -> dict[str, Any]:
    """Give the partners by what they say; who said no or has not answered is for who takes part alone.

    What is pledged is public once the covenant is up for signing.
    """
    signed = whole.signed
    by_year: dict[int, list[Row]] = defaultdict(list)
    for one in whole.estimates:
        by_year[one.partner_id].append(one)
    for row in whole.partners:
        row.label = row.short or row.name
        row.pledge = pledge_in_words(row) if inside or whole.programme.phase not in ROAD[:3] else ""
        row.is_signed = row.pk in signed
        row.is_lead = row.organisation_id == whole.programme.organisation_id
        row.estimates = by_year[row.pk]
        row.was_in_last_year = bool(row.joined_on and row.joined_on.year < today().year)
    here = [row for row in whole.partners if row.left_on is None]
    return {
        "yes": [row for row in here if row.answer == Answer.YES],
        "asked": [row for row in here if row.answer == Answer.ASKED] if inside else [],
        "no": [row for row in here if row.answer == Answer.NO] if inside else [],
        "left": [row for row in whole.partners if row.left_on is not None and (inside or row.joined_on)],
    }


def money(whole: Whole, *, inside: bool) -> list[dict[str, Any]]:
    """Add up what partners pledge and what they gave last year, for numbers.html."""
    if not inside and whole.programme.phase in ROAD[:3]:
        return []
    here = whole.taking_part
    hours, euros = sum(one.hours or 0 for one in here), sum(one.euros or 0 for one in here)
    year = today().year - 1
    given = [one for one in whole.estimates if one.year == year]
    numbers = []
    if hours:
        numbers.append({"value": number(hours), "label": _("hours a year pledged")})
    if euros:
        numbers.append({"value": number(euros), "label": _("euros pledged")})
    if given:
        label = _("hours given in {year}, about; {count} of {all} partners say").format(
            year=year, count=len(given), all=len(here)
        )
        numbers.append({"value": number(sum(one.hours for one in given)), "label": label})
    return numbers


def milestones(whole: Whole) -> list[Row]:
    """Give the milestones with where each stands: reached, dropped, late, coming."""
    day = today()
    for one in whole.milestones:
        if one.done_on:
            one.state, one.tone = _("reached"), "good"
        elif one.dropped_on:
            one.state, one.tone = _("dropped"), "neutral"
        elif one.planned_on < day:
            one.state, one.tone = _("late"), "bad"
        else:
            one.state, one.tone = _("coming"), "info"
        one.is_open = not one.done_on and not one.dropped_on
        one.moved = bool(one.first_planned_on and one.first_planned_on != one.planned_on)
    return whole.milestones


def rounds(whole: Whole) -> list[Row]:
    """Give the signing rounds with who signed in each and where it was published."""
    for one in whole.rounds:
        one.signatures = [row for row in whole.signatures if row.round_id == one.pk]
        one.gazette_name = gazette_name(one.gazette) if one.gazette else ""
        one.gazette_url = gazette_url(one.gazette) if one.gazette else ""
    return whole.rounds


def unsigned(whole: Whole) -> list[str]:
    """Give the names of the partners whose signature is awaited, once there is a signing round."""
    if not whole.rounds:
        return []
    return [one.short or one.name for one in whole.taking_part if one.pk not in whole.signed]


def groups(whole: Whole, actor: Actor = None) -> list[Row]:
    """Give the working groups with their members of now, and their workspace for who is in it."""
    standing = standing_of(actor)
    here = {one.organisation_id for one in whole.taking_part} & standing.organisations
    for one in whole.groups:
        theirs = [row for row in whole.members if row.group_id == one.pk]
        one.members = [row for row in theirs if row.left_on is None]
        lasted = [row for row in theirs if row.left_on is None or row.left_on == one.ended_on]
        mine = (row for row in lasted if row.organisation_id in here and row.user_id in (None, standing.user_id))
        args = {"programme_id": whole.programme.public_id, "group_id": one.pk}
        one.room_url = reverse("activities:workspace", kwargs=args) if any(mine) else ""
    return whole.groups


def room(whole: Whole, actor: Actor) -> dict[str, Any] | None:
    """Give the workspace of a programme, for people of its partners, and what workspaces of it made public.

    None where there is neither. One query.
    """
    here = {one.organisation_id for one in whole.taking_part} & standing_of(actor).organisations
    theirs = Q(workspace__programme=whole.programme) | Q(workspace__group__programme=whole.programme)
    found = WorkspacePublication.objects.published().filter(theirs).order_by("-published_at", "-pk")
    url = room_url(whole.programme) if here else ""
    published = list(found.only("title", "public_id", "published_at"))
    return {"url": url, "published": published} if url or published else None


# What a midterm review can decide, and the page on which that begins, with its arguments.
GOES_ON: dict[str, tuple[str, list[str]]] = {
    Conclusion.EXTENSION: ("activities:programme_extend", []),
    Conclusion.TRANCHE: ("activities:programme_turn", ["tranche"]),
    Conclusion.RESTART: ("activities:programme_turn", ["restart"]),
    Conclusion.STOP: ("activities:programme_move", ["stop"]),
}


def next_url(programme: Programme, conclusion: str, pk: int) -> str:
    """Give the address where what a midterm review (its primary key) decided begins, filled in; '' for none."""
    if conclusion not in GOES_ON:
        return ""
    name, args = GOES_ON[conclusion]
    return f"{reverse(name, args=[programme.public_id, *args])}?midterm={pk}"


def reviews(whole: Whole, assessments: Iterable[Mapping[str, Any]] = ()) -> list[Row]:
    """Give the midterm reviews with their points, what was decided, and the way to begin that while it was not.

    Each gets the assessment that it began from, where that is among `assessments`: those that the reader may see.
    """
    known = {row["assessment"].pk: row for row in assessments}
    for one in whole.reviews:
        one.based_on = known.get(one.based_on_id)
        begun = any(turn.kind == one.conclusion and turn.decided_on >= one.held_on for turn in whole.turns)
        one.next_url = "" if begun else next_url(whole.programme, one.conclusion, one.pk)
        one.points = [row for row in whole.points if row.review_id == one.pk]
        one.decided = Conclusion(one.conclusion).label if one.conclusion else ""
    return whole.reviews


def results(whole: Whole) -> list[dict[str, Any]]:
    """Give the results by kind."""
    return [
        {"label": kind.label, "rows": [row for row in whole.results if row.kind == kind]}
        for kind in ResultKind
        if any(row.kind == kind for row in whole.results)
    ]


def scalings(whole: Whole) -> list[Row]:
    """Give the scaling themes in the language of the page."""
    for one in whole.scalings:
        one.theme = one.theme_en if get_language() == "en" else one.theme_nl
        one.lines = [
            (label, text)
            for label, text in (
                (_("Task for the next five years"), one.task),
                (_("Process owner"), one.owner or (_("still missing") if one.owner_missing else "")),
                (_("Forms of cooperation"), one.forms),
                (_("Finance"), one.finance),
                (_("Alliances"), one.alliances),
            )
            if text
        ]
    return whole.scalings


def turns(whole: Whole) -> list[dict[str, Any]]:
    """Give extensions, tranches and restarts in words."""
    rows = []
    for one in whole.turns:
        if one.kind == "extension":
            text = _("Extended until {day}").format(day=date_format(one.ends_on, "j F Y"))
            rows.append({"text": text, "when": one.decided_on, "reason": one.reason, "url": "", "title": ""})
        else:
            text = _("Goes on in a next tranche") if one.kind == "tranche" else _("Restarted")
            url = reverse("activities:programme_short", args=[one.following])
            title = one.following_title
            rows.append({"text": text, "when": one.decided_on, "reason": one.reason, "url": url, "title": title})
    return rows


def fixed_text(fixed: dict[str, Any] | None) -> dict[str, Any] | None:
    """Give the text that is signed for a page: days as dates, pledges in words."""
    if not fixed:
        return None
    milestones = [
        {"title": one["title"], "day": date.fromisoformat(one["planned_on"])}
        for one in fixed.get("milestones", [])
    ]
    partners = [{**one, "pledge": pledge_in_words(Row(**one))} for one in fixed.get("partners", [])]
    return {**fixed, "milestones": milestones, "partners": partners}


def shows(programme: Programme, name: str) -> bool:
    """Say whether a part belongs to the phase, so that who leads it is invited to begin with it."""
    first = {
        "covenant": Phase.PREPARATION,
        "milestones": Phase.PREPARATION,
        "groups": Phase.SIGNING,
        "results": Phase.EXECUTION,
        "reviews": Phase.EXECUTION,
        "scaling": Phase.SCALING,
        "closing": Phase.SCALING,
    }[name]
    return programme.phase in ROAD and ROAD.index(Phase(programme.phase)) >= ROAD.index(first)


def is_running(programme: Programme) -> bool:
    """Say whether the covenant holds."""
    return programme.phase in RUNNING
