"""Valid rows of verdicts, changes, objections and needs, and the subject, with what the database must refuse."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import models

from comparisons.models import Challenge, Level, MeaningChange, Note, Run, StartingNeed, VerdictLine
from tests.factories import (
    DAY,
    NOON,
    make_article,
    make_challenge,
    make_claim,
    make_comparison,
    make_criterion,
    make_framework,
    make_need,
    make_note,
    make_publisher,
    make_publisher_alias,
    make_run,
    make_subject,
)


def line() -> VerdictLine:
    return VerdictLine.objects.create(comparison=make_comparison(), kind="agreed", text="So it is.")


def line_of_framework() -> VerdictLine:
    return VerdictLine.objects.create(
        comparison=make_comparison(), kind="pick", text="All of it.", framework=make_framework()
    )


def change() -> MeaningChange:
    return MeaningChange.objects.create(key="change", kind="ruled", on=DAY)


def challenge() -> Challenge:
    return make_challenge(make_claim())


def note() -> Note:
    return make_note(make_claim())


def pair_of_lines() -> tuple[models.Model, dict[str, Any]]:
    first = line()
    VerdictLine.objects.create(comparison=first.comparison, order=1, kind="not-agreed", text="Or not.")
    return first, {"order": 1}


def run() -> Run:
    return make_run(make_claim())


def pair_of_runs() -> tuple[models.Model, dict[str, Any]]:
    claim = make_claim()
    return make_run(claim, "2.0"), {"version": make_run(claim, "1.0").version}


def need(**fields: Any) -> StartingNeed:
    return make_need(make_criterion(), make_criterion(), **fields)


def bounded_need() -> StartingNeed:
    return need(bound=5)


def some_level() -> Level:
    return make_criterion(levels=("yes", "no")).levels.get(slug="yes")


def pair_of_needs() -> tuple[models.Model, dict[str, Any]]:
    first = need()
    return make_need(first.use_case, make_criterion()), {"criterion": first.criterion}


#: name of the constraint: a maker of a valid row, and the fields that make it invalid.
OF_PAGES: dict[str, list[tuple[Callable[[], models.Model], dict[str, Any]]]] = {
    "publisher_has_name": [(make_publisher, {"name": ""})],
    "publisher_url_is_web": [(make_publisher, {"url": "javascript:alert(1)"})],
    "publisher_alias_has_name": [(make_publisher_alias, {"name": ""})],
    "starting_need_weight_known": [(need, {"weight": "all"})],
    "starting_need_asks_something": [(need, {"weight": "none"}), (bounded_need, {"level": some_level})],
    "run_outcome_known": [(run, {"outcome": "maybe"})],
    "run_has_probe": [(run, {"probe": ""})],
    "run_has_version": [(run, {"version": ""})],
    "meaning_change_has_key": [(change, {"key": ""})],
    "meaning_change_kind_known": [(change, {"kind": "rumour"})],
    "meaning_change_has_day": [(change, {"on": None})],
    "verdict_line_has_text": [(line, {"text": ""})],
    "verdict_line_kind_known": [(line, {"kind": "perhaps"})],
    "verdict_line_has_framework_if_about_one": [
        (line, {"kind": "pick"}),
        (line_of_framework, {"kind": "not-agreed"}),
    ],
    "challenge_is_about_one_thing": [(challenge, {"claim": None}), (challenge, {"article": make_article})],
    "challenge_is_answered_or_open": [
        (challenge, {"status": "kept"}),
        (challenge, {"answer": "It stays."}),
        (challenge, {"answered_at": NOON}),
    ],
    "challenge_keeps_no_mail_once_answered": [
        (challenge, {"status": "set-aside", "answered_at": NOON, "mail": "a@example.org"})
    ],
    "challenge_kind_known": [(challenge, {"kind": "praise"})],
    "challenge_has_text": [(challenge, {"text": ""})],
    "challenge_source_is_web": [(challenge, {"source": "ftp://example.org/"})],
    "note_is_about_one_thing": [(note, {"claim": None}), (note, {"article": make_article})],
    "note_has_text": [(note, {"text": ""})],
    "subject_only_once": [(make_subject, {"id": 2})],
    "subject_has_name": [(make_subject, {"name": ""})],
    "subject_has_noun": [(make_subject, {"noun": ""})],
    "subject_has_plural": [(make_subject, {"noun_plural": ""})],
    "subject_schema_type_known": [(make_subject, {"schema_type": "Software"})],
    "subject_text_licence_is_web_address": [(make_subject, {"text_licence_url": "javascript:alert(1)"})],
    "subject_code_licence_is_web_address": [(make_subject, {"code_licence_url": "ftp://example.org/"})],
}
