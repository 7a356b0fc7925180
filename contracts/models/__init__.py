from contracts.models.action import Action, Investment
from contracts.models.contract import ClimateContract, ContractMunicipality, ContractStandard
from contracts.models.emission import EmissionFigure, EmissionSeries, EmissionSource, FigureNote
from contracts.models.import_run import EmissionImport
from contracts.models.party import Commitment, Party
from contracts.models.review import AnnualReview, Effort, PartyReview, ReviewRound
from contracts.models.scenario import PathwayScenario
from contracts.models.tip import Tip
from contracts.models.version import ContractVersion, VersionSnapshot

__all__ = [
    "Action",
    "AnnualReview",
    "ClimateContract",
    "Commitment",
    "ContractMunicipality",
    "ContractStandard",
    "ContractVersion",
    "Effort",
    "EmissionFigure",
    "EmissionImport",
    "EmissionSeries",
    "EmissionSource",
    "FigureNote",
    "Investment",
    "Party",
    "PartyReview",
    "PathwayScenario",
    "ReviewRound",
    "Tip",
    "VersionSnapshot",
]
