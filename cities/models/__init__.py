from cities.models.bottleneck import Bottleneck
from cities.models.involvement import Involvement
from cities.models.municipality import Municipality, MunicipalityName
from cities.models.reference import Theme, TransitionStep
from cities.models.request import InvolvementRequest

__all__ = [
    "Bottleneck",
    "Involvement",
    "InvolvementRequest",
    "Municipality",
    "MunicipalityName",
    "Theme",
    "TransitionStep",
]
