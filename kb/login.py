"""The admin of this project, whose login is held against those who guess passwords (kb/attempts.py)."""

from __future__ import annotations

import logging
import secrets
from functools import wraps
from typing import Any

from django import forms
from django.conf import settings
from django.contrib.admin.forms import AdminAuthenticationForm
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.core.signing import BadSignature, TimestampSigner
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_protect

from comparisons.admin.site import DeskSite
from comparisons.views.clients import household

from . import second_factor, unsent
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

    def __init__(self, *args: Any, **options: Any):
        super().__init__(*args, **options)
        if second_factor.is_on():
            self.fields["code"] = forms.CharField(
                label=_("Code"),
                required=False,
                max_length=20,
                help_text=_("From your authenticator app, or a recovery code. Leave it empty at your first login."),
                widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "autocapitalize": "none"}),
            )

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
                self._check_code()
            except ValidationError:
                logger.warning("Login failed: %s from %s, next attempt in %d s", _name(account), address, wait)
                raise
        attempt.succeed()
        logger.info("Login: %s from %s", _name(account), address)
        return cleaned

    def _check_code(self) -> None:
        """Raises ValidationError unless the account gave a code, or has none to give yet."""
        user: Any = self.get_user()
        if not second_factor.is_on() or not second_factor.has_app(user):
            return
        user.otp_device = second_factor.device_of(user, self.cleaned_data.get("code", ""))
        if user.otp_device is None:
            # As an error of the whole form, so that nobody learns that the password was right.
            raise self.get_invalid_login_error()

    def _refuse(self, status: int, retry_after: int) -> None:
        self.status, self.retry_after = status, retry_after


def _name(account: str) -> str:
    """How the log names an account. What is no account may be a password in the wrong field."""
    is_one = get_user_model().objects.filter(username=account).exists()
    return f"account {account!r}" if is_one else "an unknown account"


class GuardedSite(DeskSite):
    """The admin with a login that slows down guessing."""

    login_form = LoginForm

    def has_permission(self, request: HttpRequest) -> bool:
        return super().has_permission(request) and second_factor.is_verified(request)

    def get_urls(self) -> list[Any]:
        return [path("second-factor/", self.second_factor, name="second_factor"), *super().get_urls()]

    def lacks_second_factor(self, request: HttpRequest) -> bool:
        """Whether somebody has logged in by password alone, since they have no app yet."""
        if not second_factor.is_on() or not super().has_permission(request) or second_factor.is_verified(request):
            return False
        return not second_factor.has_app(request.user)

    @method_decorator([never_cache, csrf_protect])
    def second_factor(self, request: HttpRequest) -> HttpResponse:
        """Set an app up: its key, a code as proof, and then the recovery codes, which are shown once."""
        if not self.lacks_second_factor(request):
            return HttpResponseRedirect(reverse("admin:index"))
        device = second_factor.app_to_confirm(request.user)
        codes, error = [], ""
        if request.method == "POST":
            codes = second_factor.confirm(device, request.POST.get("code", ""))
            if codes:
                device.refresh_from_db()
                otp_login(request, device)
                logger.info("Second factor set up: account %r", request.user.get_username())
            else:
                error = gettext("That is not the code that the app shows now. Wait for the next one, and try it.")
        context = {
            **self.each_context(request),
            "title": gettext("Recovery codes") if codes else gettext("Set up your second factor"),
            "codes": codes,
            "error": error,
            "key": second_factor.key_of(device),
            "address": device.config_url,
            "picture": "" if codes else second_factor.picture_of(device),
        }
        return TemplateResponse(request, "admin/second_factor.html", context)

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:
        """A view of the admin. What is sent to it after the session has ended is shown beside the login."""
        guarded: Any = super().admin_view(view, cacheable)

        @wraps(guarded)
        def shown(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if request.method == "POST" and not request.user.is_authenticated and (typed := unsent.of_refused(request)):
                request.method = "GET"  # it is no attempt to log in
                response = self.login(request, {**typed, "title": gettext("You are logged out")})
                response.status_code = 403
                return response
            return guarded(request, *args, **kwargs)

        return shown

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        carried = unsent.of_login(request) if request.method == "POST" else None
        response = self._login(request, {**(extra_context or {}), **(carried or {})})
        if carried and response.status_code == 302 and self.has_permission(request):
            address = response.headers["Location"]
            title = gettext("Send your form again")
            context = {**self.each_context(request), **carried, "address": address, "title": title}
            again = TemplateResponse(request, "admin/send_again.html", context)
            again.cookies = response.cookies
            again.headers["Cache-Control"] = response.headers.get("Cache-Control", "no-store")
            return again
        return response

    def _login(self, request: HttpRequest, extra_context: dict[str, Any]) -> HttpResponse:
        if request.method == "GET" and self.lacks_second_factor(request):
            return HttpResponseRedirect(reverse("admin:second_factor"))
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


def otp_login(request: HttpRequest, device: Any) -> None:
    """Let the session of a request count as begun with this device."""
    from django_otp import login

    request.session.cycle_key()
    login(request, device)
