"""Where a passage of a text went when the text was changed."""

from collections.abc import Iterable, Sequence

from nss_portal.core.worddiff import compared

Passage = tuple[int, int]


def moved(before: str, after: str, passages: Iterable[Passage]) -> list[Passage | None]:
    """Give where passages (first character, character after the last) stand after a change of their text.

    A passage of which words stayed spans from the first to the last of those, with what came between them; one of
    which nothing stayed gives None.
    """
    wanted = list(passages)
    if before == after:
        return list(wanted)
    kept = list(_kept(before, after))
    places = [_where(kept, before, passage) for passage in wanted]
    return [_trimmed(after, place) if place else None for place in places]


def _kept(before: str, after: str) -> Iterable[tuple[int, int, int]]:
    """Give the stretches of characters that stayed, each with how far it moved."""
    old_at = new_at = 0
    for piece in compared(before, after):
        length = len(piece.text)
        if piece.kind == "same":
            yield old_at, old_at + length, new_at - old_at
        old_at += length if piece.kind != "new" else 0
        new_at += length if piece.kind != "gone" else 0


def _where(kept: Sequence[tuple[int, int, int]], before: str, passage: Passage) -> Passage | None:
    found = []
    for start, end, shift in kept:
        first, last = max(passage[0], start), min(passage[1], end)
        # Blanks and signs that stayed say nothing: another sentence has them too.
        if first < last and any(sign.isalnum() for sign in before[first:last]):
            found.append((first + shift, last + shift))
    return (found[0][0], found[-1][1]) if found else None


def _trimmed(text: str, place: Passage) -> Passage:
    """Leave blanks at both ends out."""
    start, end = place
    passage = text[start:end]
    return start + len(passage) - len(passage.lstrip()), end - len(passage) + len(passage.rstrip())
