from django.apps import AppConfig


class LedgersConfig(AppConfig):
    name = "ledgers"
    verbose_name = "台账"

    def ready(self) -> None:
        from core import audit_words
        from core.immutability import append_only
        from ledgers import jobs
        from ledgers.audit_words import WORDS
        from ledgers.models import Ledger, Rendering
        from ledgers.page_links import ledger_links, paper_links
        from scoring import page_links

        append_only(Ledger)
        append_only(Rendering)
        audit_words.register(WORDS)
        jobs.register()
        page_links.register(ledger_links)
        page_links.register_for_assessments(paper_links)
