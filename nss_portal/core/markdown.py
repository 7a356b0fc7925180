"""Texts that people write in Markdown, set as HTML that is safe to show.

HTML in the text is shown as it was typed. What comes out is cleaned once more by a library that knows every trick,
so that a fault in the one does not open a door in the other.
"""

from functools import cache

import nh3
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt

TAGS = {
    *("p", "br", "hr", "strong", "em", "s", "code", "pre", "blockquote", "ul", "ol", "li", "a"),
    *("h2", "h3", "h4", "h5", "h6", "table", "thead", "tbody", "tr", "th", "td"),
}
SCHEMES = {"http", "https", "mailto", "tel"}
LOWEST_HEADING = 6


@cache
def _markdown() -> MarkdownIt:
    # No images: one that is fetched from elsewhere tells that server who reads, and when.
    return (
        MarkdownIt("commonmark", {"html": False, "breaks": True})
        .enable(["table", "strikethrough"])
        .disable("image")
    )


def rendered(text: str, *, heading: int = 3) -> SafeString:
    """Give the HTML of a text in Markdown; its largest heading becomes one of level `heading`."""
    markdown = _markdown()
    tokens = markdown.parse(text)
    levels = sorted({int(token.tag[1]) for token in tokens if token.type == "heading_open"})
    # Levels that a text skips would leave holes in the outline of the page.
    new = {f"h{level}": f"h{min(heading + place, LOWEST_HEADING)}" for place, level in enumerate(levels)}
    for token in tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = new[token.tag]
    html = markdown.renderer.render(tokens, markdown.options, {})
    clean = nh3.clean(
        html,
        tags=TAGS,
        attributes={"a": {"href", "title"}, "ol": {"start"}},
        url_schemes=SCHEMES,
        link_rel="noopener noreferrer nofollow",
    )
    return mark_safe(clean)  # noqa: S308 - cleaned just now
