"""What the cities app adds to other apps and pages: one file per part of the site, read when the app starts."""

from cities.registrations import (
    bottlenecks,
    calendar,
    comparison,
    eoi,
    exchange,
    mergers,
    municipalities,
    personal,
    propositions,
    retention,
    roadmap,
    signals,
    teams,
)

__all__ = [
    "bottlenecks",
    "calendar",
    "comparison",
    "eoi",
    "exchange",
    "mergers",
    "municipalities",
    "personal",
    "propositions",
    "retention",
    "roadmap",
    "signals",
    "teams",
]
