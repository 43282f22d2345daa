"""The line under a partial value."""

import datetime as dt

import pytest

from comparisons.domain.caveats import LONGEST, Voice, caveat, limit

LIMITS = {
    # what is cut: text, line
    "after but": ("Flask parses forms, but neither renders nor checks them.", "Neither renders nor checks them"),
    "after a semicolon": ("Flask has no sessions; middleware adds them.", "Middleware adds them"),
    "after only": ("A schema is made, but only from docstrings.", "Only from docstrings"),
    "after once": ("Tasks run in the process, once the answer was sent.", "Once the answer was sent"),
    "the name at the beginning": ("Flask itself has no ORM.", "Has no ORM"),
    "the second sentence": ("Flask does it in 3.1. An extension does more.", "Does it in 3.1"),
    "not a longer name": ("Flask Admin is a package of its own.", "Flask Admin is a package of its own"),
    "white space": ("  Does\n it  in part. ", "Does it in part"),
    "nothing": ("", ""),
}


@pytest.mark.parametrize(("text", "line"), LIMITS.values(), ids=LIMITS)
def test_what_limits_a_value_is_cut_from_a_sentence(text, line):
    assert limit(text, "Flask") == line


def test_a_long_limit_ends_at_a_word():
    line = limit("word " * 60, "Flask")
    assert line.startswith("Word word") and line.endswith("word …") and len(line) <= LONGEST + 2


def voice(claim="a", stance="supports", says="It says so.", statement="It does.", **fields):
    defaults = {"reading": False, "bears_out": False, "dated": None}
    return Voice(claim=claim, name="Flask", statement=statement, says=says, stance=stance, **{**defaults, **fields})


QUALIFIES = {"stance": "qualifies"}
VOICES = {
    # which is heard: voices, line
    "nobody": ([], ""),
    "who qualifies before who supports": (
        [voice(), voice(**QUALIFIES, says="Not in async code.")],
        "Not in async code",
    ),
    "the claim where nobody qualifies": ([voice(statement="It does, but slowly.")], "Slowly"),
    "nobody who only disputes": ([voice(stance="disputes")], ""),
    "what the project bears out": (
        [voice(**QUALIFIES, says="First."), voice("b", **QUALIFIES, says="Second.", bears_out=True)],
        "Second",
    ),
    "no reading of an unclear passage": (
        [voice(**QUALIFIES, says="First.", reading=True), voice("b", **QUALIFIES, says="Second.")],
        "Second",
    ),
    "the newest": (
        [
            voice(**QUALIFIES, says="First.", dated=dt.date(2024, 1, 1)),
            voice("b", **QUALIFIES, says="Second.", dated=dt.date(2026, 1, 1)),
        ],
        "Second",
    ),
}


@pytest.mark.parametrize(("voices", "line"), VOICES.values(), ids=VOICES)
def test_the_caveat_is_that_of_the_strongest_source(voices, line):
    assert caveat(voices) == line
    assert caveat(reversed(voices)) == line
