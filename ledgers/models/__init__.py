from ledgers.models.automatic import AutomaticIssue
from ledgers.models.batch import BatchDocument, LedgerBatch
from ledgers.models.bundle import Bundle, BundleKind
from ledgers.models.ledger import OF_THE_DISTRICT, DraftPrint, Ledger, LedgerKind, Rendering
from ledgers.models.paper import PaperKind, WorkingPaper

__all__ = [
    "OF_THE_DISTRICT",
    "AutomaticIssue",
    "BatchDocument",
    "Bundle",
    "BundleKind",
    "DraftPrint",
    "Ledger",
    "LedgerBatch",
    "LedgerKind",
    "PaperKind",
    "Rendering",
    "WorkingPaper",
]
