"""Check the addresses of articles politely: one request per second and host, and none to a host that is in trouble.

Hosts take turns, so that the pause of one does not delay the others. The robots.txt of a host is read before its first
page. A page is requested by HEAD, and if that is refused or unclear, by a GET of its first byte. A host that asks us to
wait, or fails several times in a row, is left alone for the rest of the run. Each finding is stored by itself, so a run
may be killed at any time, and the next one continues.
"""

from __future__ import annotations

import heapq
import itertools
import re
from collections import Counter, deque
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import quote

from django.conf import settings
from django.db import transaction

from comparisons.domain.link_health import ANSWERED_STATUSES
from comparisons.domain.vocabulary import LinkHealth, LinkTrouble
from comparisons.models import LinkCheck

from . import stored
from .addresses import FetchError, target_of
from .fetching import Fetcher, Response
from .landing import is_elsewhere
from .pace import Pace
from .robots import ROBOT, Rules
from .stored import ArticleLink, Finding

#: Failed requests in a row after which a host is left alone.
PATIENCE = 3
#: Hosts without an answer after which a run that has had none at all checks whether its own network is down.
SILENT_HOSTS = 5
#: Bytes of a robots.txt that are read (RFC 9309), and the longest pause in seconds that it can ask for.
ROBOTS_LENGTH, LONGEST_PAUSE = 500_000, 10.0
#: Most characters of a new address that is stored.
LONGEST_MOVED: int = LinkCheck._meta.get_field("moved_to").max_length or 0
#: Statuses by which a host asks us to wait.
BUSY_STATUSES = frozenset({429, 503})

_ETAG = re.compile(r'(W/)?"[\x21\x23-\x7e]{0,190}"')
_DATE = re.compile(r"[A-Za-z0-9,: +-]{1,40}")
#: Troubles that we would also see if our own network were down.
_SILENT = frozenset(
    {
        *(LinkTrouble.NO_HOST, LinkTrouble.NAME_SERVER, LinkTrouble.REFUSED),
        *(LinkTrouble.UNREACHABLE, LinkTrouble.TIMEOUT),
    }
)
#: Troubles of a whole host, not of one page.
_OF_HOST = _SILENT | {LinkTrouble.CERTIFICATE, LinkTrouble.ENCRYPTION}
#: Troubles that a server may have only with HEAD.
_OF_HEAD = frozenset({LinkTrouble.BROKEN, LinkTrouble.UNREACHABLE, LinkTrouble.TIMEOUT})


class Offline(Exception):
    """No host answers, so our own network is probably down. None of these findings was stored."""


@dataclass
class RunReport:
    """The result of a run.

    found: how many links there are of each health. died: slugs of the articles whose link is dead and was not before.
    put_off: links not checked because their host was left alone. changed: links whose article got another address
    during the check.
    """

    found: Counter[LinkHealth] = field(default_factory=Counter)
    died: list[str] = field(default_factory=list)
    put_off: int = 0
    changed: int = 0


#: Called after each finding is stored: with the link, its health, the finding, and the number of links done.
Progress = Callable[[ArticleLink, LinkHealth, Finding, int], None]


class LinkRun:
    """One run. now: the clock for what is stored. renew: called before each write, to keep other runs from starting."""

    def __init__(self, fetcher: Fetcher, now: Callable[[], datetime], renew: Callable[[], None], progress: Progress):
        self.fetcher, self.now, self.renew, self.progress = fetcher, now, renew, progress
        self.report = RunReport()
        self.robots: dict[str, Rules | Finding | None] = {}
        self.answered = False
        self.unconfirmed: list[tuple[ArticleLink, Finding]] = []

    def check(self, found: Iterable[ArticleLink]) -> RunReport:
        """Check these links. Raises Offline if no host answers, stored.Overtaken if another run has started."""
        hosts: dict[str, deque[ArticleLink]] = {}
        for link in found:
            hosts.setdefault(host_of(link.url), deque()).append(link)
        turn = itertools.count()
        turns = [(0.0, next(turn), name) for name in hosts]
        failures: Counter[str] = Counter()
        while turns:
            _ready, _turn, name = heapq.heappop(turns)
            if self._reads_rules(hosts[name][0]):  # a request too, so the host has to wait before its first page
                heapq.heappush(turns, (self.fetcher.pace.ready_at(name), next(turn), name))
                continue
            link = hosts[name].popleft()
            finding = self._try(link)
            self._take(link, finding)
            failures[name] = failures[name] + 1 if _is_failure(finding) else 0
            if finding.wait is not None or finding.status in BUSY_STATUSES or failures[name] >= PATIENCE:
                self.report.put_off += len(hosts[name])
            elif hosts[name]:
                heapq.heappush(turns, (self.fetcher.pace.ready_at(name), next(turn), name))
        self._store_unconfirmed()
        return self.report

    def _take(self, link: ArticleLink, finding: Finding) -> None:
        """Store a finding; but one that could be due to our own network only after some host has answered."""
        if finding.trouble not in _SILENT:
            self._store(link, finding)
        else:
            self.unconfirmed.append((link, finding))
            silent_hosts = {host_of(unconfirmed.url) for unconfirmed, _finding in self.unconfirmed}
            if len(silent_hosts) >= SILENT_HOSTS and not self._is_online():
                raise Offline
        if self.answered:
            self._store_unconfirmed()

    def _is_online(self) -> bool:
        """Whether any host answers; if none has so far, those that answered most recently are asked again."""
        for link in () if self.answered else stored.reference_links():
            with suppress(FetchError):
                self._fetch("HEAD", link.url)
                break
        return self.answered

    def _store_unconfirmed(self) -> None:
        while self.unconfirmed:
            self._store(*self.unconfirmed.pop(0))

    def _store(self, link: ArticleLink, finding: Finding) -> None:
        with transaction.atomic():
            self.renew()
            before, health = stored.record(link, finding, self.now())
        if health is None:
            self.report.changed += 1
            return
        self.report.found[health] += 1
        if health is LinkHealth.DEAD and before != health:
            self.report.died.append(link.slug)
        self.progress(link, health, finding, self.report.found.total())

    def _try(self, link: ArticleLink) -> Finding:
        """Check a link, if the robots.txt of its host allows it."""
        try:
            rules = self.robots[target_of(link.url).origin]
            if isinstance(rules, Finding):
                return rules
            if rules and not rules.allow(link.url):
                return Finding(trouble=LinkTrouble.ROBOTS)
            return self._finding(link, self._response(link))
        except FetchError as error:
            return Finding(trouble=error.trouble)

    def _reads_rules(self, link: ArticleLink) -> bool:
        """Read the robots.txt of a host unless that has been done; whether it was read now."""
        try:
            target = target_of(link.url)
        except FetchError:
            return False
        if target.origin in self.robots:
            return False
        rules = self.robots[target.origin] = self._rules(target.origin)
        if isinstance(rules, Rules) and rules.pause:
            self.fetcher.pace.slow_down(target.host, min(rules.pause, LONGEST_PAUSE))
        return True

    def _rules(self, origin: str) -> Rules | Finding | None:
        """The robots.txt of a host; None if it has none, or the finding for all its links if none may be requested.

        Source: RFC 9309, 2.3.1: a server error forbids everything, a missing file allows everything.
        """
        try:
            response = self._fetch("GET", f"{origin}/robots.txt", most=ROBOTS_LENGTH)
        except FetchError as error:
            return Finding(trouble=error.trouble) if error.trouble in _OF_HOST else None
        if response.status == 429 or response.status >= 500:
            return Finding(trouble=LinkTrouble.ROBOTS, wait=response.retry_after(self.now()))
        if not 200 <= response.status < 300:
            return None
        return Rules(response.body.decode("utf-8", "replace"))

    def _response(self, link: ArticleLink) -> Response:
        """The response to HEAD or, if that is refused or unclear, to GET."""
        conditions = {"If-None-Match": link.etag, "If-Modified-Since": link.last_modified}
        headers = {name: value for name, value in conditions.items() if value}
        try:
            response = self._fetch("HEAD", link.url, headers)
            if response.status in ANSWERED_STATUSES or response.status in BUSY_STATUSES:
                return response
        except FetchError as error:
            if error.trouble not in _OF_HEAD:
                raise
        return self._fetch("GET", link.url, {**headers, "Range": "bytes=0-0"})

    def _finding(self, link: ArticleLink, response: Response) -> Finding:
        if response.status not in ANSWERED_STATUSES:
            wait = response.retry_after(self.now()) if response.status in BUSY_STATUSES else None
            return Finding(response.status, wait=wait)
        moved = response.moved_to if response.moved_to != link.url and len(response.moved_to) <= LONGEST_MOVED else ""
        if moved and is_elsewhere(link.url, moved):
            moved = ""
        if response.redirected and is_elsewhere(link.url, response.landed):
            return Finding(response.status, LinkTrouble.ELSEWHERE, moved_to=moved)
        etag, modified = ("", "") if response.redirected else _validators(response)
        if response.status == 304 and not response.redirected:
            etag, modified = etag or link.etag, modified or link.last_modified
        return Finding(response.status, moved_to=moved, etag=etag, last_modified=modified)

    def _fetch(self, method: str, url: str, headers: Mapping[str, str] | None = None, most: int = 0) -> Response:
        response = self.fetcher.fetch(method, url, headers, most)
        self.answered = True
        return response


def fetcher() -> Fetcher:
    """A fetcher configured by the settings."""
    return Fetcher(
        f"{ROBOT}/1.0 (link check; +{quote(settings.SITE_URL, safe=':/[]')}/)",
        Pace(),
        ports=[int(port) for port in settings.LINK_CHECK_PORTS],
        allowed=settings.LINK_CHECK_ALLOWED,
    )


def not_waiting(found: Iterable[ArticleLink], now: datetime) -> list[ArticleLink]:
    """These links without those of hosts that have asked us to wait longer."""
    waiting = {host_of(url) for url in stored.waiting_urls(now)}
    return [link for link in found if host_of(link.url) not in waiting]


def host_of(url: str) -> str:
    """The host of an address; "" for an address that is never fetched."""
    try:
        return target_of(url).host
    except FetchError:
        return ""


def _is_failure(finding: Finding) -> bool:
    return finding.trouble in _OF_HOST or (finding.status or 0) >= 500


def _validators(response: Response) -> tuple[str, str]:
    """The ETag and the date of a page, each "" unless it is well-formed enough to be sent back."""
    etag, modified = response.headers.get("ETag", ""), response.headers.get("Last-Modified", "")
    return etag if _ETAG.fullmatch(etag) else "", modified if _DATE.fullmatch(modified) else ""
