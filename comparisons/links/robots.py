"""The robots.txt of a host, as RFC 9309 says: a group is for a product by its whole name, the longest rule decides."""

from __future__ import annotations

import re

from protego import Protego

#: Our name in robots.txt.
ROBOT = "Crosscheck"
_AGENT = re.compile(r"^([ \t]*user-agent[ \t]*:)[ \t]*([^\r\n]*)", re.IGNORECASE | re.MULTILINE)
#: A name that nobody's group has: the parser would take a group for "cross" to be ours as well.
_OTHER = "-"


class Rules:
    """What a host allows us. A file that holds no rules, or none that can be read, allows everything."""

    def __init__(self, text: str):
        text = _AGENT.sub(_group, text.removeprefix("\ufeff").replace("\0", ""))
        self._rules = Protego.parse(text)

    def allow(self, url: str) -> bool:
        """Whether we may request an address."""
        try:
            return self._rules.can_fetch(url, ROBOT)
        except ValueError:
            return True

    @property
    def pause(self) -> float:
        """The seconds that the host wants between two requests; 0 if it does not say."""
        return self._rules.crawl_delay(ROBOT) or 0.0


def _group(line: re.Match[str]) -> str:
    """The line that begins a group, with our name if it is for us: letters, "_" and "-" up to anything else."""
    name = re.match(r"[a-z_-]*", line[2], re.IGNORECASE)
    is_ours = name is not None and name[0].lower() == ROBOT.lower()
    return f"{line[1]} {ROBOT if is_ours else '*' if line[2].startswith('*') else _OTHER}"
