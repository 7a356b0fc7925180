"""`{% load charts %}{% chart chart %}`: a chart with its title, source and table of figures."""

from collections import Counter
from typing import Any

from django import template
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from nss_portal.core.charts import Chart, Size

register = template.Library()


@register.simple_tag(takes_context=True)
def chart(
    context: template.Context, chart: Chart, size: str = "", heading: bool = True, table: bool = True
) -> SafeString:
    """Show a chart; `size="small"` for many beside each other, `heading=False` under a heading that says it.

    On a page both the wide and the narrow drawing are there, and the style sheet chooses by the room there is.
    In a PDF there is one, and its description belongs to its title.
    """
    if context.get("for_pdf"):
        drawn = {"small" if size else "wide": chart.draw(Size.SMALL if size else Size.WIDE, spoken_in_title=True)}
        return _shown("reports/print/chart.html", chart, drawn, heading=heading, table=False)
    sizes = {"small": Size.SMALL} if size == "small" else {"wide": Size.WIDE, "narrow": Size.NARROW}
    suffix = _number_on_page(context, chart)
    drawn = {name: chart.draw(one, suffix=suffix) for name, one in sizes.items()}
    return _shown("components/chart.html", chart, drawn, heading=heading, table=table)


def _shown(name: str, chart: Chart, drawn: dict[str, SafeString], *, heading: bool, table: bool) -> SafeString:
    words: dict[str, Any] = {"wide": "", "narrow": "", "small": "", "heading": heading}
    words |= {"chart": chart, "table": chart.table if table else None, **drawn}
    return render_to_string(name, words)


def _number_on_page(context: template.Context, chart: Chart) -> str:
    """Tell the second drawing of one chart on a page from the first, so that identifiers stay unique."""
    request = context.get("request")
    if request is None:
        return ""
    if not hasattr(request, "charts_drawn"):
        request.charts_drawn = Counter()
    request.charts_drawn[chart.title] += 1
    number = request.charts_drawn[chart.title]
    return "" if number == 1 else f"-{number}"
