"""`{% load kept %}{% kept part %}…{% endkept %}`: what stands between is drawn when nothing of it is kept."""

from typing import Any

from django.template import Context, Library, Node, NodeList, TemplateSyntaxError
from django.template.base import FilterExpression, Parser, Token
from django.utils.safestring import SafeString

register = Library()


class KeptNode(Node):
    """The part of a template that a `core.kept.KeptPart` keeps; it sees what that works out besides."""

    def __init__(self, part: FilterExpression, nodelist: NodeList) -> None:
        self.part, self.nodelist = part, nodelist

    def render(self, context: Context) -> SafeString:
        """Give the part as it is kept, or draw it."""

        def draw(made: dict[str, Any]) -> SafeString:
            with context.push(made):
                return self.nodelist.render(context)

        found: SafeString = self.part.resolve(context).drawn(draw)
        return found


@register.tag
def kept(parser: Parser, token: Token) -> KeptNode:
    """Keep what stands between this and `endkept`; takes a `KeptPart`."""
    words = token.split_contents()
    if len(words) != 2:
        raise TemplateSyntaxError("kept takes one thing: the part that the view gives")
    nodelist = parser.parse(("endkept",))
    parser.delete_first_token()
    return KeptNode(parser.compile_filter(words[1]), nodelist)
