"""What governance adds to the floors around it: one file per part of the site, read when the app starts."""

# Organisations first: the accounts of the demonstration come before what they do.
from governance.registrations import organisations  # isort: skip
from governance.registrations import (
    archive,
    assessments,
    contributions,
    design,
    ecosystem,
    meetings,
    personal,
    retention,
    rights,
)

__all__ = [
    "archive",
    "assessments",
    "contributions",
    "design",
    "ecosystem",
    "meetings",
    "organisations",
    "personal",
    "retention",
    "rights",
]
