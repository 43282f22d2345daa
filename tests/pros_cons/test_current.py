"""The index of a process is up to date after every write, here and elsewhere."""

from __future__ import annotations

import datetime as dt
import threading

import pytest
from django.db import connection, transaction

from comparisons.models import Article, Citation, Claim, ClaimSummary, Edition, Framework
from comparisons.pros_cons import current, summaries
from comparisons.pros_cons.choices import Choice, FoundClaims
from tests.factories import (
    DAY,
    make_article,
    make_citation,
    make_claim,
    make_criterion,
    make_framework,
    make_group,
    make_ruling,
)

from .world import count, index, save

pytestmark = pytest.mark.crossing


@pytest.fixture
def claim(transactional_db):
    """A published pro in a database that commits; the index has been read before."""
    claim = make_claim(make_framework("one"), make_criterion("speed"), key="fast", polarity="pro", statement="Fast.")
    assert count() == 1
    index().words.find("fast")
    return claim


def elsewhere(write):
    """Do something as another process would: the index of this one is left as it was."""
    held = current._held
    write()
    current._held = held


WRITES = {
    "a claim is added": (lambda c: make_claim(c.framework, polarity="con"), {"polarity": "con"}, 1),
    "a claim changes sides": (lambda c: save(c, polarity="con"), {"polarity": "con"}, 1),
    "a claim turns neutral": (lambda c: save(c, polarity="neutral"), {"polarity": "neutral"}, 1),
    "a claim is no longer published": (lambda c: save(c, status="draft"), {}, 0),
    "a bulk update": (lambda c: Claim.objects.filter(pk=c.pk).update(kind="usage"), {"kind": "usage"}, 1),
    "other words": (lambda c: save(c, statement="Rapid."), {"words": "rap"}, 1),
    "former words": (lambda c: save(c, statement="Rapid."), {"words": "fast"}, 0),
    "another verdict": (lambda c: save(c, verdict="opinion", verdict_on=DAY), {"verdict": "opinion"}, 1),
    "a citation is added": (lambda c: make_citation(c, make_article("x")), {"article": "x"}, 1),
    "a second witness": (lambda c: make_citation(c), {"strength": "fair"}, 1),
    "its only citation goes": (lambda c: Citation.objects.all().delete(), {}, 0),
    "an article is dated anew": (lambda c: redate(2019), {"year_to": 2019}, 1),
    "a framework is renamed": (lambda c: Framework.objects.update(slug="two"), {"framework": "two"}, 1),
    "a criterion moves": (lambda c: save(c.criterion, group=make_group("new")), {"group": "new"}, 1),
}


def redate(year):
    Article.objects.update(published_on=dt.date(year, 1, 1))


@pytest.mark.parametrize("where", ["here", "in another process"])
@pytest.mark.parametrize(("write", "chosen", "expected"), WRITES.values(), ids=WRITES)
def test_the_next_page_knows_of_every_write(claim, write, chosen, expected, where):
    if where == "here":
        write(claim)
    else:
        elsewhere(lambda: write(claim))
    assert count(**chosen) == expected
    assert not list(summaries.stale())


def test_a_ruling_raises_what_it_settles(claim):
    for _ in range(2):
        make_citation(claim)
    make_citation(claim, stance="disputes")
    assert count(strength="fair") == 1
    make_ruling(claim.framework, claim.criterion, text="Yes")
    assert count(strength="strong") == 1


def test_a_write_that_is_rolled_back_leaves_no_trace(claim):
    with transaction.atomic():
        make_claim(polarity="con")
        summaries.rebuild()
        assert count() == 2
        transaction.set_rollback(True)
    assert count() == 1


def test_an_index_of_another_history_is_read_anew(claim):
    claims = list(ClaimSummary.objects.all())
    make_claim(polarity="con")
    assert count() == 2
    ClaimSummary.objects.exclude(pk__in=[row.pk for row in claims]).delete()
    Edition.objects.update(stamp="restored", trail=["restored"])
    assert count() == 1


def test_threads_that_read_while_others_write_see_whole_editions(claim):
    seen, problems = [], []

    def read():
        try:
            found = FoundClaims(index(), Choice({}))
            seen.append(found.total)
            assert sum(option.count for option in found.options("polarity")) == found.total
        except Exception as error:
            problems.append(error)
        finally:
            connection.close()

    for number in range(4):
        make_claim(claim.framework, claim.criterion, key=f"more-{number}", polarity="con")
        threads = [threading.Thread(target=read) for _ in range(3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert (problems, sorted(set(seen))) == ([], [2, 3, 4, 5])


def test_a_page_that_nothing_has_changed_for_reads_one_row(claim, django_assert_num_queries):
    index()
    with django_assert_num_queries(1):
        index()


def test_one_change_is_taken_in_with_as_many_queries_as_thousand(claim, django_assert_max_num_queries):
    elsewhere(lambda: [make_citation(claim) for _ in range(30)])
    with django_assert_max_num_queries(9):
        index()
