"""How much of a strange file is looked at."""

from __future__ import annotations

from typing import NamedTuple

MIB = 1024 * 1024


class Limits(NamedTuple):
    """At most so many PDFs of a ZIP and ledgers of a volume, and so many bytes unpacked of either."""

    files: int
    ledgers: int
    bytes: int


# For everybody without an account; and for who runs a command on the machine itself.
ON_THE_WEB = Limits(files=40, ledgers=150, bytes=16 * MIB)
BY_COMMAND = Limits(files=400, ledgers=400, bytes=1024 * MIB)
