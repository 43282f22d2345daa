"""What the site, the facts of a profile and the conditions of a figure are called: “Engine” for the server."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.functional import lazy
from django.utils.translation import gettext, gettext_noop

#: The facts of a profile in order, as they are called if the subject does not say otherwise.
FACTS = {
    "kind": gettext_noop("Kind"),
    "first_release": gettext_noop("First release"),
    "license": gettext_noop("Licence"),
    "package_name": gettext_noop("Package"),
    "homepage": gettext_noop("Homepage"),
    "documentation": gettext_noop("Documentation"),
    "repository": gettext_noop("Repository"),
}
#: The conditions of a figure in order, in the same way.
CONDITIONS = {
    "hardware": gettext_noop("Hardware"),
    "server": gettext_noop("Server"),
    "workers": gettext_noop("Workers"),
    "versions": gettext_noop("Versions"),
    "payload": gettext_noop("Payload"),
    "concurrency": gettext_noop("Concurrency"),
    "date": gettext_noop("Date"),
}

#: What the site is called if the subject does not say.
SITE_NAME = "Crosscheck"

_names: Callable[[], Mapping[str, str]] = dict


def call_by(names: Callable[[], Mapping[str, str]]) -> None:
    """Take what is called otherwise from here, by the fields of the subject, such as “fact_kind”; asked each time."""
    global _names
    _names = names


def _name(key: str, text: str) -> str:
    return _names().get(key) or gettext(text)


_lazily: Any = lazy(_name, str)
#: What the site is called.
SITE: Any = _lazily("name", SITE_NAME)


def fact(name: str, text: str = "") -> Any:
    """What a fact is called, looked up when it is shown. text: what it is called here if the subject does not say."""
    return _lazily(f"fact_{name}", text or FACTS[name])


def condition(name: str, text: str = "") -> Any:
    """The same for a condition of a figure."""
    return _lazily(f"condition_{name}", text or CONDITIONS[name])
