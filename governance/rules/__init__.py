"""Who may do what in governance: importing this package registers the rows of the matrix."""

from governance.rules import assessment, design, meeting, organisation

__all__ = ["assessment", "design", "meeting", "organisation"]
