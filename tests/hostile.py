"""A knowledge base whose every text is as awkward as people can make it: long, in another direction, full of links."""

from __future__ import annotations

from typing import Any

from comparisons.models import Article, Claim, Criterion, Framework, Level, Paragraph
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
    "/choose/?weigh.level=most&must.level=some&q=a",
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


@make.unsettled()
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


#: What breaks out of where it stands unless it is escaped for there: of text, attributes, addresses, comments, scripts,
#: templates.
CORES = (
    "<evil>", "</p><evil>", '"evil="', "' evil='", "<a evil>", "javascript:evil", "](javascript:evil)", "&lt;evil&gt;",
    "&#60;evil&#62;", "{{7|add:70007}}", "{% now 'Y' %}", "<!--evil", "</script>", "</title><evil>", "<svg/evil>",
    "\u2028<evil\u2029>",
)  # fmt: skip
#: What stands around it.
FRAMES = ("{}", "x {}", "<b>{}", "'{}'", '"{}"', "`{}`", "[{}](x)", "&amp;{}", "]]>{}", "-->{}", "\u202e{}", "*{}*")
#: 192 texts of at most 26 characters.
TEXTS = [frame.replace("{}", core) for core in CORES for frame in FRAMES]
#: As many stand in each text of a record; they still fit in a name.
TOGETHER = 3


@make.unsettled()
def make_hostile_crowd() -> int:
    """A world of many records with TEXTS in every text that readers see, three in each; returns how many of a kind.

    Of the shortest fields, such as the kind of a framework, each holds one.
    """
    group = make.make_group("group", name=TEXTS[0], description=TEXTS[1])
    scenarios = make.make_group("scenarios", name=TEXTS[2], holds_use_cases=True)
    lots = [TEXTS[start : start + TOGETHER] for start in range(0, len(TEXTS), TOGETHER)]
    for number, lot in enumerate(lots):
        name, text = " ".join(lot), "\n\n".join(lot)
        one = make.make_framework(
            f"f{number}", name=name, tagline=name, summary=text, kind=lot[0], license=name, package_name=name
        )
        shown = {"name": name, "question": name, "definition": text}
        level = make.make_criterion(f"c{number}", levels=("yes", "some", "no"), group=group, **shown)
        use = {**shown, "name": f"{name[:-1]}u"[:80]}
        use_case = make.make_criterion(f"u{number}", levels=("good", "fine", "bad"), group=scenarios, **use)
        for criterion in (level, use_case):
            for place, label in enumerate(lot, start=1):
                Level.objects.filter(criterion=criterion, order=place).update(label=label)
        source = {"title": name, "author": name, "note": text, "edition": lot[0]}
        for place in (1, 2):
            make.make_article(f"a{number}-{place}", publisher=f"{place} {name}"[:120], **source)
        _claims(number, one, level, use_case, name, text)
    page = make.make_comparison(
        "it",
        tuple(Framework.objects.filter(slug__in=["f0", "f1", "f2"])),
        tuple(Criterion.objects.filter(slug__in=["c0", "c1"])),
        title=TEXTS[3],
        introduction="\n\n".join(TEXTS),
    )
    claim = Claim.objects.get(key="yes0")
    Paragraph.objects.create(comparison=page, order=1, text="\n\n".join(TEXTS)).claims.add(claim)
    return len(lots)


def _claims(number: int, one: Any, level: Any, use_case: Any, name: str, text: str) -> None:
    first, second = Article.objects.filter(slug__startswith=f"a{number}-").order_by("slug")
    said = {"says": text, "quote": name, "locator": name}
    shared = {"statement": text, "verdict": "opinion", "verdict_note": text, "verdict_on": make.DAY, "by": ()}
    for kind, criterion, fields in (
        ("yes", level, {"level": "yes", "polarity": "pro"}),
        ("no", level, {"level": "no", "polarity": "con"}),
        ("trap", level, {"kind": "pitfall", "polarity": "con", "impact": text, "remedy": text}),
        ("pick", use_case, {"kind": "recommendation", "level": "good"}),
    ):
        claim = make.make_claim(one, criterion, key=f"{kind}{number}", **shared, **fields)
        make.make_citation(claim, second if kind == "no" else first, **said)
    make.make_ruling(one, level, level=Level.objects.get(criterion=level, slug="yes"), why=text)
