"""A process that writes until it is killed: `python -m tests.kill.writer KIND TOKEN`.

It prints "ready", and then what it has written, each time that a write is acknowledged.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from itertools import count
from pathlib import Path

import django

#: What an import brings at once.
ROWS = 40
FOLDER = Path(__file__).parents[1] / "domains" / "task_queues"


def edit(token: str) -> None:
    """Change a claim over and over; each text holds the token and a number that counts up."""
    from comparisons.models import Claim

    for number in count(1):
        claim = Claim.objects.published().order_by("pk")[0]
        claim.statement = f"It was changed: {token} {number}."
        claim.save()
        print(number, flush=True)


def bring(token: str) -> None:
    """Import claims whose keys hold the token and a number, ROWS at a time."""
    from comparisons.exchange import claims as importing
    from comparisons.models import Article, Criterion, Framework

    framework, article = (model.objects.order_by("pk")[0].slug for model in (Framework, Article))
    criterion = Criterion.objects.order_by("pk")[0].slug
    for number in count(1):
        lines = ["key,framework,criterion,kind,polarity,statement,article,stance,says"]
        for row in range(ROWS):
            key = f"{token}-{number}-{row}"
            lines.append(f"{key},{framework},{criterion},judgement,pro,It is {key}.,{article},supports,So it says.")
        plan = importing.plan(importing.read("\n".join(lines).encode(), "csv", "killed.csv"))
        assert plan.is_sound, plan.problems
        importing.apply(plan)
        print(number, flush=True)


def seed(token: str) -> None:
    """Load all fixtures with another tagline in every framework, as `manage.py seed` does."""
    from comparisons.exchange.fixtures import loading
    from comparisons.maintenance import rebuild

    for number in count(1):
        with tempfile.TemporaryDirectory() as place:
            folder = Path(shutil.copytree(FOLDER, Path(place) / "fixtures"))
            file = folder / "frameworks.yaml"
            lines = file.read_text().splitlines(keepends=True)
            line = f"    tagline: It was loaded {token} {number}\n"
            file.write_text("".join(line if old.startswith("    tagline:") else old for old in lines))
            loading.load(folder)
            rebuild.rebuild()
        print(number, flush=True)


KINDS = {"edit": edit, "import": bring, "seed": seed}

if __name__ == "__main__":
    django.setup()
    print("ready", flush=True)
    KINDS[sys.argv[1]](sys.argv[2])
