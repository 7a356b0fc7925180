"""What the pages of bottlenecks say, put in words and lists for the components."""

from collections.abc import Iterable, Sequence
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from cities.models import Bottleneck, BottleneckMerge
from cities.models.bottleneck import BottleneckState, Severity, Sharing
from cities.models.bottleneck_group import reads_along
from cities.presenting import BOTTLENECK_TONES, transition_history
from cities.selectors_bottleneck_groups import Behind
from nss_portal.core.access import Actor, granted, standing_of

SEVERITY_TONES = {Severity.SMALL: "neutral", Severity.CONSIDERABLE: "attention", Severity.BLOCKING: "bad"}
EXCERPT = 160


def tone_of(bottleneck: Bottleneck) -> str:
    """Give the tone of a bottleneck's state."""
    return BOTTLENECK_TONES[BottleneckState(bottleneck.state)]


def severity_tone(severity: str) -> str:
    """Give the tone of how badly something holds a city up; neutral when nobody said."""
    return SEVERITY_TONES[Severity(severity)] if severity else "neutral"


def number_behind(actor: Actor, bottleneck: Bottleneck) -> int:
    """Give the number of organisations behind a bottleneck that the actor may know of."""
    knows = reads_along(actor) or bottleneck.organisation_id in standing_of(actor).organisations
    return bottleneck.cities_behind if knows else bottleneck.cities_behind_public


def behind_in_words(number: int) -> str:
    """Say how many cities stand behind something."""
    return ngettext("%(number)d city", "%(number)d cities", number) % {"number": number}


def is_joinable(actor: Actor, bottleneck: Bottleneck) -> bool:
    """Say whether somebody can put a city behind this bottleneck of another one."""
    held = granted(actor, "bottleneck", "change")
    cities = frozenset().union(*held.values()) if held else frozenset()
    is_open = bottleneck.state == BottleneckState.OPEN and bottleneck.sharing != Sharing.DRAFT
    return is_open and bool(cities - {bottleneck.organisation_id})


def suggestions(actor: Actor, found: Iterable[Bottleneck], *, words: str = "") -> list[dict[str, Any]]:
    """Give what a list of similar bottlenecks shows; `words` go along to 'we have this too'."""
    rows = []
    for one in found:
        join = reverse("cities:bottleneck_join", args=[one.public_id]) if is_joinable(actor, one) else ""
        if join and words:
            join += "?" + urlencode({"woorden": words[:160]})
        parts = [str(one.organisation.short_name or one.organisation), str(one.theme or "")]
        parts += [behind_in_words(number_behind(actor, one)), str(one.get_state_display())]
        text = one.description
        rows.append(
            {
                "public_id": one.public_id,
                "title": one.title,
                "url": one.get_absolute_url(),
                "detail": " · ".join(part for part in parts if part),
                "text": text if len(text) <= EXCERPT else f"{text[:EXCERPT].rsplit(' ', 1)[0]}…",
                "join_url": join,
            }
        )
    return rows


def facts_of(bottleneck: Bottleneck, *, behind: int, with_invited: bool) -> list[tuple[str, Any]]:
    """Give the facts of a bottleneck; what is not known is left out. Three queries: tools, helpers, invited."""
    facts: list[tuple[str, Any]] = [(_("Of"), bottleneck.organisation)]
    if bottleneck.severity:
        facts.append((_("How badly"), bottleneck.get_severity_display()))
    facts.append((_("Behind it"), behind_in_words(behind)))
    if bottleneck.since_year:
        facts.append((_("Since"), str(bottleneck.since_year)))
    if bottleneck.theme:
        facts.append((_("Theme"), bottleneck.theme))
    if bottleneck.step:
        facts.append((_("Step of the transition map"), bottleneck.step))
    facts.append((_("Shared with"), bottleneck.get_sharing_display()))
    invited = [str(organisation) for organisation in bottleneck.invited.all()] if with_invited else []
    if invited:
        facts.append((_("Read along"), ", ".join(invited)))
    facts.append((_("Last changed"), date_format(timezone.localtime(bottleneck.changed_at), "j F Y")))
    return facts


def behind_rows(bottleneck: Bottleneck, rows: Iterable[Behind]) -> list[dict[str, Any]]:
    """Give what the list of cities behind a bottleneck shows."""
    join = reverse("cities:bottleneck_join", args=[bottleneck.public_id])
    return [
        {
            "name": str(row.organisation),
            "severity": row.severity_label,
            "tone": severity_tone(row.severity),
            "title": row.merged.title if row.merged else "",
            "words": row.words,
            "is_illustrative": row.is_illustrative,
            "change_url": join if row.join and row.is_own else "",
        }
        for row in rows
    ]


def history_of(
    bottleneck: Bottleneck, mergers: Sequence[BottleneckMerge], *, with_people: bool
) -> list[dict[str, Any]]:
    """Give the history of a bottleneck with its mergers, the latest first; one that can be undone says where.

    Names of persons only `with_people`: see `cities.presenting.knows_people`.
    """
    labels = {state.value: str(state.label) for state in BottleneckState}
    rows = [row | {"url": ""} for row in transition_history(bottleneck, labels, with_people=with_people)]
    for merge in mergers:
        number = getattr(merge, "number", 0)
        free = getattr(merge, "free", 0)
        text = ngettext(
            "%(number)d other bottleneck goes on in this one",
            "%(number)d other bottlenecks go on in this one",
            number,
        )
        url = ""
        if merge.undone_at is None and number and free == number:
            url = reverse("cities:bottleneck_part", args=[bottleneck.public_id, merge.public_id])
        who, undone_by = (merge.actor_label, merge.undone_by_label) if with_people else ("", "")
        rows.append(_line(text % {"number": number}, merge.at, who, merge.reason, url))
        if merge.undone_at is not None:
            rows.append(_line(_("The merger was undone"), merge.undone_at, undone_by))
    return sorted(rows, key=lambda row: row["when"], reverse=True)


def _line(text: str, when: Any, who: str, reason: str = "", url: str = "") -> dict[str, Any]:
    return {"text": text, "when": when, "who": who, "reason": reason, "url": url, "action": _("Undo the merger")}


# What the register reads of a bottleneck, and no more: of 20,000 it shows a page at a time.
REGISTER = (
    "public_id",
    "title",
    "is_illustrative",
    "organisation__short_name",
    "organisation__name",
    "theme__label_nl",
    "theme__label_en",
    "severity",
    "state",
    "behind",
    "changed_at",
)


def register_rows(found: Iterable[tuple[Any, ...]]) -> list[dict[str, Any]]:
    """Give what the register shows of rows of `REGISTER`, in words: a template is quickest with texts."""
    base = reverse("cities:bottlenecks")
    states = {state.value: (str(state.label), BOTTLENECK_TONES[state]) for state in BottleneckState}
    severities = {severity.value: (str(severity.label), SEVERITY_TONES[severity]) for severity in Severity}
    is_english = get_language() == "en"
    rows = []
    for public_id, title, made_up, short, name, theme_nl, theme_en, badness, stand, behind, changed in found:
        state, tone = states[stand]
        severity, severity_mark = severities.get(badness, ("", "neutral"))
        rows.append(
            {
                "url": f"{base}{public_id}/",
                "title": title,
                "is_illustrative": made_up,
                "of": short or name,
                "theme": (theme_en if is_english else theme_nl) or "",
                "severity": severity,
                "severity_tone": severity_mark,
                "state": state,
                "tone": tone,
                "behind": behind,
                "changed": date_format(timezone.localtime(changed), "j b Y"),
            }
        )
    return rows
