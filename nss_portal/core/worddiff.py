"""What changed between two texts, word by word."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

_WORDS = re.compile(r"\s+|\w+|[^\w\s]")


def with_plain_lines(text: str) -> str:
    """Give a text with one kind of line end: browsers and spreadsheets send others, which are no change."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


@dataclass(frozen=True)
class Piece:
    """A stretch of text: `kind` is 'same', 'gone' (only in the old text) or 'new' (only in the new one)."""

    kind: str
    text: str


def compared(old: str, new: str) -> list[Piece]:
    """Give the pieces of two texts in order of reading.

    Lines that are the same are set apart first, so that long texts stay quick; within the others words are
    compared.
    """
    pieces: list[Piece] = []
    before, after = old.splitlines(keepends=True), new.splitlines(keepends=True)
    for same, gone, added in _blocks(before, after):
        if same:
            pieces.append(Piece("same", "".join(gone)))
            continue
        words_before, words_after = _WORDS.findall("".join(gone)), _WORDS.findall("".join(added))
        for is_same, lost, found in _blocks(words_before, words_after):
            if is_same:
                pieces.append(Piece("same", "".join(lost)))
                continue
            pieces += [Piece("gone", "".join(lost))] if lost else []
            pieces += [Piece("new", "".join(found))] if found else []
    return list(_joined(pieces))


def _blocks(old: list[str], new: list[str]) -> Iterator[tuple[bool, list[str], list[str]]]:
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    for tag, a, b, c, d in matcher.get_opcodes():
        yield tag == "equal", old[a:b], new[c:d]


def _joined(pieces: list[Piece]) -> Iterator[Piece]:
    """Put neighbours of one kind together."""
    held: Piece | None = None
    for piece in pieces:
        if held is not None and held.kind == piece.kind:
            held = Piece(held.kind, held.text + piece.text)
            continue
        if held is not None:
            yield held
        held = piece
    if held is not None:
        yield held
