"""Whatever a parameter says, a page answers within two seconds of processor time, and never fails."""

from __future__ import annotations

import html
import os
import re
import time
from pathlib import Path
from urllib.parse import quote, urlencode

import pytest
from django.test import Client
from django.urls import resolve
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from comparisons.views.limits import counts

from .test_every_address import PATTERNS, addresses

pytestmark = pytest.mark.django_db

#: Seconds of processor time that no page takes, however it is asked for.
MOST = 2.0
#: How many questions are made up for each address. EXAMPLES=500 asks more than the run of all tests has time for.
EXAMPLES = int(os.environ.get("EXAMPLES") or 12)
#: What a page may answer to a question that makes no sense.
ANSWERS = {200, 301, 302, 400, 404, 414}
#: Values that break what reads them carelessly, as a query string holds them.
AWKWARD = (
    *(
        "",
        " ",
        "0",
        "-1",
        "+1",
        "00",
        "1.5",
        "1e400",
        "9" * 30,
        "1_000",
        "١٢",
        "１２",
        "NaN",
        "Infinity",
        "0x10",
        "true",
    ),
    *("2026-02-30", "9999-12-31", "0000-00-00", "0001-01-01", "2026-1-1", "99999-01-01"),
    *("'", '"', "\\", "%", "_", "*", "`", "$", "|", "&", ";", "--", "/*", "?", "#", "\n", "\r\n", "\t", "\x7f"),
    *("<script>", "</title>", "{{7*7}}", "{% debug %}", "../../etc/passwd", "//evil.example", "javascript:evil"),
    *("NEAR(", "a NEAR b", "AND", "a OR NOT", '"a', "a*", "col:a", "^a", "-a", "a:*", "a & !", "(" * 100, '"' * 101),
    *(
        "\u202e",
        "\u200b",
        "\ufeff",
        "\ud800",
        "\x00",
        "é",
        "é",
        "ß" * 50,
        "😀",
        "가" * 40,
        "a" * 201,
        "a " * 11,
        "w" * 3000,
    ),
    *("-vs-", "a,b", "one;two", ":", "celery:", ":5", "celery:-1", "celery:9999999999", "celery:1:2", "=", "a=b"),
)
#: Values of this world and of the vocabulary.
KNOWN = (
    *("celery", "dramatiq", "yes", "no", "con", "pro", "figure", "differences", "disputed", "recheck", "list", "table"),
    *("1", "2", "20", "2026", "2026-01-01", "newest", "strongest", "name", "claims", "frameworks", "a vs b"),
)
VALUES = st.one_of(st.sampled_from(AWKWARD), st.sampled_from(KNOWN), st.text(max_size=20))


def reads_parameters(name: str) -> bool:
    """Whether a pattern is that of a view which declares parameters."""
    view = next(pattern.callback for pattern in PATTERNS if pattern.name == name)
    return bool(getattr(getattr(view, "kept", None), "names", ()))


@pytest.mark.parametrize("name", sorted({str(pattern.name) for pattern in PATTERNS if reads_parameters(pattern.name)}))
def test_no_value_of_a_parameter_makes_a_page_fail_or_slow(second_domain: Path, name: str) -> None:
    path = addresses(name)[0]
    names = resolve(path).func.kept.names  # type: ignore[attr-defined]
    client = Client()

    @settings(max_examples=EXAMPLES, suppress_health_check=list(HealthCheck))
    @given(st.lists(st.tuples(st.sampled_from(names), VALUES), min_size=1, max_size=5))
    def ask(pairs: list[tuple[str, str]]) -> None:
        query = urlencode(pairs, encoding="utf-8", errors="surrogatepass")
        begun = time.thread_time()
        response = client.get(path, QUERY_STRING=query)
        assert response.status_code in ANSWERS, query
        assert time.thread_time() - begun < MOST, query

    ask()


#: Where an address names a record, and the ways in which rubbish could stand there.
NAMED = sorted({str(pattern.pattern) for pattern in PATTERNS if "<" in str(pattern.pattern)})
NAMES = st.one_of(
    st.sampled_from([value for value in AWKWARD if value and "\ud800" not in value]),
    st.sampled_from(
        [*KNOWN, "celery-vs-celery", "celery-vs-dramatiq", "a" * 4000, "a-vs-" * 300 + "a", "0", "-", "a."]
    ),
    st.from_regex(r"[a-z0-9][a-z0-9.-]{0,40}", fullmatch=True),
)


@pytest.mark.parametrize("route", NAMED)
def test_no_name_in_an_address_makes_a_page_fail_or_slow(second_domain: Path, route: str) -> None:
    client = Client()

    @settings(max_examples=max(4, EXAMPLES // 3), suppress_health_check=list(HealthCheck))
    @given(st.lists(NAMES, min_size=3, max_size=3))
    def ask(names: list[str]) -> None:
        left = iter(names)
        path = "/" + re.sub("<[^>]+>", lambda _: quote(next(left)), route)
        begun = time.thread_time()
        assert client.get(path).status_code in ANSWERS, path
        assert time.thread_time() - begun < MOST, path

    ask()


@pytest.mark.parametrize("name", ["search", "claim_list", "matrix", "framework_list"])
def test_no_awkward_value_of_any_parameter_makes_a_page_fail(second_domain: Path, name: str) -> None:
    """Each value once, in one parameter after the other, where the parameters are most and are read by hand most."""
    path = addresses(name)[0]
    names = resolve(path).func.kept.names  # type: ignore[attr-defined]
    client = Client()
    for number, value in enumerate(AWKWARD):
        query = urlencode({names[number % len(names)]: value, names[0]: value}, errors="surrogatepass")
        assert client.get(path, QUERY_STRING=query).status_code in ANSWERS, query


SENT = re.compile(r"^(challenge/(claim|cell|article)/|choose/record/)")
FORM = "application/x-www-form-urlencoded"


@pytest.mark.parametrize("name", sorted({str(one.name) for one in PATTERNS if SENT.match(str(one.pattern))}))
def test_nothing_that_is_sent_makes_a_form_of_readers_fail(second_domain: Path, name: str) -> None:
    """Without an account; that of the admin asks for a token first (tests/kb/test_attempts.py)."""
    path = addresses(name)[0]
    names = [
        *re.findall(r'name="([^"]+)"', Client().get(path).content.decode()),
        "must.x",
        "weigh.",
        "\ud800",
        "a" * 300,
    ]
    bodies = [
        (FORM, urlencode([(name, value) for name in names], errors="surrogatepass").encode()) for value in AWKWARD
    ]
    bodies += [(FORM, "&".join(f"{name}=a&{name}=b" for name in names[:-2]).encode()), (FORM, b"\xff=%ff&a=\x00&&==%")]
    bodies += [("application/json", b"[{}]"), ("", b"a=b"), (f"{FORM}; charset=utf-7", b"text=+ADw-&mark=+AAA-")]
    file = "".join(
        f'--b\r\nContent-Disposition: form-data; name="{one}"; filename="f"\r\n\r\nx\r\n' for one in names[:-2]
    )
    bodies += [
        ("multipart/form-data; boundary=b", one) for one in (b"", b"--b", file.encode(), f"{file}--b--".encode())
    ]
    for kind, body in bodies:
        counts().clear()
        assert Client().generic("POST", path, body, kind).status_code in {303, 400, 413}, (kind, body[:200])


def test_an_address_that_is_too_long_leads_to_the_page_with_what_fits(client: Client) -> None:
    asked = "&".join(f"weigh.question-{number}=most" for number in range(500))
    response = client.get(f"/choose/?{asked}")
    assert response.status_code == 414
    link = re.search(r'href="(/choose/[^"]*)"', response.content.decode())
    assert len(kept := html.unescape(link[1])) <= 8000
    assert f"/choose/?{asked}".startswith(kept + "&")
    assert client.get("/" + "a" * 8000 + "?b=1&c=2").content.count(b'href="/a') == 0
    assert client.get(f"/api/v1/frameworks?{asked}")["Content-Type"] == "application/problem+json"
