"""Links in templates: web addresses that may be linked, and query strings that differ in one parameter."""

from __future__ import annotations

from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

from django import template
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from comparisons.filters import FORMATS, QueryForm
from comparisons.models.base import is_web_address

register = template.Library()


@register.filter
def web_address(url: str) -> str:
    """The address if it may be linked, else ""."""
    return url if is_web_address(url) else ""


@register.filter
def host(url: str) -> str:
    """The host of an address that may be linked, else ""."""
    return (urlsplit(url).hostname or "") if is_web_address(url) else ""


@register.simple_tag
@lru_cache(maxsize=4096)
def claim_address(key: str) -> SafeString:
    """The address of a claim, remembered: to make it takes as long as all else that a line of a list shows."""
    return format_html("{}", reverse("comparisons:claim", args=[key]))


@register.simple_tag
def having(query: QueryForm, name: str, value: str) -> str:
    """The query string with one more value of a parameter."""
    return query.having(name, value)


@register.simple_tag
def without(query: QueryForm, name: str, value: str | None = None) -> str:
    """The query string without a parameter, or without one of its values."""
    return query.without(name, value)


@register.simple_tag
def setting(query: QueryForm, name: str, value: object) -> str:
    """The query string with a parameter set to one value."""
    return query.setting(name, value)


@register.filter
def hidden(query: QueryForm, names: str) -> list[tuple[str, str]]:
    """The names and values of all parameters except these, for the hidden fields of a form. names: split by spaces."""
    return query.hidden(*names.split())


@register.inclusion_tag("comparisons/_take_away.html", takes_context=True)
def take_away(context: dict[str, Any]) -> dict[str, Any]:
    """A button that offers what the page shows as files. The page's view answers `format` by views.takeaway."""
    query: QueryForm = context["query"]
    path = context["request"].path
    ways = [(label, path + query.setting("format", format)) for format, label in FORMATS.items()]
    return {"ways": ways, "paging": context.get("paging") or context.get("down")}
