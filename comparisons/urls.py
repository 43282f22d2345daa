"""Addresses of all public pages. Slugs name records; an address never changes once published.

The word for what is compared is that of the subject, /browsers/; the patterns below are written with frameworks.
"""

from datetime import date
from functools import lru_cache
from typing import Any

from django.urls import URLPattern, URLResolver, path, register_converter
from django.urls.resolvers import RoutePattern

from comparisons import feeds
from comparisons.api import routes
from comparisons.language.nouns import WRITTEN
from comparisons.models import subject
from comparisons.views import (
    articles,
    benchmarks,
    cards,
    challenges,
    choose,
    claims,
    compare,
    comparisons,
    coverage,
    criteria,
    data,
    decisions,
    disagreements,
    editors,
    embeds,
    frameworks,
    frozen,
    home,
    matrix,
    method,
    pitfalls,
    pros_cons,
    redirects,
    samples,
    search,
    sitemaps,
    use_cases,
    well_known,
)
from comparisons.views.card_comparisons import CONTENT


class Key:
    """The slug of a record: lower-case letters, digits, dots and hyphens."""

    regex = r"[a-z0-9][a-z0-9.-]*"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


class RevisionNumber:
    """The number of a revision, from 1, written in one way only."""

    regex = "[1-9][0-9]{0,5}"

    def to_python(self, value: str) -> int:
        return int(value)

    def to_url(self, value: int) -> str:
        return str(value)


class Day:
    """A day as YYYY-MM-DD; what the calendar does not have is no address."""

    regex = "[0-9]{4}-[0-9]{2}-[0-9]{2}"

    def to_python(self, value: str) -> date:
        return date.fromisoformat(value)

    def to_url(self, value: date) -> str:
        return value.isoformat()


class FormerWord:
    """A word that stood in addresses for what is compared: that of the patterns, or one of an earlier noun.

    These patterns come last, so that only an address that is none otherwise costs the query for the earlier nouns.
    """

    regex = "[a-z0-9-]{1,60}"

    def to_python(self, value: str) -> str:
        if not subject.is_former_word(value):
            raise ValueError(value)
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(Day, "day")
register_converter(FormerWord, "former")
register_converter(Key, "key")
register_converter(RevisionNumber, "revision")
app_name = "comparisons"
urlpatterns: list[URLPattern] = [
    path("", home.home, name="home"),
    path("comparisons/", comparisons.comparison_list, name="comparison_list"),
    path("comparisons/<key:slug>/", comparisons.comparison, name="comparison"),
    path("comparisons/<key:slug>/@<day:day>", frozen.comparison_edition, name="comparison_edition"),
    path("comparisons/<key:slug>/card.svg", cards.comparison_svg, name="comparison_card"),
    path("compare/", compare.compare, name="compare"),
    path("compare/<key:slugs>/", compare.compare_frameworks, name="compare_frameworks"),
    path("matrix/", matrix.matrix, name="matrix"),
    path("choose/", choose.choose, name="choose"),
    path("choose/record/", decisions.decision_draft, name="decision_draft"),
    path("choose/r/<key:key>/", decisions.decision, name="decision"),
    path("frameworks/", frameworks.framework_list, name="framework_list"),
    path("frameworks/<key:slug>/", frameworks.framework, name="framework"),
    path("frameworks/<key:slug>/<key:criterion>/", frameworks.cell, name="cell"),
    path("criteria/", criteria.criterion_list, name="criterion_list"),
    path("criteria/<key:slug>/", criteria.criterion, name="criterion"),
    path("benchmarks/", benchmarks.benchmark_list, name="benchmark_list"),
    path("benchmarks/<key:slug>/", benchmarks.benchmark, name="benchmark"),
    path("benchmarks/<key:slug>/rounds.json", benchmarks.benchmark_rounds, name="benchmark_rounds"),
    path("samples/", samples.sample_list, name="sample_list"),
    path("samples/<key:slug>.zip", samples.sample_zip, name="sample_task_zip"),
    path("samples/<key:slug>/", samples.sample_task, name="sample_task"),
    path("samples/<key:slug>/<key:framework>.zip", samples.sample_zip, name="sample_zip"),
    path("pros-cons/", pros_cons.claim_list, name="claim_list"),
    path("claims/<key:key>/", claims.claim, name="claim"),
    path("claims/<key:key>/@<revision:number>", claims.claim_revision, name="claim_revision"),
    path("articles/", articles.article_list, name="article_list"),
    path("articles/<key:slug>/", articles.article, name="article"),
    path("disagreements/", disagreements.disagreement_list, name="disagreement_list"),
    path("use-cases/", use_cases.use_case_list, name="use_case_list"),
    path("use-cases/<key:slug>/", use_cases.use_case, name="use_case"),
    path("pitfalls/", pitfalls.pitfall_list, name="pitfall_list"),
    path("practices/", pitfalls.practice_list, name="practice_list"),
    path("search/", search.search, name="search"),
    path("search/suggest/", search.suggest, name="suggest"),
    path("about/method/", method.method, name="method"),
    path("about/editors/", editors.about_editors, name="about_editors"),
    path("about/coverage/", coverage.coverage, name="coverage"),
    path("challenge/claim/<key:key>/", challenges.challenge_claim, name="challenge_claim"),
    path("challenge/cell/<key:slug>/<key:criterion>/", challenges.challenge_cell, name="challenge_cell"),
    path("challenge/article/<key:slug>/", challenges.challenge_article, name="challenge_article"),
    path("challenge/thanks/", challenges.challenge_thanks, name="challenge_thanks"),
    path("challenges/", challenges.challenge_list, name="challenge_list"),
    path("embed/cell/<key:slug>/<key:criterion>/", embeds.embed_cell, name="embed_cell"),
    path("embed/row/<key:slug>/", embeds.embed_row, name="embed_row"),
    path("embed/comparison/<key:slug>/", embeds.embed_comparison, name="embed_comparison"),
    path("cards/site.png", cards.card, {"kind": "site"}, name="card_site"),
    path("cards/choice.png", cards.choice_card, name="choice_card"),
    path("cards/compare/<key:slugs>.png", cards.card, {"kind": "compare"}, name="card_compare"),
    path("cards/cell/<key:slug>/<key:criterion>.png", cards.card, {"kind": "cell"}, name="card_cell"),
    *(
        path(f"cards/{kind}/<key:slug>.png", cards.card, {"kind": kind}, name=f"card_{kind}")
        for kind in CONTENT
        if kind not in ("site", "cell", "compare")
    ),
    path("feeds/", feeds.everything, name="feed"),
    path("feeds/frameworks/<key:slug>/", feeds.of_framework, name="feed_framework"),
    path("feeds/criteria/<key:slug>/", feeds.of_criterion, name="feed_criterion"),
    path("feeds/comparisons/<key:slug>/", feeds.of_comparison, name="feed_comparison"),
    path("feeds/claims/<key:key>/", feeds.of_claim, name="feed_claim"),
    path("data/", data.data, name="data"),
    path("data/schema.json", data.schema, name="data_schema"),
    path("data/<str:name>", data.data_file, name="data_file"),
    *routes.addresses("api/v1/"),
    path("llms.txt", data.llms, name="llms"),
    path("sitemap.xml", sitemaps.sitemap_index, name="sitemap"),
    path("sitemap-<key:section>.xml", sitemaps.sitemap_file, name="sitemap_file"),
    path("site.webmanifest", well_known.manifest, name="manifest"),
    path("robots.txt", well_known.robots, name="robots"),
    path(".well-known/security.txt", well_known.security, name="security"),
]

#: Where the patterns are written with frameworks, and how these beginnings read with another word.
BEGINNINGS = {"frameworks/": "%s/", "feeds/frameworks/": "feeds/%s/", "cards/framework/": "cards/%s/"}
#: Addresses with an earlier word lead to those with the present one.
FORMER = [
    path("<former:word>/", redirects.renamed, {"under": ""}),
    path("<former:word>/<path:rest>", redirects.renamed, {"under": ""}),
    path("feeds/<former:word>/<path:rest>", redirects.renamed, {"under": "feeds/"}),
    path("cards/<former:word>/<path:rest>", redirects.renamed, {"under": "cards/"}),
]


def _in_word(pattern: URLPattern, word: str) -> URLPattern:
    """A pattern with a word in place of the one that it is written with."""
    route = str(pattern.pattern)
    for beginning, other in BEGINNINGS.items():
        if route.startswith(beginning):
            route = other % word + route.removeprefix(beginning)
            return path(route, pattern.callback, pattern.default_args, name=pattern.name)
    return pattern


@lru_cache(maxsize=8)
def in_word(word: str) -> URLResolver:
    """All addresses where the things compared are called by this word. Made once, in some milliseconds."""
    found = urlpatterns if word == WRITTEN.address else [_in_word(one, word) for one in urlpatterns]
    if word not in WRITTEN:
        found = [*found, path("cards/framework/<path:rest>", redirects.renamed, {"under": "cards/"})]
    return URLResolver(RoutePattern(""), [*found, *FORMER], app_name=app_name, namespace=app_name)


class AddressesOfSubject(URLResolver):
    """The addresses in the word of the subject as this process knows it: what is edited takes effect without a restart.

    All look-ups of Django, of a view by its address and of an address by its name, go through these two.
    """

    @property
    def url_patterns(self) -> Any:
        return in_word(subject.nouns().address).url_patterns

    @property
    def reverse_dict(self) -> Any:
        return in_word(subject.nouns().address).reverse_dict
