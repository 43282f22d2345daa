"""The command that computes every cell anew."""

import pytest
from django.core.management import call_command
from django.db import OperationalError, connections

from comparisons.maintenance import checks, rebuild
from comparisons.maintenance.recent import catch_up
from comparisons.models import Cell
from comparisons.models.derived import FOLLOWED, paused
from comparisons.search import index as search_index
from kb import serve
from tests.factories import make_citation, make_claim

pytestmark = pytest.mark.django_db


def test_rebuild_cells_says_how_many_it_assessed(capsys):
    make_claim()
    call_command("rebuild_cells")
    assert "1 cells assessed," in capsys.readouterr().out
    assert Cell.objects.count() == 1


def test_rebuild_cells_can_be_silent(capsys):
    call_command("rebuild_cells", verbosity=0)
    assert capsys.readouterr().out == ""


def test_what_was_written_last_is_caught_up_with(capsys, django_capture_on_commit_callbacks):
    """A claim was moved, and the process killed before derived data followed."""
    claim, other = make_claim(), make_claim()
    rebuild.rebuild()
    with paused(*FOLLOWED.values()):
        claim.framework, claim.statement = other.framework, "It was moved."
        claim.save()
        make_citation(claim)
        other.citations.all().delete()
    assert list(search_index.stale())
    with django_capture_on_commit_callbacks(execute=True):
        call_command("rebuild_cells", recent=10)
    assert "Brought up to date with" in capsys.readouterr().out
    assert list(search_index.stale()) == []
    assert [problem for problem in checks.check_all() if "stale" in problem.rule] == []
    assert Cell.objects.get(framework=other.framework, criterion=claim.criterion).claims == 1


def test_without_a_history_there_is_nothing_to_catch_up_with():
    assert catch_up(10) == 0


def test_the_server_catches_up_before_it_starts_and_only_once(
    django_capture_on_commit_callbacks, django_assert_max_num_queries, monkeypatch
):
    monkeypatch.setattr(connections, "close_all", lambda: None)
    claim = make_claim()
    rebuild.rebuild()
    with paused(*FOLLOWED.values()):
        claim.statement = "It was changed."
        claim.save()
        make_citation(claim)
    assert list(search_index.stale())
    with django_capture_on_commit_callbacks(execute=True):
        serve.recover()
    assert [problem for problem in checks.check_all() if "stale" in problem.rule] == []
    with django_assert_max_num_queries(30):
        assert rebuild.ensure_current(10) == 0
    claim.save()
    assert rebuild.ensure_current(10) > 0


def test_the_server_starts_when_the_database_is_away(monkeypatch, caplog):
    def away(minutes):
        raise OperationalError("the database is locked")

    monkeypatch.setattr(rebuild, "ensure_current", away)
    monkeypatch.setattr(connections, "all", lambda **_: [])
    serve.prepare()
    assert "Started without bringing derived data up to date: the database is locked" in caplog.text


def test_after_a_great_import_everything_is_done_anew_and_noted(monkeypatch):
    with paused(*FOLLOWED.values()):
        make_claim()
    monkeypatch.setattr(rebuild, "FEW", 0)
    assert rebuild.ensure_current(10) > 0
    assert [problem for problem in checks.check_all() if "stale" in problem.rule] == []
    assert rebuild.ensure_current(10) == 0
