"""What the first page of the matrix costs beside stock Django's way of rendering it: for targets.py.

The other way is a view as the tutorial writes one: rows of models with what they refer to, and a template with a loop
over rows and cells within the site's frame. It shows the same cells, and less about each of them. Prints the CPU of
both in ms, the least of many, in one process; no page is kept.
"""

from __future__ import annotations

import time
from collections.abc import Callable

ROUNDS = 15
TEMPLATE = """{% extends "base.html" %}{% load i18n %}{% block main %}<table class="matrix">
<thead><tr><td></td>{% for framework in frameworks %}<th scope="col">
<a href="{% url 'comparisons:framework' framework.slug %}">{{ framework.name }}</a></th>{% endfor %}</tr></thead>
{% for criterion, cells in rows %}
<tr><th scope="row"><a href="{% url 'comparisons:criterion' criterion.slug %}">{{ criterion.name }}</a></th>
{% for cell in cells %}<td{% if not cell %} class="nil"{% endif %}>{% if cell %}
<a class="v" href="{% url 'comparisons:cell' cell.framework.slug cell.criterion.slug %}">
{% if cell.level %}{{ cell.level.label }}
{% elif cell.number is not None %}{{ cell.number }} {{ cell.criterion.unit }}{% else %}{{ cell.text }}{% endif %}</a>
{% if cell.caveat %}<span class="c">{{ cell.caveat|truncatechars:80 }}</span>{% endif %}
<span class="e">
{% blocktranslate count n=cell.witnesses %}{{ n }} source{% plural %}{{ n }} sources{% endblocktranslate %}</span>
{% if cell.agreement == "disputed" %}<span class="badge disputed">{% translate "Disputed" %}</span>{% endif %}
{% if cell.release_on %}<span class="badge old">{% translate "May be outdated" %}</span>{% endif %}
{% else %}{% translate "No source yet" %}{% endif %}</td>{% endfor %}</tr>{% endfor %}</table>{% endblock %}"""


def least(render: Callable[[], object]) -> float:
    """The least CPU of one rendering in ms, after one that is not counted."""
    costs = []
    for _ in range(ROUNDS + 1):
        begun = time.process_time()
        render()
        costs.append((time.process_time() - begun) * 1000)
    return min(costs[1:])


def main() -> None:
    """Print both figures for the knowledge base of the settings."""
    from django.db.models import QuerySet
    from django.template import RequestContext, engines
    from django.test import Client, RequestFactory
    from django.test.utils import setup_test_environment, teardown_test_environment

    from comparisons.models import Cell, Criterion, Framework

    client = Client()
    setup_test_environment(debug=False)
    matrix = client.get("/matrix/").context["matrix"]
    teardown_test_environment()  # it slows templates down
    columns = [column.id for column in matrix.columns]
    lines = [row.criterion.id for row in matrix.rows]
    template = engines["django"].from_string(TEMPLATE).template
    request = RequestFactory().get("/matrix/")

    def stock() -> str:
        frameworks = QuerySet(Framework).filter(pk__in=columns).order_by("order", "name")
        criteria = QuerySet(Criterion).filter(pk__in=lines).order_by("group__order", "order")
        cells = QuerySet(Cell).filter(framework__in=columns, criterion__in=lines)
        found = {
            (cell.criterion_id, cell.framework_id): cell
            for cell in cells.select_related("framework", "criterion__group", "level", "benchmark")
        }
        rows = [(one, [found.get((one.pk, framework.pk)) for framework in frameworks]) for one in criteria]
        return template.render(RequestContext(request, {"frameworks": frameworks, "rows": rows}))

    print(least(lambda: client.get("/matrix/")), least(stock))


if __name__ == "__main__":
    main()
