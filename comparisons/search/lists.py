"""Lists and pages that answer a search by themselves: one table of words and where they lead.

The words are looked up as names are: in any order and in any form ("wrong claims", "which claims are wrong").
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache

from django.utils.translation import gettext_lazy

from .list_page import ListPage
from .names import bag_of, spans_of, words_of
from .site_pages import SITE_PAGES

LISTS: tuple[ListPage, ...] = (
    ListPage(
        gettext_lazy("Outdated claims"),
        gettext_lazy("What sources say that no longer holds, with what changed."),
        gettext_lazy(
            "outdated, outdated claims, obsolete, no longer true, out of date, stale, old claims, old "
            "information, outdated information"
        ),
        "claim_list",
        {"verdict": "outdated"},
        "framework",
        several=True,
    ),
    ListPage(
        gettext_lazy("Claims judged wrong"),
        gettext_lazy("What sources say that does not hold, with the evidence against it."),
        gettext_lazy("wrong, wrong claims, false, false claims, errors in sources, myths, misconceptions, incorrect"),
        "claim_list",
        {"verdict": "wrong"},
        "framework",
        several=True,
    ),
    ListPage(
        gettext_lazy("Claims that are not checked"),
        gettext_lazy("What sources say that the editors have not compared with the facts yet."),
        gettext_lazy("unchecked, unchecked claims, not checked, nobody checked, claims nobody checked, unverified"),
        "claim_list",
        {"verdict": "unchecked"},
        "framework",
        several=True,
    ),
    ListPage(
        gettext_lazy("Opinions"),
        gettext_lazy("Claims that no fact can settle."),
        gettext_lazy("opinions, opinion, subjective, opinion claims, matters of taste, judgements"),
        "claim_list",
        {"verdict": "opinion"},
        "framework",
        several=True,
    ),
    ListPage(
        gettext_lazy("Disagreements between sources"),
        gettext_lazy("Every question on which sources contradict one another, and what the editors decided."),
        gettext_lazy(
            "disagreements, disagree, where do sources disagree, disputed, disputes, contradictions, contradict, "
            "contradictory, contradictory sources, controversial, conflicts, conflicting sources, open questions, "
            "rulings"
        ),
        "disagreement_list",
        {},
        "framework",
    ),
    ListPage(
        gettext_lazy("Open disagreements"),
        gettext_lazy("The questions on which sources contradict one another and the editors could not decide."),
        gettext_lazy("undecided, unsettled, unresolved, open disagreements, open disputes"),
        "disagreement_list",
        {"state": "open"},
        "framework",
    ),
    ListPage(
        gettext_lazy("Sources with something to sell"),
        gettext_lazy("Sources whose publisher gains from what they say."),
        gettext_lazy(
            "biased, biased sources, bias, commercial sources, sponsored, advertising, vendor sources, who pays, "
            "paid articles"
        ),
        "article_list",
        {"interest": "commercial"},
    ),
    ListPage(
        gettext_lazy("Sources from the projects themselves"),
        gettext_lazy("What projects publish about their own work."),
        gettext_lazy(
            "biased, biased sources, official sources, official documentation, own sources, first party sources"
        ),
        "article_list",
        {"interest": "own-project"},
    ),
    ListPage(
        gettext_lazy("Independent sources"),
        gettext_lazy("Sources whose publisher has nothing to gain."),
        gettext_lazy("independent sources, independent, neutral sources, unbiased, unbiased sources"),
        "article_list",
        {"interest": "independent"},
    ),
    ListPage(
        gettext_lazy("All sources"),
        gettext_lazy("Every article, page of documentation, survey and measurement that is cited."),
        gettext_lazy("sources, all sources, articles, references, bibliography, citations, list of sources"),
        "article_list",
    ),
    ListPage(
        gettext_lazy("Samples"),
        gettext_lazy("The same small programs in each, side by side: real files that were started and asked."),
        gettext_lazy(
            "samples, sample, sample code, code samples, example code, code example, example project, sample project, "
            "hello world, show me code, source code example"
        ),
        "sample_list",
    ),
    ListPage(
        gettext_lazy("Benchmarks"),
        gettext_lazy("Every test, with what it measured and under which conditions."),
        gettext_lazy(
            "benchmarks, benchmark, measurements, load tests, performance tests, speed test, fastest, "
            "speed comparison, where do these numbers come from, where do these figures come from"
        ),
        "benchmark_list",
        {},
        "framework",
    ),
    ListPage(
        gettext_lazy("Pitfalls"),
        gettext_lazy("What people ran into, what came of it, and what to do instead."),
        gettext_lazy(
            "pitfalls, pitfall, common mistakes, mistakes, gotchas, traps, problems, common problems, what can go "
            "wrong, anti patterns, footguns"
        ),
        "pitfall_list",
        {},
        "framework",
        several=True,
    ),
    ListPage(
        gettext_lazy("Practices"),
        gettext_lazy("Habits that sources recommend."),
        gettext_lazy("practices, best practices, good practices, best practice, tips, recommendations, guidelines"),
        "practice_list",
    ),
    ListPage(
        gettext_lazy("Choose for your project"),
        gettext_lazy("Say what you need; what cannot do it goes, and the rest is ranked by what matters to you."),
        gettext_lazy(
            "choose, chooser, help me choose, how to choose, choose a framework, choose one, choose for my project, "
            "decide, help me decide, decision, ranking, requirements, must haves"
        ),
        "choose",
    ),
    ListPage(
        gettext_lazy("Use cases"),
        gettext_lazy("Kinds of project, and what sources recommend for each."),
        gettext_lazy(
            "use cases, use case, scenarios, what should i use, which should i use, which one should i choose, "
            "which is best, what is best, best, help me choose, how to choose, choose, recommended"
        ),
        "use_case_list",
        {},
        "framework",
        several=True,
    ),
    ListPage(
        gettext_lazy("Pros and cons"),
        gettext_lazy("What speaks for and against, each with its sources."),
        gettext_lazy(
            "pros and cons, pros cons, pro con, advantages and disadvantages, advantages disadvantages, "
            "strengths and weaknesses, arguments, for and against"
        ),
        "claim_list",
        {},
        "framework",
        several=True,
    ),
    ListPage(
        gettext_lazy("Advantages"),
        gettext_lazy("What speaks for it, each with its sources."),
        gettext_lazy("advantages, pros, benefits, upsides, strengths, good points, why use"),
        "claim_list",
        {"polarity": "pro"},
        "framework",
        several=True,
    ),
    ListPage(
        gettext_lazy("Disadvantages"),
        gettext_lazy("What speaks against it, each with its sources."),
        gettext_lazy("disadvantages, cons, downsides, drawbacks, limitations, bad points, why not use, criticism"),
        "claim_list",
        {"polarity": "con"},
        "framework",
        several=True,
    ),
    ListPage(
        gettext_lazy("Comparisons"),
        gettext_lazy("Comparisons chosen by our editors, each with a short conclusion."),
        gettext_lazy("comparisons, comparison, compare, side by side, versus, head to head"),
        "comparison_list",
    ),
    ListPage(
        gettext_lazy("Compare your own choice"),
        gettext_lazy("Pick those that interest you; their answers stand side by side, to print and to take away."),
        gettext_lazy(
            "compare two, compare three, compare four, compare five, compare several, compare my own, own comparison, "
            "pick and compare, compare frameworks, print comparison, print a comparison, handout"
        ),
        "compare",
    ),
    ListPage(
        gettext_lazy("The matrix"),
        gettext_lazy("All questions, answered for everything that is compared."),
        gettext_lazy(
            "matrix, feature matrix, table, feature table, comparison table, feature comparison, overview, "
            "feature list, compare all, compare all frameworks, compare everything, all at once"
        ),
        "matrix",
    ),
    ListPage(
        gettext_lazy("All criteria"),
        gettext_lazy("Every question that is asked."),
        gettext_lazy("criteria, criterion, questions, all criteria, features"),
        "criterion_list",
    ),
    ListPage(
        gettext_lazy("Everything that is compared"),
        gettext_lazy("All of them, with what each is in a line."),
        gettext_lazy(
            "frameworks, all frameworks, alternatives, alternative, alternative to, competitors, list of frameworks, "
            "which frameworks are there, which frameworks are compared"
        ),
        "framework_list",
    ),
    *SITE_PAGES,
)


@cache
def _phrases() -> dict[str, list[ListPage]]:
    """The lists by the keys of their words."""
    found: dict[str, list[ListPage]] = {}
    for page in LISTS:
        for phrase in str(page.words).split(","):
            pages = found.setdefault(bag_of(words_of(phrase)), [])
            if page not in pages:
                pages.append(page)
    return found


def asked_lists(words: Sequence[str]) -> Iterator[tuple[int, int, ListPage]]:
    """The lists whose words are among these, each with where the words start and end."""
    for start, end, bag, _joined in spans_of(words):
        for page in _phrases().get(bag, ()):
            yield start, end, page


@cache
def vocabulary() -> frozenset[str]:
    """The words that lead to lists, for the correction of typing errors."""
    return frozenset(word for page in LISTS for phrase in str(page.words).split(",") for word in words_of(phrase))
