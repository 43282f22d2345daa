"""A decision record as Markdown, in the form of a MADR: context, drivers, options, outcome, consequences."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from . import choose_words
from .decision_state import by_weight, disputed

_MARKUP = re.compile(r"([\\`*_{}\[\]<>#|~])")


def plain(text: str) -> str:
    """A text that means itself in Markdown, on one line."""
    return _MARKUP.sub(r"\\\1", " ".join(text.split()))


def markdown(state: Mapping[str, Any], address: str, site: str) -> str:
    """The record as a file. address: its own, or that of the choice. site: the start of the addresses of records."""
    parts = [
        f"# {plain(state['title'] or _('Which one to take'))}",
        _list([_("Status: proposed"), _("Date: %s") % state["day"], _content(state), f"<{address}>"]),
        f"## {_('Context and Problem Statement')}",
        plain(state["context"]) or _("Which of %(n)d fits what is asked below?") % {"n": state["frameworks"]},
        f"## {_('Decision Drivers')}",
        _drivers(state),
        f"## {_('Considered Options')}",
        _options(state),
        f"## {_('Decision Outcome')}",
        plain(state["verdict"]) + ". " + (plain(state["certainty"]) + "." if state["certainty"] else ""),
        f"### {_('Consequences')}",
        _consequences(state, site) or _("None is on record."),
        f"## {_('What Was Disputed')}",
        _list(_dispute(one) for one in disputed(state)) or _("No answer used here is disputed."),
        f"## {_('What Would Change It')}",
        _list(map(plain, state["turns"])) or _("Nothing single that we know."),
        f"## {_('More Information')}",
        _table(state),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _list(lines: Iterable[str]) -> str:
    return "\n".join(f"* {line}" for line in lines)


def _content(state: Mapping[str, Any]) -> str:
    return _("Content: %(n)d published claims on that day") % {"n": state["claims"]}


def _drivers(state: Mapping[str, Any]) -> str:
    musts = (f"{_('Must have')}: {plain(one['name'])}, {plain(one['answer'])}" for one in state["musts"])
    weights = (f"{weight}: {plain(names)}" for weight, names in by_weight(state))
    return _list([*musts, *weights, *map(plain, state["evidence"])]) or _("None.")


def _options(state: Mapping[str, Any]) -> str:
    ranked = [
        _("%(name)s: %(n)s points, %(low)s to %(high)s")
        % {"name": plain(one["name"]), "n": one["points"], "low": one["low"], "high": one["high"]}
        for one in state["ranking"]
    ]
    aside = [
        _("%(name)s, set aside: %(why)s")
        % {
            "name": plain(one["name"]),
            "why": "; ".join(
                f"{plain(why['name'])}: {plain(why['value']) or _('we cannot tell')}" for why in one["why"]
            ),
        }
        for one in state["aside"]
    ]
    return _list([*(ranked or map(plain, state["remaining"])), *aside])


def _consequences(state: Mapping[str, Any], site: str) -> str:
    words = {"pro": _("Good, because"), "con": _("Bad, because")}
    return _list(
        f"{words[polarity]} {' '.join(one['statement'].split())} ([{_('sources')}]({site}/claims/{one['key']}/))"
        for polarity in words
        for one in state["consequences"][polarity]
    )


def _dispute(one: Mapping[str, Any]) -> str:
    ruled = _("ruled") if one["is_ruled"] else _("open")
    return f"{plain(one['name'])}, {plain(one['question'])}: “{plain(one['value'])}”, {plain(one['disputed'])}; {ruled}"


def _table(state: Mapping[str, Any]) -> str:
    """The points of the first frameworks, question by question; "" without a ranking."""
    if not state["answers"]:
        return ""
    names = {one["slug"]: one["name"] for one in state["ranking"]}
    heads = [names[value["slug"]] for value in state["answers"][0]["values"]]
    lines = [f"| {_('Question')} | {' | '.join(map(plain, heads))} |", "|---" * (len(heads) + 1) + "|"]
    for row in state["answers"]:
        cells = [f"{plain(v['value']) or '–'} ({choose_words.points(v['points'])})" for v in row["values"]]
        lines.append(f"| {plain(row['name'])} | {' | '.join(cells)} |")
    return "\n".join(lines)
