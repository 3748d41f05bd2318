"""Terms of owners' bodies."""

from __future__ import annotations

from datetime import date


def is_overdue(election_due_on: date, day: date) -> bool:
    """Whether the re-election should have been: the term still runs on the day it ends."""
    return election_due_on < day
