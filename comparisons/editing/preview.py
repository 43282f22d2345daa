"""What a cell would become with or without one claim, and which of its Markdown is not shown as it may be meant."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import NamedTuple

from django.utils.translation import gettext as _

from comparisons.domain.assessment import assess
from comparisons.domain.matrix import CellView, LevelView, cell_fields
from comparisons.domain.statements import Statement
from comparisons.evidence import assessing, benchmarks
from comparisons.evidence.assessing import Levels, Pair, Witnesses
from comparisons.evidence.claims import as_statement
from comparisons.evidence.rechecks import recheck_basis
from comparisons.language.markdown import accidental_heading, has_footnote, is_costly, mark_shown
from comparisons.language.markdown_blocks import has_open_fence
from comparisons.models import Check, Citation, Claim, Ruling


class CellChange(NamedTuple):
    """A cell as it is and as it would become; None for a cell without any claim."""

    before: CellView | None
    after: CellView | None


def cell_with(claim: Claim, citations: Iterable[Citation]) -> CellChange | None:
    """The cell of a claim as it is, and as it would be if the claim were published with these citations and no others.

    Neither the claim nor the citations have to be stored, as long as the claim has a criterion and a kind, and each
    citation an article. A stored claim is replaced by this one, or left out if there are no citations. Returns None for
    a claim about no framework in particular, which has no cell. Six queries; one or two more if the cell has figures
    of a benchmark, and one for each unstored citation of a documentation that states its edition.
    """
    if claim.framework_id is None:
        return None
    pair: Pair = (claim.framework_id, claim.criterion_id)
    here = {"framework": claim.framework_id, "criterion": claim.criterion_id}
    witnesses = Witnesses()
    levels: Levels = {}
    rows = Citation.objects.filter(**{f"claim__{name}": pk for name, pk in here.items()})
    published = assessing.statements(rows, witnesses, levels).get(pair, [])
    ruling = assessing.rulings_by_cell(Ruling.objects.filter(**here), levels).get(pair)
    checks = Check.objects.filter(claim__framework=claim.framework_id, claim__criterion=claim.criterion_id)
    basis = recheck_basis([claim.framework_id], checks)
    proposed = as_statement(claim, witnesses, citations)
    if claim.benchmark_id is not None:
        proposed = replace(proposed, benchmark=benchmarks.views([claim.benchmark_id]).get(claim.benchmark_id))
    if (level := claim.level) is not None:
        if level.criterion_id == claim.criterion_id:
            levels[claim.criterion_id, level.slug] = LevelView(level.slug, level.label, level.meaning, level.order)
        else:  # the level answers another question
            proposed = replace(proposed, value=None)
    by_slug = {slug: level for (criterion, slug), level in levels.items() if criterion == claim.criterion_id}

    def view(statements: list[Statement]) -> CellView | None:
        found = cell_fields(assess(statements, ruling, basis.releases_for(*pair), basis.checks), by_slug)
        return CellView(*pair, **found) if statements else None  # type: ignore[arg-type]

    others = [statement for statement in published if statement.key != claim.key]
    after = [*others, proposed] if proposed.sources else others
    return CellChange(view(published), view(after))


def hints(text: str) -> list[str]:
    """Which Markdown in a text is shown as it is typed, and what to write instead; [] for most texts."""
    if is_costly(text):
        return [_("This is too long or too deeply nested to be formatted: readers see its marks. Shorten it.")]
    found = []
    if has_footnote(text):
        found.append(_("There are no footnotes: “[^…]” is shown as typed. Cite an article, or say it in the text."))
    if has_open_fence(text):
        found.append(_("A code block is opened and not closed. End it with a line of the same marks."))
    elif mark := mark_shown(text):
        told = _(
            "A line begins with “%(mark)s”, which is shown as typed. Leave an empty line above it, and begin what is "
            "within a list or a quote where the text above begins; or write “\\” before it if it is meant so."
        )
        found.append(told % {"mark": mark})
    if heading := accidental_heading(text):
        told = _(
            "“%(line)s” is shown as a heading, since a line of dashes stands beneath it. Leave an empty line between "
            "them for a rule, or begin a heading with “## ”."
        )
        found.append(told % {"line": heading[:60]})
    return found
