"""Settings of the tests: the project's own, with what a bare `pytest` needs."""

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
    # Runs side by side on one server, of other branches or another Python, keep to databases of their own.
    _database["TEST"] = {"NAME": f"test_crosscheck_{os.getpid()}"}
else:
    # A file as in production, not Django's database in memory: writers in several threads meet for real.
    _database["TEST"] = {"NAME": str(Path(tempfile.gettempdir()) / f"crosscheck-tests-{os.getpid()}.sqlite3")}
STORAGES["staticfiles"] = {  # noqa: F405
    "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
}
WHITENOISE_AUTOREFRESH = True
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
LOGGING = {"version": 1, "disable_existing_loggers": False}
