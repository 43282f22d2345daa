"""A new process begins with the sets that are stored, and has what one has that reads everything."""

from __future__ import annotations

import pytest

from comparisons.models import StoredSets
from comparisons.pros_cons import claim_sets, current, stored, summaries, words
from tests.factories import make_article, make_citation, make_claim, make_criterion, make_framework

from .world import count, index

pytestmark = pytest.mark.django_db


def make_pro(key):
    claim = make_claim(make_framework(f"of-{key}"), make_criterion(f"on-{key}"), key=key, polarity="pro")
    make_citation(claim, make_article(f"by-{key}"))
    return claim


def begin(monkeypatch):
    """Let this process be a new one; returns how many summaries it then reads."""
    read = []

    def reading(since=-1):
        for row in claim_sets.read_rows(since):
            read.append(row)
            yield row

    monkeypatch.setattr(current, "_held", None)
    monkeypatch.setattr(current, "read_rows", reading)
    index()
    return len(read)


def test_a_new_process_reads_only_what_changed_since_the_sets_were_stored(monkeypatch):
    first = make_pro("first")
    summaries.rebuild()
    second = make_pro("second")
    summaries.refresh([second.pk])
    assert begin(monkeypatch) == 1
    assert count() == 2
    loaded = current._held.index.claim_sets
    StoredSets.objects.all().delete()
    assert begin(monkeypatch) == 2
    assert current._held.index.claim_sets.sets == loaded.sets
    assert list(current._held.index.claim_sets.claims) == list(loaded.claims) == [first.pk, second.pk]


def test_the_sets_of_articles_are_made_in_the_order_in_which_they_are_counted(monkeypatch):
    claim = make_pro("first")
    for slug in ("z", "a"):
        make_article(slug)
    make_citation(claim, make_article("by-another"))
    make_pro("second")
    summaries.rebuild()
    for _ in ("stored", "read anew"):
        begin(monkeypatch)
        held = current._held.index
        articles = held.claim_sets.sets["article"]
        assert held.filled["article"][1] == [*articles.values()]
        assert [*articles] == sorted(articles)
        StoredSets.objects.all().delete()


def test_sets_that_are_not_on_the_trail_are_left_alone(monkeypatch):
    make_pro("first")
    summaries.rebuild()
    StoredSets.objects.update(stamp="another")
    assert begin(monkeypatch) == 1
    assert count() == 1


@pytest.mark.parametrize("bitmaps", [b"rubbish", b""])
def test_sets_that_cannot_be_read_are_left_alone(monkeypatch, bitmaps):
    make_pro("first")
    summaries.rebuild()
    StoredSets.objects.update(bitmaps=bitmaps)
    assert begin(monkeypatch) == 1
    assert count() == 1


def test_they_are_stored_again_before_the_trail_forgets_them(monkeypatch):
    claim = make_pro("first")
    summaries.rebuild()
    before = StoredSets.objects.get(pk=stored.VALUES).number
    monkeypatch.setattr(stored, "EVERY", 2)
    summaries.refresh([claim.pk])
    summaries.refresh([claim.pk])
    assert StoredSets.objects.get(pk=stored.VALUES).number > before


def words_read(monkeypatch):
    """The places whose statements this process reads for its first search, if it is a new one."""
    read = []

    def reading(since=-1):
        for place, text in words_of_claims(since):
            read.append(place)
            yield place, text

    words_of_claims = words.read_texts
    with monkeypatch.context() as patch:
        patch.setattr(current, "_held", None)
        patch.setattr(words, "read_texts", reading)
        index().words.find("any")
    return read


def test_the_first_search_reads_only_statements_that_changed_since_the_words_were_stored(monkeypatch):
    first = make_pro("first")
    make_pro("second")
    summaries.rebuild()
    first.statement = "Quixotic in the end."
    first.save()
    summaries.refresh([first.pk])
    assert words_read(monkeypatch) == [0]
    assert [list(index().words.find(text)) for text in ("quixot", "statement")] == [[0], [1]]


def test_words_that_are_not_on_the_trail_are_read_anew(monkeypatch):
    make_pro("first")
    make_pro("second")
    summaries.rebuild()
    StoredSets.objects.filter(pk=stored.WORDS).update(stamp="another")
    assert words_read(monkeypatch) == [0, 1]


def test_words_of_many_changed_claims_are_merged_with_the_others(monkeypatch):
    monkeypatch.setattr(words, "MOST_CHANGED", 1)
    known = words.Words.of([(0, "red apple"), (1, "green apple"), (2, "blue sky")])
    changed = known.having([(1, "green pear"), (2, "red sky")])
    assert not changed.changed
    assert [list(changed.find(text)) for text in ("apple", "red", "blue", "green pe")] == [[0], [0, 2], [], [1]]
