"""Settings of the tests: the project's own, with what a bare `pytest` needs."""

import os

os.environ.setdefault("SECRET_KEY", "tests-only-" + "0123456789" * 5)
os.environ.setdefault("ALLOWED_HOSTS", "localhost,127.0.0.1")
os.environ.setdefault("SITE_URL", "https://crosscheck.example")
os.environ.setdefault("HTTPS", "0")
os.environ["DATABASE_URL"] = os.environ.get("DATABASE_URL") or "sqlite:///test.sqlite3"

from kb.settings import *  # noqa: F403

# Runs side by side on one server, of other branches or another Python, keep to databases of their own.
if DATABASES["default"]["ENGINE"].endswith("postgresql"):  # noqa: F405
    DATABASES["default"]["TEST"] = {"NAME": f"test_crosscheck_{os.getpid()}"}  # noqa: F405
STORAGES["staticfiles"] = {  # noqa: F405
    "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
}
WHITENOISE_AUTOREFRESH = True
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
LOGGING = {"version": 1, "disable_existing_loggers": False}
