"""With SECOND_FACTOR=1 the admin asks for a code besides the password."""

from __future__ import annotations

import re
import time
from base64 import b32decode
from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.auth.models import User
from django.core.cache import caches
from django.db import connection
from django.test import Client

from .test_settings import PRODUCTION
from .test_settings import settings as settings_with

APPS = ["django_otp", "django_otp.plugins.otp_totp", "django_otp.plugins.otp_static"]
AUTHENTICATION = "django.contrib.auth.middleware.AuthenticationMiddleware"
SETUP = "/admin/second-factor/"


@pytest.fixture(autouse=True)
def second_factor(transactional_db: Any, settings: Any) -> Iterator[None]:
    """Switch the second factor on, with its tables."""
    settings.SECOND_FACTOR = True
    settings.INSTALLED_APPS = [*settings.INSTALLED_APPS, *APPS]
    at = settings.MIDDLEWARE.index(AUTHENTICATION) + 1
    settings.MIDDLEWARE = [*settings.MIDDLEWARE[:at], "django_otp.middleware.OTPMiddleware", *settings.MIDDLEWARE[at:]]
    from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
    from django_otp.plugins.otp_totp.models import TOTPDevice

    models = [TOTPDevice, StaticDevice, StaticToken]
    # To install apps registers their models with the admin, whose addresses are made by now.
    for model in models:
        if admin.site.is_registered(model):
            admin.site.unregister(model)
    with connection.schema_editor() as editor:
        for model in models:
            editor.create_model(model)
    User.objects.create_superuser("ada", password="the right one")
    caches["counts"].clear()
    yield
    caches["counts"].clear()
    with connection.schema_editor() as editor:
        for model in reversed(models):
            editor.delete_model(model)


def log_in(code: str = "", password: str = "the right one") -> tuple[Client, Any]:  # noqa: S107
    """A browser in which somebody tries to log in, and the page that they end on."""
    client = Client()
    fields = {"username": "ada", "password": password, "code": code, "next": "/admin/"}
    return client, client.post("/admin/login/", fields, follow=True)


def where(response: Any) -> str:
    """The address at which a redirected request ended."""
    return str(response.request["PATH_INFO"])


def code_of(page: str) -> str:
    """What the app shows now that was set up with the key on a page."""
    from django_otp.oath import TOTP

    found = re.search(r"<code>([A-Z2-7 ]+)</code>", page)
    assert found
    key = found[1].replace(" ", "")
    totp = TOTP(b32decode(key + "=" * (-len(key) % 8)))
    totp.time = time.time()
    return f"{totp.token():06d}"


def forget_what_was_used() -> None:
    """Let the same code be given again, so that no test waits for the next one."""
    from django_otp.plugins.otp_totp.models import TOTPDevice

    TOTPDevice.objects.update(last_t=-1, throttling_failure_count=0, throttling_failure_timestamp=None)
    caches["counts"].clear()


@pytest.fixture
def set_up() -> tuple[str, list[str]]:
    """An account with an app: the page with its key, and the recovery codes."""
    client, page = log_in()
    key = page.content.decode()
    done = client.post(SETUP, {"code": code_of(key)}).content.decode()
    forget_what_was_used()
    return key, re.findall(r"<li><code>(\w+)</code>", done)


def test_whoever_has_no_app_is_led_to_set_one_up_and_reaches_nothing_else() -> None:
    client, page = log_in()
    assert where(page) == SETUP and 'src="data:image/svg+xml;base64,' in page.content.decode()
    assert where(client.get("/admin/comparisons/claim/", follow=True)) == SETUP
    for code in ("", "abcdef", "12", "٣٤٥٦٧٨"):
        assert "not the code that the app shows" in client.post(SETUP, {"code": code}).content.decode()
    assert where(client.get("/admin/", follow=True)) == SETUP
    forget_what_was_used()
    done = client.post(SETUP, {"code": code_of(page.content.decode())}).content.decode()
    assert len(set(re.findall(r"<li><code>(\w+)</code>", done))) == 10
    assert client.get("/admin/comparisons/claim/").status_code == 200
    assert where(client.get(SETUP, follow=True)) == "/admin/"


def test_an_app_is_set_up_after_two_requests_at_once_have_each_begun_to() -> None:
    from django_otp.plugins.otp_totp.models import TOTPDevice

    client, page = log_in()
    TOTPDevice.objects.create(user=User.objects.get(), confirmed=False, name="app")
    again = client.get(SETUP)
    assert again.status_code == 200
    assert code_of(again.content.decode()) == code_of(page.content.decode())
    assert b"Recovery codes" in client.post(SETUP, {"code": code_of(page.content.decode())}).content
    assert TOTPDevice.objects.count() == 1


@pytest.mark.parametrize("code", ["", "000000", "aaaaaaaa", "x" * 20])
def test_a_password_alone_is_refused_as_a_wrong_one_is(set_up: tuple[str, list[str]], code: str) -> None:
    client, page = log_in(code)
    assert where(page) == "/admin/login/" and client.get("/admin/").status_code == 302
    _other, wrong = log_in(code, password="another one")
    said = [re.findall(r'class="errornote">(.*?)</p>', one.content.decode(), re.DOTALL) for one in (page, wrong)]
    assert said[0] == said[1] != []


def test_a_code_of_the_app_admits_once(set_up: tuple[str, list[str]]) -> None:
    code = code_of(set_up[0])
    assert where(log_in(f"{code[:3]} {code[3:]}")[1]) == "/admin/"
    assert where(log_in(code)[1]) == "/admin/login/"


def test_each_recovery_code_admits_once(set_up: tuple[str, list[str]]) -> None:
    first, second = set_up[1][:2]
    assert where(log_in(first.upper())[1]) == "/admin/"
    assert where(log_in(first)[1]) == "/admin/login/"
    forget_what_was_used()
    from django_otp.plugins.otp_static.models import StaticDevice

    StaticDevice.objects.update(throttling_failure_count=0, throttling_failure_timestamp=None)
    assert where(log_in(second)[1]) == "/admin/"


def test_wrong_codes_slow_guessing_down_as_wrong_passwords_do(set_up: tuple[str, list[str]]) -> None:
    for _ in range(3):
        log_in("000000")
    assert log_in("000000")[1].status_code == 429


def test_nobody_sets_up_the_app_of_somebody_who_has_one(set_up: tuple[str, list[str]]) -> None:
    assert where(log_in()[0].get(SETUP, follow=True)) == "/admin/login/"
    assert Client().get(SETUP, follow=True).status_code == 200
    assert where(Client().get(SETUP, follow=True)) == "/admin/login/"


def test_one_variable_switches_it_on() -> None:
    shown = settings_with("'django_otp' in s.INSTALLED_APPS, s.OTP_TOTP_ISSUER", SECOND_FACTOR="1", **PRODUCTION)
    assert shown == "(True, 'crosscheck.example.org')"
    assert settings_with("'django_otp' in s.INSTALLED_APPS, s.SECOND_FACTOR", **PRODUCTION) == "(False, False)"
