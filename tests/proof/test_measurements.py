"""Measurements as they are kept, stopped and gone on with, and what becomes of them in the knowledge base."""

from __future__ import annotations

import json
import platform
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from comparisons.domain.vocabulary import Status
from comparisons.editing.merging import renaming
from comparisons.exchange.fixtures import loading, writing
from comparisons.maintenance.checks import check_all
from comparisons.models import Article, Benchmark, Citation, Claim, Framework
from comparisons.proof import measured_records, measurement, measuring
from comparisons.proof.environments import NoUv
from comparisons.proof.load_plan import load_of
from comparisons.proof.measured_figures import baseline_of, figures, quantities
from comparisons.proof.measured_words import busy, digits_of, grouped
from comparisons.proof.measurement import InvalidMeasurement, Measurement, path_of, read, store
from comparisons.proof.results import SampleResult, StepOutcome
from comparisons.proof.samples import read_task
from tests.admin.users import make_user
from tests.factories import DAY, make_criterion, make_framework
from tests.proof.measured import a_measurement, a_round, write_measurable
from tests.proof.programs import this_environment

pytestmark = pytest.mark.django_db
SHORT = {"rounds": 3, "seconds": 1, "connections": [1, 2], "generator": "python", "name": "own-load-1", "verbosity": 0}


@pytest.fixture
def fixtures(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings: Any) -> Path:
    """Fixtures with a task of two frameworks, whose samples keep their contract without being started."""
    settings.DEBUG = True  # samples are read anew
    settings.DATA_DIR = tmp_path / "data"
    write_measurable(tmp_path)
    steps = (StepOutcome("is_empty", True, "200"),)

    def passes(_task: Any, sample: Any, *_: object) -> SampleResult:
        return SampleResult(sample.framework, sample.digest, DAY, "3.x", (), steps, "", True)

    monkeypatch.setattr(measuring, "run_sample", passes)
    monkeypatch.setattr(measuring, "make", this_environment)
    monkeypatch.setattr(measuring, "size", lambda *_, **__: 1_048_576)
    for slug in ("one", "two"):
        make_framework(slug, package_name="one")
    for slug in ("throughput", "latency", "size"):
        make_criterion(slug, "number", direction="higher-better", unit="MiB")
    return tmp_path


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[tuple[int, str, str]]:
    """The rounds that were run, which take no time."""
    rounds: list[tuple[int, str, str]] = []

    def run(one: Any, _plan: Any, number: int) -> dict[str, Any]:
        rounds.append((number, *one.setup.key))
        return a_round(number, *one.setup.key)

    monkeypatch.setattr(measuring, "measure_round", run)
    return rounds


def test_every_round_has_all_set_ups_in_an_order_of_its_own(fixtures: Path, made: list[Any]) -> None:
    call_command("measure", "task", folder=fixtures, **{**SHORT, "rounds": 6})
    setups = {("one", "Own server"), ("one", "Other 1.1"), ("two", "Own server")}
    orders = [made[start : start + 3] for start in range(0, 18, 3)]
    for number, order in enumerate(orders, start=1):
        assert {row[0] for row in order} == {number}
        assert {row[1:] for row in order} == setups
    assert len({tuple(row[1:] for row in order) for order in orders}) > 1
    kept = read(path_of(fixtures, "own-load-1"))
    assert [(row["round"], row["framework"], row["server"]) for row in kept.rounds] == made
    assert (kept.missing(), kept.machine["python"], kept.installs[0].package) == (
        [],
        platform.python_version(),
        "one 2.0",
    )


def test_a_run_that_was_stopped_goes_on_where_it_ended(
    fixtures: Path, made: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    run = measuring.measure_round

    def stopped(*arguments: Any) -> dict[str, Any]:
        if len(made) == 4:
            raise KeyboardInterrupt
        return run(*arguments)

    monkeypatch.setattr(measuring, "measure_round", stopped)
    with pytest.raises(CommandError, match="Stopped; the rounds so far are kept"):
        call_command("measure", "task", folder=fixtures, **SHORT)
    first = read(path_of(fixtures, "own-load-1"))
    assert len(first.rounds) == 4
    monkeypatch.setattr(measuring, "measure_round", run)
    call_command("measure", "task", folder=fixtures, **SHORT)
    whole = read(path_of(fixtures, "own-load-1"))
    assert (whole.rounds[:4], whole.begun) == (first.rounds, first.begun)
    assert len(made) == len(set(made)) == len(whole.rounds) == 9


def test_what_cannot_be_measured_is_refused_in_a_sentence(fixtures: Path, made: list[Any], monkeypatch: Any) -> None:
    call_command("measure", "task", folder=fixtures, **SHORT)

    def refused(says: str, *names: str, **options: Any) -> None:
        with pytest.raises(CommandError, match=says):
            call_command("measure", *names, folder=fixtures, **{**SHORT, **options})

    refused("There is no task other", "other")
    refused("There is no sample of three for task", "task", framework=["three"])
    refused("--rounds is 0", "task", rounds=0, name="new")
    refused("“../up” is no name", "task", name="../up")
    refused("was begun with other options", "task", rounds=4)
    refused("was begun with other samples or packages", "task", framework=["two"])
    refused("There is no .*missing.json; measure first", "task", load=True, name="missing")
    refused("--publish goes with --load", "task", publish=True)
    refused("figures are made from 10 at least", "task", load=True)
    (fixtures / "measurements" / "damaged.json").write_text("{}")
    refused("damaged.json is no measurement", "task", name="damaged")
    monkeypatch.setattr(measuring, "run_sample", _fails)
    refused("No sample keeps its contract", "task", name="new")
    monkeypatch.setattr("comparisons.management.commands.measure.uv", _no_uv)
    refused("uv is needed", "task", name="new")
    assert len(made) == 9


def _fails(_task: Any, sample: Any, *_: object) -> SampleResult:
    return SampleResult(sample.framework, sample.digest, DAY, "", (), (), "No.", True)


def _no_uv() -> None:
    raise NoUv("uv is needed to run probes")


def test_a_measurement_is_read_as_it_was_stored(tmp_path: Path) -> None:
    run, path = a_measurement(), path_of(tmp_path, "own-load-1")
    store(run, path)
    assert read(path) == run
    assert len(path.read_text().splitlines()) > len(run.rounds), "a line for each round"


@pytest.mark.parametrize(
    ("place", "value"),
    [(("rounds", 0, "levels", 0, "p50"), "fast"), (("rounds", 0, "levels"), []), (("rounds", 0, "memory"), -1),
     (("rounds", 0, "round"), "1"), (("options", "rounds"), None), (("setups", 0), {})],
)  # fmt: skip
def test_a_damaged_measurement_is_refused(tmp_path: Path, place: tuple[Any, ...], value: Any) -> None:
    path = path_of(tmp_path, "own-load-1")
    store(a_measurement(), path)
    values = json.loads(path.read_text())
    part = values
    for name in place[:-1]:
        part = part[name]
    part.pop(place[-1]) if value is None else part.__setitem__(place[-1], value)
    path.write_text(json.dumps(values))
    with pytest.raises(InvalidMeasurement, match="is no measurement"):
        read(path)


def test_figures_are_medians_and_ratios_to_the_baseline_of_the_same_rounds() -> None:
    run = a_measurement()
    base = baseline_of(run, ["two", "one"])
    assert base == run.setups[2]
    throughput = quantities((1, 2))[0]
    own, other, two = figures(run, throughput, base)
    assert (own.found.value, own.found.low, own.found.high, own.found.rounds) == (105.5, 102.0, 109.0, 10)
    assert two.ratio is None
    assert own.ratio is not None and own.ratio[:3] == pytest.approx((0.5, 0.5, 0.5))
    assert other.ratio is not None and other.ratio.value == pytest.approx(0.505, abs=0.001)
    assert own.left_out == ""


def test_what_failed_too_often_is_not_compared() -> None:
    run = a_measurement()
    run.rounds[0] = {**run.rounds[0], "error": "It ended with 3 under load."}
    for row in run.rounds[1::3]:
        row["levels"][0]["errors"]["status"] = 2
    own, other, two = figures(run, quantities((1, 2))[0], None)
    assert (own.left_out, own.found.rounds) == ("Only 9 of 10 rounds ended.", 9)
    assert other.left_out.startswith("20 of 1,")
    assert other.found.value == 101 + 5.5 - 2, "what was answered with an error is no answer"
    assert (two.left_out, two.ratio) == ("", None)


def loaded(fixtures: Path, run: Measurement, **options: Any) -> None:
    store(run, path_of(fixtures, run.name))
    call_command("measure", "task", folder=fixtures, name=run.name, load=True, **options)


def test_a_measurement_becomes_benchmarks_and_drafts_that_nobody_published(fixtures: Path) -> None:
    loaded(fixtures, a_measurement())
    article = Article.objects.get(slug="own-load-1")
    assert (article.kind, article.publisher_name) == ("measurement", "Crosscheck")
    titles = set(Benchmark.objects.values_list("slug", flat=True))
    over = {f"{one}-{many}" for one in ("throughput", "p50", "p99") for many in (1, 2)} - {"throughput-1"}
    expected = {f"own-load-1-{one}" for one in (*over, "throughput-single", "install")}
    assert titles == expected, "there is no criterion for the others"
    assert set(Claim.objects.values_list("status", "verdict")) == {("draft", "unchecked")}
    claim = Claim.objects.get(key="one-own-load-1-throughput-single-other")
    assert (claim.number, claim.interval_low, claim.interval_high, claim.variant) == (106, 103, 110, "Other 1.1")
    assert "1.01 times One with Own server in the same rounds" in Citation.objects.get(claim=claim).says
    assert Claim.objects.get(key="two-own-load-1-throughput-single").variant == ""


def test_a_measurement_follows_a_framework_to_its_new_address(fixtures: Path) -> None:
    loaded(fixtures, a_measurement())
    before = dict(Claim.objects.values_list("key", "pk"))
    renaming.rename(Framework.objects.get(slug="one"), "other", by=make_user("chief"))
    loaded(fixtures, a_measurement(), publish=True)
    assert dict(Claim.objects.values_list("key", "pk")) == before, "no claim is made a second time"
    assert set(Claim.objects.filter(framework__slug="other").values_list("status", flat=True)) == {"published"}


def test_a_published_figure_that_got_another_key_stays_published(fixtures: Path) -> None:
    loaded(fixtures, a_measurement(), publish=True)
    renaming.rename(Claim.objects.get(key="two-own-load-1-throughput-single"), "other", by=make_user("chief"))
    loaded(fixtures, a_measurement())
    assert set(Claim.objects.values_list("status", flat=True)) == {"published"}


def test_rounds_go_on_after_a_framework_got_another_address(fixtures: Path, made: list[Any]) -> None:
    call_command("measure", "task", folder=fixtures, **SHORT)
    renaming.rename(Framework.objects.get(slug="one"), "other", by=make_user("chief"))
    call_command("measure", "task", folder=fixtures, **SHORT)
    assert len(made) == 9


def test_a_figure_that_cannot_be_told_apart_from_the_baseline_says_so(fixtures: Path) -> None:
    run = a_measurement()
    for row in run.rounds[2::3]:
        row["levels"][0]["requests"] = 100 + (-3) ** (row["round"] % 2) * row["round"]
    loaded(fixtures, run)
    assert "the two cannot be told apart" in Citation.objects.get(claim__key="two-own-load-1-throughput-single").says


def test_what_is_loaded_and_published_is_content_that_is_written_and_read_alike(fixtures: Path, tmp_path: Path) -> None:
    loaded(fixtures, a_measurement(), publish=True)
    assert set(Claim.objects.values_list("status", "verdict")) == {(Status.PUBLISHED, "holds")}
    assert check_all() == []
    writing.export(tmp_path / "first")
    report = loading.load(tmp_path / "first")
    assert not report.created and not report.updated
    call_command("measure", "task", folder=fixtures, name="own-load-1", load=True)
    call_command("measure", "task", folder=fixtures, name="own-load-1", load=True, publish=True)
    writing.export(tmp_path / "again")
    assert writing.differences(tmp_path / "first") == []


def test_a_later_measurement_replaces_an_earlier_one_of_the_same_quantity(fixtures: Path) -> None:
    loaded(fixtures, a_measurement())
    loaded(fixtures, a_measurement(name="own-load-2", begun="2026-11-30T12:00:00+00:00"))
    loaded(fixtures, a_measurement())
    replaced = dict(Benchmark.objects.values_list("slug", "replaced_by__slug"))
    assert len(replaced) == 14
    for slug, by in replaced.items():
        assert by == (slug.replace("own-load-1", "own-load-2") if slug.startswith("own-load-1") else None)


def test_a_run_that_is_not_whole_or_about_unknown_frameworks_becomes_nothing(fixtures: Path) -> None:
    task = read_task(fixtures / "samples" / "task")
    part = a_measurement()
    part.rounds.pop()
    for run, says in ((part, "1 rounds of own-load-1 are missing"), (a_measurement(9), "from 10 at least")):
        with pytest.raises(InvalidMeasurement, match=says):
            measured_records.records_of(run, task, load_of(task), publish=True)
    unknown = a_measurement()
    unknown.setups = [one._replace(framework="three", refused="No.") for one in unknown.setups]
    with pytest.raises(InvalidMeasurement, match="no framework three"):
        measured_records.records_of(unknown, task, load_of(task), publish=True)
    assert not Benchmark.objects.exists()


def test_a_figure_keeps_three_digits_that_mean_something() -> None:
    cases = [(1_234.5, "1,234"), (98.76, "98.8"), (9.876, "9.88"), (0.9876, "0.988"), (0.0123, "0.012")]
    for value, expected in cases:
        assert grouped(f"{value:.{digits_of(value)}f}") == expected


def test_names_of_measurements_stay_in_their_folder(tmp_path: Path) -> None:
    assert path_of(tmp_path, "own-load-2026-11-29") == tmp_path / measurement.FOLDER / "own-load-2026-11-29.json"
    for name in ("", "..", "a/b", "A", "x" * 41, "-a"):
        with pytest.raises(InvalidMeasurement, match="is no name"):
            path_of(tmp_path, name)


@pytest.mark.parametrize(("load", "says"), [(1.5, "did little else: its load"), (2.5, "shared with other work")])
def test_whether_the_machine_did_other_work_is_said(load: float, says: str) -> None:
    run = a_measurement()
    for row in run.rounds:
        row["load_average"] = load
    assert says in busy(run)
