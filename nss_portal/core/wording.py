"""What differs between two texts, word by word, and where a passage went when its text was changed."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import accumulate

# A word with what follows it up to the next one; text before the first word is a piece of its own.
_PIECES = re.compile(r"\w+|[^\w\s]|\s+")
# Comparing takes longer with the square of the number of words; what lies beyond is shown as one change.
MOST_PIECES = 6_000

Opcode = tuple[str, int, int, int, int]


@dataclass(frozen=True)
class Piece:
    """A stretch of text: 'same' in both, 'gone' from the first, or 'new' in the second."""

    kind: str
    text: str


def pieces_of(text: str) -> list[str]:
    """Cut a text into words, signs and blanks; joined they are the text again."""
    return _PIECES.findall(text)


def compare(before: str, after: str) -> list[Piece]:
    """Give two texts as one, word by word: what stayed, what went and what came."""
    old, new = pieces_of(before), pieces_of(after)
    found: list[Piece] = []
    for tag, a_from, a_to, b_from, b_to in _opcodes(old, new):
        if tag == "equal":
            found.append(Piece("same", "".join(old[a_from:a_to])))
            continue
        if a_to > a_from:
            found.append(Piece("gone", "".join(old[a_from:a_to])))
        if b_to > b_from:
            found.append(Piece("new", "".join(new[b_from:b_to])))
    return found


def moved(before: str, after: str, passages: Iterable[tuple[int, int]]) -> list[tuple[int, int] | None]:
    """Give where passages (first character, character after the last) stand after a change of their text.

    A passage of which words stayed spans from the first to the last of those, with what came between them; one of
    which nothing stayed gives None.
    """
    wanted = list(passages)
    if before == after:
        return [(start, end) for start, end in wanted]
    old, new = pieces_of(before), pieces_of(after)
    kept = list(_kept(old, new))
    places = [_where(kept, before, start, end) for start, end in wanted]
    return [_trimmed(after, *place) if place else None for place in places]


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """Leave blanks at both ends out."""
    passage = text[start:end]
    return start + len(passage) - len(passage.lstrip()), end - len(passage) + len(passage.rstrip())


def _kept(old: Sequence[str], new: Sequence[str]) -> Iterable[tuple[int, int, int]]:
    """Give the stretches of characters that stayed, each with how far it moved."""
    a_at, b_at = [0, *accumulate(map(len, old))], [0, *accumulate(map(len, new))]
    for tag, a_from, a_to, b_from, _b_to in _opcodes(old, new):
        if tag == "equal":
            yield a_at[a_from], a_at[a_to], b_at[b_from] - a_at[a_from]


def _where(kept: Sequence[tuple[int, int, int]], before: str, start: int, end: int) -> tuple[int, int] | None:
    found = []
    for block_start, block_end, shift in kept:
        first, last = max(start, block_start), min(end, block_end)
        # Blanks and signs that stayed say nothing: another sentence has them too.
        if first < last and any(sign.isalnum() for sign in before[first:last]):
            found.append((first + shift, last + shift))
    return (found[0][0], found[-1][1]) if found else None


def _opcodes(old: Sequence[str], new: Sequence[str]) -> list[Opcode]:
    """Give the steps from one sequence to the other; equal beginnings and ends are set apart first."""
    start = 0
    while start < min(len(old), len(new)) and old[start] == new[start]:
        start += 1
    end = 0
    while end < min(len(old), len(new)) - start and old[-1 - end] == new[-1 - end]:
        end += 1
    a_end, b_end = len(old) - end, len(new) - end
    steps: list[Opcode] = [("equal", 0, start, 0, start)] if start else []
    steps += _between(old, new, (start, a_end), (start, b_end))
    if end:
        steps.append(("equal", a_end, len(old), b_end, len(new)))
    return steps


def _between(old: Sequence[str], new: Sequence[str], a: tuple[int, int], b: tuple[int, int]) -> list[Opcode]:
    if a[0] == a[1] and b[0] == b[1]:
        return []
    if max(a[1] - a[0], b[1] - b[0]) > MOST_PIECES:
        return [("replace", *a, *b)]
    matcher = SequenceMatcher(None, old[a[0] : a[1]], new[b[0] : b[1]], autojunk=False)
    return [
        (tag, a_from + a[0], a_to + a[0], b_from + b[0], b_to + b[0])
        for tag, a_from, a_to, b_from, b_to in matcher.get_opcodes()
    ]
