"""Benchmarks and figures in the admin, and articles whose address is known."""

from __future__ import annotations

from django.test import Client

from comparisons.models import Article, Benchmark
from tests.factories import make_article, make_benchmark, make_figure, make_framework

from .forms import change_url, list_url, opened, send


def test_a_benchmark_is_changed_in_a_form(chief: Client) -> None:
    benchmark = make_benchmark("speed")
    send(chief, benchmark, opened(chief, benchmark), hardware="A laptop")
    assert Benchmark.objects.get().hardware == "A laptop"
    assert benchmark.history.count() == 2


def test_the_list_counts_the_figures_of_each_benchmark(chief: Client) -> None:
    make_figure(make_framework(), make_benchmark("speed"), 5)
    page = chief.get(list_url(Benchmark)).content.decode()
    assert "Test speed" in page and ">1</a>" in page


def test_a_known_address_is_named_with_a_link_when_an_article_is_saved(chief: Client) -> None:
    known = make_article("known", title="A known page", url="https://example.org/page")
    article = make_article("new")
    send(chief, article, opened(chief, article), url="http://www.example.org/page/")
    page = chief.get(list_url(Article)).content.decode()
    assert "This address is known" in page
    assert change_url(known) in page


def test_the_form_of_an_article_links_to_others_with_its_address(chief: Client) -> None:
    known = make_article("known", url="https://example.org/page")
    article = make_article("new", url="https://example.org/page#part")
    assert change_url(known) in chief.get(change_url(article)).content.decode()
