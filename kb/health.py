"""Health checks for a supervisor or load balancer: is the process alive, and is it ready for requests?"""

from __future__ import annotations

import importlib.util
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

from comparisons.views.errors import log_seldom, log_unavailable


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
    found = list(problems())
    wrong = [sentence for sentence, _error in found]
    if wrong:
        response = _plain("\n".join(["not ready", *wrong]), status=503)
        for sentence, error in found:
            if error:
                log_unavailable(error, response)
            else:
                log_seldom(f"Not ready: {sentence}", response)
        return response
    if not getattr(request, "has_primary", True):
        wrong = ["The primary does not answer. Pages come from the replica, and nothing can be saved."]
    return _plain("\n".join(["ready", *wrong, *drawbacks()]))


def problems() -> Iterator[tuple[str, DatabaseError | None]]:
    """What keeps this process from making pages: in a sentence, with the error of the database if that is why."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        applied = MigrationRecorder(connection).applied_migrations()
    except DatabaseError as error:
        yield "The database does not answer. Its address is in DATABASE_URL; the log says more.", error
    else:
        if pending := [one for one in migrations() if one not in applied]:
            first = ".".join(pending[0])
            yield f"The database lacks {len(pending)} migrations, first {first}. Run: manage.py migrate", None
    if not settings.DEBUG and not getattr(staticfiles_storage, "hashed_files", True):
        yield "The static files have not been collected. Run: manage.py collectstatic --noinput, and restart.", None


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
