from ledgers.models.batch import BatchDocument, LedgerBatch
from ledgers.models.ledger import DraftPrint, Ledger, LedgerKind, Rendering

__all__ = ["BatchDocument", "DraftPrint", "Ledger", "LedgerBatch", "LedgerKind", "Rendering"]
