"""The rounds behind a benchmark of our own, on its page and to take away."""

from __future__ import annotations

import json

import pytest

from comparisons.editing.merging import renaming
from comparisons.models import Framework
from comparisons.proof.measurement import path_of, store
from tests.admin.users import make_user
from tests.factories import (
    make_article,
    make_benchmark,
    make_criterion,
    make_figure,
    make_framework,
    settle,
    unsettled,
)
from tests.proof.measured import a_measurement

from .reading import text_of
from .test_benchmarks import rows

pytestmark = pytest.mark.django_db
PAGE = "/benchmarks/own-load-1-throughput-single/"


@pytest.fixture
@unsettled()
def measured(tmp_path, settings):
    """A benchmark of our own, the file with its rounds, and one of somebody else."""
    settings.FIXTURE_DIRS = [tmp_path]
    store(a_measurement(), path_of(tmp_path, "own-load-1"))
    speed = make_criterion("speed", "number", name="Speed", direction="higher-better")
    ours = make_article("own-load-1", publisher="Crosscheck")
    tests = [
        make_benchmark("own-load-1-throughput-single", criterion=speed, article=ours),
        make_benchmark("theirs", criterion=speed, article=make_article(publisher="Somebody")),
    ]
    for place, slug in enumerate(("one", "two")):
        framework = make_framework(slug, order=place)
        for test in tests:
            make_figure(framework, test, 10 * (place + 1))
    return tmp_path


def test_rounds_stand_with_their_ratios_to_the_baseline_of_the_same_rounds(client, measured):
    html = text_of(client, PAGE)
    assert "Measured by ourselves" in html
    assert rows(html, "rounds")[1:] == [
        "One Own server 1 process 101 105.5 110 1 baseline – 10 0",
        "One Other 1.1 1 process 102 106.5 111 1.01 1.01 to 1.01 level 10 0",
        "Two Own server 1 process 202 211 220 2.00 2.00 to 2.00 more 10 0",
    ]
    assert "measure task --rounds 10 --seconds 1 --warm-up 1 --connections 1 2 --generator wrk" in html


def test_every_round_can_be_taken_away(client, measured):
    response = client.get(f"{PAGE}rounds.json")
    assert response["Content-Type"].startswith("application/json")
    assert response.content == path_of(measured, "own-load-1").read_bytes()
    assert len(json.loads(response.content)["rounds"]) == 30


def test_rounds_of_a_framework_that_readers_do_not_see_are_not_given_away(client, measured):
    Framework.objects.filter(slug="one").update(is_draft=True)
    settle()
    response = client.get(f"{PAGE}rounds.json")
    assert len(json.loads(response.content)["rounds"]) == 10
    assert b"one" not in response.content.replace(b"one 2.0", b"")


@pytest.mark.parametrize("slug", ["theirs", "nothing"])
def test_what_was_not_measured_here_has_no_rounds(client, measured, slug):
    assert client.get(f"/benchmarks/{slug}/rounds.json").status_code == 404


@pytest.mark.parametrize("text", ["{}", None])
def test_a_page_without_the_file_of_its_rounds_does_without(client, measured, text):
    path = path_of(measured, "own-load-1")
    path.unlink() if text is None else path.write_text(text)
    html = text_of(client, PAGE)
    assert "Measured by ourselves" in html and 'id="rounds"' not in html


def test_what_we_measured_is_told_from_what_others_say(client, measured):
    html = " ".join(text_of(client, "/criteria/speed/").split())
    assert "Crosscheck<small>what we measured</small>" in html
    assert "Somebody<small>what this source says</small>" in html


def test_rounds_follow_a_framework_to_its_new_address(client, measured):
    before = rows(text_of(client, PAGE), "rounds")
    renaming.rename(Framework.objects.get(slug="one"), "other", by=make_user("chief"))
    settle()
    assert rows(text_of(client, PAGE), "rounds") == before
    told = json.loads(client.get(f"{PAGE}rounds.json").content)
    assert [one["framework"] for one in told["setups"]] == ["other", "other", "two"]


@pytest.mark.parametrize("change", [{"is_draft": True}, {"slug": "other"}])
def test_a_framework_that_was_measured_may_become_a_draft_or_get_another_name(client, measured, change):
    Framework.objects.filter(slug="one").update(**change)
    settle()
    for page in (PAGE, f"{PAGE}rounds.json"):
        assert client.get(page).status_code == 200
    assert [row.split(" server")[0] for row in rows(text_of(client, PAGE), "rounds")[1:]] == ["Two Own"]
