"""The command that computes every cell anew."""

import pytest
from django.core.management import call_command

from comparisons.models import Cell
from tests.factories import make_claim

pytestmark = pytest.mark.django_db


def test_rebuild_cells_says_how_many_it_assessed(capsys):
    make_claim()
    call_command("rebuild_cells")
    assert "1 cells assessed," in capsys.readouterr().out
    assert Cell.objects.count() == 1


def test_rebuild_cells_can_be_silent(capsys):
    call_command("rebuild_cells", verbosity=0)
    assert capsys.readouterr().out == ""
