"""Who may do what in governance: importing this package registers the rows of the matrix."""

from governance.rules import design, organisation

__all__ = ["design", "organisation"]
from governance.rules import assessment, organisation

__all__ = ["assessment", "organisation"]
