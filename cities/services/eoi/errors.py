"""What goes wrong when a city answers a call; the texts are for people."""

from collections.abc import Mapping


class EoiRefused(Exception):
    """Answers are not taken at this moment: not open yet, closed, or handed in already."""


class AnswerRefused(EoiRefused):
    """An answer cannot be kept; `problems` maps the code of a question (or 'changed') to what is wrong."""

    def __init__(self, problems: Mapping[str, str]) -> None:
        super().__init__(" ".join(problems.values()))
        self.problems = problems
