from typing import Any

from django.apps import AppConfig
from django.core.checks import register
from django.db.models.signals import post_migrate, pre_migrate


class CoreConfig(AppConfig):
    name = "core"
    verbose_name = "基础"

    def ready(self) -> None:
        from core import audit_words, checks, immutability, jobs
        from core.models import AuditEntry

        immutability.append_only(AuditEntry, digested=False)
        audit_words.register(audit_words.CORE)
        jobs.register()
        pre_migrate.connect(lift_triggers, dispatch_uid="lift_triggers")
        post_migrate.connect(write_triggers, dispatch_uid="write_triggers")
        register(checks.triggers_are_there, "database")


def lift_triggers(sender: AppConfig, using: str, plan: list[Any], **kwargs: Any) -> None:
    """Before a migration that has something to do."""
    from core import immutability

    if plan:
        immutability.uninstall(using=using, app_label=sender.label)


def write_triggers(sender: AppConfig, using: str, **kwargs: Any) -> None:
    """After every migrate, and after a flush."""
    from core import immutability

    immutability.install(using=using, app_label=sender.label)
