"""The command `seed`: progress, summary, exit codes, history, cells; all or nothing into an empty database."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from comparisons.evidence import cells
from comparisons.maintenance.checks import content_models
from comparisons.models import Article, Cell, Claim, Framework
from tests.conftest import SECOND_DOMAIN
from tests.dumps import every_row
from tests.factories import make_framework
from tests.worlds import stale

from .test_load_fixtures import replace

NOTHING = {"created": 0, "updated": 0, "unchanged": 0}


def seed(capsys: pytest.CaptureFixture[str], *args: Any, **options: Any) -> str:
    """What `seed` prints for the second domain."""
    call_command("seed", *args, **{"folder": SECOND_DOMAIN, **options})
    return capsys.readouterr().out


def counts(printed: str) -> dict[str, int]:
    found = re.findall(r"(\d+) (?:records )?(created|updated|unchanged)", printed)
    return {word: int(count) for count, word in found}


@pytest.mark.django_db
def test_the_first_seed_creates_everything(capsys):
    assert counts(seed(capsys)) == NOTHING | {"created": 112}


@pytest.mark.django_db
def test_a_second_seed_changes_nothing(capsys):
    seed(capsys)
    before = every_row()
    assert counts(seed(capsys)) == NOTHING | {"unchanged": 112}
    assert {**every_row(), "comparisons.Cell": None} == {**before, "comparisons.Cell": None}


@pytest.mark.django_db
def test_seed_shows_progress_file_by_file(capsys):
    lines = seed(capsys).splitlines()
    assert lines[0].split() == ["[", "1/9]", "frameworks.yaml"]
    assert lines[8].split() == ["[", "9/9]", "comparisons.yaml"]


@pytest.mark.django_db
def test_seed_says_how_many_cells_it_assessed_and_how_long_it_took(capsys):
    printed = seed(capsys)
    assert re.search(r"; 22 cells assessed; \d+\.\d s\.", printed)
    assert printed.endswith("Checked: no problems found.\n")


@pytest.mark.django_db
def test_seed_can_be_silent(capsys):
    assert seed(capsys, verbosity=0) == ""
    assert Framework.objects.count() == 3


@pytest.mark.django_db
def test_if_empty_loads_into_an_empty_database(capsys):
    assert counts(seed(capsys, if_empty=True)) == NOTHING | {"created": 112}


@pytest.mark.django_db
def test_if_empty_leaves_a_database_with_content_alone(capsys):
    make_framework()
    assert "nothing was loaded" in seed(capsys, if_empty=True)
    assert Framework.objects.count() == 1


@pytest.mark.django_db
def test_seed_leaves_cells_right(capsys):
    seed(capsys)
    assert Cell.objects.count() == 22
    assert not stale()


@pytest.mark.django_db
def test_seed_mends_cells_that_went_wrong(capsys):
    seed(capsys)
    Cell.objects.update(agreement="unanimous")
    seed(capsys)
    assert not stale()


@pytest.mark.django_db(transaction=True)
def test_the_cells_of_a_load_are_right_once_it_is_committed(capsys):
    seed(capsys)
    kept = Cell.objects.count()
    assert not stale()
    assert cells.rebuild() == kept


@pytest.mark.django_db
@pytest.mark.parametrize("model", [m for m in content_models() if hasattr(m, "history")], ids=lambda m: m.__name__)
def test_seed_gives_every_row_one_entry_in_the_history(capsys, model):
    seed(capsys)
    seed(capsys)
    entries = sorted(model.history.values_list("id", "history_type"))
    assert entries == sorted((pk, "+") for pk in model._default_manager.values_list("pk", flat=True))


@pytest.mark.django_db
def test_the_history_of_a_seeded_claim_holds_the_articles_of_its_verdict(capsys):
    seed(capsys)
    for claim in Claim.objects.prefetch_related("verdict_articles"):
        told = {link.article_id for link in claim.history.get().verdict_articles.all()}
        assert told == {article.pk for article in claim.verdict_articles.all()}


@pytest.mark.django_db
def test_the_history_of_a_claim_begins_when_it_was_published(capsys):
    seed(capsys)
    claim = Claim.objects.get(key="rq-aim")
    assert claim.history.get().history_date == claim.published_at


@pytest.mark.django_db
def test_a_changed_record_gets_one_more_entry(capsys, tmp_path):
    seed(capsys)
    folder = shutil.copytree(SECOND_DOMAIN, tmp_path / "fixtures")
    replace(folder / "articles.yaml", "slug: rq-home", "title: 'RQ:", "title: 'Home:")
    seed(capsys, folder=folder)
    seed(capsys, folder=folder)
    article = Article.objects.get(slug="rq-home")
    assert [entry.history_type for entry in article.history.order_by("history_id")] == ["+", "~"]
    assert Article.history.count() == Article.objects.count() + 1


@pytest.mark.django_db
def test_a_broken_fixture_leaves_an_empty_database_empty(capsys, tmp_path):
    folder = shutil.copytree(SECOND_DOMAIN, tmp_path / "fixtures")
    line = replace(folder / "comparisons.yaml", "smaller; RQ lives", "[huey-stores]", "[huey-store]")
    with pytest.raises(CommandError) as error:
        seed(capsys, folder=folder)
    assert str(error.value).startswith(f"Nothing was loaded.\ncomparisons.yaml, line {line}: paragraph ")
    assert not any(every_row().values())


@pytest.mark.django_db
def test_a_folder_that_is_not_there_is_an_error(capsys, tmp_path):
    with pytest.raises(CommandError, match="Nothing was loaded"):
        seed(capsys, folder=tmp_path / "nowhere")


@pytest.mark.django_db
def test_a_knowledge_base_with_problems_is_loaded_and_reported(capsys, tmp_path):
    folder = shutil.copytree(SECOND_DOMAIN, tmp_path / "fixtures")
    (folder / "rulings.yaml").unlink()
    with pytest.raises(CommandError, match="was loaded and has 1 problems"):
        seed(capsys, folder=folder)
    assert "disputed-without-ruling: cell rq/periodic-tasks" in capsys.readouterr().err
    assert Framework.objects.count() == 3


def manage(tmp_path: Path, *args: str) -> subprocess.CompletedProcess[str]:
    """Run manage.py with a database of its own, as a shell does."""
    database = {"DATABASE_URL": f"sqlite:///{tmp_path / 'kb.sqlite3'}", "DJANGO_SETTINGS_MODULE": "tests.settings"}
    command = [sys.executable, "manage.py", *args]
    return subprocess.run(command, cwd=settings.BASE_DIR, env=os.environ | database, capture_output=True, text=True)


def test_exit_codes_tell_a_shell_how_it_went(tmp_path):
    broken = shutil.copytree(SECOND_DOMAIN, tmp_path / "broken")
    (broken / "frameworks.yaml").write_text("- word\n", "utf-8")
    assert manage(tmp_path, "migrate", "-v0").returncode == 0
    refused = manage(tmp_path, "seed", "--from", str(broken))
    assert (refused.returncode, "frameworks.yaml, line 1" in refused.stderr) == (1, True)
    assert "Traceback" not in refused.stderr
    assert manage(tmp_path, "seed", "--from", str(SECOND_DOMAIN)).returncode == 0
    assert manage(tmp_path, "check_kb").returncode == 0
