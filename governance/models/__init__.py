from governance.models.membership import Mandate, Membership
from governance.models.organisation import Organisation, OrganisationName
from governance.models.user import User
from governance.models.variant import GovernanceVariant, VariantPeriod, VariantRole

__all__ = [
    "GovernanceVariant",
    "Mandate",
    "Membership",
    "Organisation",
    "OrganisationName",
    "User",
    "VariantPeriod",
    "VariantRole",
]
