"""The outermost middleware: headers on every response, and the refusal of requests that break a limit."""

from collections.abc import Callable
from http import HTTPStatus

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template import loader

from comparisons.views.errors import log_seldom
from comparisons.views.problems import PROBLEM, PROGRAMS_UNDER, problem

from .gateway import CROWDED

#: What the policy of a page says that any site may frame.
FRAMABLE = "frame-ancestors *"

GetResponse = Callable[[HttpRequest], HttpResponse]

#: The longest address that is accepted, in characters.
MAX_ADDRESS = 8000
#: The largest body that is accepted, in bytes: an import of claims, with room to spare.
MAX_BODY = 25_000_000
#: The only addresses under which users log in. Cookies that are sent to any other address are dropped unread.
COOKIES_UNDER = "/admin/"
#: What of the headers of an error stays when it becomes a problem.
KEPT_HEADERS = ("Allow", "Retry-After", "X-Request-ID")


class PolicyHeaders:
    """Set the headers that Django's own middleware does not set, unless the view has set them.

    An error that says nothing else is kept by no cache: what is not found today may be published tomorrow.
    It stands outside Django's, so that redirects to https carry them too.
    """

    def __init__(self, get_response: GetResponse):
        self.get_response = get_response
        self.headers = {
            "Content-Security-Policy": settings.CONTENT_SECURITY_POLICY,
            "Permissions-Policy": settings.PERMISSIONS_POLICY,
            "Cross-Origin-Resource-Policy": "same-origin",
        }

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        for name, value in self.headers.items():
            response.headers.setdefault(name, value)
        if response.status_code >= 400:
            response.headers.setdefault("Cache-Control", "no-store")
        if FRAMABLE in response.headers["Content-Security-Policy"]:
            # Kept pages do not remember that a view is exempt.
            response.headers.pop("X-Frame-Options", None)
        return response


class ProgramErrors:
    """Give every error of the API as a problem, whoever refused the request and in whatever form."""

    def __init__(self, get_response: GetResponse):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        is_for_program = request.path_info.startswith(PROGRAMS_UNDER) and response.status_code >= 400
        if not is_for_program or response.get("Content-Type") == PROBLEM:
            return response
        told = problem(response.status_code, HTTPStatus(response.status_code).phrase, _said(response))
        for name in KEPT_HEADERS:
            if name in response:
                told[name] = response[name]
        return told


def _said(response: HttpResponse) -> str:
    """What a response in plain text says; "" for a page."""
    is_plain = response.get("Content-Type", "").startswith("text/plain") and not response.streaming
    return response.content.decode(errors="replace").strip() if is_plain else ""


class RequestLimits:
    """Refuse TRACE, long addresses, bodies that are too large or of no known length, and what no database stores.

    Cookies of readers are dropped. They are anonymous: a public page never sees a cookie, so it cannot depend on one,
    nor be made to set one (as Django does when the CSRF cookie is malformed). Every public page may therefore be kept
    by any cache.
    """

    def __init__(self, get_response: GetResponse):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path_info.startswith(COOKIES_UNDER):
            request.META.pop("HTTP_COOKIE", None)
        return refusal(request) or self.get_response(request)


def refusal(request: HttpRequest) -> HttpResponse | None:
    """The response to a request that breaks a limit; None for any other request."""
    if CROWDED in request.META:
        response = refuse(503, request.META[CROWDED])
        response.headers["Retry-After"] = "5"
        log_seldom(f"Requests are answered with 503: {request.META[CROWDED]}", response)
        return response
    if request.method == "TRACE":
        response = refuse(405, "This method is not allowed.")
        response.headers["Allow"] = "GET, HEAD, OPTIONS, POST"
        return response
    address = request.get_full_path()
    if len(address) > MAX_ADDRESS:
        return too_long(request.path, address)
    if "\0" in request.path or "%00" in address or any("\ud800" <= c <= "\udfff" for c in request.path):
        return refuse(400, "The address contains a character that cannot be stored.")
    if "HTTP_TRANSFER_ENCODING" in request.META:
        # Django would read nothing of it, and nobody could say how much there is.
        return refuse(411, "The length of the request is not given.")
    length = request.META.get("CONTENT_LENGTH") or "0"
    if not (length.isascii() and length.isdigit()):
        return refuse(400, "The length of the request is not a number.")
    if len(length) > 12 or int(length) > MAX_BODY:
        return refuse(413, "The request is too large.")
    return None


def too_long(path: str, address: str) -> HttpResponse:
    """The page for an address that is too long; it leads to the page with as many whole parameters as fit."""
    if path.startswith(PROGRAMS_UNDER):
        return refuse(414, f"The address has {len(address)} characters; at most {MAX_ADDRESS} can be read.")
    fits, joint, _rest = address[: MAX_ADDRESS + 1].rpartition("&")
    context = {"length": len(address), "most": MAX_ADDRESS, "kept": fits if joint and len(path) < len(fits) else ""}
    page = loader.get_template("414.html").render(context)
    return HttpResponse(page, status=414, headers={"Cache-Control": "no-store"})


def refuse(status: int, reason: str) -> HttpResponse:
    """A short plain-text response that no cache keeps."""
    return HttpResponse(
        f"{reason}\n",
        status=status,
        content_type="text/plain; charset=utf-8",
        headers={"Cache-Control": "no-store"},
    )
