"""Fill the database at an address with the big knowledge base: `python -m tests.big sqlite:///var/big.sqlite3`."""

from __future__ import annotations

import os
import sys
import time


def main() -> None:
    os.environ["DATABASE_URL"] = sys.argv[1]
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    from . import world

    start = time.process_time()
    world.fill(lambda text: print(f"{time.process_time() - start:6.1f} s of CPU  {text}", flush=True))


if __name__ == "__main__":
    main()
