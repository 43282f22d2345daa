"""Split texts and searches into words, in the same way for every database.

A text becomes words in lower case without accents, each with its English stem. `node.js`, `real-time` and the like
are kept both in parts and as one word, so that all spellings find one another; `C++` and `C#` are words. The database
gets one code per stem, made of ASCII letters and digits only: every full-text engine takes it for one word, and it
cannot contain an operator of a query language.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

import snowballstemmer

#: Characters of a word and of a text beyond which nothing is read, and most parts that are joined to one word.
MAX_WORD, MAX_TEXT, MAX_PARTS = 40, 20_000, 4
#: Characters that are shown of a longer text.
PASSAGE = 200
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

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*(?:\+\+|#(?!\w))?")
_ACCENTS = re.compile("[\u0300-\u036f]")
_QUOTES = re.compile(r"[\"“”„«»]")
_english = snowballstemmer.stemmer("english")


class Word(NamedTuple):
    """A word of a text: its position, and its folded form."""

    start: int
    end: int
    text: str


@lru_cache(maxsize=65_536)
def fold(text: str) -> str:
    """A word in lower case, without accents, and cut to MAX_WORD characters."""
    plain = _ACCENTS.sub("", unicodedata.normalize("NFKD", text.replace("’", "'").casefold()))
    return unicodedata.normalize("NFC", plain)[:MAX_WORD]


@lru_cache(maxsize=65_536)
def stem(word: str) -> str:
    """The English stem of a folded word. Source: the Porter2 algorithm of Snowball."""
    return _english.stemWord(word).replace("'", "") or word


@lru_cache(maxsize=65_536)
def code(stem: str) -> str:
    """The code of a stem in ASCII letters and digits; different stems have different codes."""
    return f"x{stem}" if re.fullmatch("[a-z0-9]+", stem) else f"y{stem.encode().hex()}"


def scan(text: str) -> Iterator[Word]:
    """The words of a text in order."""
    for match in _WORD.finditer(text):
        yield Word(match.start(), match.end(), fold(match[0]))


def runs(text: str) -> Iterator[list[Word]]:
    """The words of a text; words joined by a single dot, hyphen or underscore are in one list."""
    run: list[Word] = []
    for word in scan(text):
        if run and not (word.start == run[-1].end + 1 and text[run[-1].end] in ".-_"):
            yield run
            run = []
        run.append(word)
    if run:
        yield run


def joined_up(run: Sequence[Word]) -> str:
    """The words of a run as one word, such as "nodejs"; "" for a single word and for a number such as 3.12."""
    joined = "".join(word.text for word in run)
    return joined[:MAX_WORD] if 1 < len(run) <= MAX_PARTS and not joined.isdecimal() else ""


class IndexedText(NamedTuple):
    """The texts of a record as the index stores them.

    title: the words of the title, then its joined words. words: the codes of all texts. vocabulary: every word once.
    """

    title: str
    words: str
    vocabulary: str


def indexed_text(title: str, *parts: str) -> IndexedText:
    """Split the title of a record and its other texts into words."""
    found = [_cut(part[:MAX_TEXT]) for part in (title, *parts) if part]
    words = [word for spoken, _ in found for word in spoken]
    wholes = [word for _, joined in found for word in joined]
    codes = f" {BREAK} ".join(
        " ".join(code(stem(word)) for word in group) for group in [*(spoken for spoken, _ in found), wholes] if group
    )
    first = found[0] if found and title else ([], [])
    return IndexedText(" ".join([*first[0], *first[1]]), codes, " ".join(sorted({*words, *wholes})))


def _cut(text: str) -> tuple[list[str], list[str]]:
    """The words of a text, and its joined words."""
    words: list[str] = []
    wholes: list[str] = []
    for run in runs(unicodedata.normalize("NFC", text)):
        words.extend(word.text for word in run)
        if joined := joined_up(run):
            wholes.append(joined)
    return words, wholes


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
    *pairs, rest = _pairs(unicodedata.normalize("NFC", text))
    terms: list[SearchTerm] = []
    for unquoted, quoted in pairs:
        terms.extend(map(_unquoted_term, runs(unquoted)))
        if words := tuple(word.text for word in scan(quoted)):
            terms.append(SearchTerm(" ".join(words), (tuple(map(stem, words)),), words=words))
    terms.extend(map(_unquoted_term, runs(rest[0])))
    if terms and rest[0].strip() and len(terms[-1].words) == 1 and len(terms[-1].words[0]) >= SHORTEST_BEGINNING:
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


def _unquoted_term(run: Sequence[Word]) -> SearchTerm:
    words = tuple(word.text for word in run)
    phrases: tuple[Phrase, ...] = (tuple(map(stem, words)),)
    if joined := joined_up(run):
        phrases += ((stem(joined),),)
    return SearchTerm("".join(words) if joined else " ".join(words), phrases, words=words)


def marked(text: str, stems: Set[str], beginning: str = "") -> Iterator[tuple[str, bool]]:
    """A text in pieces, each with whether it matches the search. Joined, the pieces are the text."""
    at = 0
    for run in runs(text):
        if (joined := joined_up(run)) and stem(joined) in stems:
            run = [Word(run[0].start, run[-1].end, joined)]
        for word in run:
            if stem(word.text) in stems or (beginning and word.text.startswith(beginning)):
                if at < word.start:
                    yield text[at : word.start], False
                yield text[word.start : word.end], True
                at = word.end
    if at < len(text):
        yield text[at:], False


def passage(text: str, stems: Set[str], beginning: str = "") -> str:
    """About PASSAGE characters around the first word that matches the search; "" if there is none."""
    at = 0
    for piece, hit in marked(text, stems, beginning):
        if hit:
            start = text.rfind(" ", 0, max(0, at - PASSAGE // 3)) + 1 if at > PASSAGE // 3 else 0
            return ("… " if start else "") + beginning_of(text[start:])
        at += len(piece)
    return ""


def beginning_of(text: str) -> str:
    """The first PASSAGE characters of a text, cut between words."""
    if len(text) <= PASSAGE:
        return text
    return text[:PASSAGE].rsplit(" ", 1)[0] + " …"


def distance(a: str, b: str, most: int) -> int:
    """How many letters have to be added, removed, changed or swapped with the next one; most + 1 if more than `most`.

    Source: optimal string alignment distance (Damerau 1964).
    """
    if abs(len(a) - len(b)) > most or _letter_difference(a, b) > 2 * most:
        return most + 1
    before: list[int] = []
    row = list(range(len(b) + 1))
    for i, x in enumerate(a, start=1):
        before, last, row = row, before, [i]
        for j, y in enumerate(b, start=1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (x != y))
            if i > 1 and j > 1 and x == b[j - 2] and a[i - 2] == y:
                cost = min(cost, last[j - 2] + 1)
            row.append(cost)
        if min(row) > most:
            return most + 1
    return row[-1]


def _letter_difference(a: str, b: str) -> int:
    """How many letters only one of the words has: quick to compute, and never more than twice the distance."""
    left = list(b)
    extra = 0
    for letter in a:
        if letter in left:
            left.remove(letter)
        else:
            extra += 1
    return extra + len(left)


def nearest(word: str, vocabulary: Iterable[tuple[str, int]]) -> str:
    """The word of a vocabulary with the fewest differences, the most frequent one of several; "" if none is similar.

    vocabulary: words, each with how often it occurs.
    """
    most = 1 if len(word) <= 5 else 2
    best = min(((distance(word, other, most), -count, other) for other, count in vocabulary), default=(most + 1, 0, ""))
    return best[2] if best[0] <= most else ""
