"""The year at a glance in words: months, bars of lobby time, dates with how sure they are."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.dates import MONTHS, MONTHS_3
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from activities.models.rhythm import Precision, RhythmKind
from activities.selectors.year import Lobby, Month, lobbies, months_of
from nss_portal.core.access import Actor
from nss_portal.core.registry import CalendarEntry
from nss_portal.core.time import today


def calendar_of(actor: Actor, year: int, *, first: int, last: int) -> dict[str, Any]:
    """Give what the page of a year shows; `first` and `last` are the years that there are."""
    bars = lobbies(year)
    months = months_of(actor, year)
    return {
        "year": year,
        "earlier": year - 1 if year > first else None,
        "later": year + 1 if year < last else None,
        "columns": [{"short": MONTHS_3[n], "long": MONTHS[n]} for n in range(1, 13)],
        "bars": [{"title": str(bar.record), "when": _when(bar), "cells": list(_cells(bar))} for bar in bars],
        "now": ", ".join(str(bar.record) for bar in bars if _is_now(bar)),
        "months": [shown for month in months if (shown := _month(month))["is_now"] or not _is_empty(month)],
        "empty": ", ".join(date_format(month.first, "F") for month in months if _is_empty(month)),
        "is_empty": all(_is_empty(month) for month in months),
    }


def _is_empty(month: Month) -> bool:
    return not (month.entries or month.sessions)


def _is_now(bar: Lobby) -> bool:
    begins = bar.record.lobby_from
    return begins is not None and begins <= today() < bar.record.starts_on


def _when(bar: Lobby) -> str:
    record = bar.record
    if record.precision == Precision.DAY:
        return date_format(record.starts_on, "j F Y")
    return date_format(record.starts_on, "F Y")


def _cells(bar: Lobby) -> Iterator[dict[str, str]]:
    """Give a cell per month: the time to lobby, the election itself, or nothing."""
    for month in range(1, 13):
        if month == bar.election:
            day = bar.record.precision == Precision.DAY
            yield {"kind": "vote", "text": str(bar.record.starts_on.day) if day else "?", "label": _("election")}
        elif month in bar.months:
            yield {"kind": "lobby", "text": "", "label": _("time to lobby")}
        else:
            yield {"kind": "", "text": "", "label": ""}


def _month(month: Month) -> dict[str, Any]:
    this = today()
    return {
        "name": date_format(month.first, "F").capitalize(),
        "is_now": (month.first.year, month.first.month) == (this.year, this.month),
        "rows": [_row(entry) for entry in month.entries],
        "sessions": month.sessions,
        "url": f"{reverse('activities:agenda')}?month={month.first:%Y-%m}",
    }


def _row(entry: CalendarEntry) -> dict[str, Any]:
    first = timezone.localdate(entry.starts) if isinstance(entry.starts, datetime) else entry.starts
    is_day = entry.starts == entry.ends or isinstance(entry.starts, datetime)
    return {
        "day": first if is_day else None,
        "span": "" if is_day else _span(first, entry.ends),
        "title": entry.title,
        # The entry of an election leads to this page itself.
        "url": "" if entry.kind in RhythmKind.values else entry.url,
        "detail": entry.detail,
        "mine": entry.mine,
    }


def _span(first: date, last: date | datetime) -> str:
    """Write from when to when: whole months by their names."""
    if (first.year, first.month) == (last.year, last.month):
        return _("in {month}").format(month=date_format(first, "F"))
    return _("{first} to {last}").format(first=date_format(first, "F"), last=date_format(last, "F"))
