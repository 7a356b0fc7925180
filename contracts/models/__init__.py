from contracts.models.action import Action, Investment, Measure
from contracts.models.blockade import Blockade
from contracts.models.contract import ClimateContract, ContractMunicipality, ContractStandard
from contracts.models.demand import DemandOffer, OfferAnswer
from contracts.models.drafting import ContractImport, DraftComment
from contracts.models.emission import EmissionFigure, EmissionSeries, EmissionSource, FigureNote
from contracts.models.fetch import DataFetch, PopulationFigure
from contracts.models.import_run import EmissionImport
from contracts.models.indicator import Indicator, IndicatorValue
from contracts.models.national import NationalPoint
from contracts.models.party import Commitment, Party
from contracts.models.policy import NationalPolicy, PolicyAnswer
from contracts.models.review import AnnualReview, Effort, PartyReview, ReviewRound
from contracts.models.scenario import PathwayScenario
from contracts.models.signature import PaperSigning, SignatoryInvitation, Signature
from contracts.models.standard import StandardPromise, StandardSection, StandardVersion
from contracts.models.standard_change import GoingThrough, StandardChange, StandardComment
from contracts.models.standard_measure import StandardMeasure
from contracts.models.standard_use import (
    MeasureUse,
    StandardStart,
    StandardUse,
    StandardUseAnswer,
)
from contracts.models.template import SectionText, TableRow, TemplateColumn, TemplateSection, TemplateTable
from contracts.models.tip import Tip
from contracts.models.version import ContractVersion, VersionSnapshot

__all__ = [
    "Action",
    "AnnualReview",
    "Blockade",
    "ClimateContract",
    "Commitment",
    "ContractImport",
    "ContractMunicipality",
    "ContractStandard",
    "ContractVersion",
    "DataFetch",
    "DemandOffer",
    "DraftComment",
    "Effort",
    "EmissionFigure",
    "EmissionImport",
    "EmissionSeries",
    "EmissionSource",
    "FigureNote",
    "GoingThrough",
    "Indicator",
    "IndicatorValue",
    "Investment",
    "Measure",
    "MeasureUse",
    "NationalPoint",
    "NationalPolicy",
    "OfferAnswer",
    "PaperSigning",
    "Party",
    "PartyReview",
    "PathwayScenario",
    "PolicyAnswer",
    "PopulationFigure",
    "ReviewRound",
    "SectionText",
    "SignatoryInvitation",
    "Signature",
    "StandardChange",
    "StandardComment",
    "StandardMeasure",
    "StandardPromise",
    "StandardSection",
    "StandardStart",
    "StandardUse",
    "StandardUseAnswer",
    "StandardVersion",
    "TableRow",
    "TemplateColumn",
    "TemplateSection",
    "TemplateTable",
    "Tip",
    "VersionSnapshot",
]
