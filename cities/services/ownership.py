"""In whose name one may make a record: where it was before other parts of the portal came to need it."""

from governance.services.ownership import may_for, organisations_for, require_for

__all__ = ["may_for", "organisations_for", "require_for"]
