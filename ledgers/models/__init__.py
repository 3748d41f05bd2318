from ledgers.models.automatic import AutomaticIssue
from ledgers.models.batch import BatchDocument, LedgerBatch
from ledgers.models.bundle import Bundle, BundleKind
from ledgers.models.ledger import DraftPrint, Ledger, LedgerKind, Rendering

__all__ = [
    "AutomaticIssue",
    "BatchDocument",
    "Bundle",
    "BundleKind",
    "DraftPrint",
    "Ledger",
    "LedgerBatch",
    "LedgerKind",
    "Rendering",
]
