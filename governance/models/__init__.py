from governance.models.assessment import (
    AnswerSheet,
    Assessment,
    AssessmentNote,
    AssessmentPoint,
    AssessmentState,
    Participant,
    ResultSharing,
)
from governance.models.calendar import CalendarAddress, CalendarContent
from governance.models.contribution import Contribution, ContributionEntry, ContributionSharing
from governance.models.design import DesignPosition, DesignQuestion, VariantProposal
from governance.models.digest import DigestChoice, Rhythm
from governance.models.emergency import EmergencyRole
from governance.models.evaluation import EvaluationConclusion, Outcome, VariantEvaluation
from governance.models.instrument import Indicator, Instrument, Statement
from governance.models.invitation import Invitation
from governance.models.landscape import (
    AlignedProgramme,
    Alignment,
    AskedAction,
    Budget,
    CountryStructure,
    MinistryDesk,
)
from governance.models.meeting import (
    AgendaItem,
    Body,
    Decision,
    DecisionState,
    DecisionUpdate,
    Figurehead,
    Meeting,
    MeetingState,
    Seat,
)
from governance.models.membership import Mandate, Membership
from governance.models.organisation import Organisation, OrganisationName
from governance.models.privacy import PrivacyKind, PrivacyRequest, PrivacyState
from governance.models.rights import RightsCheck, RightsReview, RightsRound
from governance.models.signup import OrganisationDomain, SignUp, SignUpState
from governance.models.user import User
from governance.models.variant import GovernanceVariant, VariantPeriod, VariantPoint, VariantRole

__all__ = [
    "AgendaItem",
    "AlignedProgramme",
    "Alignment",
    "AnswerSheet",
    "AskedAction",
    "Assessment",
    "AssessmentNote",
    "AssessmentPoint",
    "AssessmentState",
    "Body",
    "Budget",
    "CalendarAddress",
    "CalendarContent",
    "Contribution",
    "ContributionEntry",
    "ContributionSharing",
    "CountryStructure",
    "Decision",
    "DecisionState",
    "DecisionUpdate",
    "DesignPosition",
    "DesignQuestion",
    "DigestChoice",
    "EmergencyRole",
    "EvaluationConclusion",
    "Figurehead",
    "GovernanceVariant",
    "Indicator",
    "Instrument",
    "Invitation",
    "Mandate",
    "Meeting",
    "MeetingState",
    "Membership",
    "MinistryDesk",
    "Organisation",
    "OrganisationDomain",
    "OrganisationName",
    "Outcome",
    "Participant",
    "PrivacyKind",
    "PrivacyRequest",
    "PrivacyState",
    "ResultSharing",
    "Rhythm",
    "RightsCheck",
    "RightsReview",
    "RightsRound",
    "Seat",
    "SignUp",
    "SignUpState",
    "Statement",
    "User",
    "VariantEvaluation",
    "VariantPeriod",
    "VariantPoint",
    "VariantProposal",
    "VariantRole",
]
