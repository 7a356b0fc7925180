from cities.models.bottleneck import Bottleneck
from cities.models.bottleneck_group import BottleneckJoin, BottleneckMerge, MergedBottleneck
from cities.models.bottleneck_words import BottleneckWord
from cities.models.boundary import MunicipalityBoundary
from cities.models.eoi import EoiAnalysis, EoiCall, EoiOption, EoiQuestion, EoiUpdate
from cities.models.eoi_submission import EoiSubmission, EoiVersion
from cities.models.involvement import Involvement
from cities.models.merger import MunicipalityMerger
from cities.models.municipality import Municipality, MunicipalityName
from cities.models.proposition import Proposition, PropositionSupport, UrbanTask
from cities.models.reference import SupportTool, Theme, TransitionStep
from cities.models.request import InvolvementRequest
from cities.models.roadmap import BuildingBlock, CityRoadmap, Progress, ProgressChange, RoadmapStep
from cities.models.signal import Signal, SignalAddressee, SignalCosigner
from cities.models.signal_parts import (
    NamingDuty,
    SignalEntry,
    SignalExperiment,
    SignalFollowUp,
    SignalReminder,
)
from cities.models.team import ContactTheme

__all__ = [
    "Bottleneck",
    "BottleneckJoin",
    "BottleneckMerge",
    "BottleneckWord",
    "BuildingBlock",
    "CityRoadmap",
    "ContactTheme",
    "EoiAnalysis",
    "EoiCall",
    "EoiOption",
    "EoiQuestion",
    "EoiSubmission",
    "EoiUpdate",
    "EoiVersion",
    "Involvement",
    "InvolvementRequest",
    "MergedBottleneck",
    "Municipality",
    "MunicipalityBoundary",
    "MunicipalityMerger",
    "MunicipalityName",
    "NamingDuty",
    "Progress",
    "ProgressChange",
    "Proposition",
    "PropositionSupport",
    "RoadmapStep",
    "Signal",
    "SignalAddressee",
    "SignalCosigner",
    "SignalEntry",
    "SignalExperiment",
    "SignalFollowUp",
    "SignalReminder",
    "SupportTool",
    "Theme",
    "TransitionStep",
    "UrbanTask",
]
