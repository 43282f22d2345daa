"""Another domain is only other data: nothing in the code knows the things it compares by name."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import timezone

from comparisons.exchange import data_files
from comparisons.maintenance import checks
from comparisons.models import Cell, Claim, Comparison, Criterion, Framework, Ruling
from tests.views.test_every_address import PATTERNS, addresses

CODE = [path for folder in ("comparisons", "kb") for path in (settings.BASE_DIR / folder).rglob("*.py")]


#: The samples that come with the project are of its own frameworks.
SAMPLES = {"sample_task", "sample_task_zip", "sample_zip"}


@pytest.mark.django_db
@pytest.mark.usefixtures("second_domain")
class TestTaskQueues:
    def test_it_passes_every_check(self):
        assert checks.check_all() == []

    def test_it_has_three_queues_and_eight_criteria_of_every_kind(self):
        assert list(Framework.objects.values_list("slug", flat=True)) == ["celery", "rq", "huey"]
        assert Criterion.objects.count() == 8
        assert set(Criterion.objects.values_list("value_type", flat=True)) == {"level", "number", "text"}

    def test_it_has_use_cases_and_a_comparison(self):
        assert Criterion.objects.filter(group__holds_use_cases=True).count() == 2
        assert Comparison.objects.get().frameworks.count() == 3

    def test_its_dispute_is_ruled(self):
        cell = Cell.objects.disputed().get()
        assert (cell.framework.slug, cell.criterion.slug, cell.ruling) == ("rq", "periodic-tasks", "ruled")
        assert cell.level == Ruling.objects.get().level

    @pytest.mark.parametrize("name", [one.name for one in PATTERNS if one.name not in SAMPLES])
    def test_every_page_works_on_it(self, client, name, settings, tmp_path):
        if name == "data_file":
            settings.DATA_FILES = tmp_path
            data_files.write_all(timezone.localdate())
        found = addresses(name)
        assert found
        assert {address: client.get(address).status_code for address in found} == dict.fromkeys(found, 200)

    def test_it_has_nothing_of_the_first_domain(self):
        assert not Claim.objects.filter(framework__slug="django").exists()


@pytest.mark.parametrize("path", CODE, ids=lambda path: path.name)
def test_no_code_knows_a_framework_by_name(path: Path):
    text = path.read_text("utf-8").lower()
    assert not re.search(r"\b(flask|fastapi|litestar|tornado|celery|huey|pyramid)\b", text)
