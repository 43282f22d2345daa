"""The texts of the interface in the nouns of the subject: “queues” where the code says “frameworks”.

The texts in code and templates speak of frameworks, which is one example of what can be compared. Each passes through
gettext when it is shown, and there the word is replaced by that of the subject. Content, and the names of addresses,
parameters and files, never pass through gettext and stay as they are.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from typing import NamedTuple

from django.utils import translation
from django.utils.text import slugify
from django.utils.translation import trans_null


class Nouns(NamedTuple):
    """What one, and what several of the things compared are called, and whether they come out in versions."""

    one: str
    several: str
    has_releases: bool = True

    @property
    def address(self) -> str:
        """The word for them in addresses: “browsers” in /browsers/."""
        return word_in_addresses(self.several)


#: The nouns that the texts are written with.
WRITTEN = Nouns("framework", "frameworks")
#: First parts of addresses that are taken, and the kinds of other pages in the addresses of cards and of the sitemap.
TAKEN = frozenset(
    {
        *("about", "admin", "api", "article", "articles", "benchmark", "benchmarks", "cards", "cell", "cells"),
        *("challenge", "challenges", "choose", "claim", "claims", "compare", "compared", "comparison", "comparisons"),
        *(
            "criteria",
            "criterion",
            "data",
            "disagreements",
            "embed",
            "feeds",
            "healthz",
            "matrix",
            "pages",
            "pitfalls",
            "practices",
        ),
        *("pros-cons", "readyz", "sample", "samples", "search", "static", "use-case", "use-cases"),
    }
)
#: The word in addresses where the plural gives none.
NEUTRAL = "compared"
#: The word, with an article before it if there is one. Names of parameters in a text, paths and files are left alone.
_WORD = re.compile(r"(?<![\w/.({%-])(?:([Aa])(?:n?)( ))?([Ff]ramework)(s?)(?![\w/)}=-]|\.\w)")
_as_written: ContextVar[bool] = ContextVar("as_written", default=False)

#: Words of things that come out in versions, for those of which a subject without any has others.
_OF_RELEASES = re.compile(r"(?<![\w/.({%-])(release|package)(d|s|)(?![\w/)}=-]|\.\w)", re.IGNORECASE)
_INSTEAD = {
    "release": "version", "releases": "versions", "released": "published", "package": "program", "packages": "programs",
}  # fmt: skip
#: Beginnings of words that are spelt with a vowel and spoken without one.
_SPOKEN = re.compile(r"(uni|use|usa|util|eu|one|once)", re.IGNORECASE)


@lru_cache(maxsize=64)
def word_in_addresses(several: str) -> str:
    """The word for the things compared in addresses, made of their plural.

    Addresses are of ASCII letters alone, as the slugs of records are: a plural without any gives NEUTRAL. A word that
    stands for other pages comes after it.
    """
    word = slugify(several).replace("_", "-")
    if not word:
        return NEUTRAL
    return f"{NEUTRAL}-{word}" if word in TAKEN else word


@lru_cache(maxsize=8192)
def in_nouns(text: str, nouns: Nouns) -> str:
    """A text of the interface with the given nouns; "" stays "". The article before a noun follows its first letter.

    Pages of a subject without releases leave out what is about them; what is left in texts speaks of versions.
    """

    def replaced(found: re.Match[str]) -> str:
        article, space, word, is_plural = found.groups()
        noun = nouns.several if is_plural else nouns.one
        if word[0].isupper():
            noun = noun[:1].upper() + noun[1:]
        if not article:
            return noun
        has_vowel = noun[:1].lower() in "aeiou" and not _SPOKEN.match(noun)
        return f"{article}{'n' * has_vowel}{space}{noun}"

    def instead(found: re.Match[str]) -> str:
        word = _INSTEAD.get(found[0].lower(), found[0])
        return word.capitalize() if found[0][0].isupper() else word

    return _WORD.sub(replaced, text if nouns.has_releases else _OF_RELEASES.sub(instead, text))


@contextmanager
def as_written() -> Iterator[None]:
    """Leave texts in the nouns that the code has: for what is made once, and put into nouns whenever it is shown."""
    token = _as_written.set(True)
    try:
        yield
    finally:
        _as_written.reset(token)


def speak_of(nouns: Callable[[], Nouns]) -> None:
    """Let every text that Django looks up from now on be in these nouns; asked for each text.

    There is one language and no catalogue, so `USE_I18N` is off and Django looks texts up in a module of functions that
    return what they get. These are replaced: a catalogue would take a quarter of the time of a page.
    """

    def gettext(message: str) -> str:
        if not isinstance(message, str):  # a text that is looked up when it is shown is in the nouns by then
            return str(message)
        found = WRITTEN if _as_written.get() else nouns()
        return message if found == WRITTEN else in_nouns(message, found)

    def ngettext(singular: str, plural: str, number: float) -> str:
        return gettext(singular if number == 1 else plural)

    trans_null.gettext = gettext
    trans_null.ngettext = ngettext
    # What Django found there before, it keeps.
    found_before = translation.__dict__["_trans"].__dict__
    for name in ("gettext", "ngettext", "pgettext", "npgettext"):
        found_before.pop(name, None)
