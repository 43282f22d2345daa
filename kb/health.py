"""Health checks for a supervisor or load balancer: is the process alive, and is it ready for requests?"""

from __future__ import annotations

import importlib.util
import logging
import pkgutil
import secrets
from collections.abc import Iterator
from functools import cache

from django.apps import apps
from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.cache import cache as shared_cache
from django.db import DatabaseError, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
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
    if not getattr(request, "has_primary", True):
        wrong = ["The primary does not answer. Pages come from the replica, and nothing can be saved."]
    return _plain("\n".join(["ready", *wrong, *drawbacks()]))


def problems() -> Iterator[str]:
    """What keeps this process from making pages, in sentences."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        applied = MigrationRecorder(connection).applied_migrations()
    except DatabaseError as error:
        logger.warning("The database does not answer: %s", error)
        yield "The database does not answer. Its address is in DATABASE_URL; the log says more."
    else:
        if pending := [one for one in migrations() if one not in applied]:
            yield f"The database lacks {len(pending)} migrations, first {'.'.join(pending[0])}. Run: manage.py migrate"
    if not settings.DEBUG and not getattr(staticfiles_storage, "hashed_files", True):
        yield "The static files have not been collected. Run: manage.py collectstatic --noinput, and restart."


@cache
def migrations() -> tuple[tuple[str, str], ...]:
    """The app and the name of every migration, from the names of their files.

    To import them all, as Django does to find out what is to be applied, takes 15 MB in each process.
    """
    found = []
    for app in apps.get_app_configs():
        name, _is_set = MigrationLoader.migrations_module(app.label)
        if name and importlib.util.find_spec(name):
            files = pkgutil.iter_modules(importlib.import_module(name).__path__)
            found += sorted((app.label, file.name) for file in files if file.name[0] not in "_~")
    return tuple(found)


def drawbacks() -> Iterator[str]:
    """What is wrong without keeping anybody from reading, in sentences."""
    key = f"readyz:{secrets.token_hex(4)}"  # of this request alone: several supervisors may ask at once
    shared_cache.set(key, 1, 10)
    if shared_cache.get(key) != 1:
        yield "The cache that CACHE_URL names does not answer. Pages are kept by each process for itself."


def _plain(text: str, status: int = 200) -> HttpResponse:
    response = HttpResponse(f"{text}\n", status=status, content_type="text/plain; charset=utf-8")
    if status == 503:
        response.headers["Retry-After"] = "10"
    return response
