"""Word-wise differences, and the public states of a claim: plain values, no database."""

import datetime as dt

import pytest

from comparisons.history.diff import MAX_LENGTH, StateEntry, revisions, word_diff

START = dt.datetime(2026, 1, 1, 12, tzinfo=dt.UTC)


def day(number):
    return START + dt.timedelta(days=number)


def claim(number, text, public=True):
    return StateEntry(day(number), None, {"statement": text}, public)


def citation(number, says, part=1, fresh=True):
    return StateEntry(day(number), part, None if says is None else {"says": says}, fresh=fresh)


def texts(found):
    return [piece.text.strip() for revision in found for change in revision.changes for piece in change.pieces]


@pytest.mark.parametrize(
    ("before", "after", "pieces"),
    [
        ("same", "same", [("same", "same")]),
        ("", "new", [("ins", "new")]),
        ("old", "", [("del", "old")]),
        (
            "It has no async",
            "It has some async",
            [("same", "It has "), ("del", "no "), ("ins", "some "), ("same", "async")],
        ),
    ],
)
def test_a_difference_is_told_in_words(before, after, pieces):
    assert list(word_diff(before, after)) == pieces


def test_long_unchanged_text_is_folded():
    pieces = word_diff("x " * 500 + "old", "x " * 500 + "new")
    assert len(pieces[0].text) < 60 and "…" in pieces[0].text


@pytest.mark.parametrize("text", ["x" * 100_000, "x y " * 50_000, "<b> " * 50_000])
def test_huge_text_is_cut_before_it_is_compared(text):
    pieces = word_diff(text, "short")
    assert sum(len(piece.text) for piece in pieces) < MAX_LENGTH + 100


def test_a_claim_that_was_never_public_has_no_history():
    assert revisions([claim(1, "draft", public=False), citation(2, "says")]) == []


def test_history_begins_with_the_first_published_state():
    found = revisions([claim(1, "secret", public=False), claim(2, "public")])
    assert [(r.at, r.is_first, r.changes) for r in found] == [(day(2), True, ())]


def test_later_changes_come_newest_first():
    found = revisions([claim(1, "one"), citation(1, "says"), claim(2, "two"), claim(3, "three")])
    assert [revision.at for revision in found] == [day(3), day(2), day(1)]
    assert texts(found) == ["two", "three", "one", "two"]


def test_what_was_written_out_of_sight_is_never_compared():
    found = revisions(
        [
            claim(1, "one"),
            citation(1, "says"),
            claim(2, "hidden", public=False),
            citation(3, "unseen", 2),
            claim(4, "two"),
        ]
    )
    assert "hidden" not in texts(found)
    assert [revision.at for revision in found] == [day(4), day(1)]


def test_a_citation_written_and_dropped_out_of_sight_leaves_no_trace():
    found = revisions(
        [
            claim(1, "one"),
            citation(1, "says"),
            claim(2, "one", public=False),
            citation(3, "unseen", 2),
            citation(4, None, 2),
            claim(5, "one"),
        ]
    )
    assert [revision.is_first for revision in found] == [True]


def test_an_edit_of_several_rows_is_one_revision():
    moment = dt.timedelta(seconds=5)
    edit = [StateEntry(day(2), None, {"statement": "two"}), StateEntry(day(2) + moment, 1, {"says": "new"})]
    found = revisions([claim(1, "one"), citation(1, "old"), *edit])
    assert [len(revision.changes) for revision in found] == [2, 0]


def test_citations_recorded_after_a_claim_belong_to_its_first_state():
    found = revisions([claim(1, "one"), citation(2, "says"), citation(2, "too", 2)])
    assert [(revision.at, revision.is_first) for revision in found] == [(day(1), True)]


def test_a_change_before_the_first_citation_is_told():
    assert texts(revisions([claim(1, "one"), claim(2, "two"), citation(3, "says")])) == ["one", "two"]


def test_citations_that_come_and_go_are_named():
    found = revisions([claim(1, "one"), citation(1, "a"), citation(2, "b", 2), citation(3, None, 1)])
    assert [(c.kind, c.state["says"]) for r in found for c in r.changes] == [("removed", "a"), ("added", "b")]


def test_a_record_cut_short_claims_no_beginning():
    found = revisions([claim(1, "one"), citation(1, "a"), citation(2, "b", 2, fresh=False)], complete=False)
    assert found == []
