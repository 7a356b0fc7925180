"""Which changes of state there are, who may make them and what must hold: one file per stateful model."""

from activities.workflow.activity import ACTIVITY
from activities.workflow.knowledge import NEWS, PRODUCT
from activities.workflow.lesson import LESSON, SHARING, open_steps, sharing_of
from activities.workflow.newsletter import NEWSLETTER
from activities.workflow.programme import PROGRAMME
from activities.workflow.workspace import POINT, PUBLICATION

__all__ = [
    "ACTIVITY",
    "LESSON",
    "NEWS",
    "NEWSLETTER",
    "POINT",
    "PRODUCT",
    "PROGRAMME",
    "PUBLICATION",
    "SHARING",
    "open_steps",
    "sharing_of",
]
