"""What governance adds to the floors around it: one file per part of the site, read when the app starts."""

# Organisations first: the accounts of the demonstration come before what they do.
from governance.registrations import organisations  # isort: skip
from governance.registrations import assessments, contributions, design, ecosystem, meetings, rights

__all__ = ["assessments", "contributions", "design", "ecosystem", "meetings", "organisations", "rights"]
