"""Who may do what in governance: importing this package registers the rows of the matrix."""

from governance.rules import assessment, contribution, design, meeting, organisation, rights

__all__ = ["assessment", "contribution", "design", "meeting", "organisation", "rights"]
