"""Settings of the tests: those of the project, with values that let a bare `pytest` run."""

import os
import tempfile
from pathlib import Path

os.environ.setdefault("SECRET_KEY", "tests-only-" + "0123456789" * 5)
os.environ.setdefault("ALLOWED_HOSTS", "localhost,127.0.0.1")
os.environ.setdefault("SITE_URL", "https://crosscheck.example")
os.environ.setdefault("HTTPS", "0")
os.environ["DATABASE_URL"] = os.environ.get("DATABASE_URL") or "sqlite:///var/unused.sqlite3"

from kb.settings import *  # noqa: F403

_database = DATABASES["default"]  # noqa: F405
if _database["ENGINE"].endswith("postgresql"):
    # Several runs on one server at the same time, such as those of two Pythons, use databases of their own.
    _database["TEST"] = {"NAME": f"test_crosscheck_{os.getpid()}"}
else:
    # A file as in production, not Django's database in memory, so that threads that write really compete.
    _database["TEST"] = {"NAME": str(Path(tempfile.gettempdir()) / f"crosscheck-tests-{os.getpid()}.sqlite3")}
STORAGES["staticfiles"] = {  # noqa: F405
    "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
}
WHITENOISE_AUTOREFRESH = True
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
LOGGING = {"version": 1, "disable_existing_loggers": False}
CACHES["counts"] = memory_of("counts", 50_000, megabytes=8)  # noqa: F405
# All tests ask from one address.
PAGES_PER_MINUTE = 0
# Tests of pages look at what a view makes now, and count its queries; those of the store turn it on.
KEEP_PAGES = WATCH_WRITES = False
# Nothing that was written for a site is served in tests.
DATA_FILES = Path(tempfile.gettempdir()) / f"crosscheck-data-{os.getpid()}"
