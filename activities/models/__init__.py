from activities.models.activity import Activity, ActivitySession, Participation
from activities.models.activity_parts import Agreement, Outcome, ReflectionCapacity, ReflectionSubject, TableCase
from activities.models.date_poll import DatePoll, PollAnswer, PollGuest, PollMoment
from activities.models.desk import DirectoryEntry
from activities.models.desk_call import ApplicationParty, CallInterest, JointApplication
from activities.models.desk_question import DeskInvite, DeskMessage, DeskQuestion, DeskRoute
from activities.models.knowledge import KnowledgeProduct
from activities.models.lesson import Lesson
from activities.models.lesson_parts import LessonComment, LessonUse, LessonVersion
from activities.models.limit import HoursLimit
from activities.models.news import News
from activities.models.newsletter import Newsletter
from activities.models.period import AgendaLine, AgendaMeans, AgendaPeriod, AgendaVersion, AgendaVote
from activities.models.pilot import Pilot, PilotPart
from activities.models.programme import ExistingProgramme, Phase, Programme, ProgrammePhase
from activities.models.programme_covenant import Covenant, Signature, SigningRound
from activities.models.programme_outcome import ProgrammeClosing, ProgrammeResult, ProgrammeScaling, ScalingTheme
from activities.models.programme_partner import HoursEstimate, ProgrammePartner
from activities.models.programme_work import (
    ActivityRequest,
    MidtermReview,
    Milestone,
    ProgrammeReflection,
    ProgrammeTurn,
    ReviewPoint,
    WorkingGroup,
    WorkingGroupMember,
)
from activities.models.proposal import AgendaProposal, ProposalSupport
from activities.models.publication import WorkspacePublication
from activities.models.rhythm import RhythmDate
from activities.models.twinning import Twinning, TwinningMeeting, TwinningReview
from activities.models.workspace import NoteVersion, Workspace, WorkspaceFile, WorkspaceNote
from activities.models.workspace_work import (
    ActionPoint,
    PreparationTask,
    TaskDone,
    WorkspaceDecision,
    WorkspaceReminder,
)

__all__ = [
    "ActionPoint",
    "Activity",
    "ActivityRequest",
    "ActivitySession",
    "AgendaLine",
    "AgendaMeans",
    "AgendaPeriod",
    "AgendaProposal",
    "AgendaVersion",
    "AgendaVote",
    "Agreement",
    "ApplicationParty",
    "CallInterest",
    "Covenant",
    "DatePoll",
    "DeskInvite",
    "DeskMessage",
    "DeskQuestion",
    "DeskRoute",
    "DirectoryEntry",
    "ExistingProgramme",
    "HoursEstimate",
    "HoursLimit",
    "JointApplication",
    "KnowledgeProduct",
    "Lesson",
    "LessonComment",
    "LessonUse",
    "LessonVersion",
    "MidtermReview",
    "Milestone",
    "News",
    "Newsletter",
    "NoteVersion",
    "Outcome",
    "Participation",
    "Phase",
    "Pilot",
    "PilotPart",
    "PollAnswer",
    "PollGuest",
    "PollMoment",
    "PreparationTask",
    "Programme",
    "ProgrammeClosing",
    "ProgrammePartner",
    "ProgrammePhase",
    "ProgrammeReflection",
    "ProgrammeResult",
    "ProgrammeScaling",
    "ProgrammeTurn",
    "ProposalSupport",
    "ReflectionCapacity",
    "ReflectionSubject",
    "ReviewPoint",
    "RhythmDate",
    "ScalingTheme",
    "Signature",
    "SigningRound",
    "TableCase",
    "TaskDone",
    "Twinning",
    "TwinningMeeting",
    "TwinningReview",
    "WorkingGroup",
    "WorkingGroupMember",
    "Workspace",
    "WorkspaceDecision",
    "WorkspaceFile",
    "WorkspaceNote",
    "WorkspacePublication",
    "WorkspaceReminder",
]
