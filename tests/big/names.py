"""Names and sentences of the big knowledge base: as uneven as real ones, and the same at every run."""

from __future__ import annotations

import random
from collections.abc import Iterator

FRAMEWORKS = (
    *("Django", "Flask", "FastAPI", "Starlette", "Litestar", "Sanic", "Tornado", "Falcon", "Bottle"),
    *("aiohttp", "Pyramid", "CherryPy", "web2py", "Quart", "Masonite", "BlackSheep", "Robyn"),
)
#: Ten areas and twenty parts make two hundred groups.
AREAS = ("HTTP", "Routing", "Database", "Forms", "Templates", "Security", "Testing", "Tasks", "Deployment", "API")
PARTS = (
    *("request", "response", "headers", "cookies", "sessions", "files", "streams", "errors", "logging", "settings"),
    *("middleware", "schemas", "queries", "migrations", "signals", "caching", "limits", "types", "hooks", "extensions"),
)
MEMBERS = (
    *("get", "set", "delete", "update", "list", "parse", "render", "validate", "encode", "decode", "open", "close"),
    *("start", "stop", "retry", "timeout", "redirect", "stream", "merge", "copy", "lock", "count", "filter", "order"),
    *("page", "search"),
)
ASPECTS = (
    *("is built in", "can be awaited", "takes keyword arguments", "is typed", "is documented", "raises on bad input"),
    *("can be overridden", "is tested in isolation", "keeps the order", "is safe in threads", "has a synchronous form"),
    *("logs what it does", "can be turned off", "reports progress"),
)
TEAMS = ("a solo developer", "a small team", "a large team", "a public agency", "a start-up", "a shop", "a newsroom")
WORKS = (
    *("an internal tool", "a JSON API", "a content site", "a real-time service", "a data product", "a mobile backend"),
    *("a prototype", "a gateway", "a back office", "a dashboard", "a course", "a migration", "a billing system"),
    *("a machine learning service", "a forum", "a booking system", "a public register", "a search engine"),
    *("a file store", "a message hub", "a payment service", "a help desk", "a calendar", "a map", "an archive"),
    *("a shop window", "a wiki", "a test bench", "a control room"),
)
PUBLISHERS = ("Weekly", "Notes", "Lab", "Press", "Blog", "Review", "Conference", "Survey", "Journal", "Forum")
WORDS = (
    *("server", "request", "handler", "template", "session", "router", "worker", "schema", "client", "query", "cache"),
    *("header", "token", "event", "loop", "thread", "process", "driver", "model", "field", "index", "socket", "proxy"),
)


def slug_of(name: str) -> str:
    """A name as it stands in an address."""
    return "-".join("".join(sign if sign.isalnum() else " " for sign in name.lower()).split())


def criteria(group: str) -> Iterator[str]:
    """Names of the criteria of one group, all different; the first 364 are used with a number from then on."""
    number = 1
    while True:
        for aspect in ASPECTS:
            for member in MEMBERS:
                again = f" ({number})" if number > 1 else ""
                yield f"{group}.{member}: {aspect}{again}"
        number += 1


def use_cases() -> Iterator[str]:
    """Names of scenarios, all different: some 200."""
    for work in WORKS:
        for team in TEAMS:
            yield f"{work[0].upper()}{work[1:]} for {team}"


def sentence(chance: random.Random, about: str) -> str:
    """One statement of some length about something."""
    return f"{about}: the {' '.join(chance.choices(WORDS, k=chance.randrange(5, 16)))} decides."
