from ledgers.models.ledger import DraftPrint, Ledger, LedgerKind, Rendering

__all__ = ["DraftPrint", "Ledger", "LedgerKind", "Rendering"]
