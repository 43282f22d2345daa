"""The admin of this project, whose login is held against those who guess passwords (kb/attempts.py)."""

from __future__ import annotations

import logging
import secrets
from typing import Any

from django.conf import settings
from django.contrib.admin.forms import AdminAuthenticationForm
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.core.signing import BadSignature, TimestampSigner
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext, ngettext

from comparisons.admin.site import DeskSite
from comparisons.views.clients import household

from .attempts import PLACES, Attempt
from .edge import COOKIES_UNDER

logger = logging.getLogger(__name__)

#: Seconds after which a client may try again when too many others are logging in.
BUSY = 2
#: Seconds for which a browser remains known to an account after it has logged in there.
KNOWN_FOR = 90 * 24 * 60 * 60
_signer = TimestampSigner(salt="kb.login")


def cookie_name() -> str:
    """The cookie by which an account knows a browser. It logs nobody in, and no page depends on it."""
    return "__Host-known" if settings.SESSION_COOKIE_SECURE else "known"


def known_browser(request: HttpRequest, account: str) -> str:
    """By what an account knows the browser of a request; "" if it never logged in there."""
    try:
        value = _signer.unsign(request.COOKIES.get(cookie_name(), ""), max_age=KNOWN_FOR)
    except BadSignature:
        return ""
    browser, _colon, name = value.partition(":")
    return browser if name == account else ""


class LoginForm(AdminAuthenticationForm):
    """The form of the login. status, retry_after: of the response if the attempt was not made; otherwise 200 and 0."""

    request: HttpRequest  # that of the login view is never None

    status, retry_after = 200, 0

    def clean(self) -> dict[str, Any]:
        account, password = self.cleaned_data.get("username"), self.cleaned_data.get("password")
        if account is None or not password:
            return self.cleaned_data
        address = household(self.request.META.get("REMOTE_ADDR", ""))
        browser = known_browser(self.request, account)
        attempt = Attempt.by(account, address, browser)
        if wait := attempt.wait():
            self._refuse(429, wait)
            logger.warning("Login refused for %d s: %s from %s", wait, _name(account), address)
            raise ValidationError(
                ngettext(
                    "After several failed attempts the next one is possible in %(wait)s second.",
                    "After several failed attempts the next one is possible in %(wait)s seconds.",
                    wait,
                ),
                params={"wait": wait},
            )
        with PLACES.taken(bool(browser)) as has_room:
            if not has_room:
                self._refuse(503, BUSY)
                raise ValidationError(gettext("Others are logging in right now. Please try again in a few seconds."))
            wait = attempt.begin()
            try:
                cleaned = super().clean()
            except ValidationError:
                logger.warning("Login failed: %s from %s, next attempt in %d s", _name(account), address, wait)
                raise
        attempt.succeed()
        logger.info("Login: %s from %s", _name(account), address)
        return cleaned

    def _refuse(self, status: int, retry_after: int) -> None:
        self.status, self.retry_after = status, retry_after


def _name(account: str) -> str:
    """How the log names an account. What is no account may be a password in the wrong field."""
    is_one = get_user_model().objects.filter(username=account).exists()
    return f"account {account!r}" if is_one else "an unknown account"


class GuardedSite(DeskSite):
    """The admin with a login that slows down guessing."""

    login_form = LoginForm

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        response = super().login(request, extra_context)
        form = (getattr(response, "context_data", None) or {}).get("form")
        if isinstance(form, LoginForm) and form.retry_after:
            response.status_code = form.status
            response["Retry-After"] = str(form.retry_after)
        elif request.method == "POST" and response.status_code == 302:
            account = request.user.get_username()
            browser = known_browser(request, account) or secrets.token_urlsafe(12)
            response.set_cookie(
                cookie_name(),
                _signer.sign(f"{browser}:{account}"),
                max_age=KNOWN_FOR,
                path="/" if settings.SESSION_COOKIE_SECURE else COOKIES_UNDER,
                secure=settings.SESSION_COOKIE_SECURE,
                httponly=True,
                samesite="Lax",
            )
        return response
