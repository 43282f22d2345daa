"""A page that answers a search by itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse


@dataclass(frozen=True)
class ListPage:
    """A page that answers some words.

    words: phrases, separated by commas. view: the name of its address. parameters: what is chosen on it.
    framework: the parameter by which it shows one framework alone; "" if it has none. anchor: the part that is meant.
    several: whether the parameter takes several frameworks.
    """

    title: Any
    text: Any
    words: Any
    view: str
    parameters: dict[str, str] = field(default_factory=dict)
    framework: str = ""
    anchor: str = ""
    several: bool = False

    def shows(self, frameworks: Sequence[str]) -> bool:
        """Whether it can show these frameworks alone."""
        return bool(self.framework) and (len(frameworks) == 1 or (len(frameworks) > 1 and self.several))

    def address(self, frameworks: Sequence[str] = ()) -> str:
        """The address of the page, of these frameworks alone if it can show them so. frameworks: their slugs."""
        chosen = [(self.framework, slug) for slug in frameworks] if self.shows(frameworks) else []
        chosen += self.parameters.items()
        query = f"?{urlencode(chosen)}" if chosen else ""
        return f"{reverse(f'comparisons:{self.view}')}{query}{self.anchor}"
