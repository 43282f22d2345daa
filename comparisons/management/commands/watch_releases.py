"""Look for new releases of the frameworks."""

from datetime import timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError, CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _

from comparisons.links import package_index
from comparisons.links.addresses import FetchError
from comparisons.links.package_index import NoAnswer
from comparisons.management.base import ContentCommand, whole
from comparisons.models import Framework, subject
from comparisons.proof import releases


class Command(ContentCommand):
    help = (
        "Read from the index of packages that pip is configured for which releases of the frameworks there are, and "
        "add those that are newer than all on record, marked as found by a machine. It is asked once for each package, "
        "with a pause, and answers only if something has changed. A run may be stopped at any time; the next goes on."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--framework", nargs="+", action="extend", default=[], metavar="SLUG", help="only these")
        parser.add_argument("--index", default="", metavar="URL", help="the index (default: that of pip)")
        parser.add_argument(
            "--older-than", type=whole, default=20, metavar="HOURS", help="those read so long ago (default: 20)"
        )
        parser.add_argument("--list", action="store_true", dest="is_dry", help="say what would be read; read nothing")

    def handle(
        self, *, framework: list[str], index: str, older_than: float, is_dry: bool, verbosity: int, **options: Any
    ) -> None:
        if not subject.current().has_releases:
            raise CommandError("What is compared here comes out in no versions: there is nothing to look for.")
        if missing := sorted(set(framework) - set(Framework.objects.values_list("slug", flat=True))):
            raise CommandError(_("There is no framework %s.") % ", ".join(missing))
        folder, now = Path(settings.DATA_DIR) / releases.FOLDER, timezone.now()
        chosen = releases.due(folder, now, timedelta(hours=older_than), framework)
        try:
            # One that is named is looked at before anything is listed; the other is not asked for then.
            fetcher = package_index.fetcher(index) if index else None
        except NoAnswer as error:
            raise CommandError(str(error)) from error
        if is_dry:
            for one in chosen:
                self.stdout.write(f"{one.slug}  {one.package_name}")
            return
        troubles = added = 0
        try:
            index = index or package_index.configured()
            fetcher = fetcher or package_index.fetcher(index)
            for came in releases.watch(chosen, fetcher, index, folder, now):
                added += len(came.added)
                troubles += bool(came.trouble)
                for word, versions in (("new", came.added), ("yanked or no longer yanked", came.changed)):
                    if versions and verbosity:
                        self.stdout.write(f"  {came.framework.slug}: {word}: {', '.join(versions)}")
                if came.trouble:
                    self.stderr.write(f"  {came.framework.slug}: {came.trouble}")
        except (NoAnswer, FetchError, ValueError) as error:
            raise CommandError(str(error)) from error
        except KeyboardInterrupt:
            raise CommandError("Stopped; the results so far are stored.", returncode=130) from None
        if verbosity:
            self.stdout.write(f"{len(chosen)} packages were read; {added} releases are new.")
        if troubles:
            raise CommandError(f"{troubles} packages could not be read; the next run tries them again.")
