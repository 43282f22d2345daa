"""The yardstick: a Django view that does nothing but return bytes it was given, behind the same middleware."""

from django.http import HttpRequest, HttpResponse
from django.urls import re_path

#: What the view answers with.
BODY = {"content": b"", "content_type": "text/html; charset=utf-8"}


def bare(request: HttpRequest) -> HttpResponse:
    return HttpResponse(**BODY)


urlpatterns = [re_path("", bare)]
