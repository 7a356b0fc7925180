"""Which changes of state there are, who may make them and what must hold: one file per stateful model."""

from cities.workflow.bottleneck import BOTTLENECK
from cities.workflow.eoi import EOI_CALL, EOI_VERSION
from cities.workflow.involvement import REQUEST, holds_link, request_purpose
from cities.workflow.merger import MERGER
from cities.workflow.signal import SIGNAL

__all__ = [
    "BOTTLENECK",
    "EOI_CALL",
    "EOI_VERSION",
    "MERGER",
    "REQUEST",
    "SIGNAL",
    "holds_link",
    "request_purpose",
]
