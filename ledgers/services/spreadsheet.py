"""A ledger as a workbook, made of the same body as its PDF whenever somebody wants it: the same bytes every time."""

from __future__ import annotations

from core.sheets.workbook import workbook_bytes
from ledgers.calc.sheets import sheets_of
from ledgers.models import Ledger


def ledger_workbook(ledger: Ledger) -> bytes:
    """The .xlsx of an issued ledger; number and digest stand at the foot of every printed page."""
    foot = f"编号 {ledger.number}　内容摘要 SHA-256 {ledger.body_sha256}"
    return workbook_bytes(sheets_of(ledger.data), foot=foot)
