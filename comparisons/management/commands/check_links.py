"""Look whether the addresses of articles still answer."""

import argparse
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from comparisons.domain.link_health import DAYS_UNTIL_DEAD
from comparisons.domain.vocabulary import LinkHealth
from comparisons.language import labels
from comparisons.links import run as link_checks
from comparisons.links import stored
from comparisons.links.pace import PAUSE
from comparisons.links.stored import ArticleLink
from comparisons.models import Article


class Command(BaseCommand):
    help = (
        "Ask whether the addresses of articles still answer, those first that were asked longest ago. Each host gets "
        f"one request in {PAUSE:g} s, and its robots.txt is heeded. A link is dead once it has failed on at least "
        f"{DAYS_UNTIL_DEAD} different days without an answer between them; refusals (401, 403, 405, 429), errors of "
        "the server, timeouts and the like are unknown. It may be stopped at any time: the next run goes on."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--limit", type=_whole, metavar="N", help="at most this many addresses")
        parser.add_argument(
            "--article", nargs="+", action="extend", default=[], metavar="SLUG", help="these, however lately asked"
        )
        parser.add_argument(
            "--older-than",
            type=_whole,
            default=7,
            metavar="DAYS",
            help="those asked so long ago, or never (default: 7); what failed on an earlier day is asked again anyway",
        )
        parser.add_argument("--dry-run", action="store_true", help="say what would be asked; ask nobody")

    def handle(self, *, dry_run: bool, verbosity: int, **options: Any) -> None:
        if dry_run:
            found = self.chosen(**options)
            for link in found if verbosity else ():
                self.stdout.write(f"  {link.slug}")
            hosts = len({link_checks.host_of(link.url) for link in found})
            self.stdout.write(f"{len(found)} addresses on {hosts} hosts would be asked; nobody was.")
            return
        try:
            with stored.only_run(timezone.now) as renew:
                self.ask(self.chosen(**options), renew, verbosity)
        except stored.Busy:
            self.stderr.write("Another run is at work; this one did nothing.")
        except stored.Overtaken:
            raise CommandError("This run stood still for so long that another one has begun.") from None
        except link_checks.Offline:
            raise CommandError("Nobody answers; is this machine off the network? Nothing was stored.") from None
        except KeyboardInterrupt:
            raise CommandError("Stopped; what was found so far is stored.", returncode=130) from None

    def chosen(self, *, article: list[str], older_than: int, limit: int | None, **options: Any) -> list[ArticleLink]:
        """The links to try."""
        now = timezone.now()
        if missing := set(article) - set(Article.objects.filter(slug__in=article).values_list("slug", flat=True)):
            raise CommandError(f"There is no article {', '.join(sorted(missing))}.")
        found = stored.named(article) if article else stored.due(now, timedelta(days=older_than))
        ready = link_checks.not_waiting(found, now)
        if len(ready) < len(found):
            self.stdout.write(f"{len(found) - len(ready)} addresses wait: their hosts asked for time.")
        return ready[:limit]

    def ask(self, found: list[ArticleLink], renew: Any, verbosity: int) -> None:
        def progress(link: ArticleLink, health: LinkHealth, finding: stored.Finding, done: int) -> None:
            if verbosity:
                why = labels.label(finding.trouble) if finding.trouble else finding.status
                moved = f", moved to {finding.moved_to}" if finding.moved_to else ""
                self.stdout.write(f"  [{done}/{len(found)}] {health.value:7} {link.slug}: {why}{moved}")
                self.stdout.flush()

        report = link_checks.Run(link_checks.fetcher(), timezone.now, renew, progress).check(found)
        if verbosity:
            counts = ", ".join(f"{number} {health.value}" for health, number in report.found.most_common())
            self.stdout.write(f"{report.found.total()} addresses checked" + (f": {counts}." if counts else "."))
            if report.died:
                self.stdout.write(f"Dead since now: {', '.join(report.died)}.")
            if report.put_off:
                self.stdout.write(f"{report.put_off} put off, because their hosts are not to be asked further now.")
            if report.changed:
                self.stdout.write(f"{report.changed} not counted: the address was changed meanwhile.")


def _whole(text: str) -> int:
    """A whole number from 0 up."""
    if not (text.isascii() and text.isdigit() and len(text) < 6):
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from 0 to 99999")
    return int(text)
