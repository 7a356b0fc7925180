from governance.models.calendar import CalendarAddress, CalendarContent
from governance.models.digest import DigestChoice, Rhythm
from governance.models.invitation import Invitation
from governance.models.membership import Mandate, Membership
from governance.models.organisation import Organisation, OrganisationName
from governance.models.user import User
from governance.models.variant import GovernanceVariant, VariantPeriod, VariantPoint, VariantRole

__all__ = [
    "CalendarAddress",
    "CalendarContent",
    "DigestChoice",
    "GovernanceVariant",
    "Invitation",
    "Mandate",
    "Membership",
    "Organisation",
    "OrganisationName",
    "Rhythm",
    "User",
    "VariantPeriod",
    "VariantPoint",
    "VariantRole",
]
