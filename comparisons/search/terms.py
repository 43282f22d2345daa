"""Split texts and searches into words, in the same way for every database.

A text becomes words in lower case without accents, each with its English stem. `node.js`, `real-time` and the like
are kept both in parts and as one word, so that all spellings find one another; `C++`, `C#` and `.NET` are words.
Scripts that put no spaces between words become pairs of characters, see scripts.py. The database gets one code per
stem, made of ASCII letters and digits only: every full-text engine takes it for one word, and it cannot contain an
operator of a query language.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

import Stemmer

from comparisons.language.cleaning import INVISIBLE, without_invisible

from .scripts import MARKS, UNSPACED

#: Characters of a word and of a text beyond which nothing is read, and most parts that are joined to one word.
MAX_WORD, MAX_TEXT, MAX_PARTS = 40, 20_000, 4
#: Most letters after the dot of a name such as ASP.NET that is found by its ending alone.
MAX_ENDING = 4
#: Fewest letters of an unfinished word that are completed.
SHORTEST_BEGINNING = 3
#: Separates the texts of a record, so that no phrase matches across two of them.
BREAK = "z"
#: Grammatical words; ignored in a search that has other words.
FUNCTION_WORDS = frozenset(
    """a an and are as at be but by can do does for from has have how i in is it its of on or so than that the
    their then there this to vs was what when where which who why will with you your""".split()  # noqa: SIM905
)

Phrase = tuple[str, ...]

#: A letter or digit of a script with spaces, with the marks on it; what nobody sees may stand between two of them.
_LETTER = rf"[^\W_{UNSPACED}][{MARKS}]*"
_LETTERS = rf"{_LETTER}(?:[{INVISIBLE}]*{_LETTER})*"
_WORD = re.compile(rf"(?P<pairs>[{UNSPACED}][{UNSPACED}{INVISIBLE}]*)|{_LETTERS}(?:['’]{_LETTERS})*(?:\+\+|#(?!\w))?")
#: Between two parts of a text that are cut into words each for itself: whatever joins words is none of these.
_SPACES = re.compile("[ \n\t]+")
_SEEN = re.compile(f"[^{INVISIBLE}]")
#: A word that ends in a number, such as http2.
_NUMBERED = re.compile("([a-z]{2,})([0-9]+)")
#: What joins two words to one, and what joins a word to a number: node.js, N+1, HTTP/2.
_JOINTS, _NUMBER_JOINTS = ".-_", "+/"
_ACCENTS = re.compile("[\u0300-\u036f]")
_QUOTES = re.compile(r"[\"“”„«»]")
#: In C, so that no other thread comes between the beginning and the end of a word. It remembers nothing: stem() does.
_english = Stemmer.Stemmer("english", 0)


class Word(NamedTuple):
    """A word of a text: its position, and its folded form."""

    start: int
    end: int
    text: str


@lru_cache(maxsize=65_536)
def fold(text: str) -> str:
    """A word in lower case, without accents, and cut to MAX_WORD characters."""
    plain = _ACCENTS.sub("", unicodedata.normalize("NFKD", without_invisible(text).replace("’", "'").casefold()))
    return unicodedata.normalize("NFC", plain)[:MAX_WORD]


@lru_cache(maxsize=65_536)
def stem(word: str) -> str:
    """The English stem of a folded word. Source: the Porter2 algorithm of Snowball."""
    return _english.stemWord(word).replace("'", "") or word


def code(stem: str) -> str:
    """The code of a stem in ASCII letters and digits; different stems have different codes."""
    return f"x{stem}" if re.fullmatch("[a-z0-9]+", stem) else f"y{stem.encode().hex()}"


@lru_cache(maxsize=65_536)
def _code_of(word: str) -> str:
    return code(stem(word))


def scan(text: str) -> Iterator[Word]:
    """The words of a text in order; in a script without spaces every pair of characters, or a character alone."""
    for match in _WORD.finditer(text):
        if match["pairs"] is None:
            yield Word(match.start(), match.end(), fold(match[0]))
        else:
            yield from _pairs_in(match[0], match.start())


def _pairs_in(text: str, start: int) -> Iterator[Word]:
    places = [found.start() for found in _SEEN.finditer(text)]
    for at, until in pairwise(places):
        yield Word(start + at, start + until + 1, fold(text[at] + text[until]))
    if len(places) == 1:
        yield Word(start, start + len(text), fold(text))


def runs(text: str) -> Iterator[list[Word]]:
    """The words of a text; words joined by a single dot, hyphen or underscore are in one list, as are pairs."""
    run: list[Word] = []
    for word in scan(text):
        if run and not _joined(run[-1], word, text):
            yield run
            run = []
        run.append(word)
    if run:
        yield run


def _joined(one: Word, other: Word, text: str) -> bool:
    if other.start != one.end + 1:
        return other.start < one.end
    return text[one.end] in _JOINTS or (text[one.end] in _NUMBER_JOINTS and other.text.isdecimal())


def is_pairs(run: Sequence[Word]) -> bool:
    """Whether these words are pairs of characters in a row."""
    return len(run) > 1 and run[1].start < run[0].end


def joined_up(run: Sequence[Word]) -> str:
    """The words of a run as one word, such as "nodejs"; "" for a single word, for pairs, for a number such as 3.12."""
    if not 1 < len(run) <= MAX_PARTS or is_pairs(run):
        return ""
    joined = "".join(word.text for word in run)
    return "" if joined.isdecimal() else joined[:MAX_WORD]


def count(text: str) -> int:
    """How many words a reader would say that a text has: what is joined is one."""
    return sum(1 for _run in runs(text))


def _dotted(run: Sequence[Word], text: str) -> str:
    """ ".NET" as "dotnet", alone and at the end of another name, such as ASP.NET; else "".

    A name in lower case alone, such as "example.net", is that of a site.
    """
    first, last = run[0], run[-1]
    if len(run) == 1 and text[: first.start].endswith(".") and not text[: first.start - 1][-1:].strip(" \n\t([“\"'"):
        return f"dot{first.text}"[:MAX_WORD] if first.text.isalpha() else ""
    if len(run) == 2 and text[first.end] == "." and last.text.isalpha() and len(last.text) <= MAX_ENDING:
        return f"dot{last.text}" if text[first.start : last.end] != text[first.start : last.end].lower() else ""
    return ""


def _divided(run: Sequence[Word]) -> tuple[str, ...]:
    """The words of a run with numbers apart: http2 as http and 2; () if no word ends in a number."""
    parts = tuple(part for word in run for part in _parts(word.text))
    return parts if len(parts) > len(run) else ()


def _parts(word: str) -> tuple[str, ...]:
    numbered = _NUMBERED.fullmatch(word)
    return (numbered[1], numbered[2]) if numbered else (word,)


class IndexedText(NamedTuple):
    """The texts of a record as the index stores them.

    title: the words of the title, then its joined words; each further name on a line of its own.
    words: the codes of all texts. vocabulary: every word once.
    """

    title: str
    words: str
    vocabulary: str


class CutText(NamedTuple):
    """A text in words. spoken: in order. wholes: joined ones. hidden: other spellings, which no title shows.

    Texts and parts of them are cut once for many records, so nothing may change it.
    """

    spoken: list[str]
    wholes: list[str]
    hidden: list[Phrase]


def indexed_text(title: str, *parts: str, names: Sequence[str] = ()) -> IndexedText:
    """Split the title of a record, its other names and its other texts into words."""
    named = [cut for cut in (_cut(name) for name in (title, *names)) if cut.spoken]
    found = [*named, *(_cut(part[:MAX_TEXT]) for part in parts if part)]
    groups = [tuple(cut.spoken) for cut in found]
    groups.append(tuple(word for cut in found for word in cut.wholes))
    groups.extend(dict.fromkeys(group for cut in found for group in cut.hidden))
    codes = f" {BREAK} ".join(" ".join(map(_code_of, group)) for group in groups if group)
    titles = "\n".join(dict.fromkeys(" ".join([*cut.spoken, *cut.wholes]) for cut in named))
    return IndexedText(titles, codes, " ".join(sorted({word for group in groups for word in group})))


@lru_cache(maxsize=4096)
def _cut(text: str) -> CutText:
    """A text in words. Many texts, such as names, are part of many records."""
    cut = CutText([], [], [])
    for part in _SPACES.split(without_invisible(unicodedata.normalize("NFKC", text))):
        spoken, wholes, hidden = _cut_part(part) if len(part) <= MAX_WORD else _cut_part.__wrapped__(part)
        cut.spoken.extend(spoken)
        cut.wholes.extend(wholes)
        cut.hidden.extend(hidden)
    return cut


@lru_cache(maxsize=16_384)
def _cut_part(text: str) -> CutText:
    """A text without spaces in words; most parts stand in many texts."""
    cut = CutText([], [], [])
    for run in runs(text):
        cut.spoken.extend(word.text for word in run)
        if is_pairs(run):
            cut.hidden.append((run[-1].text[-1],))  # so that the last character begins a word too
            continue
        if joined := joined_up(run):
            cut.wholes.append(joined)
        if dotted := _dotted(run, text):
            cut.hidden.append((dotted,))
        if divided := _divided(run):
            cut.hidden.append(divided)
    return cut


@dataclass(frozen=True)
class SearchTerm:
    """One condition of a search: a record has to contain any of these phrases of stems.

    text: the term as it was typed, folded. beginning: the beginning of a word, if the last word of the search may be
    unfinished; else "".
    """

    text: str
    phrases: tuple[Phrase, ...]
    beginning: str = ""
    words: tuple[str, ...] = field(default=(), compare=False)

    @property
    def stems(self) -> set[str]:
        return {stem for phrase in self.phrases for stem in phrase}


def parse(text: str) -> list[SearchTerm]:
    """The terms of a search, each once; [] if the text contains no word.

    Words in quotes are one phrase; a quote that is never closed is ignored. The last word may be unfinished.
    """
    *pairs, rest = _pairs(without_invisible(unicodedata.normalize("NFKC", text)))
    terms: list[SearchTerm] = []
    for unquoted, quoted in pairs:
        terms.extend(_unquoted_terms(unquoted))
        if words := tuple(word.text for word in scan(quoted)):
            terms.append(SearchTerm(" ".join(words), (tuple(map(stem, words)),), words=words))
    terms.extend(_unquoted_terms(rest[0]))
    if terms and rest[0].strip() and len(terms[-1].words) == 1 and _may_be_unfinished(terms[-1].words[0]):
        last = terms[-1]
        terms[-1] = SearchTerm(last.text, last.phrases, last.words[0], last.words)
    significant = [term for term in terms if term.text not in FUNCTION_WORDS]
    return list(dict.fromkeys(significant or terms))


def _pairs(text: str) -> list[tuple[str, str]]:
    """Pairs of unquoted and quoted text; the last pair has no quoted text."""
    parts = _QUOTES.split(text)
    if len(parts) % 2 == 0:
        parts[-2:] = [f"{parts[-2]} {parts[-1]}"]
    return [*zip(parts[0::2], parts[1::2], strict=False), (parts[-1], "")]


def _may_be_unfinished(word: str) -> bool:
    return len(word) >= SHORTEST_BEGINNING or (len(word) == 1 and re.fullmatch(f"[{UNSPACED}]", word) is not None)


def _unquoted_terms(text: str) -> Iterator[SearchTerm]:
    for run in runs(text):
        words = tuple(word.text for word in run)
        if (dotted := _dotted(run, text)) and len(run) == 1:
            yield SearchTerm(f".{words[0]}", ((stem(dotted),),), words=(dotted,))
            continue
        phrases: tuple[Phrase, ...] = (tuple(map(stem, words)),)
        joined = joined_up(run)
        if joined:
            phrases += ((stem(joined),),)
        if divided := _divided(run):
            phrases += (tuple(map(stem, divided)),)
        typed = fold(text[run[0].start : run[-1].end]) if is_pairs(run) else ("" if joined else " ").join(words)
        yield SearchTerm(typed, phrases, words=words)
