"""All promises of a part in one table: what was typed per row, and what of it can be saved."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from django.core.exceptions import ValidationError

from contracts.forms.review import parse_kt, write_kt
from contracts.models import Effort
from contracts.models.review import EffortStatus
from contracts.services.review.answers import Answer, answer_of
from contracts.services.review.bulk import Given, Outcome

FIELDS = ("status", "kt", "text", "learned")
# Rows on a page: with four fields each, and their revisions, less than the thousand that a form may have.
PAGE = 200


def typed_of(effort: Effort) -> dict[str, str]:
    """Give an effort's answer as it stands in the fields of its row."""
    is_blocked = effort.status == EffortStatus.BLOCKED
    return {
        "status": effort.status,
        "kt": write_kt(effort.expected_kt),
        "text": effort.obstacle if is_blocked else effort.reason,
        "learned": effort.learned,
    }


@dataclass
class TableRow:
    """One promise with what was typed; `problems` maps a field to a text for people."""

    number: int
    effort: Effort
    typed: dict[str, str]
    revision: int
    problems: dict[str, str] = field(default_factory=dict)
    is_new: bool = False

    def answer(self) -> Answer:
        """Give what was typed as an answer; raises ValidationError for a number that is none."""
        before, status = answer_of(self.effort), self.typed["status"]
        told = "obstacle" if status == EffortStatus.BLOCKED else "reason"
        text = _kept(self.typed["text"], getattr(before, told))
        expected = before.expected_kt
        if self.effort.action_id is not None:
            expected = parse_kt(self.typed["kt"])
        reason, obstacle = (before.reason, text) if told == "obstacle" else (text, before.obstacle)
        learned = _kept(self.typed["learned"], before.learned)
        return replace(
            before, status=status, expected_kt=expected, reason=reason, obstacle=obstacle, learned=learned
        )


def _kept(typed: str, stored: str) -> str:
    """Give the text to save: what is stored where only the ends of its lines differ, as browsers send them."""
    same = typed.replace("\r\n", "\n").strip() == stored.replace("\r\n", "\n").strip()
    return stored if same else typed.strip()


class PartTable:
    """The rows of a page of a part's table."""

    def __init__(self, efforts: Sequence[Effort], page: int = 1) -> None:
        self.pages = max(1, -(-len(efforts) // PAGE))
        self.page = min(max(page, 1), self.pages)
        start = (self.page - 1) * PAGE
        self.rows = [
            TableRow(number, effort, typed_of(effort), effort.revision)
            for number, effort in enumerate(efforts, start=1)
        ][start : start + PAGE]

    def take(self, data: Mapping[str, str]) -> None:
        """Take over what a browser sent; rows that it did not send stay as they are saved."""
        revisions = dict(one.split(":", 1) for one in data.get("versions", "").split(",") if ":" in one)
        for row in self.rows:
            for name in FIELDS:
                row.typed[name] = data.get(f"{name}-{row.number}", row.typed[name])
            sent = revisions.get(str(row.number), "")
            if sent.isascii() and sent.isdigit() and len(sent) < 10:
                row.revision = int(sent)

    def fill(self, cells: Mapping[int, Mapping[str, str]]) -> tuple[int, list[int]]:
        """Put cells of a spreadsheet into the rows; gives how many rows differ now, and numbers of other pages."""
        here = {row.number: row for row in self.rows}
        for number, values in cells.items():
            if number in here:
                row = here[number]
                before = dict(row.typed)
                row.typed |= {name: text for name, text in values.items() if text or name == "text"}
                row.is_new = row.typed != before
        return sum(row.is_new for row in self.rows), sorted(number for number in cells if number not in here)

    def fill_rest(self) -> int:
        """Put 'on course' where nothing was said yet; gives in how many rows."""
        waiting = [row for row in self.rows if not row.typed["status"]]
        for row in waiting:
            row.typed["status"], row.is_new = EffortStatus.ON_COURSE.value, True
        return len(waiting)

    def given(self) -> dict[int, Given]:
        """Give the answers that can be read, by the efforts' primary keys; the others get a problem."""
        found: dict[int, Given] = {}
        for row in self.rows:
            try:
                found[row.effort.pk] = Given(row.answer(), row.revision)
            except ValidationError as error:
                row.problems["kt"] = " ".join(error.messages)
        return found

    def show(self, outcome: Outcome, overtaken: str) -> None:
        """Put beside the rows what became of them; `overtaken` is said where a colleague was first."""
        wrong = {**outcome.incomplete, **outcome.refused}
        kept = set(outcome.saved)
        for row in self.rows:
            pk = row.effort.pk
            row.problems |= {_field(name): text for name, text in wrong.get(pk, {}).items()}
            if pk in kept:
                row.revision += 1
            if pk in outcome.overtaken:
                theirs = outcome.overtaken[pk]
                row.revision = theirs.revision
                said = " · ".join(text for text in typed_of(theirs).values() if text)
                row.problems["status"] = overtaken % {"who": theirs.updated_by_label, "said": said}

    @property
    def versions(self) -> str:
        """The revisions that the rows were made from, for a hidden field."""
        return ",".join(f"{row.number}:{row.revision}" for row in self.rows)

    @property
    def wrong(self) -> list[TableRow]:
        """The rows with a problem."""
        return [row for row in self.rows if row.problems]


def _field(name: str) -> str:
    return {"expected_kt": "kt", "reason": "text", "obstacle": "text"}.get(name, name)
