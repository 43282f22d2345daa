"""What was typed into a form that was sent after the session had ended: it is shown at the login, and sent again after.

It stands in the pages themselves, so that no cookie and no table keeps it: the login carries it in a hidden field, and
the page after the login has it as a form that is sent by a press of its button, with a token of the new session.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, QueryDict
from django.urls import reverse

from comparisons.views.errors import entered, unsaved

#: The hidden field of the login.
FIELD = "unsent"
#: The most that is carried through the login, in characters and in fields; more is only shown.
MOST, MOST_FIELDS = 500_000, 1_500
_OF_THE_OLD_SESSION = "csrfmiddlewaretoken"


def of_refused(request: HttpRequest) -> dict[str, Any] | None:
    """What a login shows of a form that was sent without a session; None if nothing was typed into it."""
    pairs = [(name, value) for name, value in unsaved(request) if name != _OF_THE_OLD_SESSION]
    if not entered(pairs):
        return None
    text = urlencode(pairs)
    is_carried = len(text) <= MOST and len(pairs) <= MOST_FIELDS
    return {
        **_shown(text if is_carried else "", pairs, request.get_full_path()),
        "has_files": bool(request.FILES),
        "app_path": reverse("admin:login"),
        "next": request.get_full_path(),
    }


def of_login(request: HttpRequest) -> dict[str, Any] | None:
    """What a login goes on carrying; None if it carries nothing."""
    text = request.POST.get(FIELD, "")
    if not text or len(text) > MOST:
        return None
    pairs = [(name, value) for name, values in QueryDict(text).lists() for value in values]
    return _shown(text, pairs, request.POST.get("next", "")) if len(pairs) <= MOST_FIELDS else None


def _shown(text: str, pairs: list[tuple[str, str]], path: str) -> dict[str, Any]:
    return {FIELD: text, "unsaved": pairs, "path": path}
