"""Every word of the closed lists has a label and an explanation of its own."""

import inspect
from enum import StrEnum

import pytest

from comparisons import labels
from comparisons.domain import vocabulary as v

LISTS = [found for _name, found in inspect.getmembers(v, inspect.isclass) if issubclass(found, StrEnum)]


@pytest.mark.parametrize("words", [found for found in LISTS if found is not StrEnum], ids=lambda words: words.__name__)
def test_every_word_is_labelled_and_explained(words):
    for word in words:
        assert labels.label(word)
        assert labels.TERMS[word].meaning


@pytest.mark.parametrize(
    ("word", "meaning"),
    [
        (v.Verdict.OPINION, "A view one may hold or not; there is nothing to prove."),
        (v.Reason.OPINION, "Opinion stands against opinion."),
        (v.Direction.NONE, "No end of the scale is better in itself."),
        (v.RulingState.NONE, "The editors have not decided."),
        (v.Meaning.NO, "A source says that the need is not met."),
        (v.Silence.NO, "A source says that it is not so."),
    ],
)
def test_the_same_word_in_two_lists_keeps_two_meanings(word, meaning):
    assert labels.TERMS[word].meaning == meaning
