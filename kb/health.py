"""Health checks for a supervisor or load balancer: is the process alive, and is it ready for requests?"""

from __future__ import annotations

import logging
import secrets
from collections.abc import Iterator

from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.cache import cache
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

logger = logging.getLogger(__name__)


@never_cache
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """Answer while the process lives. The database is not checked, since restarting the process would not mend it."""
    return _plain("ok")


@never_cache
@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """Answer 200 if pages can be made, else 503; in words, a line for each thing that is wrong.

    What readers do not notice, such as a cache that is away, is said and stays a 200.
    """
    wrong = list(problems())
    if wrong:
        return _plain("\n".join(["not ready", *wrong]), status=503)
    return _plain("\n".join(["ready", *drawbacks()]))


def problems() -> Iterator[str]:
    """What keeps this process from making pages, in sentences."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        executor = MigrationExecutor(connection)
        pending = [
            f"{step.app_label}.{step.name}" for step, _ in executor.migration_plan(executor.loader.graph.leaf_nodes())
        ]
    except DatabaseError as error:
        logger.warning("The database does not answer: %s", error)
        yield "The database does not answer. Its address is in DATABASE_URL; the log says more."
    else:
        if pending:
            yield f"The database lacks {len(pending)} migrations, first {pending[0]}. Run: manage.py migrate"
    if not settings.DEBUG and not getattr(staticfiles_storage, "hashed_files", True):
        yield "The static files have not been collected. Run: manage.py collectstatic --noinput, and restart."


def drawbacks() -> Iterator[str]:
    """What is wrong without keeping anybody from reading, in sentences."""
    word = secrets.token_hex(4)
    cache.set("readyz", word, 10)
    if cache.get("readyz") != word:
        yield "The cache that CACHE_URL names does not answer. Pages are kept by each process for itself."


def _plain(text: str, status: int = 200) -> HttpResponse:
    response = HttpResponse(f"{text}\n", status=status, content_type="text/plain; charset=utf-8")
    if status == 503:
        response.headers["Retry-After"] = "10"
    return response
