"""Requests that nobody sends who only wants to read: what they are, and what a server may answer."""

from __future__ import annotations

import socket
from dataclasses import dataclass

from kb.edge import MAX_ADDRESS, MAX_BODY

FORM = "Content-Type: application/x-www-form-urlencoded"
PARTS = "Content-Type: multipart/form-data; boundary=b"
LOGIN = "POST /admin/login/"
#: With it the site reads the body, to look for the token that belongs to the cookie.
COOKIE = "Cookie: csrf=" + "a" * 32


@dataclass(frozen=True)
class Said:
    """What a server said to a request before it closed the connection. status: 0 if it closed it without a word."""

    status: int
    headers: dict[str, str]
    body: bytes


def send(
    port: int, first: str, *headers: str, body: bytes = b"", host: str = "Host: localhost", ends: bool = False
) -> Said:
    """Send a request as it is written, on a connection of its own. ends: then end the connection on this side."""
    lines = [f"{first} HTTP/1.1", *([host] if host else []), *headers, "Connection: close", "", ""]
    with socket.create_connection(("127.0.0.1", port), timeout=30) as line:
        said = b""
        try:
            line.sendall("\r\n".join(lines).encode("latin-1") + body)
            if ends:
                line.shutdown(socket.SHUT_WR)
        except (BrokenPipeError, ConnectionResetError):
            pass  # it has heard enough
        try:
            while some := line.recv(65_536):
                said += some
        except ConnectionResetError:
            pass
    head, _gap, rest = said.partition(b"\r\n\r\n")
    status, *pairs = head.decode("latin-1").split("\r\n")
    named = dict(pair.lower().split(": ", 1) for pair in pairs if ": " in pair)
    return Said(int(status.split()[1]) if status else 0, named, rest)


def of_length(length: int | str) -> str:
    return f"Content-Length: {length}"


def form(body: bytes) -> tuple[tuple[str, ...], bytes]:
    return (FORM, COOKIE, of_length(len(body))), body


def parts(body: bytes) -> tuple[tuple[str, ...], bytes]:
    body += b"--b--"
    return (PARTS, COOKIE, of_length(len(body))), body


FILE = b'--b\r\nContent-Disposition: form-data; name="a"; filename="f"\r\n\r\nx\r\n'
#: Bodies that cannot be used: name, headers, body, the statuses of which one must be the answer.
BODIES: list[tuple[str, tuple[str, ...], bytes, set[int]]] = [
    ("announced as too large", (FORM, of_length(MAX_BODY + 1)), b"x", {413}),
    ("of a length with a sign", (FORM, of_length("+3")), b"a=b", {400}),
    ("of a negative length", (FORM, of_length("-1")), b"", {400}),
    ("of a length in words", (FORM, of_length("three")), b"a=b", {400}),
    ("of a length beyond all numbers", (FORM, of_length("9" * 40)), b"a=b", {400, 413}),
    ("of two lengths", (FORM, of_length(3), of_length(5)), b"a=b&c", {400}),
    ("of no announced length", (FORM, "Transfer-Encoding: chunked"), b"3\r\na=b\r\n0\r\n\r\n", {411}),
    ("of a length and in chunks", (FORM, of_length(3), "Transfer-Encoding: chunked"), b"0\r\n\r\n", {400, 411}),
    ("in a coding nobody knows", (FORM, "Transfer-Encoding: rot13"), b"a=b", {400, 411, 501}),
    ("shorter than announced", (FORM, COOKIE, of_length(30)), b"a=b", {0, 400, 403}),
    ("larger than a form may be", *form(b"a=" + b"x" * 2_700_000), {400, 413}),
    ("of too many fields", *form(b"&".join(b"a=b" for _ in range(2_001))), {400}),
    ("in parts without an end", (PARTS, COOKIE, of_length(30)), b"--b\r\nContent-Disposition: form", {0, 400, 403}),
    ("in parts without a boundary", ("Content-Type: multipart/form-data", COOKIE, of_length(3)), b"a=b", {400, 403}),
    ("in parts that are none", (PARTS, COOKIE, of_length(9)), b"x" * 9, {400, 403}),
    ("in parts of another coding", (PARTS + "; charset=utf-7", COOKIE, of_length(5)), b"--b--", {400, 403}),
    ("in too many files", *parts(FILE * 101), {400}),
    ("that is no text", *form(b"a=%ff%fe&\xff=\x00"), {403}),
    ("as JSON", ("Content-Type: application/json", of_length(2)), b"{}", {403}),
    ("as nothing known", ("Content-Type: " + "x" * 200, of_length(2)), b"{}", {403}),
    ("as a form in UTF-16", (FORM + "; charset=utf-16", COOKIE, of_length(3)), b"a=b", {400, 403}),
    ("that is awaited", (FORM, of_length(3), "Expect: 100-continue"), b"a=b", {100, 403}),
]

#: Beginnings of requests that ask for nothing there is, or in a way there is not.
FIRST: list[tuple[str, set[int]]] = [
    *((f"{method} /articles/", {400, 403, 405}) for method in ("POST", "PUT", "PATCH", "DELETE", "FOO", "PRI")),
    ("get /articles/", {200, 400, 405}),
    ("OPTIONS /articles/", {405}),
    ("OPTIONS *", {400, 404, 405}),
    ("TRACE /articles/", {405}),
    ("CONNECT localhost:80", {400, 403, 404, 405}),
    ("X" * 300 + " /articles/", {400, 403, 405}),
    ("GET", {400}),
    ("GET articles", {200, 400}),
    ("GET /articles/ HTTP/9.9", {400}),
    ("GET /\x01", {400, 404}),
    ("GET /é", {400, 404}),
    ("GET /%00", {400}),
    ("GET /articles/%00", {400}),
    ("GET /?q=%00", {400}),
    ("GET /%ff%fe/", {400, 404}),
    ("GET /%c0%af/", {400, 404}),
    ("GET /%ed%a0%80/", {400, 404}),
    ("GET /articles/?q=%ed%a0%80", {200, 400}),
    ("GET /%zz/", {400, 404}),
    ("GET /articles/../admin/", {302, 400, 404}),
    ("GET /articles/%2e%2e/admin/", {302, 400, 404}),
    ("GET /static/../kb/settings.py", {404}),
    ("GET /static/%2e%2e/%2e%2e/kb/settings.py", {404}),
    ("GET /static/..%5c..%5ckb/settings.py", {404}),
    ("GET /static//etc/passwd", {404}),
    ("GET /static/css", {404}),
    ("GET //evil.example", {301, 404}),
    ("GET //evil.example/%2e%2e", {301, 404}),
    ("GET /\\evil.example", {301, 404}),
    ("GET /%5cevil.example", {301, 404}),
    ("GET /%0d%0aSet-Cookie:%20a=b", {301, 404}),
    ("GET /articles%0d%0aLocation:%20x", {301, 404}),
    ("GET /articles/;a=b", {404}),
    ("GET /" + "a/" * 2000, {404}),
    ("GET /" + "a" * (MAX_ADDRESS + 1), {414}),
    ("GET /articles/?" + "a&" * 3000, {200, 400}),
    ("GET /?" + "q" * MAX_ADDRESS, {414}),
    ("GET /" + "a" * 40_000, {400, 414, 431}),
]

#: Hosts of requests, as whole header lines, which are not this site; "" for none.
HOSTS = [
    "",
    "Host:",
    "Host: evil.example",
    "Host: localhost.evil.example",
    "Host: evil.example@localhost",
    "Host: localhost@evil.example",
    "Host: localhost:80:80",
    "Host: localhost:x",
    "Host: localhost/",
    "Host: localhost?",
    "Host: local host",
    "Host: [::1",
    "Host: xn--locahost-0ob",
    "Host: " + "a" * 5000,
    "Host: localhost\r\nHost: evil.example",
]

#: Headers by which a page may neither be changed nor be stored for others.
HEADERS = [
    "X-Forwarded-Host: evil.example",
    "X-Forwarded-Proto: https",
    "X-Forwarded-For: 203.0.113.9",
    "X-Forwarded-Port: 1",
    "X-Forwarded-Prefix: /evil",
    "X-Original-URL: /admin/",
    "X-Rewrite-URL: /admin/",
    "X-HTTP-Method-Override: DELETE",
    "Forwarded: host=evil.example;proto=https",
    "X-Request-ID: evil",
    "X_Forwarded_Host: evil.example",
    "Script-Name: /evil",
    "Range: bytes=0-1",
    "Content-Type: text/evil",
    "Accept: application/evil",
    "Accept-Language: de, evil",
    "Accept-Encoding: evil;q=1, identity;q=0",
    "Cookie: session=evil; csrf=evil; known=evil; messages=evil; wrote=1",
    "Authorization: Basic ZXZpbDpldmls",
    "If-Modified-Since: Thu, 01 Jan 1970 00:00:00 GMT",
    "If-Modified-Since: evil",
    'If-None-Match: "evil"',
    "If-Range: evil",
    "HX-Request: evil",
    "HX-Target: evil",
    "Upgrade: websocket",
    "Sec-WebSocket-Key: evil",
    "Origin: https://evil.example",
    "Referer: https://evil.example/",
    "User-Agent: evil",
    "Cache-Control: no-cache",
    "Pragma: evil",
    "Max-Forwards: 0",
    "X-Evil: " + "e" * 9000,
]

#: Queries of one page, each with what only its page shows.
VARIANTS = [
    ("q=celery", "celery"),
    ("q=dramatiq", "dramatiq"),
    ("q=cel&utm_source=q%3Ddramatiq", "cel"),
    ("q=cel%26q=dramatiq", "cel&amp;q=dramatiq"),
    ("q=cel;q=dramatiq", "cel;q=dramatiq"),
    ("q=cel%23", "cel#"),
    ("q=cel%253f", "cel%3f"),
    ("%71=celer", "celer"),
    ("q=CELERY", "CELERY"),
    ("q=celery%20", "celery"),
]
