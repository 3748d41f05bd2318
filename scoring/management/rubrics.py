"""What the rubric commands share."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.core.management.base import BaseCommand, CommandError

from core.errors import Invalid, PortalError


@contextmanager
def refusals_listed(command: BaseCommand) -> Iterator[None]:
    """A refusal becomes the command's message and exit code 1, with every fault on a line of its own."""
    try:
        yield
    except PortalError as refusal:
        for place, messages in refusal.errors.items() if isinstance(refusal, Invalid) else ():
            command.stderr.write(f"{place}：{''.join(messages)}")
        raise CommandError(refusal.message) from refusal
