"""Try the addresses of articles, politely: one request a second per host, and no more than a host bears.

Hosts take turns, so that nobody waits for another. Before the first page of a host its robots.txt is read. A page is
asked for by HEAD; by GET of its first byte if that was refused or unclear. A host that asks for patience, or gives no
sensible answer several times in a row, is left alone for the rest of the run. Each finding is stored by itself: a run
may be killed at any time, and the next one goes on.
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
from urllib.robotparser import RobotFileParser

from django.conf import settings
from django.db import transaction

from comparisons.domain.link_health import ANSWERED_STATUSES
from comparisons.domain.vocabulary import LinkHealth, LinkTrouble
from comparisons.models import LinkCheck

from . import stored
from .addresses import Unanswered, target_of
from .fetching import Answer, Fetcher
from .pace import Pace
from .stored import Finding, Link

#: The name by which robots.txt addresses us.
ROBOT = "Crosscheck"
#: Fruitless requests in a row after which a host is left alone.
PATIENCE = 3
#: Silent hosts after which a run in which nobody has answered doubts its own network.
SILENT_HOSTS = 5
#: Bytes of a robots.txt that count (RFC 9309), and the longest pause between requests that it can ask for, in seconds.
ROBOTS_LENGTH, LONGEST_PAUSE = 500_000, 10.0
#: Longest new address that is kept.
LONGEST_MOVED: int = LinkCheck._meta.get_field("moved_to").max_length or 0
#: Statuses by which a host asks for patience.
BUSY_STATUSES = frozenset({429, 503})

_ETAG = re.compile(r'(W/)?"[\x21\x23-\x7e]{0,190}"')
_DATE = re.compile(r"[A-Za-z0-9,: +-]{1,40}")
#: Troubles that a network of ours that is down would cause too.
_SILENT = frozenset(
    {
        *(LinkTrouble.NO_HOST, LinkTrouble.NAME_SERVER, LinkTrouble.REFUSED),
        *(LinkTrouble.UNREACHABLE, LinkTrouble.TIMEOUT),
    }
)
#: Troubles of a host, not of one page of it.
_OF_HOST = _SILENT | {LinkTrouble.CERTIFICATE, LinkTrouble.ENCRYPTION}
#: Troubles that a server may have with HEAD alone.
_OF_HEAD = frozenset({LinkTrouble.BROKEN, LinkTrouble.UNREACHABLE, LinkTrouble.TIMEOUT})


class Offline(Exception):
    """Nobody answers: our own network is more likely to be down than all these hosts. Nothing of it was stored."""


@dataclass
class Report:
    """What a run did. found: links by their health; died: articles whose link is dead since now; put_off: links of
    hosts that were left alone; changed: links whose article got another address meanwhile.
    """

    found: Counter[LinkHealth] = field(default_factory=Counter)
    died: list[str] = field(default_factory=list)
    put_off: int = 0
    changed: int = 0


#: Called for each stored finding: the link, its health, what was found, and how many are done.
Progress = Callable[[Link, LinkHealth, Finding, int], None]


class Run:
    """One run. now: the clock of what is stored. stay: called before each write, to keep other runs away."""

    def __init__(self, fetcher: Fetcher, now: Callable[[], datetime], stay: Callable[[], None], progress: Progress):
        self.fetcher, self.now, self.stay, self.progress = fetcher, now, stay, progress
        self.report = Report()
        self.robots: dict[str, RobotFileParser | Finding | None] = {}
        self.heard = False
        self.held: list[tuple[Link, Finding]] = []

    def over(self, found: Iterable[Link]) -> Report:
        """Try these links. Offline if nobody answers, links.Overtaken if another run has begun meanwhile."""
        hosts: dict[str, deque[Link]] = {}
        for link in found:
            hosts.setdefault(host_of(link.url), deque()).append(link)
        turn = itertools.count()
        turns = [(0.0, next(turn), name) for name in hosts]
        fruitless: Counter[str] = Counter()
        while turns:
            _ready, _turn, name = heapq.heappop(turns)
            if self._reads_rules(hosts[name][0]):  # which takes a turn of its own
                heapq.heappush(turns, (self.fetcher.pace.ready_at(name), next(turn), name))
                continue
            link = hosts[name].popleft()
            finding = self._try(link)
            self._take(link, finding)
            fruitless[name] = fruitless[name] + 1 if _is_fruitless(finding) else 0
            if finding.wait is not None or finding.status in BUSY_STATUSES or fruitless[name] >= PATIENCE:
                self.report.put_off += len(hosts[name])
            elif hosts[name]:
                heapq.heappush(turns, (self.fetcher.pace.ready_at(name), next(turn), name))
        self._store_held()
        return self.report

    def _take(self, link: Link, finding: Finding) -> None:
        """Store a finding, but hold silence back until somebody has answered: it may be our own."""
        if finding.trouble not in _SILENT:
            self._store(link, finding)
        else:
            self.held.append((link, finding))
            if len({host_of(silent.url) for silent, _finding in self.held}) >= SILENT_HOSTS and not self._is_online():
                raise Offline
        if self.heard:
            self._store_held()

    def _is_online(self) -> bool:
        """Whether anybody answers, be it one who is not to be tried yet."""
        for link in () if self.heard else stored.witnesses():
            with suppress(Unanswered):
                self._fetch("HEAD", link.url)
                break
        return self.heard

    def _store_held(self) -> None:
        while self.held:
            self._store(*self.held.pop(0))

    def _store(self, link: Link, finding: Finding) -> None:
        with transaction.atomic():
            self.stay()
            before, health = stored.record(link, finding, self.now())
        if health is None:
            self.report.changed += 1
            return
        self.report.found[health] += 1
        if health is LinkHealth.DEAD and before != health:
            self.report.died.append(link.slug)
        self.progress(link, health, finding, self.report.found.total())

    def _try(self, link: Link) -> Finding:
        """What this link gives, asked as its host wants it."""
        try:
            rules = self.robots[target_of(link.url).origin]
            if isinstance(rules, Finding):
                return rules
            if rules and not _allows(rules, link.url):
                return Finding(trouble=LinkTrouble.ROBOTS)
            return self._finding(link, self._answer(link))
        except Unanswered as error:
            return Finding(trouble=error.trouble)

    def _reads_rules(self, link: Link) -> bool:
        """Read the rules of a host before its first link is tried; whether that was done now."""
        try:
            target = target_of(link.url)
        except Unanswered:
            return False
        if target.origin in self.robots:
            return False
        rules = self.robots[target.origin] = self._rules(target.origin)
        delay = rules.crawl_delay(ROBOT) if isinstance(rules, RobotFileParser) else None
        if delay:
            self.fetcher.pace.slow_down(target.host, min(float(delay), LONGEST_PAUSE))
        return True

    def _rules(self, origin: str) -> RobotFileParser | Finding | None:
        """The rules of a host: None for none, what to say of all its links if none of them is to be tried.

        Source: RFC 9309, 2.3.1. An error of the server keeps us out, a file that is not there lets us in.
        """
        try:
            answer = self._fetch("GET", f"{origin}/robots.txt", most=ROBOTS_LENGTH)
        except Unanswered as error:
            return Finding(trouble=error.trouble) if error.trouble in _OF_HOST else None
        if answer.status == 429 or answer.status >= 500:
            return Finding(trouble=LinkTrouble.ROBOTS, wait=answer.retry_after(self.now()))
        if not 200 <= answer.status < 300:
            return None
        rules = RobotFileParser()
        try:
            rules.parse(answer.body.decode("utf-8", "replace").removeprefix("\ufeff").splitlines())
        except ValueError:  # what the parser of the standard library cannot read says nothing
            return None
        return rules

    def _answer(self, link: Link) -> Answer:
        """The answer to HEAD; if that is refused or unclear, to GET."""
        conditions = {"If-None-Match": link.etag, "If-Modified-Since": link.last_modified}
        headers = {name: value for name, value in conditions.items() if value}
        try:
            answer = self._fetch("HEAD", link.url, headers)
            if answer.status in ANSWERED_STATUSES or answer.status in BUSY_STATUSES:
                return answer
        except Unanswered as error:
            if error.trouble not in _OF_HEAD:
                raise
        return self._fetch("GET", link.url, {**headers, "Range": "bytes=0-0"})

    def _finding(self, link: Link, answer: Answer) -> Finding:
        if answer.status not in ANSWERED_STATUSES:
            wait = answer.retry_after(self.now()) if answer.status in BUSY_STATUSES else None
            return Finding(answer.status, wait=wait)
        moved = answer.moved_to if answer.moved_to != link.url and len(answer.moved_to) <= LONGEST_MOVED else ""
        etag, modified = ("", "") if answer.redirected else _validators(answer)
        if answer.status == 304 and not answer.redirected:
            etag, modified = etag or link.etag, modified or link.last_modified
        return Finding(answer.status, moved_to=moved, etag=etag, last_modified=modified)

    def _fetch(self, method: str, url: str, headers: Mapping[str, str] | None = None, most: int = 0) -> Answer:
        answer = self.fetcher.fetch(method, url, headers, most)
        self.heard = True
        return answer


def fetcher() -> Fetcher:
    """A fetcher as the settings want it."""
    return Fetcher(
        f"{ROBOT}/1.0 (link check; +{quote(settings.SITE_URL, safe=':/[]')}/)",
        Pace(),
        ports=[int(port) for port in settings.LINK_CHECK_PORTS],
        allowed=settings.LINK_CHECK_ALLOWED,
    )


def not_waiting(found: Iterable[Link], now: datetime) -> list[Link]:
    """Links without those of hosts that asked for more time than has passed."""
    waiting = {host_of(url) for url in stored.asked_to_wait(now)}
    return [link for link in found if host_of(link.url) not in waiting]


def host_of(url: str) -> str:
    """The host of an address; "" for one that is not asked for anyway."""
    try:
        return target_of(url).host
    except Unanswered:
        return ""


def _allows(rules: RobotFileParser, url: str) -> bool:
    try:
        return rules.can_fetch(ROBOT, url)
    except ValueError:
        return True


def _is_fruitless(finding: Finding) -> bool:
    return finding.trouble in _OF_HOST or (finding.status or 0) >= 500


def _validators(answer: Answer) -> tuple[str, str]:
    """The ETag and the date of a page, as far as they are fit to be sent back."""
    etag, modified = answer.headers.get("ETag", ""), answer.headers.get("Last-Modified", "")
    return etag if _ETAG.fullmatch(etag) else "", modified if _DATE.fullmatch(modified) else ""
