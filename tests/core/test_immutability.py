"""Triggers keep append-only rows, and a missing one is noticed."""

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction

from core import immutability
from core.actor import SYSTEM
from core.models import AuditEntry, StoredFile
from core.services import audit

pytestmark = pytest.mark.django_db


@pytest.fixture
def entry() -> AuditEntry:
    with transaction.atomic():
        return audit.record(actor=SYSTEM, verb="test.act", payload={"what": "原文"})


def refuses(sql: str, *parameters: object) -> bool:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql, parameters)
    except IntegrityError:
        return True
    return False


def test_audit_entry_cannot_be_changed_or_deleted(entry):
    assert refuses("UPDATE core_auditentry SET verb = 'x' WHERE id = %s", entry.pk)
    assert refuses("DELETE FROM core_auditentry WHERE id = %s", entry.pk)
    assert AuditEntry.objects.get().verb == "test.act"


def test_refusal_names_the_record(entry):
    with pytest.raises(IntegrityError, match="审计记录：已定稿的记录不能修改或删除"), transaction.atomic():
        AuditEntry.objects.update(verb="x")


@pytest.mark.skipif(connection.vendor != "postgresql", reason="only PostgreSQL truncates")
def test_audit_cannot_be_truncated(entry):
    assert refuses("TRUNCATE core_auditentry")


def test_all_triggers_are_there_after_migrate():
    assert immutability.missing_triggers() == []


def test_migrate_again_keeps_them_and_a_dropped_one_is_reported_and_comes_back(entry):
    immutability.uninstall(app_label="core")
    assert [name.split("_")[1] for name in immutability.missing_triggers() if "auditentry" in name][:2] == [
        "update",
        "delete",
    ]
    AuditEntry.objects.filter(pk=entry.pk).update(verb="test.other")
    call_command("migrate", verbosity=0)
    assert immutability.missing_triggers() == []
    assert refuses("UPDATE core_auditentry SET verb = 'x' WHERE id = %s", entry.pk)


@pytest.fixture
def frozen_files(monkeypatch):
    """Files of zero bytes are frozen, for the length of a test."""
    monkeypatch.setattr(immutability, "_rules", {})
    immutability.frozen_when(StoredFile, "OLD.size = 0", ("media_type", "size"))
    immutability.install()
    yield
    immutability.uninstall()


def test_frozen_rows_keep_the_named_columns_and_stay(frozen_files):
    frozen = StoredFile.objects.create(sha256="a" * 64, size=0, media_type="text/plain")
    free = StoredFile.objects.create(sha256="b" * 64, size=1, media_type="text/plain")
    assert refuses("UPDATE core_storedfile SET media_type = 'x' WHERE id = %s", frozen.pk)
    assert refuses("DELETE FROM core_storedfile WHERE id = %s", frozen.pk)
    assert not refuses("UPDATE core_storedfile SET sha256 = %s WHERE id = %s", "c" * 64, frozen.pk)
    assert not refuses("UPDATE core_storedfile SET media_type = 'x' WHERE id = %s", free.pk)
    assert not refuses("DELETE FROM core_storedfile WHERE id = %s", free.pk)


def test_saving_a_frozen_row_unchanged_is_no_change(frozen_files):
    frozen = StoredFile.objects.create(sha256="a" * 64, size=0, media_type="text/plain")
    frozen.save()
    assert StoredFile.objects.get() == frozen


def test_row_digest_is_the_same_in_memory_and_from_the_database():
    stored = StoredFile.objects.create(sha256="a" * 64, size=5, media_type="text/plain")
    [[label, key, stated]] = immutability.row_digests([stored])
    assert [label, key, stated] == ["core.storedfile", stored.pk, immutability.row_digest(StoredFile.objects.get())]


def test_row_digest_changes_with_any_column():
    stored = StoredFile.objects.create(sha256="a" * 64, size=5, media_type="text/plain")
    before = immutability.row_digest(stored)
    stored.size = 6
    assert immutability.row_digest(stored) != before
