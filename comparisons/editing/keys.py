"""Keys for new claims, so that nobody has to invent one: framework, criterion and first words."""

from __future__ import annotations

import re

from comparisons.language.markdown import plain
from comparisons.models import Claim, Criterion, Framework
from comparisons.search import terms

#: Most words of the statement in a key, and the longest key before a number is added.
WORDS, LENGTH = 5, 72


def proposed_key(framework: Framework | None, criterion: Criterion, statement: str) -> str:
    """A key that no claim has yet, from framework, criterion and the first words of a statement; one query."""
    about = [framework.slug] if framework else []
    ignored = {word.text for text in [*(framework.name if framework else "").split(), criterion.name]
              for word in terms.scan(text)} | terms.FUNCTION_WORDS  # fmt: skip
    words = [word.text for word in terms.scan(plain(statement)) if word.text not in ignored][:WORDS]
    base = re.sub("[^a-z0-9.]+", "-", "-".join([*about, criterion.slug, *words]).lower())[:LENGTH].strip("-.")
    taken = set(Claim.objects.filter(key__startswith=base).values_list("key", flat=True))
    number, key = 1, base
    while key in taken:
        number += 1
        key = f"{base}-{number}"
    return key
