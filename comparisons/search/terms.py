"""Words as search sees them: the same on every database, because texts and searches are both cut up here.

A text becomes words in lower case without accents, each with its English stem. `node.js`, `real-time` and the like
are kept in parts and in one piece, so that all spellings find one another; `C++` and `C#` are words. What reaches
a database is a code per stem of ASCII letters and digits alone, which every full-text engine takes for one word
and which can hold no operator of a query language.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

import snowballstemmer

#: Longest word that is told apart, longest text that is read, and most parts of a word in one piece.
MAX_WORD, MAX_TEXT, MAX_PARTS = 40, 20_000, 4
#: Characters of a passage that is shown of a longer text.
PASSAGE = 200
#: Shortest beginning of a word that stands for the whole.
SHORTEST_BEGINNING = 3
#: Stands between parts of an entry, so that no phrase reaches across.
BREAK = "z"
#: Words that say how others belong together; left out of a search that has others.
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
    """A word of a text: where it stands, and how it reads in lower case without accents."""

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
    """What the forms of a folded word have in common. Source: the Porter2 algorithm of Snowball."""
    return _english.stemWord(word).replace("'", "") or word


@lru_cache(maxsize=65_536)
def code(stem: str) -> str:
    """A stem in ASCII letters and digits; different stems have different codes."""
    return f"x{stem}" if re.fullmatch("[a-z0-9]+", stem) else f"y{stem.encode().hex()}"


def scan(text: str) -> Iterator[Word]:
    """The words of a text in order."""
    for match in _WORD.finditer(text):
        yield Word(match.start(), match.end(), fold(match[0]))


def runs(text: str) -> Iterator[list[Word]]:
    """The words of a text, those joined by a single dot, hyphen or underscore in one list."""
    run: list[Word] = []
    for word in scan(text):
        if run and not (word.start == run[-1].end + 1 and text[run[-1].end] in ".-_"):
            yield run
            run = []
        run.append(word)
    if run:
        yield run


def whole(run: Sequence[Word]) -> str:
    """The words of a run in one piece: "nodejs". "" for a single word, and for a number such as 3.12."""
    joined = "".join(word.text for word in run)
    return joined[:MAX_WORD] if 1 < len(run) <= MAX_PARTS and not joined.isdecimal() else ""


class Entry(NamedTuple):
    """A text as it is stored.

    title: its words, then those in one piece. words: codes of the whole text. vocabulary: every word once.
    """

    title: str
    words: str
    vocabulary: str


def entry(title: str, *parts: str) -> Entry:
    """Cut up a title and the texts under it."""
    found = [_cut(part[:MAX_TEXT]) for part in (title, *parts) if part]
    words = [word for spoken, _ in found for word in spoken]
    wholes = [word for _, joined in found for word in joined]
    codes = f" {BREAK} ".join(
        " ".join(code(stem(word)) for word in group) for group in [*(spoken for spoken, _ in found), wholes] if group
    )
    first = found[0] if found and title else ([], [])
    return Entry(" ".join([*first[0], *first[1]]), codes, " ".join(sorted({*words, *wholes})))


def _cut(text: str) -> tuple[list[str], list[str]]:
    """The words of a text, and those in one piece."""
    words: list[str] = []
    wholes: list[str] = []
    for run in runs(unicodedata.normalize("NFC", text)):
        words.extend(word.text for word in run)
        if joined := whole(run):
            wholes.append(joined)
    return words, wholes


@dataclass(frozen=True)
class Term:
    """One thing that a record must hold: any of these phrases of stems.

    text: as it was typed. beginning: how a word begins that may stand in its place; "" for none.
    """

    text: str
    phrases: tuple[Phrase, ...]
    beginning: str = ""
    words: tuple[str, ...] = field(default=(), compare=False)

    @property
    def stems(self) -> set[str]:
        return {stem for phrase in self.phrases for stem in phrase}


def parse(text: str) -> list[Term]:
    """What a reader looks for, each once; [] if the text holds no word.

    Quotes hold a phrase together; a quote that is never closed means nothing. The last word may be unfinished.
    """
    *pairs, rest = _pairs(unicodedata.normalize("NFC", text))
    terms: list[Term] = []
    for loose, quoted in pairs:
        terms.extend(map(_loose, runs(loose)))
        if words := tuple(word.text for word in scan(quoted)):
            terms.append(Term(" ".join(words), (tuple(map(stem, words)),), words=words))
    terms.extend(map(_loose, runs(rest[0])))
    if terms and rest[0].strip() and len(terms[-1].words) == 1 and len(terms[-1].words[0]) >= SHORTEST_BEGINNING:
        last = terms[-1]
        terms[-1] = Term(last.text, last.phrases, last.words[0], last.words)
    telling = [term for term in terms if term.text not in FUNCTION_WORDS]
    return list(dict.fromkeys(telling or terms))


def _pairs(text: str) -> list[tuple[str, str]]:
    """Pairs of loose and quoted text; the last pair has no quoted text."""
    parts = _QUOTES.split(text)
    if len(parts) % 2 == 0:
        parts[-2:] = [f"{parts[-2]} {parts[-1]}"]
    return [*zip(parts[0::2], parts[1::2], strict=False), (parts[-1], "")]


def _loose(run: Sequence[Word]) -> Term:
    words = tuple(word.text for word in run)
    phrases: tuple[Phrase, ...] = (tuple(map(stem, words)),)
    if joined := whole(run):
        phrases += ((stem(joined),),)
    return Term("".join(words) if joined else " ".join(words), phrases, words=words)


def marked(text: str, stems: Set[str], beginning: str = "") -> Iterator[tuple[str, bool]]:
    """A text in pieces, each with whether it was looked for; joined they are the text."""
    at = 0
    for run in runs(text):
        if (joined := whole(run)) and stem(joined) in stems:
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
    """About PASSAGE characters around the first word that was looked for; "" if there is none."""
    at = 0
    for piece, hit in marked(text, stems, beginning):
        if hit:
            start = text.rfind(" ", 0, max(0, at - PASSAGE // 3)) + 1 if at > PASSAGE // 3 else 0
            return ("… " if start else "") + beginning_of(text[start:])
        at += len(piece)
    return ""


def beginning_of(text: str) -> str:
    """The first PASSAGE characters, in whole words."""
    if len(text) <= PASSAGE:
        return text
    return text[:PASSAGE].rsplit(" ", 1)[0] + " …"


def distance(a: str, b: str, most: int) -> int:
    """How many letters to add, drop, change or swap with the next; more than `most` is most + 1.

    Source: optimal string alignment distance (Damerau 1964).
    """
    if abs(len(a) - len(b)) > most or _unlike(a, b) > 2 * most:
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


def _unlike(a: str, b: str) -> int:
    """Letters that one word has and the other lacks: quick to tell, and never more than twice the distance."""
    left = list(b)
    extra = 0
    for letter in a:
        if letter in left:
            left.remove(letter)
        else:
            extra += 1
    return extra + len(left)


def nearest(word: str, vocabulary: Iterable[tuple[str, int]]) -> str:
    """The word of a vocabulary that was meant, the commonest of equally near ones; "" if none is near.

    vocabulary: words with how often they occur.
    """
    most = 1 if len(word) <= 5 else 2
    best = min(((distance(word, other, most), -count, other) for other, count in vocabulary), default=(most + 1, 0, ""))
    return best[2] if best[0] <= most else ""
