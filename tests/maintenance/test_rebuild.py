"""The command that computes every cell anew."""

import pytest
from django.core.management import call_command

from comparisons.maintenance import checks, rebuild
from comparisons.maintenance.recent import catch_up
from comparisons.models import Cell
from comparisons.models.derived import FOLLOWED, paused
from comparisons.search import index as search_index
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
