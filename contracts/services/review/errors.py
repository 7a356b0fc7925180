"""What a service of the annual review says when it cannot do what is asked; each text is for people."""

from collections.abc import Mapping, Sequence

from contracts.models import Effort, PartyReview


class ReviewRefused(Exception):
    """The round, the review or the part is not in a state in which this can be done."""


class AnswersMissing(ReviewRefused):
    """A part cannot be handed in yet; `efforts` are the ones that still ask for something."""

    def __init__(self, message: str, efforts: Sequence[Effort]) -> None:
        super().__init__(message)
        self.efforts = efforts


class PartsOpen(ReviewRefused):
    """A review can be handed in only knowingly: `parts` were not handed in by their parties."""

    def __init__(self, message: str, parts: Sequence[PartyReview]) -> None:
        super().__init__(message)
        self.parts = parts


class AnswerRefused(ReviewRefused):
    """An answer cannot be taken as it is; `problems` maps a field to what is wrong with it."""

    def __init__(self, message: str, problems: Mapping[str, str]) -> None:
        super().__init__(message)
        self.problems = problems


class Overtaken(ReviewRefused):
    """A colleague saved in between; `current` is the record as it stands now. Nothing was written."""

    def __init__(self, message: str, current: object) -> None:
        super().__init__(message)
        self.current = current
