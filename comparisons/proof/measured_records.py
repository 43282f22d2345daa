"""A measurement as records: an article, a benchmark for each quantity, and a claim for each figure.

The records are those of a fixture, and are loaded like one. Nothing of them is published unless an operator says so.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.text import slugify

from comparisons.domain.measuring import Measured, differs_from_baseline
from comparisons.models import Benchmark, Claim, Criterion, Framework
from comparisons.models.addresses import present_slugs
from comparisons.models.subject import current

from .load_plan import COMMON, SampleLoad
from .measured_figures import MeasuredFigure, MeasuredQuantity, baseline_of, figures, quantities
from .measured_words import busy, digits_of, grouped, listed, over, server_of
from .measurement import FOLDER, InvalidMeasurement, Measurement, PlainInstall
from .samples import SampleTask

#: Fewest rounds of each set-up from which figures are made.
LEAST_ROUNDS = 10
#: The records of a file: (model, fields) each.
Records = list[tuple[str, dict[str, Any]]]
_MEBIBYTE = 1024 * 1024
#: What a figure says, by kind of quantity.
_SAYS = {
    "throughput": "{sample} answered {value} requests per second over {over}.",
    "latency": "{sample} took {value} ms for {share} of the requests over {over}, or less.",
    "cpu": "{sample} took {value} ms of processor time for a request.",
    "memory": "{sample} occupied {value} MiB after load, all processes of the server together.",
    "start": "{sample} took {value} ms from start to the first answer, {bytecode}.",
}


def records_of(run: Measurement, task: SampleTask, asked: SampleLoad, *, publish: bool) -> dict[str, Records]:
    """The records by the file of fixtures that they belong to.

    Claims that are no drafts any more are left out unless they are published again. Raises InvalidMeasurement if the
    measurement is not whole, has too few rounds, or is about what the knowledge base does not have.
    """
    if missing := len(run.missing()):
        raise InvalidMeasurement(f"{missing} rounds of {run.name} are missing; go on measuring first.")
    if run.options.rounds < LEAST_ROUNDS:
        raise InvalidMeasurement(
            f"{run.name} has {run.options.rounds} rounds; figures are made from {LEAST_ROUNDS} at least."
        )
    return _Maker(run, task, asked, publish).records()


def replace_earlier(names: Iterable[str]) -> None:
    """Let the newest benchmark of each quantity replace those that were measured on earlier days.

    names: of the measurements that are kept. What was replaced already stays as it is.
    """
    found: dict[str, list[Benchmark]] = {}
    for name in names:
        for one in Benchmark.objects.filter(article__slug=name).select_related("article"):
            found.setdefault(one.slug.removeprefix(name), []).append(one)
    for ours in found.values():
        newest = max(ours, key=lambda one: (one.dated or dt.date.min, one.slug))
        for one in ours:
            if one.replaced_by_id is None and (one.dated or dt.date.min) < (newest.dated or dt.date.min):
                one.replaced_by = newest
                one.save()


class _Maker:
    """Makes the records of one measurement."""

    def __init__(self, run: Measurement, task: SampleTask, asked: SampleLoad, publish: bool):
        now = present_slugs(Framework)
        #: What the file calls frameworks that have another address now: the keys of their claims begin with it.
        self.filed = {now[one.framework]: one.framework for one in run.setups if one.framework in now}
        self.run, self.task, self.asked, self.publish = run.called(now), task, asked, publish
        self.day = dt.datetime.fromisoformat(run.begun).date()
        frameworks = Framework.objects.order_by("order", "name").values_list("slug", "name")
        self.names = dict(frameworks)
        if unknown := sorted({one.framework for one in self.run.setups} - self.names.keys()):
            raise InvalidMeasurement(f"The knowledge base has no framework {', '.join(unknown)}.")
        wanted = set(asked.criteria.values())
        self.criteria = set(Criterion.objects.filter(slug__in=wanted).values_list("slug", flat=True))
        self.baseline = baseline_of(self.run, list(self.names))
        #: The keys of claims that stay as they are, by which they are called in the file too.
        self.kept = set() if publish else set(Claim.objects.exclude(status="draft").values_list("key", flat=True))
        self.kept |= {old for old, now in present_slugs(Claim).items() if now in self.kept}
        shared = [one.framework for one in self.run.measured]
        self.several = {slug for slug in shared if shared.count(slug) > 1}

    def records(self) -> dict[str, Records]:
        files: dict[str, Records] = {"articles": [self.article()], "benchmarks": []}
        for quantity in quantities(self.run.options.connections):
            found = figures(self.run, quantity, self.baseline)
            if not found or self.asked.criteria.get(quantity.kind) not in self.criteria:
                continue
            files["benchmarks"].append(self.benchmark(quantity, found))
            for figure in found:
                self.add(files, figure.setup.framework, self.figure(quantity, figure))
        if self.run.installs and self.asked.criteria.get("size") in self.criteria:
            files["benchmarks"].append(self.size_benchmark())
            for install in self.run.installs:
                self.add(files, install.framework, self.size_figure(install))
        return {name: rows for name, rows in files.items() if rows}

    def add(self, files: dict[str, Records], framework: str, records: Records) -> None:
        if records[0][1]["key"] not in self.kept:
            files.setdefault(f"claims/{framework}", []).extend(records)

    def article(self) -> tuple[str, dict[str, Any]]:
        options, count = self.run.options, len(self.run.measured)
        return "comparisons.article", {
            "slug": self.run.name,
            "title": f"Own measurement: {self.task.title} under load",
            "publisher": current().name,
            "published_on": self.day.isoformat(),
            "precision": "day",
            "read_on": self.day.isoformat(),
            "kind": "measurement",
            "interest": "independent",
            "note": f"The samples of “{self.task.title}” with {count} servers in {options.rounds} interleaved rounds: "
            f"throughput and latency over {listed(options.connections)} connections, processor time for a request, "
            "memory, start to the first answer with and without byte code, and installed size; "
            f"{self.machine}. Every round is kept in {FOLDER}/{self.run.name}.json, and manage.py measure repeats it.",
        }

    @property
    def machine(self) -> str:
        about = self.run.machine
        return f"{about['system']}, {about['processors']} processors ({about['model']}), {about['memory']}"

    @property
    def generator(self) -> str:
        return str(self.run.machine["generator"])

    def benchmark(self, quantity: MeasuredQuantity, found: list[MeasuredFigure]) -> tuple[str, dict[str, Any]]:
        return "comparisons.benchmark", {
            **self.about(quantity.slug, quantity.title, quantity.kind, quantity.unit, quantity.statistic),
            "work": self.work(quantity),
            "load": self.load(quantity),
            "hardware": f"{self.machine}; server and load generator on this one machine"
            + (", on a processor each" if self.run.machine["has_own_processors"] else ""),
            "server": "named with each figure: what the documentation of the framework recommends and, where it can "
            "be, one that frameworks share",
            "workers": self.workers(),
            "versions": self.versions(),
            **self.dated(),
            "like_for_like": "part",
            "note": self.note(quantity, found),
        }

    def about(self, slug: str, title: str, kind: str, unit: str, statistic: str) -> dict[str, Any]:
        return {
            "slug": f"{self.run.name}-{slug}",
            "title": title,
            "article": [self.run.name],
            "criterion": [self.asked.criteria[kind]],
            "unit": unit,
            "statistic": statistic,
        }

    def dated(self) -> dict[str, Any]:
        return {"measured_on": self.day.isoformat(), "precision": "day", "states_method": True, "repeatable": True}

    def work(self, quantity: MeasuredQuantity) -> str:
        sample = f"the sample “{self.task.title}”"
        if quantity.kind == "start":
            return f"start of {sample} until GET {self.asked.first} is answered with 200"
        return f"GET {self.asked.path} of {sample}: {self.asked.work}"

    def load(self, quantity: MeasuredQuantity) -> str:
        options = self.run.options
        rounds = f"in each of {options.rounds} interleaved rounds"
        if quantity.kind == "start":
            return f"one request at a time, after a fresh start {rounds}"
        if quantity.connections is None:
            told = f"{listed(options.connections)} kept connections one after the other, for {options.seconds} s each"
        else:
            told = f"{over(quantity.connections, 'kept connection')} for {options.seconds} s"
        return f"{told} {rounds}, after {options.warm_up} s of warm-up and a fresh start; {self.generator}"

    def workers(self) -> str:
        by_workers: dict[str, list[str]] = {}
        for one in self.run.measured:
            server = one.server if one.packages_have(one.server) else f"{one.server} of {self.names[one.framework]}"
            by_workers.setdefault(one.workers, []).append(server)
        told = [f"{workers}: {listed(dict.fromkeys(servers))}" for workers, servers in by_workers.items()]
        return "; ".join(told)[:300]

    def versions(self) -> str:
        found = {one.framework: one.version for one in self.run.measured if one.version}
        return f"CPython {self.run.machine['python']}; " + ", ".join(f"{slug} {found[slug]}" for slug in sorted(found))

    def note(self, quantity: MeasuredQuantity, found: list[MeasuredFigure]) -> str:
        first = found[0].found
        errors, requests = sum(one.errors for one in found), sum(one.requests for one in found)
        apart = sorted(
            {self.names[one.framework] for one in self.run.measured}
            - {self.names[one.framework] for one in self.run.measured if COMMON in one.roles}
        )
        lines = [
            f"Each figure is the median of {first.rounds} rounds. Its interval runs from one round to another and "
            f"holds the true median with a probability of {100 * first.coverage:.1f} %, whatever the distribution "
            "(order statistics, binomial). Figures whose intervals overlap cannot be told apart.",
            f"{busy(self.run)} All set-ups were measured in each round, in an order of its own, so that what slows the "
            "machine down for a while hits all of them alike.",
            "The figure is of the sample with its server and packages, not of the framework alone: the samples take "
            "the packages for data and validation that are usual with each framework.",
        ]
        if "python" in self.run.options.generator and quantity.connections:
            lines.append(
                "The load generator is one of our own in Python, which is weaker than wrk: fast servers seem slower."
            )
        if quantity.kind == "latency" and quantity.connections != 1:
            lines.append(
                "A server that takes up fewer connections than there are lets the others wait, and what is not "
                "answered has no latency: its figure is too low."
            )
        if apart:
            lines.append(f"With a server of their own only, and so with no shared one: {listed(apart)}.")
        if quantity.connections:
            lines.append(
                f"{errors:,} of {requests:,} requests failed." if errors else f"None of {requests:,} requests failed."
            )
        if refused := [f"{self.names[one.framework]} with {one.server}" for one in self.run.setups if one.refused]:
            lines.append(f"Not measured, since the sample does not keep its contract: {listed(refused)}.")
        if self.baseline:
            lines.append(
                f"The page of each figure gives its ratio to {self.names[self.baseline.framework]} with "
                f"{self.baseline.server}, which is the median of the ratios within each round."
            )
        return "\n".join(f"- {line}" for line in lines)

    def figure(self, quantity: MeasuredQuantity, figure: MeasuredFigure) -> Records:
        setup, digits = figure.setup, digits_of(figure.found.value)
        value, low, high = (f"{number:.{digits}f}" for number in figure.found[:3])
        variant = setup.server if setup.framework in self.several else ""
        named = f"{self.names[setup.framework]} {setup.version}".strip()
        statement = _SAYS[quantity.kind].format(
            sample=f"With {server_of(setup)}, the {named} sample",
            value=grouped(value),
            over=over(quantity.connections or 0, "connection"),
            share="half" if quantity.statistic == "median" else "99 %",
            bytecode="byte code cached" if quantity.slug == "start-cached" else "its packages without byte code",
        )
        says = (
            f"{grouped(value)} {quantity.unit}, the median of {figure.found.rounds} rounds; interval {grouped(low)} to "
        )
        says += f"{grouped(high)}, which holds the true median with {100 * figure.found.coverage:.1f} %."
        if figure.ratio and self.baseline:
            says += " " + self.ratio(figure.ratio)
        if figure.errors and quantity.connections:
            says += f" {figure.errors:,} of {figure.requests:,} requests failed."
        fields = {
            "number": value,
            "benchmark": [f"{self.run.name}-{quantity.slug}"],
            "variant": variant,
            "left_out": figure.left_out,
            "interval_low": low,
            "interval_high": high,
            "server": setup.server,
            "workers": setup.workers,
            "versions": f"{named}, CPython {self.run.machine['python']}",
        }
        suffix = f"-{slugify(setup.server.partition(' ')[0])}" if variant else ""
        return self.claim(quantity.slug, quantity.kind, setup.framework, suffix, statement, fields, says, setup.server)

    def ratio(self, found: Measured) -> str:
        """The ratio to the baseline in words."""
        if self.baseline is None:
            return ""
        base = f"{self.names[self.baseline.framework]} with {self.baseline.server}"
        told = f"{found.value:.2f} times {base} in the same rounds, {found.low:.2f} to {found.high:.2f}"
        return f"{told}." if differs_from_baseline(found) else f"{told}: the two cannot be told apart."

    def claim(
        self, quantity: str, kind: str, framework: str, suffix: str, statement: str, fields: Mapping[str, Any],
        says: str, locator: str,
    ) -> Records:  # fmt: skip
        key = f"{self.filed.get(framework, framework)}-{self.run.name}-{quantity}{suffix}"
        noon, kept = (
            dt.datetime.combine(self.day, dt.time(12), dt.UTC),
            "" if kind == "size" else "; every round is kept",
        )
        published = {
            "status": "published",
            "published_at": noon,
            "verdict": "holds",
            "verdict_note": f"Measured by ourselves on {self.day:%-d %B %Y}{kept}.",
            "verdict_on": self.day.isoformat(),
            "verdict_articles": [[self.run.name]],
        }
        about = {
            "key": key,
            "framework": [framework],
            "criterion": [self.asked.criteria[kind]],
            "kind": "figure",
            "statement": statement,
            "polarity": "neutral",
        }
        citation = {"claim": [key], "article": [self.run.name], "stance": "supports", "says": says, "locator": locator}
        return [
            ("comparisons.claim", {**about, **fields, **(published if self.publish else {"status": "draft"})}),
            ("comparisons.citation", citation),
        ]

    def size_benchmark(self) -> tuple[str, dict[str, Any]]:
        return "comparisons.benchmark", {
            **self.about("install", "Disk space of a plain install, counted again", "size", "MiB", "count"),
            "work": "installation of the framework’s package and what it requires from wheels, without byte code",
            "load": "none",
            "hardware": self.machine,
            "server": "not applicable",
            "workers": "not applicable",
            "versions": self.versions(),
            **self.dated(),
            "like_for_like": "full",
            "note": "- Sizes of files and folders, as du --apparent-size counts them: on another file system folders "
            "differ. Scripts outside of the folder of packages do not count.\n"
            "- The page of each figure gives the size with byte code.",
        }

    def size_figure(self, install: PlainInstall) -> Records:
        plain, compiled = (f"{size / _MEBIBYTE:.1f}" for size in (install.size, install.size_compiled))
        name = f"{self.names[install.framework]} {install.package.rpartition(' ')[2]}"
        statement = f"A plain install of {name} takes {plain} MiB without byte code."
        says = f"{plain} MiB without byte code, {compiled} MiB with it."
        fields = {
            "number": plain,
            "benchmark": [f"{self.run.name}-install"],
            "versions": f"{name}, CPython {self.run.machine['python']}",
        }
        return self.claim("install", "size", install.framework, "", statement, fields, says, install.package)
