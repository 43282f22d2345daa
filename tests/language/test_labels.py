"""Every word of the closed lists has a label and an explanation of its own."""

from enum import StrEnum

import pytest

from comparisons.domain import vocabulary
from comparisons.domain.vocabulary import LinkHealth, Reason, Verdict
from comparisons.language import labels

LISTS = [
    words
    for words in vars(vocabulary).values()
    if isinstance(words, type) and issubclass(words, StrEnum) and words is not StrEnum
]


@pytest.mark.parametrize("word", [word for words in LISTS for word in words], ids=repr)
def test_every_word_is_explained(word):
    assert str(labels.label(word))
    assert str(labels.term(word).meaning).endswith(".")


def test_a_spelling_that_two_lists_share_keeps_both_meanings():
    assert labels.term(Verdict.OPINION) != labels.term(Reason.OPINION)
    assert labels.term(Verdict.UNCHECKED) != labels.term(LinkHealth.UNCHECKED)
