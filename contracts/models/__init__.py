from contracts.models.action import Action, Investment
from contracts.models.contract import ClimateContract, ContractMunicipality, ContractStandard
from contracts.models.emission import EmissionFigure, EmissionSeries, EmissionSource
from contracts.models.party import Commitment, Party
from contracts.models.review import AnnualReview, Effort, PartyReview, ReviewRound
from contracts.models.version import ContractVersion

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
    "Investment",
    "Party",
    "PartyReview",
    "ReviewRound",
]
