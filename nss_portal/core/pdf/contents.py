"""The table of contents of a report: gathered from its headings, so that it is never out of step with them."""

import re
from dataclasses import dataclass

from django.utils.html import escape, strip_tags
from django.utils.safestring import SafeString, mark_safe

PLACE = re.compile(r"<!--contents:(\d)-->")
HEADING = re.compile(r"<h([23])((?:\s[^>]*)?)>(.*?)</h\1>", re.DOTALL)
CHAPTER = 2
MANY = 20
IDENTIFIER = re.compile(r'\sid="([^"]+)"')


@dataclass(frozen=True)
class Entry:
    """One heading: its level, where it is, what it says."""

    level: int
    identifier: str
    text: str


def placeholder(depth: int) -> SafeString:
    """Mark where the table of contents comes, for headings down to level 1 + `depth`."""
    return mark_safe(f"<!--contents:{int(depth)}-->")  # noqa: S308


def with_contents(html: str) -> str:
    """Give each heading of level 2 and 3 an identifier, and put the list of them where it was asked for.

    A heading with the class `unlisted` is left out.
    """
    place = PLACE.search(html)
    if place is None:
        return html
    entries: list[Entry] = []

    def identified(match: re.Match[str]) -> str:
        level, attributes, inner = int(match[1]), match[2], match[3]
        if "unlisted" in attributes:
            return match[0]
        known = IDENTIFIER.search(attributes)
        identifier = known[1] if known else f"deel-{len(entries) + 1}"
        entries.append(Entry(level, identifier, " ".join(strip_tags(inner).split())))
        added = "" if known else f' id="{identifier}"'
        return f"<h{level}{attributes}{added}>{inner}</h{level}>"

    depth = int(place[1])
    numbered = HEADING.sub(identified, html)
    return PLACE.sub(
        lambda _match: _list([entry for entry in entries if entry.level <= depth + 1]), numbered, count=1
    )


def _list(entries: list[Entry]) -> str:
    """Write the entries as nested lists of links; `report.css` adds the page numbers.

    Many parts of one chapter run on behind each other, so that a hundred cities take half a page. The texts are
    escaped already.
    """
    chapters: list[tuple[Entry, list[Entry]]] = []
    for entry in entries:
        if entry.level == CHAPTER or not chapters:
            chapters.append((entry, []))
        else:
            chapters[-1][1].append(entry)
    rows = "".join(f"<li>{_link(chapter)}{_parts(parts)}</li>" for chapter, parts in chapters)
    return f'<ol class="contents">{rows}</ol>'


def _parts(parts: list[Entry]) -> str:
    if not parts:
        return ""
    if len(parts) > MANY:
        return f'<p class="contents__many">{" ".join(_link(part) for part in parts)}</p>'
    rows = "".join(f"<li>{_link(part)}</li>" for part in parts)
    return f"<ol>{rows}</ol>"


def _link(entry: Entry) -> str:
    return f'<a href="#{escape(entry.identifier)}">{entry.text}</a>'
