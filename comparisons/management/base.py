"""What the commands that speak of the content share."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from comparisons.models import subject


class ContentCommand(BaseCommand):
    """A command whose messages, and the addresses that it writes, are in the nouns of the subject."""

    def execute(self, *args: Any, **options: Any) -> str | None:
        subject.current()  # texts and addresses never ask for it by themselves
        return super().execute(*args, **options)
