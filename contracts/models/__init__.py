from contracts.models.action import Action, Investment
from contracts.models.contract import ClimateContract, ContractMunicipality, ContractStandard
from contracts.models.emission import EmissionFigure, EmissionSeries, EmissionSource, FigureNote
from contracts.models.party import Commitment, Party
from contracts.models.review import AnnualReview, Effort, PartyReview, ReviewRound
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
    "EmissionSeries",
    "EmissionSource",
    "FigureNote",
    "Investment",
    "Party",
    "PartyReview",
    "ReviewRound",
    "VersionSnapshot",
]
