"""Several writers at once, in threads with connections of their own, on a real database."""

from __future__ import annotations

import threading

import pytest

from comparisons.evidence import assessing
from comparisons.models import Cell, Citation, Claim, StaleVersion
from tests.factories import make_article, make_citation, make_claim, make_criterion, make_framework, make_ruling
from tests.threads import at_once
from tests.worlds import make_world, seen, stale

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.crossing]
WRITERS = 6


@pytest.mark.parametrize("make", [make_claim, make_framework, make_article, make_criterion], ids=lambda f: f.__name__)
def test_of_many_editors_of_one_row_exactly_one_wins(make):
    row = make()
    copies = [type(row).objects.get(pk=row.pk) for _ in range(WRITERS)]
    ends = at_once(*(copy.save for copy in copies))
    assert sorted(type(end).__name__ for end in ends) == ["NoneType"] + ["StaleVersion"] * (WRITERS - 1)
    assert type(row).objects.get(pk=row.pk).version == 2
    assert row.history.count() == 2


def test_the_text_of_the_winner_is_what_is_kept():
    claim = make_claim()
    copies = [Claim.objects.get(pk=claim.pk) for _ in range(WRITERS)]
    for number, copy in enumerate(copies):
        copy.statement = f"Text {number}."
    ends = at_once(*(copy.save for copy in copies))
    winner = next(copy for copy, end in zip(copies, ends, strict=True) if not isinstance(end, StaleVersion))
    assert Claim.objects.get(pk=claim.pk).statement == winner.statement


def test_writers_of_different_claims_in_one_cell_leave_it_right():
    framework, criterion = make_framework(), make_criterion(levels=("yes", "no"))
    claims = [make_claim(framework, criterion, level="yes") for _ in range(WRITERS)]
    articles = [make_article() for _ in range(WRITERS)]
    pairs = zip(claims, articles, strict=True)
    ends = at_once(*(lambda c=claim, a=article: make_citation(c, a) for claim, article in pairs))
    assert all(isinstance(end, Citation) for end in ends)
    assert Cell.objects.get().counts == [2 * WRITERS]
    assert not stale()


def test_writers_of_different_cells_of_a_framework_leave_all_of_them_right():
    framework = make_framework()
    criteria = [make_criterion() for _ in range(WRITERS)]
    ends = at_once(*(lambda c=c: make_claim(framework, c, text="So") for c in criteria))
    assert all(isinstance(end, Claim) for end in ends)
    assert Cell.objects.count() == WRITERS
    assert not stale()


def test_writers_of_all_that_a_cell_is_made_of_leave_it_right():
    world = make_world()
    ends = at_once(
        lambda: make_citation(world.rival, world.free),
        lambda: Claim.objects.filter(pk=world.figure.pk).update(number=7),
        lambda: type(world.origin).objects.filter(pk=world.origin.pk).update(publisher=world.free.publisher),
        lambda: world.ruling.delete(),
        lambda: make_ruling(world.one, world.number, number=7),
        lambda: make_claim(world.other, world.text, text="So"),
    )
    assert not [end for end in ends if isinstance(end, Exception)]
    assert not stale()
    assert seen().keys() == {("one", "level"), ("one", "number"), ("other", "text")}


def test_a_refresh_that_was_overtaken_does_not_store_what_it_read_before(monkeypatch):
    """The first refresh reads, then waits for the second writer, who may only come in when the first has stored."""
    world = make_world()
    read, written = threading.Event(), threading.Event()
    assessed = assessing.assessed

    def slow(*args):
        found = assessed(*args)
        if not read.is_set():
            read.set()
            written.wait(1)
        return found

    def second():
        read.wait(10)
        make_citation(world.rival, world.free)
        written.set()

    monkeypatch.setattr(assessing, "assessed", slow)
    assert at_once(lambda: make_citation(world.claim, make_article()) and None, second) == [None, None]
    assert not stale()
