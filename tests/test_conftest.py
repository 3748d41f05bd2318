"""The ground the tests stand on."""

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction

from core import immutability
from core.actor import SYSTEM
from core.models import AuditEntry
from core.services import audit


def write_an_entry() -> AuditEntry:
    with transaction.atomic():
        return audit.record(actor=SYSTEM, verb="core.test")


@pytest.mark.django_db(transaction=True)
def test_a_flush_empties_append_only_tables_and_the_triggers_stand_again() -> None:
    write_an_entry()
    call_command("flush", interactive=False, verbosity=0)
    assert AuditEntry.objects.count() == 0
    assert immutability.missing_triggers() == []
    write_an_entry()
    with pytest.raises(DatabaseError), transaction.atomic():
        AuditEntry.objects.update(actor_label="someone else")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("turn", [1, 2])
def test_real_transactions_leave_nothing_to_the_next_test(turn: int) -> None:
    assert AuditEntry.objects.count() == 0
    write_an_entry()


@pytest.mark.django_db
def test_sqlite_is_a_file_as_in_service() -> None:
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL")
    assert not connection.is_in_memory_db()
    with connection.cursor() as cursor:
        assert cursor.execute("PRAGMA journal_mode").fetchone() == ("wal",)
