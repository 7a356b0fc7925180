"""How wide a text is, where to break it, and how labels keep apart.

The widths are those of Source Sans 3 in thousandths of the type size; an accent makes a letter no wider.
"""

import re
from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise
from unicodedata import normalize

from django.utils.translation import get_language
from pyphen import Pyphen

# fmt: off
_REGULAR = (
    200, 289, 426, 497, 497, 824, 609, 249, 303, 303, 418, 497, 249, 311, 249, 350, 497, 497, 497, 497, 497, 497,
    497, 497, 497, 497, 249, 249, 497, 497, 497, 425, 847, 544, 588, 571, 615, 527, 494, 617, 652, 263, 480, 579,
    486, 727, 647, 664, 566, 664, 569, 534, 536, 645, 515, 786, 513, 476, 539, 303, 350, 303, 497, 500, 542, 504,
    553, 456, 555, 496, 292, 504, 544, 246, 247, 495, 255, 829, 547, 542, 555, 555, 347, 419, 338, 544, 467, 719,
    446, 467, 425, 303, 241, 303, 497,
)
_SEMIBOLD = (
    200, 315, 482, 513, 513, 841, 639, 275, 324, 324, 438, 513, 275, 322, 275, 344, 513, 513, 513, 513, 513, 513,
    513, 513, 513, 513, 275, 275, 513, 513, 513, 444, 875, 558, 597, 576, 625, 538, 510, 628, 663, 282, 494, 597,
    502, 745, 657, 674, 582, 674, 592, 545, 546, 655, 536, 800, 541, 501, 540, 324, 344, 324, 513, 500, 549, 516,
    563, 462, 564, 507, 317, 520, 558, 262, 263, 522, 271, 843, 560, 549, 564, 564, 373, 431, 361, 556, 495, 748,
    481, 495, 443, 324, 255, 324, 513,
)
# fmt: on
_OTHERS = {
    "₂": 370,
    "·": 270,
    "–": 480,
    "−": 505,
    "…": 955,
    "→": 619,
    "\N{NO-BREAK SPACE}": 200,
    "’": 270,
    "\N{SOFT HYPHEN}": 322,
}
_WIDEST = 850


@lru_cache(maxsize=4096)
def width(text: str, size: float, *, bold: bool = False) -> float:
    """Give the width of a text in pixels at a type size in pixels."""
    table = _SEMIBOLD if bold else _REGULAR
    total = 0
    for letter in text:
        if letter in _OTHERS:
            total += _OTHERS[letter]
            continue
        code = ord(normalize("NFD", letter)[0])
        total += table[code - 32] if 32 <= code < 127 else _WIDEST
    return total * size / 1000


def wrap(text: str, room: float, size: float, *, bold: bool = False, lines: int = 3) -> list[str]:
    """Break a text at spaces and after hyphens into lines of at most `room` pixels.

    A word that is wider by itself is broken between syllables. What does not fit on the last of the `lines` ends
    in an ellipsis.
    """
    rows: list[str] = []
    for word in parts(text):
        for piece in _pieces(word, room, size, bold):
            if rows and (len(rows) == lines or width(f"{rows[-1]}{piece}".rstrip(), size, bold=bold) <= room):
                rows[-1] += piece
            else:
                rows.append(piece)
    return [_shorten(_hyphened(row.rstrip()), room, size, bold) for row in rows]


def _pieces(word: str, room: float, size: float, bold: bool) -> list[str]:
    """Cut a word that is too wide into as few pieces as fit, all but the last with a soft hyphen at the end."""
    if width(word.rstrip(), size, bold=bold) <= room:
        return [word]
    pieces, begin = [], 0
    places = [*_syllables(str(get_language() or "nl")[:2]).positions(word), len(word)]
    for here, further in pairwise(places):
        hyphen = "\N{SOFT HYPHEN}" if further < len(word) else ""
        if width(f"{word[begin:further].rstrip()}{hyphen}", size, bold=bold) > room:
            pieces.append(f"{word[begin:here]}\N{SOFT HYPHEN}")
            begin = here
    return [*pieces, word[begin:]]


@lru_cache
def _syllables(language: str) -> Pyphen:
    return Pyphen(lang={"en": "en_GB"}.get(language, "nl_NL"), left=3, right=3)


def _hyphened(row: str) -> str:
    """Show the soft hyphen at the end of a line, and none within it."""
    hyphen = "-" if row.endswith("\N{SOFT HYPHEN}") else ""
    return row.replace("\N{SOFT HYPHEN}", "") + hyphen


def parts(text: str) -> list[str]:
    """Cut a text where it may be broken: after spaces, hyphens and slashes, which stay with what they follow."""
    return re.findall(r"[^ \-/]*[ \-/]*", text.strip())[:-1]


def _shorten(text: str, room: float, size: float, bold: bool) -> str:
    if width(text, size, bold=bold) <= room:
        return text
    while len(text) > 1 and width(f"{text}…", size, bold=bold) > room:
        text = text[:-1].rstrip()
    return f"{text}…"


def spread(wanted: Sequence[float], heights: Sequence[float], low: float, high: float) -> list[float]:
    """Push labels apart: give the middle of each, as near to `wanted` as can be, in its order, without overlap.

    All lie between `low` and `high` where their heights together fit there; else they run on below `high`.
    """
    groups: list[list[int]] = []
    for index in sorted(range(len(wanted)), key=lambda number: (wanted[number], number)):
        groups.append([index])
        while len(groups) > 1 and _top(groups[-1], wanted, heights) < _bottom(groups[-2], wanted, heights):
            last = groups.pop()
            groups[-1] += last
    tops = [_top(group, wanted, heights) for group in groups]
    end = high
    for number in range(len(groups) - 1, -1, -1):
        tops[number] = min(tops[number], end - sum(heights[index] for index in groups[number]))
        end = tops[number]
    begin = low
    placed = [0.0] * len(wanted)
    for top, group in zip(tops, groups, strict=True):
        begin = max(top, begin)
        for index in group:
            placed[index] = begin + heights[index] / 2
            begin += heights[index]
    return placed


def _top(group: list[int], wanted: Sequence[float], heights: Sequence[float]) -> float:
    """Give where a stack of labels begins so that they lie as near to their wishes as can be."""
    offset, drift = 0.0, 0.0
    for index in group:
        drift += wanted[index] - (offset + heights[index] / 2)
        offset += heights[index]
    return drift / len(group)


def _bottom(group: list[int], wanted: Sequence[float], heights: Sequence[float]) -> float:
    return _top(group, wanted, heights) + sum(heights[index] for index in group)
