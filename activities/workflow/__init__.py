"""Which changes of state there are, who may make them and what must hold: one file per stateful model."""

from activities.workflow.lesson import LESSON, SHARING

__all__ = ["LESSON", "SHARING"]
