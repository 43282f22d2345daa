"""Parts of pages that are drawn once for what they show: `{% drawn "comparisons/_row.html" with row=row %}`.

Like `{% include … only %}`, for a part that shows nothing but the values it is given, the subject and the day. So the
same values give the same text, whatever was written in between and whichever page asks: a page that is made again draws
only what has changed. See `models.drawn`.
"""

from __future__ import annotations

from django import template
from django.template.base import FilterExpression, Parser, Token, token_kwargs
from django.template.context import Context
from django.utils.safestring import SafeString

from comparisons.models import subject
from comparisons.models.drawn import drawn_once, memory
from comparisons.models.sealed import Sealed

register = template.Library()


class DrawnNode(template.Node):
    """A part of a page with the values that it shows."""

    def __init__(self, name: str, values: dict[str, FilterExpression]):
        self.name, self.values = name, values

    def __repr__(self) -> str:
        return f"<DrawnNode: {self.name}>"

    def render(self, context: Context) -> SafeString:
        values = {name: value.resolve(context) for name, value in self.values.items()}

        def draw() -> SafeString:
            shown = {name: value.opened() if isinstance(value, Sealed) else value for name, value in values.items()}
            part = context.template.engine.get_template(self.name)  # type: ignore[union-attr]
            text: SafeString = part.render(context.new({**shown, "subject": subject.current()}))
            return text

        return drawn_once(memory, self.name, values, draw)


@register.tag
def drawn(parser: Parser, token: Token) -> DrawnNode:
    """`{% drawn "template" with a=b c=d %}`: see the head of this file."""
    tag, name, *bits = token.split_contents()
    if (bits and bits.pop(0) != "with") or name[0] not in "\"'" or name[-1] != name[0]:
        raise template.TemplateSyntaxError(f"{tag} takes the name of a template, then “with” and the values it shows")
    values = token_kwargs(bits, parser)
    if bits:
        raise template.TemplateSyntaxError(f"{tag} does not know {bits[0]}")
    return DrawnNode(name[1:-1], values)
