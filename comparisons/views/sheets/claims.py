"""Claims as tables to take away: lists of them, and the claims behind an answer."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from comparisons.domain import vocabulary as v
from comparisons.evidence.citations import CitationView, CitedClaim
from comparisons.evidence.claims import Card
from comparisons.exchange.sheets import Entry, Sheet, SheetColumn
from comparisons.language import labels, values
from comparisons.language.dates import as_known, to_the_month
from comparisons.models import Citation, Claim
from comparisons.pros_cons.lists import ProOrCon

from .matrix import address


def source_entry(names: Iterable[str], sources: Callable[[], list[dict[str, Any]]]) -> Entry:
    """The sources of a claim: their names, and for programs what each of them says."""
    return Entry("; ".join(dict.fromkeys(names)), "", sources)


def viewed_sources(cited: CitedClaim | None) -> Entry:
    """The sources of a claim as `evidence.citations` reads it."""
    views = cited.citations if cited else ()
    return source_entry((one.source_name for one in views), lambda: [_viewed(one) for one in views])


def _viewed(one: CitationView) -> dict[str, Any]:
    published, publisher = _published(one), one.publisher or ""
    return _source(one.article, one.title, publisher, published, one.stance, one.says, one.locator, one.reading)


def stored_sources(citations: Iterable[Citation]) -> Entry:
    """The sources of a claim from its citations, with their articles loaded."""
    stored = list(citations)
    names = (one.article.publisher_name or one.article.title for one in stored)
    return source_entry(names, lambda: [_stored(one) for one in stored])


def _stored(one: Citation) -> dict[str, Any]:
    article = one.article
    return _source(
        *(article.slug, article.title, article.publisher_name, _published(article)),
        *(one.stance, one.says, one.locator, one.reading),
    )


def _published(one: Any) -> str | None:
    """The day of an article, or of a citation of it, as precisely as it is known."""
    return str(as_known(one.published_on, one.precision)) if one.published_on else None


def _source(
    slug: str, title: str, publisher: str, published: str | None, stance: str, says: str, locator: str, reading: bool
) -> dict[str, Any]:
    return {
        "article": slug,
        "title": title,
        "publisher": publisher,
        "published": published,
        "stance": str(stance),
        "says": says,
        "locator": locator,
        "interpreted": reading,
        "address": address("article", slug),
    }


def about_columns() -> list[SheetColumn]:
    """What a claim is about."""
    return [
        SheetColumn("key", _("Key")),
        SheetColumn("framework", _("Framework")),
        SheetColumn("criterion", _("Criterion")),
    ]


def about_entries(key: str, framework: tuple[str | None, str | None], criterion: tuple[str, str]) -> list[Entry]:
    """The key of a claim, and its framework and criterion (slug, name) by their slugs, as an import reads them."""
    slug, _name = framework
    return [
        Entry(key, address("claim", key)),
        Entry(slug or "", address("framework", slug) if slug else ""),
        Entry(criterion[0], address("criterion", criterion[0])),
    ]


def pros_cons_sheet(context: dict[str, Any]) -> Sheet:
    """Pros and cons in the order of the page."""
    columns = [
        *about_columns(),
        SheetColumn("polarity", _("For or against")),
        SheetColumn("statement", _("Statement")),
        SheetColumn("verdict", _("Fact check")),
        SheetColumn("strength", _("Evidence")),
        SheetColumn("supporting", _("Supporting sources")),
        SheetColumn("disputing", _("Disputing sources")),
        SheetColumn("sources", _("Sources")),
    ]
    return Sheet(_("Pros and cons"), columns, [_pro_or_con(item, context["today"]) for item in context["items"]])


def _pro_or_con(item: ProOrCon, today: date) -> list[Any]:
    one, strength = item.about, item.strength(today)
    about = about_entries(one.key, (one.framework_slug, one.framework_name), (one.criterion_slug, one.criterion_name))
    return [
        *about,
        one.polarity,
        Entry(one.statement, about[0].address),
        one.verdict,
        str(strength) if strength else "",
        item.supporting,
        item.cited.against,
        viewed_sources(item.cited),
    ]


def pitfall_sheet(context: dict[str, Any]) -> Sheet:
    """Pitfalls with what comes of them and what to do instead."""
    return _backed(_("Pitfalls"), context["pitfalls"], impact=_("What comes of it"), remedy=_("Instead"))


def practice_sheet(context: dict[str, Any]) -> Sheet:
    """Practices in the order of the page."""
    return _backed(_("Practices"), context["practices"])


def _backed(title: str, found: Iterable[tuple[Claim, CitedClaim | None]], **texts: str) -> Sheet:
    """Claims, each with its citations. texts: the names of further fields that are shown, with their titles."""
    columns = [
        *about_columns(),
        SheetColumn("statement", _("Statement")),
        *(SheetColumn(name, words) for name, words in texts.items()),
        SheetColumn("verdict", _("Fact check")),
        SheetColumn("supporting", _("Supporting sources")),
        SheetColumn("sources", _("Sources")),
    ]
    rows = [
        [
            *_about(claim),
            Entry(claim.statement, address("claim", claim.key)),
            *(getattr(claim, name) for name in texts),
            claim.verdict,
            cited.supporting if cited else 0,
            viewed_sources(cited),
        ]
        for claim, cited in found
    ]
    return Sheet(title, columns, rows)


def _about(claim: Claim) -> list[Entry]:
    framework = (claim.framework.slug, claim.framework.name) if claim.framework else (None, None)
    return about_entries(claim.key, framework, (claim.criterion.slug, claim.criterion.name))


def cell_sheet(context: dict[str, Any]) -> Sheet:
    """The claims behind an answer, those that do not count last; above them the answer and why it is so strong."""
    framework, line, cell, today = (context[name] for name in ("framework", "line", "cell", "today"))
    columns = [
        SheetColumn("key", _("Key")),
        SheetColumn("polarity", _("For or against")),
        SheetColumn("kind", _("Kind")),
        SheetColumn("statement", _("Statement")),
        SheetColumn("value", _("Answer")),
        SheetColumn("verdict", _("Fact check")),
        SheetColumn("verdict_note", _("What the fact check found")),
        SheetColumn("counts", _("Counts")),
        SheetColumn("sources", _("Sources")),
    ]
    cards = [card for _word, part in context.get("parts", ()) for card in part]
    rows = [_card(card, line.unit) for card in [*cards, *context.get("set_apart", ())]]
    about: dict[str, Any] = {"question": line.question}
    if cell is None or not cell.claims:
        about["answer"] = str(labels.label(v.Silence.NOBODY))
    else:
        strength, known = cell.strength(today), cell.newest_on
        about |= {
            "answer": values.headline(cell, line) if cell.has_value else values.no_value(cell),
            "agreement": str(cell.agreement),
            "ruling": str(cell.ruling),
            "strength": str(strength) if strength else "",
            "reasons": "; ".join(values.reason(step) for step in context["reasons"]),
            "newest_evidence": known and str(as_known(known, to_the_month(cell.newest_precision))),
        }
    return Sheet(f"{framework.name}: {line.name}", columns, rows, about)


def _card(card: Card, unit: str) -> list[Any]:
    claim = card.claim
    return [
        Entry(claim.key, address("claim", claim.key)),
        claim.polarity,
        claim.kind,
        Entry(claim.statement, address("claim", claim.key)),
        values.own_value(claim, unit),
        claim.verdict,
        claim.verdict_note,
        card.counts,
        stored_sources(claim.citations.all()),
    ]


def article_sheet(context: dict[str, Any]) -> Sheet:
    """What was drawn from a source, passage by passage."""
    article = context["article"]
    columns = [
        *about_columns(),
        SheetColumn("statement", _("Statement")),
        SheetColumn("verdict", _("Fact check")),
        SheetColumn("stance", _("This source")),
        SheetColumn("says", _("What it says")),
        SheetColumn("locator", _("Where")),
        SheetColumn("interpreted", _("Interpreted")),
        SheetColumn("disputed", _("Disputed")),
    ]
    rows = [
        [
            *_about(one.claim),
            Entry(one.claim.statement, address("claim", one.claim.key)),
            *(one.claim.verdict, one.stance, one.says, one.locator, one.reading, one.in_dispute),
        ]
        for one in context["drawn"]
    ]
    about = {
        "source": article.url or None,
        "source_publisher": article.publisher_name or article.author,
        "published": _published(article),
    }
    return Sheet(article.title, columns, rows, about)


def disagreement_sheet(context: dict[str, Any]) -> Sheet:
    """Disputed answers, a row for each side."""
    columns = [
        SheetColumn("framework", _("Framework")),
        SheetColumn("criterion", _("Criterion")),
        SheetColumn("side", _("What this side says")),
        SheetColumn("against", _("Only disputes it")),
        SheetColumn("sources", _("Independent sources")),
        SheetColumn("named", _("Sources")),
        SheetColumn("ruling", _("Ruling")),
        SheetColumn("outcome", _("What it makes of this side")),
        SheetColumn("reason", _("Why they disagree")),
        SheetColumn("why", _("Why the editors decide so")),
        SheetColumn("ruled_on", _("Ruled on")),
    ]
    rows: list[list[Any]] = []
    for dispute in context["disputes"]:
        placed = dispute.placed
        where = address("cell", placed.column.slug, placed.line.slug)
        for side in dispute.sides:
            rows.append(
                [
                    *(Entry(placed.column.slug, where), Entry(placed.line.slug, where)),
                    *(side.value, side.against, len(side.witnesses), "; ".join(side.witnesses)),
                    *(placed.cell.ruling, side.outcome, placed.reason, placed.why, placed.ruled_on),
                ]
            )
    return Sheet(_("Disagreements"), columns, rows)
