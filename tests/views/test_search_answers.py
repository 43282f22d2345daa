"""The answer above the results: what a search names, whatever it is called and in whatever order."""

import pytest
from django.urls import reverse

from comparisons.models import Criterion, Framework, SearchName
from comparisons.search import index as search_index
from comparisons.search import names as search_names
from comparisons.search.find import search
from comparisons.views.search_answers import answers_to
from tests.conftest import made_once
from tests.factories import (
    make_citation,
    make_claim,
    make_comparison,
    make_criterion,
    make_framework,
    make_group,
    settle,
)
from tests.search.hits import hits

pytestmark = [pytest.mark.django_db, pytest.mark.crossing]


def rebuild():
    settle()
    search_names.rebuild()
    search_index.rebuild()


@made_once
def world():
    """Three queues, two criteria and a use case, with some cells, and a curated comparison."""
    quick, slow, _ = (
        make_framework(slug, name=name, order=place, **more)
        for place, (slug, name, more) in enumerate(
            [("quick", "Quick Queue", {"aliases": "QQ"}), ("slow", "Slow", {}), ("other", "Otherwise", {})]
        )
    )
    features, uses = make_group("features"), make_group("uses", holds_use_cases=True)
    retry = make_criterion(
        "retry",
        name="Retry of tasks",
        group=features,
        levels=("built-in", "addon", "none"),
        aliases="try again, repeat",
    )
    make_criterion("speed", name="Throughput", group=features, aliases="fast, speed", value_type="number")
    night = make_criterion(
        "night", name="Work at night", group=uses, levels=("recommended", "possible", "no"), aliases="cron"
    )
    make_citation(make_claim(quick, retry, level="built-in", statement="It tries again by itself.", by=()))
    make_citation(make_claim(slow, night, level="recommended"))
    make_comparison("both", title="Quick and slow", frameworks=(quick, slow))
    rebuild()


BOTH, CELL = "/comparisons/both/", "/frameworks/quick/retry/"
ASKED = [
    ("quick queue vs slow", BOTH),
    ("slow or qq", BOTH),
    ("QQ slow", BOTH),
    ("difference between slow and quick queue", BOTH),
    ("slow vs otherwise", "/compare/slow-vs-other/"),
    ("otherwise compared to quick-queue", "/compare/other-vs-quick/"),
    ("qq slow otherwise", "/compare/quick-vs-slow-vs-other/"),
    ("qq retry of tasks", CELL),
    ("does quickqueue repeat", CELL),
    ("task retries in QQ", CELL),
    ("try again quick queue", CELL),
    ("QQ 5.2 retry", CELL),
    ("slow vs qq retry of tasks", "/compare/slow-vs-quick/?criterion=retry"),
    ("retry", "/criteria/retry/"),
    ("repeated", "/criteria/retry/"),
    ("which is fast", "/criteria/speed/"),
    ("work at night", "/use-cases/night/"),
    ("cron", "/use-cases/night/"),
    ("slow at night", "/frameworks/slow/night/"),
    ("what is qq", "/frameworks/quick/"),
    ("otherwise", "/frameworks/other/"),
    ("outdated", "/pros-cons/?verdict=outdated"),
    ("which claims are wrong", "/pros-cons/?verdict=wrong"),
    ("biased", "/articles/?interest=commercial"),
    ("where do sources disagree", "/disagreements/"),
    ("benchmarks", "/benchmarks/"),
    ("qq pitfalls", "/pitfalls/?framework=quick"),
    ("how is this computed", "/about/method/"),
    ("qiuck queue vs otherwsie", "/compare/quick-vs-other/"),
]


def test_what_a_search_names_is_its_first_hit(world, subtests):
    for text, expected in ASKED:
        with subtests.test(text=text):
            assert hits(text)[0] == expected


def test_the_answer_stands_above_the_results_with_value_and_evidence(client, world):
    html = client.get(reverse("comparisons:search"), {"q": "retry qq"}).content.decode()
    box = html[html.index('class="answer-box') : html.index("</section>", html.index('class="answer-box'))]
    assert f'<a class="val" href="{CELL}">' in box and "Built-In" in box
    assert "1 source" in box and "It tries again by itself." in box


LEVELS = [
    ("which of them have built in retry of tasks", "Built-In", ["quick", "other"]),
    ("repeat, builtin", "Built-In", ["quick", "other"]),
    ("retry of tasks, not supported", "None", ["slow"]),
    ("without retry of tasks", "None", ["slow"]),
    ("retry of tasks by addons", "Addon", []),
    ("recommended for work at night", "Recommended", ["slow"]),
    ("retry of tasks, support", "", ["quick", "slow", "other"]),
    ("retry of tasks", "", ["quick", "slow", "other"]),
]


def test_an_answer_that_a_search_names_is_answered_by_the_frameworks_that_give_it(world, subtests):
    slow, other = (Framework.objects.get(slug=slug) for slug in ("slow", "other"))
    retry = Criterion.objects.get(slug="retry")
    retry.levels.filter(slug="none").update(aliases="not supported, without")
    for framework, level in ((slow, "none"), (other, "built-in")):
        make_claim(framework, retry, level=level)
    settle()
    for text, level, frameworks in LEVELS:
        with subtests.test(text=text):
            first = answers_to(search(text).intent).criteria[0]
            assert (first.level, [one.column.slug for one in first.cells]) == (level, frameworks)


def test_the_page_names_the_answer_that_was_asked_for_and_who_gives_it(client, world):
    html = client.get(reverse("comparisons:search"), {"q": "built in retry of tasks"}).content.decode()
    assert "Built-In</b>: 1 framework " in html and f'<a class="val" href="{CELL}">Quick Queue</a>' in html
    html = client.get(reverse("comparisons:search"), {"q": "addon retry of tasks"}).content.decode()
    assert "Addon</b>: no framework, as far as sources tell" in html


def test_a_cell_that_nobody_covers_says_so(client, world):
    html = client.get(reverse("comparisons:search"), {"q": "slow retry of tasks"}).content.decode()
    assert "No source found yet" in html and "This does not mean “no”." in html


def test_the_links_of_the_page_stand_in_the_order_of_its_hits(client, world):
    for text in ("retry qq", "slow vs qq retry of tasks", "queue", "cron", "benchmarks"):
        html = client.get(reverse("comparisons:search"), {"q": text}).content.decode()
        main = html[html.index('id="found"') :].replace("&amp;", "&")
        places = [main.index(f'href="{href}"') for href in hits(text)]
        assert places == sorted(places) and places


def test_an_answer_takes_as_many_queries_at_any_size(client, world, django_assert_max_num_queries):
    def queries(text):
        with django_assert_max_num_queries(40) as captured:
            client.get(reverse("comparisons:search"), {"q": text})
        return len(captured)

    texts = ("qq retry", "retry of tasks", "slow vs qq", "cron")
    before = [queries(text) for text in texts]
    group = make_group("more")
    for number in range(20):
        make_criterion(f"retry-{number}", name=f"Retry {number} of tasks", group=group)
        make_framework(f"slow-{number}", name=f"Slow {number}")
    rebuild()
    assert all(now <= then + 2 for now, then in zip([queries(text) for text in texts], before, strict=True))


def test_a_draft_is_never_an_answer(client, world):
    make_framework("hidden", name="Hidden Gem", is_draft=True)
    make_criterion("secret", name="Secret sauce", is_draft=True)
    rebuild()
    assert not SearchName.objects.filter(slug__in=["hidden", "secret"]).exists()
    assert hits("hidden gem") == hits("secret sauce") == []
