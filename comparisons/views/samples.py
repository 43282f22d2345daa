"""Samples: the tasks with what came of each sample, and one task in two or three frameworks side by side."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from comparisons import filters
from comparisons.domain.matrix import Column
from comparisons.evidence import assessing
from comparisons.language.markdown import highlighted
from comparisons.models import Article
from comparisons.proof.shown_samples import ShownTask, claims_shown, shown_tasks, zipped

from .kept import kept

#: Frameworks that stand side by side: on the list without being asked for, and most of one task.
BESIDE = 3


@kept(filters.SampleListForm)
@require_safe
def sample_list(request: HttpRequest) -> HttpResponse:
    """All tasks, by the frameworks that have most samples and one more of the reader's choice; two queries.

    Without any sample there is no such page, as nothing leads to it.
    """
    query = filters.SampleListForm.read(request.GET)
    columns, found = _shelf()
    if not found:
        raise Http404
    with_samples = [column for column in columns if any(task.of(column.slug) for task in found)]
    most = sorted(with_samples, key=lambda column: -sum(task.of(column.slug) is not None for task in found))[:BESIDE]
    others = [column for column in with_samples if column not in most]
    query.require("also", {column.slug: column.name for column in others})
    shown = [*most, *(column for column in others if column.slug == query.params["also"])]
    rest = [column for column in others if column not in shown]
    context = {
        "section": "samples",
        "query": query,
        "columns": [column._replace(place=place) for place, column in enumerate(shown, start=1)],
        "others": others,
        "rest": rest,
        "rows": [
            (one, [one.of(column.slug) for column in shown], [sample for c in rest if (sample := one.of(c.slug))])
            for one in found
        ],
    }
    return render(request, "comparisons/sample_list.html", context)


@kept(filters.SampleForm)
@require_safe
def sample_task(request: HttpRequest, slug: str) -> HttpResponse:
    """One task in up to three frameworks side by side; four queries."""
    query = filters.SampleForm.read(request.GET)
    _columns, found = _shelf()
    one = _named(found, slug)
    on_offer = {sample.column.slug: sample for sample in one.samples}
    query.require("framework", {slug: sample.column.name for slug, sample in on_offer.items()})
    chosen = query.params["framework"] or list(on_offer)[:BESIDE]
    claims = claims_shown(one.task, chosen)
    beside = [
        (letter, sample.column._replace(place=place), sample, claims.get(name, 0))
        for place, (letter, name) in enumerate(zip("abc", chosen, strict=False), start=1)
        if (sample := on_offer[name])
    ]
    samples = [sample for _letter, _column, sample, _claims in beside]
    context = {
        "section": "samples",
        "query": query,
        "task": one.task,
        "on_offer": [sample.column for sample in one.samples],
        "places": [*chosen, "", ""][:BESIDE],
        "beside": beside,
        "all_pass": all(sample.state == "passing" for sample in samples),
        "newest": max((sample.result for sample in samples if sample.result), key=lambda r: r.ran_on, default=None),
        "steps": [(step, [sample.came(step.name) for sample in samples]) for step in one.task.steps],
        "contract": highlighted(one.task.contract),
        "article": Article.objects.published().filter(slug=one.task.article).first(),
    }
    return render(request, "comparisons/sample_task.html", context)


@kept()
@require_safe
def sample_zip(request: HttpRequest, slug: str, framework: str = "") -> HttpResponse:
    """The files of one sample or, without a framework, of all samples of a task, as a zip file; two queries."""
    _columns, found = _shelf()
    one = _named(found, slug)
    samples = [shown.sample for shown in one.samples if framework in ("", shown.column.slug)]
    if not samples:
        raise Http404
    name = f"{slug}-{framework}" if framework else slug
    response = HttpResponse(zipped(one.task, samples, name), content_type="application/zip")
    response["Content-Disposition"] = f'attachment; filename="{name}.zip"'
    return response


def _shelf() -> tuple[Sequence[Column], list[ShownTask]]:
    """The frameworks that readers see, and the tasks that have samples in any of them; two queries."""
    columns = assessing.every_column()
    return columns, [one for one in shown_tasks(Path(settings.FIXTURE_DIRS[0]), columns) if one.samples]


def _named(found: list[ShownTask], slug: str) -> ShownTask:
    """The task with this slug. Raises Http404."""
    one = next((one for one in found if one.task.slug == slug), None)
    if one is None:
        raise Http404
    return one
