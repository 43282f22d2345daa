"""Everything that pages show is found by its words, and follows each write that changes it."""

from __future__ import annotations

from typing import Any

import pytest

from comparisons.evidence import cells
from comparisons.models import Cell, Criterion, Framework, Level, Ruling
from comparisons.search import index as search_index
from comparisons.search.entries import MOST_CITATIONS, key_of, keys_of, ranks_low, record_of
from comparisons.search.find import EXACT, search
from tests.factories import (
    DAY,
    make_article,
    make_benchmark,
    make_citation,
    make_claim,
    make_comparison,
    make_criterion,
    make_figure,
    make_framework,
    make_group,
    make_publisher,
    make_ruling,
)

from .found import found

pytestmark = [pytest.mark.django_db, pytest.mark.crossing]


@pytest.fixture
def committed(django_capture_on_commit_callbacks):
    """Run the callbacks of a commit at the end of a block, and check then that the index is as a rebuild makes it."""

    class Committed:
        def __enter__(self) -> None:
            self.block = django_capture_on_commit_callbacks(execute=True)
            self.block.__enter__()

        def __exit__(self, *error: Any) -> None:
            self.block.__exit__(*error)
            assert list(search_index.stale()) == []

    return Committed


@pytest.fixture
def orm(committed):
    """A level claim of Django under the criterion of mappers: all that an answer is made from."""
    with committed():
        framework = make_framework("django", name="Django", aliases="jazzweb", package_name="packagename")
        criterion = make_criterion(
            "orm", name="Mapper", aliases="ORM, object store", question="Does it map?", levels=("yes", "no")
        )
        Level.objects.filter(slug="yes").update(label="Built in", aliases="out of the box")
        return make_claim(framework, criterion, key="one", level="yes", statement="It maps.")


def test_records_are_found_by_their_aliases(orm):
    assert found("jazzweb", "frameworks") == ["django"]
    assert found("packagename", "frameworks") == ["django"]
    assert found("object store", "criteria") == ["orm"]
    assert found("out of the box", "criteria") == ["orm"]


@pytest.mark.parametrize(
    "words", ["django mapper", "jazzweb orm", "built in django", "out of the box orm", "django maps"]
)
def test_an_answer_is_found_by_names_aliases_question_and_value(orm, words):
    assert found(words, "cells") == ["django/orm"]


def test_a_word_that_is_the_name_of_one_record_alone_finds_it_as_exact(orm):
    (hits,) = (hits for hits in search("orm").hits if hits.kind == "criteria")
    assert hits.best == EXACT


CHANGES = {
    "the framework is renamed": lambda: Framework.objects.get(slug="django"),
    "the criterion is renamed": lambda: Criterion.objects.get(slug="orm"),
    "the level is renamed": lambda: Level.objects.get(slug="yes"),
}


@pytest.mark.parametrize("field", ["name", "aliases"])
@pytest.mark.parametrize("change", CHANGES)
def test_an_answer_follows_the_names_it_is_made_from(orm, committed, change, field):
    row = CHANGES[change]()
    with committed():
        setattr(row, "label" if field == "name" and isinstance(row, Level) else field, "zephyrine")
        row.save()
    assert found("zephyrine", "cells") == ["django/orm"]


def test_an_answer_is_found_by_the_reasoning_of_its_ruling(orm, committed):
    level = Level.objects.get(slug="yes")
    with committed():
        make_ruling(orm.framework, orm.criterion, level=level, why="The *zephyrine* test settles it.")
    assert found("zephyrine", "cells") == ["django/orm"]
    with committed():
        Ruling.objects.all().delete()
    assert found("zephyrine") == []


def test_an_answer_without_claims_is_no_longer_found(orm, committed):
    with committed():
        orm.status, orm.withdrawn_at, orm.withdrawal_reason = "withdrawn", orm.published_at, "Misread."
        orm.save()
    assert found("django", "cells") == []
    assert not Cell.objects.exists()


@pytest.mark.parametrize("model", [Framework, Criterion])
def test_an_answer_of_a_draft_is_not_found_until_it_is_published(orm, committed, model):
    row = model.objects.get()
    row.is_draft = True
    with committed():
        row.save()
    assert found("mapper", "cells") == found("mapper", "claims") == []
    row.is_draft = False
    with committed():
        row.save()
    assert found("mapper", "cells") == ["django/orm"]
    assert found("mapper", "claims") == ["one"]


def test_use_cases_are_a_kind_of_their_own(committed):
    group = make_group("cases", holds_use_cases=True)
    with committed():
        criterion = make_criterion("shop", name="Zephyrine shop", group=group)
    assert (found("zephyrine", "use_cases"), found("zephyrine", "criteria")) == (["shop"], [])
    with committed():
        group.holds_use_cases = False
        group.save()
    assert (found("zephyrine", "use_cases"), found("zephyrine", "criteria")) == ([], [criterion.slug])


@pytest.mark.parametrize(
    ("fields", "cited"),
    [
        ({"verdict": "outdated", "verdict_note": "The *zephyrine* test.", "verdict_on": DAY}, {}),
        ({"kind": "pitfall", "impact": "A zephyrine.", "remedy": "Mend it."}, {}),
        ({"kind": "pitfall", "impact": "It breaks.", "remedy": "A zephyrine."}, {}),
        ({}, {"says": "Says zephyrine."}),
        ({}, {"locator": "Section Zephyrine"}),
        ({}, {"quote": "Oh zephyrine"}),
    ],
)
def test_a_claim_is_found_by_all_that_its_page_shows(committed, fields, cited):
    with committed():
        claim = make_claim(key="one", **fields)
        make_citation(claim, **cited)
    assert found("zephyrine") == ["one"]


def test_a_claim_follows_its_citations_and_their_publishers(committed):
    with committed():
        claim = make_claim(key="one", by=())
        citation = make_citation(claim, make_article("a", publisher="Zephyrine Press"), says="A borealis.")
    assert found("zephyrine", "claims") == found("borealis", "claims") == ["one"]
    with committed():
        citation.article.publisher = make_publisher("Another")
        citation.article.save()
    assert found("zephyrine") == []
    with committed():
        citation.delete()
    assert found("borealis") == []


@pytest.mark.parametrize("citations", [1, 5])
def test_of_a_claim_with_many_citations_the_first_are_read(committed, citations):
    with committed():
        claim = make_claim(key="one", by=())
        for number in range(MOST_CITATIONS + citations):
            make_citation(claim, says=f"Says zephyrine{number}.")
    assert found(f"zephyrine{MOST_CITATIONS - 1}") == ["one"]
    assert found(f"zephyrine{MOST_CITATIONS}") == []


def test_a_benchmark_is_found_by_what_it_measured_of_whom_and_how(committed):
    with committed():
        criterion = make_criterion("speed", name="Swiftness", aliases="rps", value_type="number", unit="requests/s")
        benchmark = make_benchmark("one", title="A round", criterion=criterion, hardware="Zephyrine 9", work="JSON")
        make_figure(make_framework("flask", name="Flask"), benchmark, 5)
    for words in ("round", "swiftness", "rps", "zephyrine 9", "json", "flask round"):
        assert found(words, "benchmarks") == ["one"]
    with committed():
        Framework.objects.filter(slug="flask").update(name="Borealis")
    assert (found("flask", "benchmarks"), found("borealis", "benchmarks")) == ([], ["one"])


def test_a_benchmark_of_a_draft_is_not_found(committed):
    with committed():
        criterion = make_criterion(value_type="number", is_draft=True)
        make_benchmark("one", title="Zephyrine", criterion=criterion)
    assert found("zephyrine") == []
    with committed():
        Criterion.objects.update(is_draft=False)
    assert found("zephyrine", "benchmarks") == ["one"]


def test_a_comparison_of_every_kind_keeps_its_place(committed):
    with committed():
        make_comparison("one", (make_framework(),), title="Zephyrine")
    assert found("zephyrine") == ["one"]


@pytest.mark.parametrize("verdict", ["wrong", "outdated", "cannot-be-checked"])
def test_a_claim_that_does_not_count_ranks_below_the_others(committed, verdict):
    judged = {"verdict": verdict, "verdict_note": "So it is.", "verdict_on": DAY}
    with committed():
        make_claim(key="older", statement="The zephyrine, in many more words than the other one.")
        newer = make_claim(key="newer", statement="Zephyrine.", **judged)
    assert found("zephyrine") == ["older", "newer"]
    with committed():
        newer.verdict = "holds"
        newer.save()
    assert found("zephyrine") == ["newer", "older"]


@pytest.mark.parametrize("kind", search_index.KINDS)
def test_a_key_names_its_record(kind):
    keys = keys_of(kind, 17)
    assert {record_of(key) for key in keys} == {(kind, 17)}
    assert [ranks_low(key) for key in keys] == [False, True][: len(keys)]
    assert keys[0] == key_of(kind, 17)


@pytest.mark.parametrize("size", [1, 12])
def test_answers_are_brought_up_to_date_in_as_many_queries_for_few_as_for_many(size, django_assert_num_queries):
    framework = make_framework()
    for number in range(size):
        make_claim(framework, make_criterion(f"c{number}"), text="So")
    cells.rebuild()
    pks = set(Cell.objects.values_list("pk", flat=True))
    search_index.rebuild()
    Criterion.objects.update(question="What is zephyrine?")
    with django_assert_num_queries(8):
        search_index.refresh({"cells": pks})
    assert len(found("zephyrine", "cells")) == size
