"""Whatever is done to the audit or to a row it names behind the application is found."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from core import immutability
from core.actor import SYSTEM, Actor
from core.models import AuditEntry, ChainHead, StoredFile
from core.selectors.audit import ChainCheck, KeySet
from core.services import audit

pytestmark = pytest.mark.django_db


@pytest.fixture
def digested_files(monkeypatch):
    """Stored files as the one digested append-only model, without triggers in the way."""
    rule = immutability.Rule(StoredFile)
    monkeypatch.setattr(immutability, "_rules", {"core.storedfile": [rule]})


@pytest.fixture
def chain(digested_files) -> list[StoredFile]:
    """Three acts, each with one row it names."""
    return [write_file(letter) for letter in "abc"]


def write_file(letter: str) -> StoredFile:
    with transaction.atomic():
        stored = StoredFile.objects.create(sha256=letter * 64, size=1, media_type="text/plain")
        payload = {"row_digests": immutability.row_digests([stored])}
        audit.record(actor=Actor(7, "林"), verb="test.store", subject=stored, payload=payload)
    return stored


def tamper(sql: str, *parameters: object) -> None:
    immutability.uninstall()
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)


def findings() -> list[str]:
    return [str(finding) for finding in ChainCheck().findings()]


def test_an_untouched_chain_has_no_finding(chain):
    check = ChainCheck()
    assert list(check.findings()) == []
    assert (check.seq, check.rows, check.hash) == (3, 3, ChainHead.objects.get().hash)


def test_an_empty_chain_has_no_finding(digested_files):
    assert findings() == []


def test_a_changed_entry_is_found(chain):
    tamper("UPDATE core_auditentry SET actor_label = '吴' WHERE seq = 2")
    assert findings() == ["第 2 条：内容与校验值不符，记录被改动"]


def test_a_removed_entry_is_found(chain):
    tamper("DELETE FROM core_auditentry WHERE seq = 2")
    assert findings() == [
        "第 3 条：序号不连续，前一条是 1",
        "第 3 条：与前一条记录不衔接",
        f"文件 {chain[1].pk} 没有任何审计记录，可能绕过系统写入",
    ]


def test_a_cut_tail_is_found(chain):
    tamper("DELETE FROM core_auditentry WHERE seq = 3")
    assert findings() == [
        "第 3 条：链头（3）与最后一条记录（2）不一致，链尾记录可能被删除",
        f"文件 {chain[2].pk} 没有任何审计记录，可能绕过系统写入",
    ]


def test_an_entry_forged_without_the_key_is_found(chain, settings):
    own_key, settings.AUDIT_KEY = settings.AUDIT_KEY, "another key, as a forger would have it"
    with transaction.atomic():
        audit.record(actor=SYSTEM, verb="test.forged")
    settings.AUDIT_KEY = own_key
    assert findings() == ["第 4 条：内容与校验值不符，记录被改动"]


def test_a_changed_row_is_found(chain):
    tamper("UPDATE core_storedfile SET size = 2 WHERE id = %s", chain[1].pk)
    assert findings() == [f"第 2 条：文件 {chain[1].pk} 与写入时不符，被改动"]


def test_a_removed_row_is_found(chain):
    tamper("DELETE FROM core_storedfile WHERE id = %s", chain[0].pk)
    assert findings() == [f"第 1 条：记录 core.storedfile {chain[0].pk} 已不存在"]


def test_a_row_written_behind_the_application_is_found(chain):
    stray = StoredFile.objects.create(sha256="d" * 64, size=1, media_type="text/plain")
    assert findings() == [f"文件 {stray.pk} 没有任何审计记录，可能绕过系统写入"]


def test_an_act_recorded_during_the_walk_is_walked_too(chain):
    check = ChainCheck(on_batch=lambda seq, total: write_file("e") if seq == 3 else None)
    assert list(check.findings()) == []
    assert check.seq == 4


def test_many_entries_take_the_same_few_queries(chain, django_assert_num_queries):
    for letter in "0123456789":
        write_file(letter)
    with django_assert_num_queries(7):
        assert findings() == []


def test_a_payload_that_names_rows_strangely_does_not_stop_the_walk(digested_files):
    with transaction.atomic():
        audit.record(actor=SYSTEM, verb="test.odd", payload={"row_digests": [["no.model", 1, "x"]]})
    assert findings() == ["第 1 条：记录 no.model 1 已不存在"]


def test_command_prints_the_head(chain):
    immutability_rules_are_installed()
    out = StringIO()
    call_command("verify_audit", stdout=out)
    assert f"链头 3 {ChainHead.objects.get().hash}" in out.getvalue().splitlines()


def test_command_fails_with_a_list(chain):
    tamper("UPDATE core_storedfile SET size = 2 WHERE id = %s", chain[1].pk)
    immutability_rules_are_installed()
    errors = StringIO()
    with pytest.raises(CommandError, match="发现 1 处问题"):
        call_command("verify_audit", stderr=errors, stdout=StringIO())
    assert errors.getvalue().splitlines() == [f"第 2 条：文件 {chain[1].pk} 与写入时不符，被改动"]


def immutability_rules_are_installed() -> None:
    immutability.install()


def test_entries_are_gapless_and_chained(chain):
    entries = list(AuditEntry.objects.order_by("seq"))
    assert [entry.seq for entry in entries] == [1, 2, 3]
    assert [entry.prev_hash for entry in entries] == ["", entries[0].row_hash, entries[1].row_hash]


@pytest.mark.django_db(transaction=True)
def test_an_entry_belongs_into_a_transaction():
    with pytest.raises(RuntimeError):
        audit.record(actor=SYSTEM, verb="test.loose")


def test_key_set_keeps_scattered_keys():
    keys, kept = KeySet(), [1, 7, 8, 65_535, 65_536, 10**12]
    for key in kept:
        keys.add(key)
    assert [key for key in [0, *kept, 2, 65_537] if key in keys] == kept
