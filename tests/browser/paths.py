"""The public addresses that the browser tests and the bench open: every type of page, and its variations.

A new page belongs here; test_every_address_of_the_site_is_listed fails until it is.
"""

import datetime as dt
from typing import NamedTuple


class Page(NamedTuple):
    """An address and the status of its response."""

    path: str
    status: int = 200


#: Records of the seeded content that the addresses name.
COMPARISON = "django-vs-flask-vs-fastapi"
FRAMEWORK, CRITERION = "flask", "middleware"
DISPUTED = ("django", "architectural-pattern")
USE_CASE = "use-large-team"
CLAIM = "flask-simple-extensible-core"
MEASURED = "own-load-2026-11-29-throughput-8"
BENCHMARK, OTHER_BENCHMARK = "benchmarker-2026-02-256", "httparena-2026-04-06-json-4096"
ARTICLE, OTHER_ARTICLE = "lucent-flask-vs-fastapi-vs-django", "svpino-python-web-development"
#: A claim that the tests add and withdraw; its address says so.
WITHDRAWN = "test-withdrawn"

#: A choice with a must-have, criteria and a group that weigh, and questions on offer.
CHOICE = (
    "/choose/?must.admin-panel=third-party&weigh.openapi-docs=most&weigh.orm=much&weigh_group.security=some&q=async"
)

#: The key of a decision record that the tests add.
RECORD = "test-record"

#: The day on which the content was seeded, or a later one.
TODAY = dt.datetime.now(dt.UTC).date()

MATRICES = [
    Page(f"/comparisons/{COMPARISON}/"),
    Page("/compare/flask-vs-fastapi/"),
    Page("/matrix/"),
]
VARIATIONS = [
    Page(f"/comparisons/{COMPARISON}/?only=disputed"),
    Page(f"/comparisons/{COMPARISON}/?article={ARTICLE}"),
    Page(f"/comparisons/{COMPARISON}/?article={ARTICLE}&article={OTHER_ARTICLE}"),
    Page(f"/comparisons/{COMPARISON}/?transpose=1"),
    Page("/compare/flask-vs-fastapi/?as_of=2024-01-01"),
    Page("/compare/django-vs-flask-vs-fastapi-vs-tornado-vs-falcon-vs-bottle-vs-aiohttp-vs-sanic/?density=compact"),
    Page("/matrix/?group=async&only=differences"),
    Page("/matrix/?only=recheck"),
    Page("/matrix/?criterion=middleware&criterion=routing&transpose=1"),
    Page(f"/matrix/?group=performance&benchmark={OTHER_BENCHMARK}"),
    Page("/matrix/?criterion=performance&transpose=1"),
    Page("/matrix/?print=1"),
    Page("/matrix/?print=1&group=async&sources=1"),
    Page("/matrix/?print=1&group=data&transpose=1"),
    Page("/compare/flask-vs-fastapi/?print=1&only=disputed"),
    Page(f"/comparisons/{COMPARISON}/?print=1&sources=1"),
    Page("/matrix/?q=async&answer=at-least-part&of=flask&columns_by=async-support"),
    Page("/matrix/?framework=flask&framework=django&density=compact"),
    Page(
        "/compare/?framework=django&framework=flask&framework=fastapi&framework=tornado&framework=falcon"
        "&framework=bottle&framework=aiohttp&framework=sanic&framework=pyramid"
    ),
]
PAGES = [
    Page("/"),
    Page("/comparisons/"),
    Page(f"/comparisons/{COMPARISON}/@{TODAY}"),
    Page("/compare/"),
    *MATRICES,
    *VARIATIONS,
    Page("/frameworks/"),
    Page(f"/frameworks/{FRAMEWORK}/"),
    Page(f"/frameworks/{FRAMEWORK}/?group=async"),
    Page(f"/frameworks/{FRAMEWORK}/{CRITERION}/"),
    Page("/frameworks/{}/{}/".format(*DISPUTED)),
    Page("/criteria/"),
    Page("/criteria/?q=data&group=async"),
    Page(f"/criteria/{CRITERION}/"),
    Page("/benchmarks/"),
    Page(f"/benchmarks/?quantity=performance&framework={FRAMEWORK}&like=part&method=repeatable"),
    Page("/benchmarks/?framework=bottle&method=unstated"),
    Page(f"/benchmarks/{BENCHMARK}/?baseline={FRAMEWORK}"),
    Page(f"/benchmarks/{BENCHMARK}/"),
    Page(f"/benchmarks/{MEASURED}/"),
    Page("/samples/"),
    Page("/samples/?also=bottle"),
    Page("/samples/articles-api/"),
    Page("/samples/csrf-form/?framework=flask"),
    Page("/pros-cons/"),
    Page(f"/pros-cons/?framework={FRAMEWORK}&polarity=con"),
    Page(f"/pros-cons/?view=list&sort=newest&q=async&more=article&article={ARTICLE}&year_from=2020"),
    Page(f"/pros-cons/?framework={FRAMEWORK}&kind=figure&strength=strong&polarity=con"),
    Page("/pros-cons/?polarity=neutral&verdict=wrong"),
    Page(f"/claims/{CLAIM}/"),
    Page(f"/claims/{CLAIM}/@1"),
    Page("/articles/"),
    Page(f"/articles/{ARTICLE}/"),
    Page("/choose/"),
    Page(CHOICE),
    Page(CHOICE.replace("/choose/", "/choose/record/")),
    Page(f"/choose/r/{RECORD}/"),
    Page("/choose/?must.openapi-docs=built-in&must.admin-panel=built-in&must.async-support=native"),
    Page("/disagreements/"),
    Page(f"/challenge/cell/{FRAMEWORK}/{CRITERION}/"),
    Page("/challenge/thanks/"),
    Page(f"/embed/comparison/{COMPARISON}/"),
    Page(f"/embed/cell/{FRAMEWORK}/{CRITERION}/"),
    Page(f"/embed/row/{CRITERION}/"),
    Page("/challenges/"),
    Page("/use-cases/"),
    Page("/use-cases/?framework=flask&framework=fastapi"),
    Page(f"/use-cases/{USE_CASE}/"),
    Page("/pitfalls/"),
    Page("/pitfalls/?framework=flask&general=1"),
    Page("/practices/"),
    Page("/search/"),
    Page("/search/?q=async"),
    Page(f"/search/?q={FRAMEWORK}+vs+fastapi+asnyc"),
    Page(f"/search/?q={FRAMEWORK}+login+unheard-of"),
    Page("/search/?q=unheard-of"),
    Page("/criteria/performance/?baseline=flask"),
    Page("/frameworks/django/performance/"),
    Page("/criteria/performance/"),
    Page("/about/method/"),
    Page("/about/editors/"),
    Page("/about/coverage/"),
    Page("/about/coverage/?by=sources&across=2"),
    Page("/about/coverage/?group=async"),
    Page("/data/"),
    Page("/api/v1/docs"),
]
ERRORS = [
    Page("/no-such-page/", 404),
    Page("/frameworks/no-such-framework/", 404),
    Page(f"/comparisons/{COMPARISON}/@2001-01-01", 404),
    Page("/matrix/?only=nonsense", 400),
    Page("/pros-cons/?sort=nonsense", 400),
    Page(f"/claims/{WITHDRAWN}/", 410),
]
ADMIN = [Page("/admin/login/")]
#: The lists of the API.
API_LISTS = (
    *("frameworks", "criteria", "levels", "claims?limit=50", "citations?limit=50", "articles", "cells?limit=50"),
    *("disagreements", "rulings", "benchmarks", "use-cases", "comparisons", "starting-needs?limit=50"),
    *("comparison-criteria?limit=50", "releases", "changes"),
)
#: Texts for machines, which are not pages.
TEXTS = [
    "/sitemap.xml",
    "/sitemap-cells.xml",
    "/sitemap-benchmarks.xml",
    f"/comparisons/{COMPARISON}/card.svg",
    "/search/suggest/?q=flask",
    f"/benchmarks/{MEASURED}/rounds.json",
    "/samples/articles-api.zip",
    f"/samples/articles-api/{FRAMEWORK}.zip",
    "/cards/site.png",
    CHOICE.replace("/choose/", "/cards/choice.png"),
    f"/cards/comparison/{COMPARISON}.png",
    f"/cards/compare/{FRAMEWORK}-vs-fastapi.png",
    "/cards/sample/articles-api.png",
    f"/cards/framework/{FRAMEWORK}.png",
    f"/cards/criterion/{CRITERION}.png",
    f"/cards/use-case/{USE_CASE}.png",
    "/cards/cell/{}/{}.png".format(*DISPUTED),
    f"/cards/claim/{CLAIM}.png",
    f"/cards/benchmark/{BENCHMARK}.png",
    f"/cards/article/{ARTICLE}.png",
    "/feeds/",
    f"/feeds/frameworks/{FRAMEWORK}/",
    f"/feeds/criteria/{CRITERION}/",
    f"/feeds/comparisons/{COMPARISON}/",
    f"/feeds/claims/{CLAIM}/",
    "/site.webmanifest",
    "/robots.txt",
    *(f"/api/v1/{name}" for name in ("", "openapi.json", "search?q=flask", *API_LISTS)),
    f"/api/v1/frameworks/{FRAMEWORK}",
    f"/api/v1/criteria/{CRITERION}",
    f"/api/v1/claims/{CLAIM}",
    f"/api/v1/articles/{ARTICLE}",
    f"/api/v1/benchmarks/{BENCHMARK}",
    f"/api/v1/use-cases/{USE_CASE}",
    f"/api/v1/comparisons/{COMPARISON}",
    *("/api/v1/{}/{}/{}".format(name, *DISPUTED) for name in ("cells", "disagreements", "rulings")),
    "/llms.txt",
    "/data/schema.json",
    "/.well-known/security.txt",
]
