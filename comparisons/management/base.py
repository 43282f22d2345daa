"""What the commands that speak of the content share."""

from __future__ import annotations

import argparse
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils.translation import gettext

from comparisons.models import subject


def whole(text: str) -> int:
    """A whole number from 0 to 99999, as an argument of a command. Raises ArgumentTypeError for any other text."""
    if not (text.isascii() and text.isdigit() and len(text) < 6):
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from 0 to 99999")
    return int(text)


class ContentCommand(BaseCommand):
    """A command whose messages, and the addresses that it writes, are in the nouns of the subject."""

    def create_parser(self, prog_name: str, subcommand: str, **options: Any) -> CommandParser:
        subject.current()
        parser = super().create_parser(prog_name, subcommand, **options)
        parser.description = gettext(parser.description or "")
        for action in parser._actions:
            action.help = gettext(action.help) if action.help else action.help
        return parser

    def execute(self, *args: Any, **options: Any) -> str | None:
        subject.current()  # texts and addresses never ask for it by themselves
        return super().execute(*args, **options)
