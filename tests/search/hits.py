"""The hits of a search in the order of its page: the answer, then the results."""

from comparisons.search.find import search
from comparisons.views.search_answers import answers_to
from comparisons.views.search_rows import partial_rows, sections


def hits(text, size=10):
    """The addresses of all that a search leads to, in the order of its page, each once."""
    results = search(text)
    box = answers_to(results.intent)
    shown = sections(results, [hits for hits in results.hits if hits.pks], 0, size, box.hrefs)
    rows = [row for section in shown for row in (*section.rows, *section.lower)]
    found = [*box.hrefs, *(row.href for row in rows), *(row.href for row in partial_rows(results, box.hrefs))]
    return list(dict.fromkeys(href.partition("#")[0] for href in found))
