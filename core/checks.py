"""System checks of core; the one about the database runs with `check --database default` and in migrate."""

from collections.abc import Sequence
from typing import Any

from django.core.checks import CheckMessage, Error
from django.db import OperationalError, ProgrammingError, connections

from core import immutability


def triggers_are_there(app_configs: Any, databases: Sequence[str] | None = None, **kwargs: Any) -> list[CheckMessage]:
    """Every trigger of immutability stands in the database. Before the first migrate there is nothing to keep."""
    return [error for alias in databases or [] for error in _check(alias)]


def _check(alias: str) -> list[CheckMessage]:
    try:
        tables = connections[alias].introspection.table_names()
        missing = immutability.missing_triggers(using=alias)
    except (OperationalError, ProgrammingError) as error:
        return [Error(f"数据库不可用：{error}", id="core.E001")]
    if "core_auditentry" not in tables or not missing:
        return []
    return [Error(f"缺少防改触发器：{'、'.join(missing)}", hint="运行 manage.py migrate。", id="core.E002")]
