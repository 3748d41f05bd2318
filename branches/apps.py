from django.apps import AppConfig


class BranchesConfig(AppConfig):
    name = "branches"
    verbose_name = "党组织"

    def ready(self) -> None:
        from branches.audit_words import WORDS
        from branches.models import Placement, Succession
        from branches.permissions import holds_duty
        from core import access, audit_words, immutability

        audit_words.register(WORDS)
        access.register_checker(holds_duty)
        immutability.append_only(Placement)
        immutability.append_only(Succession)
