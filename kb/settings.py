"""Settings, read from the environment and closed by default. Every variable: .env.example."""

import os
from pathlib import Path
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

from . import databases
from .clients import networks
from .env import (
    cache_of,
    contact,
    counts_of,
    flag,
    folder,
    log_level,
    memory_of,
    needs_extra,
    origins,
    site_address,
    whole,
    words,
)

BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = folder("DATA_DIR", BASE_DIR / "var")

DEBUG = flag("DEBUG")
SECRET_KEY = os.environ.get("SECRET_KEY", "")
if not SECRET_KEY:
    if not DEBUG:
        raise ImproperlyConfigured("SECRET_KEY is not set. Give a long random value, or set DEBUG=1 to develop.")
    SECRET_KEY = "for-development-only-" + "x" * 40
#: Old keys that are still accepted while a key is being replaced.
SECRET_KEY_FALLBACKS = words("SECRET_KEY_FALLBACKS")

#: The public address of the site. Absolute links are built from it, never from a request.
SITE_URL = site_address("SITE_URL", "http://localhost:8000")
ALLOWED_HOSTS = words("ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]" if DEBUG else "")
CSRF_TRUSTED_ORIGINS = origins("CSRF_TRUSTED_ORIGINS")
#: The contact in security.txt for reporting a vulnerability; security@ the host of the site if empty.
SECURITY_CONTACT = contact("SECURITY_CONTACT")

#: Whether readers may object to what stands here, without an account.
CHALLENGES = flag("CHALLENGES", default=True)

BEHIND_PROXY = flag("BEHIND_PROXY")
#: The proxies whose X-Forwarded-For and X-Request-ID are believed.
TRUSTED_PROXIES = networks(words("TRUSTED_PROXIES") or (["127.0.0.0/8", "::1"] if BEHIND_PROXY else []))

#: The ports that `check_links` may contact, and host:port pairs that it may contact whatever their address (for tests).
LINK_CHECK_PORTS = words("LINK_CHECK_PORTS", "80,443")
LINK_CHECK_ALLOWED = words("LINK_CHECK_ALLOWED")
#: The most seconds by which the replica may be behind; if it is further behind, readers get pages from the primary.
REPLICA_MAX_LAG = whole("REPLICA_MAX_LAG", 5)

INSTALLED_APPS = [
    "kb.apps.Admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_filters",
    "simple_history",
    "comparisons",
]

MIDDLEWARE = [
    # Outermost, so that static files, redirects to https and refusals carry the headers of the first three.
    "kb.edge.PolicyHeaders",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "kb.edge.ProgramErrors",
    # Outside everything that reads the database or drops cookies.
    "kb.replica.ReadReplica",
    "kb.edge.RequestLimits",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "kb.compress.Compress",
    "kb.store.PageStore",
    "kb.limits.PagesPerClient",
    "kb.pages.Unchanged",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "simple_history.middleware.HistoryRequestMiddleware",
    "comparisons.views.errors.ReaderErrors",
]

#: Whether the admin asks for a code of an authenticator app besides the password; see second_factor.py.
SECOND_FACTOR = flag("SECOND_FACTOR")
if SECOND_FACTOR:
    needs_extra("SECOND_FACTOR", "secure", "django_otp", "qrcode")
    INSTALLED_APPS += ["django_otp", "django_otp.plugins.otp_totp", "django_otp.plugins.otp_static"]
    MIDDLEWARE.insert(
        MIDDLEWARE.index("django.contrib.auth.middleware.AuthenticationMiddleware") + 1,
        "django_otp.middleware.OTPMiddleware",
    )
    OTP_TOTP_ISSUER = SITE_URL.partition("://")[2]
    #: Nobody reads the key or the recovery codes of another account in the admin.
    OTP_ADMIN_HIDE_SENSITIVE_DATA = True

ROOT_URLCONF = "kb.urls"
WSGI_APPLICATION = "kb.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "comparisons.views.context.site",
            ]
        },
    }
]

DATABASES = databases.configured(DATA_DIR)

#: Whether writes are noticed, so that what was read may be remembered until then.
# What is read from a replica may be older than the stamps of its tables, and would be kept as if it were not.
WATCH_WRITES = "replica" not in DATABASES
#: Whether finished pages are kept. With DEBUG they are built anew each time all the same.
KEEP_PAGES = flag("KEEP_PAGES", default=True) and WATCH_WRITES
#: Pages that are made for one client within a minute, those not counted that are kept; 0 for any number.
PAGES_PER_MINUTE = whole("PAGES_PER_MINUTE", 240)
_shared_cache = os.environ.get("CACHE_URL", "")
#: Most decision records that readers may keep; 0 to keep none.
DECISION_RECORDS = whole("DECISION_RECORDS", 20_000)
CACHES = {
    "default": cache_of(_shared_cache),
    # Failed logins and costly requests: without a shared cache the processes of a machine count in a file.
    "counts": cache_of(_shared_cache) if _shared_cache else counts_of(DATA_DIR / "counts.sqlite3"),
    # Beside the shared one, if there is one: what a process has at hand it need not ask for.
    "pages": memory_of("pages", 10_000, whole("KEPT_MEGABYTES", 32)),
}

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("UserAttributeSimilarityValidator", "MinimumLengthValidator", "CommonPasswordValidator")
]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
LOGIN_URL = "admin:login"

LANGUAGE_CODE = "en-gb"
TIME_ZONE = "UTC"
# There is one language. Looking up every text in catalogues without translations takes a quarter of the time of a page.
FORMAT_MODULE_PATH = "kb.formats"
USE_I18N = False
USE_TZ = True
LOCALE_PATHS = [BASE_DIR / "locale"]
#: The files of the knowledge base; the first folder is loaded by `seed`.
FIXTURE_DIRS = [folder("KB_FIXTURES", BASE_DIR / "fixtures")]

#: Where `write_data` writes the files that readers take away.
DATA_FILES = DATA_DIR / "data"

STATIC_URL = "static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage" if DEBUG else "kb.static.HashedStaticFiles"
    },
}
WHITENOISE_ALLOW_ALL_ORIGINS = False

# What a browser may do with a page. Nothing is inline, so one constant policy serves every response.
CONTENT_SECURITY_POLICY = "; ".join(
    [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "manifest-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    ]
)
#: The policy of the pages that other sites may frame: no script, no form.
EMBED_SECURITY_POLICY = "; ".join(
    [
        "default-src 'none'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "form-action 'none'",
        "base-uri 'none'",
        "frame-ancestors *",
    ]
)
PERMISSIONS_POLICY = "camera=(), geolocation=(), microphone=(), payment=(), usb=(), browsing-topics=()"
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"

#: HTTPS=0 is for a trial on this machine; a public site is served over https.
HTTPS = flag("HTTPS", default=not DEBUG)
SECURE_SSL_REDIRECT = HTTPS
#: Never where a request says that it was sent.
SECURE_SSL_HOST = urlsplit(SITE_URL).netloc if SITE_URL.startswith("https://") else None
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_HSTS_SECONDS = 31536000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
if BEHIND_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_NAME = "__Host-session" if HTTPS else "session"
CSRF_COOKIE_NAME = "__Host-csrf" if HTTPS else "csrf"
CSRF_FAILURE_VIEW = "comparisons.views.errors.csrf_failure"
SESSION_COOKIE_AGE = 12 * 60 * 60
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_621_440
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000

#: Milliseconds from which on a query is logged by name; 0 for none.
SLOW_QUERY_MILLISECONDS = whole("SLOW_QUERY_MILLISECONDS", 500)
_log_level = log_level("LOG_LEVEL")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "()": "kb.log.LineFormatter",
            "format": "{asctime} {levelname} {request_id} {name} {message}",
            "style": "{",
        }
    },
    "filters": {"refusals": {"()": "kb.log.NoRefusals"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["refusals"]}},
    "root": {"handlers": ["console"], "level": _log_level},
    # Django's own handlers would write each line a second time.
    "loggers": {"django": {"handlers": [], "level": _log_level}},
}

SIMPLE_HISTORY_REVERT_DISABLED = True
