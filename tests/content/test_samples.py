"""The samples that ship: complete, about records that exist, and passing as they are."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from django.conf import settings

from comparisons.proof import sampling
from comparisons.proof.results import results_of
from comparisons.proof.samples import tasks

pytestmark = pytest.mark.any_database

FIXTURES = Path(settings.FIXTURE_DIRS[0])
#: The frameworks that do every task, and the task that all frameworks do.
EVERY_TASK, EVERY_FRAMEWORK = {"django", "flask", "fastapi"}, "articles-api"


def slugs(name: str) -> set[str]:
    text = (FIXTURES / f"{name}.yaml").read_text("utf-8")
    return {row["fields"]["slug"] for row in yaml.load(text, Loader=yaml.CSafeLoader)}


def test_samples_are_about_records_that_exist_and_none_is_missing() -> None:
    frameworks, criteria, articles = slugs("frameworks"), slugs("criteria"), slugs("articles")
    for task in tasks(FIXTURES):
        assert set(task.criteria) <= criteria, task.slug
        assert task.article in articles | {""}, task.slug
        assert EVERY_TASK <= task.samples.keys() <= frameworks, task.slug
    assert frameworks == next(one for one in tasks(FIXTURES) if one.slug == EVERY_FRAMEWORK).samples.keys()


def test_every_sample_passes_as_it_is() -> None:
    """Run `make samples` after a change; what fails is told there."""
    for task in tasks(FIXTURES):
        results = results_of(task)
        assert results.keys() == task.samples.keys(), task.slug
        for slug, sample in task.samples.items():
            assert results[slug].is_of(sample), f"{task.slug}/{slug} was changed since it was run"
            assert results[slug].is_passing, f"{task.slug}/{slug}"
            assert [step.name for step in results[slug].steps] == [step.name for step in task.steps]


def test_samples_hold_nothing_but_what_readers_see() -> None:
    listed = subprocess.run(["git", "ls-files", "samples"], cwd=FIXTURES, capture_output=True, text=True, check=True)
    of_task = r"task\.toml|contract\.py|results\.json|[^/]+/.+\.(py|html|txt|toml)"
    allowed = re.compile(rf"samples/(ruff\.toml|[^/]+/({of_task}))")
    assert [name for name in listed.stdout.split() if not allowed.fullmatch(name)] == []


@pytest.mark.skipif(sys.version_info < (3, 12), reason="the newest Django needs Python 3.12")
def test_every_task_runs_here_with_what_the_index_has(tmp_path: Path) -> None:
    """With the frameworks that do all tasks; the others are run by `make samples`, which takes minutes.

    What fails is run once more by itself: on a busy machine a server of development may end a connection before its
    last frame is sent.
    """
    if os.environ.get("CI") != "true":
        pytest.skip("needs the package index; `make samples` runs all")
    chosen = [(task, task.samples[slug]) for task in tasks(FIXTURES) for slug in sorted(EVERY_TASK)]
    ran = zip(chosen, sampling.run_samples(chosen, tmp_path, workers=2), strict=True)
    again = [job for job, (_task, result) in ran if not result.is_passing]
    assert [one for _task, one in sampling.run_samples(again, tmp_path) if not one.is_passing] == []
    assert len(chosen) == 33
