"""Valid rows, each with what the database must refuse to make of it, by the name of the constraint."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.db import models

from comparisons.models import (
    Cell,
    ComparisonCriterion,
    ComparisonEdition,
    ComparisonFramework,
    EditionRow,
    Level,
    LinkCheck,
    Paragraph,
    Proposal,
)
from tests.factories import (
    DAY,
    NOON,
    make_article,
    make_benchmark,
    make_check,
    make_citation,
    make_claim,
    make_comparison,
    make_criterion,
    make_decision,
    make_former,
    make_framework,
    make_group,
    make_proposal,
    make_release,
    make_ruling,
)

from .broken_pages import OF_PAGES, pair_of_lines, pair_of_needs, pair_of_runs

Case = tuple[Callable[[], models.Model], dict[str, Any]]


def level(**fields: Any) -> Level:
    criterion = make_criterion(levels=("yes", "no"))
    return Level.objects.create(
        criterion=criterion, **{"slug": "so-so", "label": "So so", "meaning": "neutral", **fields}
    )


def cell(**fields: Any) -> Cell:
    return Cell.objects.create(framework=make_framework(), criterion=make_criterion(), agreement="no-value", **fields)


def link_check() -> LinkCheck:
    return LinkCheck.objects.create(article=make_article(), url="https://example.org/")


def paragraph() -> Paragraph:
    return Paragraph.objects.create(comparison=make_comparison(), text="So it is.")


def former() -> models.Model:
    return make_former(make_framework())


def level_claim() -> models.Model:
    return make_claim(criterion=make_criterion(levels=("yes", "no")), level="yes")


def number_claim(**fields: Any) -> models.Model:
    return make_claim(criterion=make_criterion(value_type="number"), number=5, **fields)


def text_ruling(**fields: Any) -> models.Model:
    return make_ruling(make_framework(), make_criterion(), **{"text": "So", **fields})


def number_ruling() -> models.Model:
    return make_ruling(make_framework(), make_criterion(value_type="number"), number=5)


def general_claim() -> models.Model:
    claim = make_claim()
    models.QuerySet(type(claim)).filter(pk=claim.pk).update(framework=None)
    return claim


def replaced_benchmark() -> models.Model:
    return make_benchmark(replaced_by=make_benchmark())


def some_benchmark() -> models.Model:
    return make_benchmark()


def pitfall() -> models.Model:
    return make_claim(kind="pitfall", impact="It breaks.", remedy="Mend it.")


def withdrawn() -> models.Model:
    return make_claim(status="withdrawn", withdrawn_at=NOON, withdrawal_reason="Misread.")


def marked() -> models.Model:
    return make_claim(status="draft", published_at=None, mark="unclear", mark_note="Which version?")


def edition(day: dt.date = DAY) -> ComparisonEdition:
    return ComparisonEdition.objects.create(record=1, slug="it", day=day)


def pair_of_edition_rows() -> tuple[models.Model, dict[str, Any]]:
    days = (DAY, DAY + dt.timedelta(days=1))
    rows = [EditionRow.objects.create(record=1, criterion=1, day=day, state={}) for day in days]
    return rows[0], {"day": days[1]}


def waiting() -> Proposal:
    return make_proposal(make_claim(), None, statement="Said otherwise.")


#: Not a key: empty, with capitals, a bad beginning, a line end, what divides addresses, letters beyond ASCII.
BROKEN_KEYS = ("", "Quart_ORM", "-quart", ".", "quart\n", "quart/orm", "quärt", "quart orm")

#: name of the constraint: (a valid row, what the database must refuse to make of it); several ways where there are.
BROKEN: dict[str, list[Case]] = {
    "decision_record_key_has_form": [(make_decision, {"key": key}) for key in BROKEN_KEYS],
    "edition_has_slug": [(edition, {"slug": ""})],
    "proposal_kind_known": [(waiting, {"kind": "user"})],
    "proposal_status_known": [(waiting, {"status": "lost", "decided_at": NOON})],
    "proposal_decided_has_date": [(waiting, {"status": "approved"})],
    "framework_slug_has_no_vs": [
        (make_framework, {"slug": "a-vs-b"}),
        (make_framework, {"slug": "vs-b"}),
        (make_framework, {"slug": "a-vs"}),
    ],
    "framework_slug_has_form": [(make_framework, {"slug": key}) for key in BROKEN_KEYS],
    "framework_has_name": [(make_framework, {"name": ""})],
    "framework_has_tagline": [(make_framework, {"tagline": ""})],
    "framework_homepage_is_web": [
        (make_framework, {"homepage": "javascript:alert(1)"}),
        (make_framework, {"homepage": "ftp://example.org/"}),
        (make_framework, {"homepage": "example.org"}),
    ],
    "framework_documentation_is_web": [(make_framework, {"documentation": "data:text/html,x"})],
    "framework_repository_is_web": [(make_framework, {"repository": "git@example.org:x.git"})],
    "release_precision_known": [(lambda: make_release(make_framework(), "1.0"), {"precision": "week"})],
    "release_has_version": [(lambda: make_release(make_framework(), "1.0"), {"version_number": ""})],
    "group_slug_has_form": [(make_group, {"slug": key}) for key in BROKEN_KEYS],
    "group_has_name": [(make_group, {"name": ""})],
    "criterion_value_type_known": [(make_criterion, {"value_type": "choice"})],
    "criterion_direction_known": [(make_criterion, {"direction": "up"})],
    "criterion_slug_has_form": [(make_criterion, {"slug": key}) for key in BROKEN_KEYS],
    "criterion_has_name": [(make_criterion, {"name": ""})],
    "criterion_has_question": [(make_criterion, {"question": ""})],
    "criterion_has_definition": [(make_criterion, {"definition": ""})],
    "criterion_unit_goes_with_number": [
        (make_criterion, {"unit": "ms"}),
        (lambda: make_criterion(value_type="number"), {"unit": ""}),
        (lambda: make_criterion(value_type="number"), {"value_type": "text"}),
    ],
    "criterion_count_is_a_number": [(make_criterion, {"is_count": True})],
    "benchmark_slug_has_form": [(make_benchmark, {"slug": key}) for key in BROKEN_KEYS],
    "benchmark_has_title": [(make_benchmark, {"title": ""})],
    "benchmark_has_unit": [(make_benchmark, {"unit": ""})],
    "benchmark_statistic_known": [(make_benchmark, {"statistic": "mode"})],
    "benchmark_precision_known": [(make_benchmark, {"precision": "week"})],
    "benchmark_likeness_known": [(make_benchmark, {"like_for_like": "no"})],
    "benchmark_date_has_precision": [
        (make_benchmark, {"precision": ""}),
        (make_benchmark, {"measured_on": None}),
    ],
    "benchmark_does_not_replace_itself": [(replaced_benchmark, {"replaced_by": models.F("id")})],
    "level_meaning_known": [(level, {"meaning": "maybe"})],
    "level_slug_has_form": [(level, {"slug": key}) for key in BROKEN_KEYS],
    "level_has_label": [(level, {"label": ""})],
    "article_slug_has_form": [(make_article, {"slug": key}) for key in BROKEN_KEYS],
    "article_has_title": [(make_article, {"title": ""})],
    "article_kind_known": [(make_article, {"kind": "rumour"})],
    "article_interest_known": [(make_article, {"interest": "secret"})],
    "article_precision_known": [(make_article, {"precision": "week"})],
    "article_link_health_known": [(make_article, {"link_health": "fine"})],
    "linkcheck_trouble_known": [(link_check, {"trouble": "bad luck"})],
    "linkcheck_moved_to_is_web": [(link_check, {"moved_to": "javascript:alert(1)"})],
    "article_url_is_web": [(make_article, {"url": "javascript:alert(1)"})],
    "article_archive_url_is_web": [(make_article, {"archive_url": "file:///etc/passwd"})],
    "article_date_has_precision": [
        (make_article, {"precision": ""}),
        (make_article, {"published_on": None}),
        (lambda: make_article(published_on=None), {"precision": "day"}),
    ],
    "article_does_not_follow_itself": [(lambda: make_article(follows=make_article()), {"follows": models.F("id")})],
    "claim_key_has_form": [(make_claim, {"key": key}) for key in BROKEN_KEYS],
    "claim_has_statement": [(make_claim, {"statement": ""})],
    "claim_kind_known": [(make_claim, {"kind": "rumour"})],
    "claim_polarity_known": [(make_claim, {"polarity": "mixed"})],
    "claim_status_known": [(make_claim, {"status": "deleted"})],
    "claim_verdict_known": [(make_claim, {"verdict": "maybe", "verdict_on": DAY})],
    "claim_has_one_kind_of_value": [
        (level_claim, {"text": "Yes"}),
        (level_claim, {"number": 5}),
        (number_claim, {"text": "Five"}),
        (level_claim, {"text": "Yes", "number": 5}),
    ],
    "claim_range_rises": [
        (number_claim, {"number_high": 4}),
        (number_claim, {"number_high": 5}),
        (make_claim, {"number_high": 5}),
    ],
    "claim_about_needs_number": [(make_claim, {"approximate": True})],
    "claim_value_needs_framework": [(level_claim, {"framework": None}), (number_claim, {"framework": None})],
    "claim_conditions_are_of_figures": [
        (make_claim, {name: "4 cores"})
        for name in ("hardware", "server", "workers", "versions", "payload", "concurrency", "date")
    ],
    "claim_benchmark_needs_framework": [(general_claim, {"benchmark": some_benchmark})],
    "claim_variant_is_of_a_benchmark": [(number_claim, {"variant": "plain"})],
    "claim_left_out_is_of_a_figure": [(make_claim, {"left_out": "Debug mode."})],
    "claim_interval_rises": [
        (number_claim, {"interval_low": 5}),
        (number_claim, {"interval_high": 5}),
        (number_claim, {"interval_low": 6, "interval_high": 5}),
        (make_claim, {"interval_low": 5, "interval_high": 6}),
    ],
    "claim_pitfall_has_impact_and_remedy": [
        (pitfall, {"impact": ""}),
        (pitfall, {"remedy": ""}),
        (make_claim, {"kind": "pitfall"}),
    ],
    "claim_verdict_has_note": [
        (make_claim, {"verdict": verdict, "verdict_on": DAY}) for verdict in ("holds", "outdated", "wrong")
    ],
    "claim_verdict_has_date": [(make_claim, {"verdict": "opinion"}), (make_claim, {"verdict": "cannot-be-checked"})],
    "claim_published_has_date": [(make_claim, {"published_at": None}), (withdrawn, {"published_at": None})],
    "claim_withdrawn_says_when_and_why": [
        (withdrawn, {"withdrawn_at": None}),
        (withdrawn, {"withdrawal_reason": ""}),
        (make_claim, {"status": "withdrawn"}),
        (make_claim, {"withdrawn_at": NOON}),
        (make_claim, {"withdrawal_reason": "Misread."}),
    ],
    "claim_mark_known": [(marked, {"mark": "dull"})],
    "claim_mark_is_of_a_draft_and_has_note": [
        (marked, {"mark": ""}),
        (marked, {"mark_note": ""}),
        (marked, {"status": "in-review"}),
        (make_claim, {"mark": "unclear", "mark_note": "Which?"}),
    ],
    "citation_stance_known": [(lambda: make_citation(make_claim()), {"stance": "mentions"})],
    "check_has_version": [(lambda: make_check(make_claim()), {"version": ""})],
    "citation_says_something": [(lambda: make_citation(make_claim()), {"says": ""})],
    "ruling_has_known_reason": [(text_ruling, {"reason": ""}), (text_ruling, {"reason": "because"})],
    "ruling_says_why": [(text_ruling, {"why": ""})],
    "ruling_is_open_or_has_one_value": [
        (text_ruling, {"text": ""}),
        (text_ruling, {"is_open": True}),
        (text_ruling, {"number": 5}),
        (number_ruling, {"is_open": True}),
    ],
    "ruling_range_rises": [
        (number_ruling, {"number_high": 4}),
        (number_ruling, {"number_high": 5}),
        (text_ruling, {"number_high": 5}),
    ],
    "cell_agreement_known": [(cell, {"agreement": "mostly"})],
    "cell_ruling_known": [(cell, {"ruling": "maybe"})],
    "comparison_slug_has_form": [(make_comparison, {"slug": key}) for key in BROKEN_KEYS],
    "comparison_has_title": [(make_comparison, {"title": ""})],
    "paragraph_has_text": [(paragraph, {"text": ""})],
    **OF_PAGES,
    "former_address_kind_known": [(former, {"kind": "planet"})],
    "former_address_key_has_form": [(former, {"key": key}) for key in BROKEN_KEYS],
    "former_address_now_has_form": [(former, {"now": key}) for key in BROKEN_KEYS],
    "former_address_leads_elsewhere": [(former, {"now": models.F("key")})],
}


def pair_of_releases() -> tuple[models.Model, dict[str, Any]]:
    framework = make_framework()
    make_release(framework, "1.0")
    return make_release(framework, "1.1"), {"version_number": "1.0"}


def pair_of_levels(field: str, value: str) -> Callable[[], tuple[models.Model, dict[str, Any]]]:
    return lambda: (level(), {field: value})


def pair_of_citations() -> tuple[models.Model, dict[str, Any]]:
    claim, article = make_claim(by=()), make_article()
    make_citation(claim, article, locator="Section 1")
    return make_citation(claim, article, locator="Section 2"), {"locator": "Section 1"}


def pair_of_checks() -> tuple[models.Model, dict[str, Any]]:
    claim = make_claim()
    make_check(claim, "1.0")
    return make_check(claim, "2.0"), {"version": "1.0"}


def pair_of_rulings() -> tuple[models.Model, dict[str, Any]]:
    first, second = text_ruling(), text_ruling()
    return first, {"framework": second.framework, "criterion": second.criterion}


def pair_of_cells() -> tuple[models.Model, dict[str, Any]]:
    first, second = cell(), cell()
    return first, {"framework": second.framework, "criterion": second.criterion}


def pair_of_columns() -> tuple[models.Model, dict[str, Any]]:
    comparison = make_comparison(frameworks=(make_framework(), make_framework()))
    first, second = ComparisonFramework.objects.filter(comparison=comparison)
    return first, {"framework": second.framework}


def pair_of_rows() -> tuple[models.Model, dict[str, Any]]:
    comparison = make_comparison(criteria=(make_criterion(), make_criterion()))
    first, second = ComparisonCriterion.objects.filter(comparison=comparison)
    return first, {"criterion": second.criterion}


def pair_of_paragraphs() -> tuple[models.Model, dict[str, Any]]:
    first = paragraph()
    Paragraph.objects.create(comparison=first.comparison, order=1, text="And so.")
    return first, {"order": 1}


#: name of the constraint: makes two rows that differ; gives one of them and what would make it equal to the other.
DOUBLED: dict[str, Callable[[], tuple[models.Model, dict[str, Any]]]] = {
    "edition_once_a_day": lambda: (edition(), {"day": edition(DAY + dt.timedelta(days=1)).day}),
    "edition_row_once_a_day": pair_of_edition_rows,
    "proposal_waits_once_per_record": lambda: (waiting(), {"record": waiting().record}),
    "release_once": pair_of_releases,
    "starting_need_once": pair_of_needs,
    "level_once": pair_of_levels("slug", "yes"),
    "level_label_once": pair_of_levels("label", "Yes"),
    "citation_once_per_locator": pair_of_citations,
    "check_once_a_day": pair_of_checks,
    "run_once_per_version": pair_of_runs,
    "ruling_once_per_cell": pair_of_rulings,
    "cell_once": pair_of_cells,
    "comparison_framework_once": pair_of_columns,
    "comparison_criterion_once": pair_of_rows,
    "paragraph_once_per_place": pair_of_paragraphs,
    "verdict_line_once_per_place": pair_of_lines,
    "former_address_once": lambda: (former(), {"key": former().key}),
}
