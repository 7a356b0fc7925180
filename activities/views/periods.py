"""The agenda of a period: the list, and one version of it."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.formats import date_format
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from activities.models import Activity
from activities.models.limit import HoursLimit
from activities.models.period import ADOPTED, AgendaLine, AgendaVersion, Choice, VersionState
from activities.presenting.agenda import hours_in_words
from activities.presenting.periods import (
    CHOICE_TONES,
    amount_in_words,
    changes_between,
    outcome_in_words,
    period_in_words,
    quarters,
    status_of,
)
from activities.selectors.periods import (
    asked_per_year,
    holds,
    lines_of,
    totals,
    versions_for,
    voting_cities,
    voting_for,
)
from activities.services.periods.voting import is_open
from activities.votes import tally
from activities.workflow.period import lacks
from nss_portal.core.access import Role, standing_of
from nss_portal.core.kept import KeptPart
from nss_portal.core.rendering import render
from nss_portal.core.time import today


@require_safe
def period_list(request: HttpRequest) -> HttpResponse:
    """The agendas by period, the newest first, with where each stands."""
    body = KeptPart(request, "agenda_periods", lambda: _list_context(request))
    return render(request, "activities/period_list.html", {"body": body})


def _list_context(request: HttpRequest) -> dict[str, Any]:
    newest: dict[int, AgendaVersion] = {}
    for version in versions_for(request.user).order_by("-period__starts_on", "-number"):
        newest.setdefault(version.period_id, version)
    rows = []
    for version in newest.values():
        label, tone = status_of(version)
        rows.append(
            {
                "url": version.period.get_absolute_url(),
                "title": version.period.title,
                "days": period_in_words(version.period.starts_on, version.period.ends_on),
                "number": version.number,
                "label": label,
                "tone": tone,
                "made_up": version.period.is_illustrative,
            }
        )
    return {"rows": rows, "may_propose": holds(request.user, "propose")}


def visible(request: HttpRequest, public_id: str, number: int | None = None) -> AgendaVersion:
    """Give a version that the person may see, without a number the newest one; raises Http404."""
    found: QuerySet[AgendaVersion] = versions_for(request.user).filter(period__public_id=public_id)
    if number is not None:
        return get_object_or_404(found, number=number)
    return get_object_or_404(found.order_by("-number")[:1])


def line_of(version: AgendaVersion, key: str) -> AgendaLine:
    """Give a line of a version by its key; raises Http404."""
    return get_object_or_404(AgendaLine.objects.select_related("lead", "activity"), version=version, key=key)


@require_safe
def period(request: HttpRequest, public_id: str) -> HttpResponse:
    """The newest version of a period's agenda that the person may see."""
    return _page(request, visible(request, public_id))


@require_safe
def version_page(request: HttpRequest, public_id: str, number: int) -> HttpResponse:
    """One version of a period's agenda."""
    return _page(request, visible(request, public_id, number))


def _page(request: HttpRequest, version: AgendaVersion) -> HttpResponse:
    # Who proposed it does not decide on it: that is one person's, not all with the same rights.
    body = KeptPart(request, "agenda_period", lambda: _context(request, version), request.user.pk)
    return render(request, "activities/period.html", {"version": version, "period": version.period, "body": body})


def _context(request: HttpRequest, version: AgendaVersion) -> dict[str, Any]:
    lines = lines_of(version)
    activities = [line.activity_id for line in lines if line.activity_id]
    visible_ones = Activity.objects.visible_to(request.user).filter(pk__in=activities).order_by()
    seen = frozenset(visible_ones.values_list("pk", flat=True)) if activities else frozenset()
    versions = list(versions_for(request.user).filter(period=version.period).order_by("-number"))
    label, tone = status_of(version)
    may_propose = holds(request.user, "propose")
    adopted = version.state == VersionState.ADOPTED
    mine = standing_of(request.user).organisations
    return {
        "status_label": label,
        "status_tone": tone,
        "days": period_in_words(version.period.starts_on, version.period.ends_on),
        "quarters": [
            {
                **quarter,
                "rows": [
                    {
                        **row,
                        "may_plan": adopted and not row["is_planned"] and (may_propose or row["lead_id"] in mine),
                    }
                    for row in quarter["rows"]
                ],
            }
            for quarter in quarters(lines, seen)
        ],
        "facts": _facts(version, lines),
        "is_draft": version.state == VersionState.DRAFT,
        "lacks": list(lacks(version)) if may_propose and version.state == VersionState.DRAFT else [],
        "too_much": _too_much(lines) if may_propose and version.state == VersionState.DRAFT else [],
        "may_propose": may_propose,
        "may_revise": may_propose and bool(versions) and versions[0].state in (*ADOPTED, VersionState.RETURNED),
        "may_publish": may_propose and version.state in ADOPTED and version.published_at is None,
        "others": [
            {"number": one.number, "label": status_of(one)[0], "url": one.get_absolute_url()}
            for one in versions
            if one.pk != version.pk
        ],
        "changes": _changes(version, versions, lines),
        **_vote(request, version),
    }


def _facts(version: AgendaVersion, lines: list[AgendaLine]) -> list[tuple[str, Any]]:
    sums = totals(lines)
    facts: list[tuple[str, Any]] = [(_("Version"), version.number), (_("Activities"), len(lines))]
    if sums["asked"]:
        facts.append((_("Asked of a city that joins all of it"), hours_in_words(sums["asked"])))
    if sums["hours"] or sums["euros"]:
        facts.append((_("Means"), amount_in_words(sums["hours"], sums["euros"])))
    if version.closes_on:
        facts.append((_("Vote until"), date_format(version.closes_on, "j F Y")))
    if version.decided_at:
        facts.append((_("Decided on"), date_format(localdate(version.decided_at), "j F Y")))
    return facts


def _too_much(lines: list[AgendaLine]) -> list[str]:
    """Say in which years preparation alone asks more of a city than the limit, while the agenda is drawn up."""
    limit = HoursLimit.on(today())
    text = _("In {year} it asks {hours} of preparation of a city that joins all of it; the limit is {limit}.")
    return [
        text.format(year=year, hours=hours_in_words(hours), limit=hours_in_words(limit))
        for year, hours in asked_per_year(lines).items()
        if limit is not None and hours > limit
    ]


def _changes(
    version: AgendaVersion, versions: list[AgendaVersion], lines: list[AgendaLine]
) -> list[dict[str, Any]]:
    """Compare a version with the one before it that the reader may see."""
    before = next((one for one in versions if one.number < version.number), None)
    return changes_between(lines_of(before), lines) if before is not None else []


def _vote(request: HttpRequest, version: AgendaVersion) -> dict[str, Any]:
    """Give what the page says of the vote; who voted what is for who has an account."""
    if version.opened_at is None:
        return {"outcome": [], "votes": [], "silent": [], "may_vote": False, "has_voted": False, "decisions": []}
    rows = list(version.votes.select_related("organisation"))
    counted = tally(version.cities_asked, [(one.is_city, one.choice) for one in rows])
    open_now = is_open(version)
    mine = {one.pk for one in voting_for(request.user)} if open_now else set()
    is_member = bool(set(standing_of(request.user).roles) - {Role.VISITOR})
    decides = (
        version.state == VersionState.VOTE
        and not open_now
        and holds(request.user, "decide")
        and version.proposed_by_id != request.user.pk
    )
    voted = {one.organisation_id for one in rows}
    return {
        "outcome": outcome_in_words(counted),
        "votes": [
            {
                "organisation": one.organisation.short_name or one.organisation.name,
                "label": one.get_choice_display(),
                "tone": CHOICE_TONES[Choice(one.choice)],
                "remark": one.remark,
            }
            for one in (rows if is_member else [])
        ],
        "silent": _silent(voted) if open_now and holds(request.user, "propose") else [],
        "may_vote": bool(mine),
        "has_voted": bool(mine) and mine <= voted,
        "decisions": (["adopt"] if counted.carried else []) + ["return"] if decides else [],
        "open_now": open_now,
    }


def _silent(voted: set[int]) -> list[str]:
    """Name the cities that have not voted yet."""
    waiting = voting_cities().exclude(municipality__organisation__in=voted)
    return list(waiting.order_by("municipality__common_name").values_list("municipality__common_name", flat=True))
