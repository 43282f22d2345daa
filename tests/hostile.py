"""A knowledge base whose every text is as awkward as people can make it: long, in another direction, full of links."""

from __future__ import annotations

from typing import Any

from comparisons.models import Level
from tests import factories as make

#: A word that no line holds.
LONG = "w" * 400
#: Words that are read from right to left, with a full stop that must stay with them.
RIGHT_TO_LEFT = "שלום עולם."
#: A statement with a link in it, which must not nest in the link that the statement is.
LINKED = "See [the manual](https://manual.example/) and `code`"

#: The public pages of the world.
PAGES = (
    "/frameworks/",
    "/frameworks/one/",
    "/frameworks/one/level/",
    "/frameworks/two/level/",
    "/frameworks/one/empty/",
    "/criteria/",
    "/criteria/level/",
    "/articles/",
    "/articles/first/",
    "/claims/yes/",
    "/claims/no/",
    "/disagreements/",
    "/pros-cons/",
    "/pros-cons/?view=list",
    "/pitfalls/",
    "/practices/",
    "/use-cases/",
    "/use-cases/use/",
    "/about/coverage/",
    "/about/coverage/?by=sources",
)


def make_hostile_world(text: str) -> None:
    """Two frameworks, a disputed and ruled cell, a pitfall, a practice, a use case; `text` in every field."""
    name = text[:80]
    one = make.make_framework("one", name=name, tagline=text[:150], summary=text, kind=name, license=name)
    two = make.make_framework("two", name=name[:-1] + "2", tagline=text[:150], summary=text)
    shown = {"name": name, "question": text[:200], "definition": text}
    group = make.make_group("group", name=name, description=text[:200])
    level = make.make_criterion("level", levels=("yes", "some", "no"), group=group, **shown)
    make.make_criterion("empty", group=group, **{**shown, "name": name[:-1] + "3"})
    scenarios = make.make_group("scenarios", name=name[:-1] + "4", holds_use_cases=True)
    use = make.make_criterion(
        "use", levels=("good", "fine", "bad"), group=scenarios, **{**shown, "name": name[:-1] + "5"}
    )
    Level.objects.filter(criterion=level, order=1).update(label=name[:60])
    source = {"title": text[:200], "author": name, "publisher": name, "note": text}
    first = make.make_article("first", url="https://long.example/" + "a" * 120, **source)
    second = make.make_article("second", **{**source, "publisher": name[:-1] + "6"})
    said: dict[str, Any] = {"says": text, "quote": text[:200], "locator": text[:100]}
    claim = {"statement": text, "verdict": "opinion", "verdict_note": text, "verdict_on": make.DAY}
    yes = make.make_claim(one, level, key="yes", level="yes", polarity="pro", by=(), **claim)
    no = make.make_claim(one, level, key="no", level="no", polarity="con", by=(), **claim)
    other = make.make_claim(two, level, key="other", level="some", polarity="neutral", by=(), **claim)
    pitfall = make.make_claim(
        one, level, key="trap", kind="pitfall", polarity="con", by=(), impact=text, remedy=text, **claim
    )
    practice = make.make_claim(one, level, key="habit", kind="practice", by=(), **claim)
    pick = make.make_claim(one, use, key="pick", kind="recommendation", level="good", by=(), **claim)
    for one_claim in (yes, other, pitfall, practice, pick):
        make.make_citation(one_claim, first, **said)
    make.make_citation(no, second, reading=True, **said)
    make.make_citation(yes, second, stance="qualifies", **said)
    ruling = make.make_ruling(one, level, level=Level.objects.get(criterion=level, slug="yes"), why=text)
    ruling.accepted.add(yes)
    ruling.rejected.add(no)
    make.settle()
