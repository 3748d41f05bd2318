"""Where the audit chain ends now: an anchor to print on what leaves the machine."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils import timezone

from core.models import AuditEntry, ChainHead


@dataclass(frozen=True, slots=True)
class ChainMark:
    """The last entry: its number, its hash, and its moment in China (`2026-11-10 09:30:00`)."""

    seq: int
    hash: str
    at: str


def chain_mark() -> ChainMark:
    """The end of the chain; number 0 while nothing is recorded."""
    head = ChainHead.objects.filter(pk=1).first() or ChainHead()
    last = AuditEntry.objects.filter(seq=head.seq).values_list("at", flat=True).first()
    return ChainMark(head.seq, head.hash, f"{timezone.localtime(last):%Y-%m-%d %H:%M:%S}" if last else "—")
