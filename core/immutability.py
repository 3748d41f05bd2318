"""The second line of immutability: triggers that refuse what no service does anyway.

An app names its append-only models in `AppConfig.ready`. The triggers are written anew after every `migrate`, because
Django rebuilds a SQLite table on many alterations and its triggers are gone afterwards; they are lifted before a
migration that has something to do, because PostgreSQL refuses to alter a column that a trigger reads.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections, models, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from core.canonical import digest
from core.fields import HundredthsField

FUNCTION = "portal_refuse_change"
PREFIX = "keep_"


@dataclass(frozen=True)
class Rule:
    """What is refused on one table: every change, or (with a condition) a change of these columns of such rows."""

    model: type[models.Model]
    condition: str = ""
    columns: tuple[str, ...] = ()
    is_digested: bool = True

    @property
    def table(self) -> str:
        return self.model._meta.db_table

    @property
    def message(self) -> str:
        return f"{self.model._meta.verbose_name}：已定稿的记录不能修改或删除。"

    def name(self, event: str) -> str:
        """Name of the trigger for an event: short enough for every database, changed whenever the rule changes."""
        content = "|".join([self.table, self.condition, *self.columns])
        return f"{PREFIX}{event}_{self.table[:30]}_{hashlib.sha256(content.encode()).hexdigest()[:8]}"


_rules: dict[str, list[Rule]] = {}


def append_only(model: type[models.Model], *, digested: bool = True) -> None:
    """Rows of `model` are written once, never changed and never deleted.

    `digested`: the service that writes a row names its digest in the audit (`row_digests`), so that `verify_audit`
    finds rows changed, removed or added behind the application.
    """
    _add(Rule(model, is_digested=digested))


def frozen_when(model: type[models.Model], condition: str, columns: Iterable[str]) -> None:
    """Rows for which `condition` holds keep these columns and stay; `condition` is SQL on OLD: `OLD.state = 'x'`.

    `columns` are database columns. The condition is code, never input.
    """
    _add(Rule(model, condition=condition, columns=tuple(columns), is_digested=False))


def _add(rule: Rule) -> None:
    kept = _rules.setdefault(rule.model._meta.label_lower, [])
    if rule not in kept:
        kept.append(rule)


def rules(app_label: str | None = None) -> list[Rule]:
    """The registered rules, of one app or of all."""
    return [
        rule
        for label, kept in sorted(_rules.items())
        for rule in kept
        if app_label is None or label.partition(".")[0] == app_label
    ]


def digested_models() -> list[type[models.Model]]:
    """Append-only models whose every row the audit names by digest."""
    return [rule.model for rule in rules() if rule.is_digested]


# -- digests of rows


def row_digest(instance: models.Model) -> str:
    """SHA-256 over the concrete columns of a row as they stand in the database, in canonical form."""
    row = {field.attname: _column(field, instance) for field in instance._meta.concrete_fields}
    return digest({"schema": 1, "model": instance._meta.label_lower, "row": row})


def row_digests(instances: Iterable[models.Model]) -> list[list[Any]]:
    """`[[model label, primary key, digest], …]` for the payload key `row_digests` of an audit entry."""
    return [[instance._meta.label_lower, instance.pk, row_digest(instance)] for instance in instances]


def _column(field: models.Field, instance: models.Model) -> Any:
    target: Any = field
    while target.remote_field is not None:
        target = target.target_field
    value = target.to_python(getattr(instance, field.attname))
    return str(value) if isinstance(target, HundredthsField) and value is not None else value


# -- triggers


def install(*, using: str = DEFAULT_DB_ALIAS, app_label: str | None = None) -> None:
    """Write all triggers of the registered models whose tables exist; the same twice is the same once."""
    connection = connections[using]
    with transaction.atomic(using=using), connection.cursor() as cursor:
        tables = set(connection.introspection.table_names(cursor))
        if connection.vendor == "postgresql":
            cursor.execute(_POSTGRESQL_FUNCTION)
        for rule in rules(app_label):
            if rule.table in tables:
                _install_rule(cursor, connection, rule)


def _install_rule(cursor: Any, connection: BaseDatabaseWrapper, rule: Rule) -> None:
    for name, statement in _statements(connection, rule).items():
        cursor.execute(_drop(connection, name, rule.table))
        cursor.execute(statement)


def uninstall(*, using: str = DEFAULT_DB_ALIAS, app_label: str | None = None) -> None:
    """Drop every trigger written here, also those of rules that are gone."""
    connection = connections[using]
    tables = {rule.table for rule in rules(app_label)} if app_label else None
    with transaction.atomic(using=using), connection.cursor() as cursor:
        for name, table in _installed(connection):
            if tables is None or table in tables:
                cursor.execute(_drop(connection, name, table))


def missing_triggers(*, using: str = DEFAULT_DB_ALIAS) -> list[str]:
    """Names of the triggers that should be there and are not (or are switched off); empty when all is well."""
    connection = connections[using]
    present = {name for name, _table in _installed(connection, only_enabled=True)}
    wanted = [name for rule in rules() for name in _statements(connection, rule)]
    return [name for name in wanted if name not in present]


def _installed(connection: BaseDatabaseWrapper, *, only_enabled: bool = False) -> list[tuple[str, str]]:
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(_SQLITE_INSTALLED)
        else:
            cursor.execute(_POSTGRESQL_INSTALLED + (" AND t.tgenabled <> 'D'" if only_enabled else ""), [FUNCTION])
        return [(name, table) for name, table in cursor.fetchall()]


def _drop(connection: BaseDatabaseWrapper, name: str, table: str) -> str:
    if connection.vendor == "sqlite":
        return f'DROP TRIGGER IF EXISTS "{name}"'
    return f'DROP TRIGGER IF EXISTS "{name}" ON "{table}"'


def _statements(connection: BaseDatabaseWrapper, rule: Rule) -> dict[str, str]:
    write = _sqlite_statement if connection.vendor == "sqlite" else _postgresql_statement
    events = {"update": _when_changed(connection, rule), "delete": rule.condition}
    statements = {rule.name(event): write(rule, event, when) for event, when in events.items()}
    if connection.vendor == "postgresql" and not rule.condition:
        statements[rule.name("truncate")] = _postgresql_statement(rule, "truncate", "", per="STATEMENT")
    return statements


def _when_changed(connection: BaseDatabaseWrapper, rule: Rule) -> str:
    """Saving a row unchanged is no change: Django writes all columns."""
    if not rule.columns:
        return rule.condition
    differs = "IS NOT" if connection.vendor == "sqlite" else "IS DISTINCT FROM"
    changed = " OR ".join(f'OLD."{column}" {differs} NEW."{column}"' for column in rule.columns)
    return f"({rule.condition}) AND ({changed})"


def _sqlite_statement(rule: Rule, event: str, when: str) -> str:
    guard = f" WHEN {when}" if when else ""
    return (
        f'CREATE TRIGGER "{rule.name(event)}" BEFORE {event.upper()} ON "{rule.table}" FOR EACH ROW{guard} '
        f"BEGIN SELECT RAISE(ABORT, '{rule.message}'); END"
    )


def _postgresql_statement(rule: Rule, event: str, when: str, per: str = "ROW") -> str:
    guard = f" WHEN ({when})" if when else ""
    return (
        f'CREATE TRIGGER "{rule.name(event)}" BEFORE {event.upper()} ON "{rule.table}" FOR EACH {per}{guard} '
        f"EXECUTE FUNCTION {FUNCTION}('{rule.message}')"
    )


_POSTGRESQL_FUNCTION = f"""
CREATE OR REPLACE FUNCTION {FUNCTION}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION USING MESSAGE = TG_ARGV[0], ERRCODE = 'integrity_constraint_violation';
END $$
"""

_SQLITE_INSTALLED = """
SELECT name, tbl_name FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'keep@_%' ESCAPE '@'
"""

_POSTGRESQL_INSTALLED = """
SELECT t.tgname, c.relname FROM pg_trigger t
JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_proc p ON p.oid = t.tgfoid
WHERE NOT t.tgisinternal AND p.proname = %s AND pg_table_is_visible(c.oid)
"""
