"""Check whether the addresses of articles still answer."""

from datetime import timedelta
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.utils import timezone

from comparisons.domain.link_health import DAYS_UNTIL_DEAD
from comparisons.domain.vocabulary import LinkHealth
from comparisons.language import labels
from comparisons.links import run as link_checks
from comparisons.links import stored
from comparisons.links.pace import PAUSE
from comparisons.links.stored import ArticleLink
from comparisons.management.base import ContentCommand, whole
from comparisons.models import Article


class Command(ContentCommand):
    help = (
        "Check whether the addresses of articles still answer, beginning with those checked longest ago. Each host "
        f"gets one request in {PAUSE:g} s, and its robots.txt is obeyed. A link is dead once it has failed on at least "
        f"{DAYS_UNTIL_DEAD} different days without an answer in between; after refusals (401, 403, 405, 429), server "
        "errors, timeouts and the like it is unknown. A run may be stopped at any time: the next one continues."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--limit", type=whole, metavar="N", help="at most this many addresses")
        parser.add_argument(
            "--article",
            nargs="+",
            action="extend",
            default=[],
            metavar="SLUG",
            help="check these, even if checked recently",
        )
        parser.add_argument(
            "--older-than",
            type=whole,
            default=7,
            metavar="DAYS",
            help="those last checked so long ago, or never (default: 7); failures of another day are checked anyway",
        )
        parser.add_argument("--dry-run", action="store_true", help="list what would be checked; send no request")

    def handle(self, *, dry_run: bool, verbosity: int, **options: Any) -> None:
        if dry_run:
            found = self.chosen(**options)
            for link in found if verbosity else ():
                self.stdout.write(f"  {link.slug}")
            hosts = len({link_checks.host_of(link.url) for link in found})
            self.stdout.write(
                f"Addresses that would be checked: {len(found)}, on different hosts: {hosts}. No request was sent."
            )
            return
        try:
            with stored.only_run(timezone.now) as renew:
                self.ask(self.chosen(**options), renew, verbosity)
        except stored.Busy:
            self.stderr.write("Another run is in progress; this one did nothing.")
        except stored.Overtaken:
            raise CommandError("This run was idle for so long that another one has begun.") from None
        except link_checks.Offline:
            raise CommandError("No host answers; is this machine offline? Nothing was stored.") from None
        except KeyboardInterrupt:
            raise CommandError("Stopped; the results so far are stored.", returncode=130) from None

    def chosen(self, *, article: list[str], older_than: int, limit: int | None, **options: Any) -> list[ArticleLink]:
        """The links to check. Raises CommandError for a slug that no article has."""
        now = timezone.now()
        if missing := set(article) - set(Article.objects.filter(slug__in=article).values_list("slug", flat=True)):
            raise CommandError(f"There is no article {', '.join(sorted(missing))}.")
        found = stored.named(article) if article else stored.due(now, timedelta(days=older_than))
        ready = link_checks.not_waiting(found, now)
        if len(ready) < len(found):
            self.stdout.write(f"{len(found) - len(ready)} addresses are postponed, as their hosts asked for.")
        return ready[:limit]

    def ask(self, found: list[ArticleLink], renew: Any, verbosity: int) -> None:
        def progress(link: ArticleLink, health: LinkHealth, finding: stored.Finding, done: int) -> None:
            if verbosity:
                why = labels.label(finding.trouble) if finding.trouble else finding.status
                moved = f", moved to {finding.moved_to}" if finding.moved_to else ""
                self.stdout.write(f"  [{done}/{len(found)}] {health.value:7} {link.slug}: {why}{moved}")
                self.stdout.flush()

        report = link_checks.LinkRun(link_checks.fetcher(), timezone.now, renew, progress).check(found)
        if verbosity:
            counts = ", ".join(f"{number} {health.value}" for health, number in report.found.most_common())
            self.stdout.write(f"{report.found.total()} addresses checked" + (f": {counts}." if counts else "."))
            if report.died:
                self.stdout.write(f"Now dead: {', '.join(report.died)}.")
            if report.put_off:
                self.stdout.write(f"{report.put_off} put off, because their hosts must not be contacted again for now.")
            if report.changed:
                self.stdout.write(f"{report.changed} not counted, because the address was changed in the meantime.")
