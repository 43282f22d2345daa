"""Drawings of the sprite, and the shapes that tell frameworks apart. Both are hidden from assistive technology."""

from __future__ import annotations

from functools import lru_cache

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()


@register.simple_tag
@lru_cache(maxsize=200)
def icon(name: str, css: str = "i") -> SafeString:
    """A drawing of the sprite. css: its classes."""
    return format_html('<svg class="{}" aria-hidden="true"><use href="#{}"/></svg>', css, name)


@register.simple_tag
def mark(place: int) -> SafeString | str:
    """The shape of a column, by its place from 1; nothing from the seventh on."""
    if not 1 <= place <= 6:
        return ""
    return format_html(
        '<svg class="mk fw-mk s{0}" viewBox="0 0 12 12" aria-hidden="true"><use href="#mark-{0}"/></svg>', place
    )
