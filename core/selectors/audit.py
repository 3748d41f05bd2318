"""The proof that nothing was changed behind the application: the chain, and the rows it names."""

from __future__ import annotations

import hmac
import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import models

from core import immutability
from core.chain import entry_hash
from core.models import AuditEntry, ChainHead

BATCH = 1000
PAGE = 1 << 16


@dataclass(frozen=True)
class Finding:
    """One thing that is not as it was written; `seq` is the entry it concerns, 0 for a row no entry names."""

    seq: int
    message: str

    def __str__(self) -> str:
        return f"第 {self.seq} 条：{self.message}" if self.seq else self.message


class KeySet:
    """Integer keys in pages of bits: a million rows take 128 KiB, however they are spread."""

    def __init__(self) -> None:
        self._pages: dict[int, bytearray] = {}

    def add(self, key: int) -> None:
        page = self._pages.setdefault(key // PAGE, bytearray(PAGE // 8))
        page[key % PAGE // 8] |= 1 << key % 8

    def __contains__(self, key: int) -> bool:
        page = self._pages.get(key // PAGE)
        return page is not None and bool(page[key % PAGE // 8] & 1 << key % 8)


class ChainCheck:
    """One walk over the whole audit. Consume `findings()`; then `seq`, `hash`, `rows` say what was walked."""

    def __init__(
        self,
        on_batch: Callable[[int, int], None] = lambda seq, total: None,
        only: Mapping[str, Iterable[int]] | None = None,
    ) -> None:
        """`on_batch(walked, length)` is called between batches. `only`: the whole chain, but of the rows it names just
        these, by model label, and those that are gone."""
        self.on_batch = on_batch
        self.only = None if only is None else {label: set(keys) for label, keys in only.items()}
        self._others = {label: _keys_beside(label, keys) for label, keys in (self.only or {}).items()}
        self.length = ChainHead.objects.filter(pk=1).values_list("seq", flat=True).first() or 0
        self.seq = 0
        self.hash = ""
        self.rows = 0
        self._named: dict[str, KeySet] = defaultdict(KeySet)
        self._newest = {model: _newest_key(model) for model in immutability.digested_models()}

    def findings(self) -> Iterator[Finding]:
        """Every finding, entry by entry. Acts recorded during the walk are walked too, up to the head."""
        yield from self._walk(AuditEntry.objects.all())
        head = ChainHead.objects.filter(pk=1).first() or ChainHead()
        yield from self._walk(AuditEntry.objects.filter(seq__gt=self.seq, seq__lte=head.seq))
        if (head.seq, head.hash) != (self.seq, self.hash):
            yield Finding(head.seq, f"链头（{head.seq}）与最后一条记录（{self.seq}）不一致，链尾记录可能被删除")
        yield from self._unnamed_rows()

    def _walk(self, entries: models.QuerySet[AuditEntry]) -> Iterator[Finding]:
        for batch in _batches(entries.order_by("seq").iterator(chunk_size=BATCH)):
            claims: list[tuple[int, str, int, str]] = []
            for entry in batch:
                yield from self._link(entry)
                claims.extend(_claims(entry))
            yield from self._changed_rows(claims)
            self.on_batch(self.seq, max(self.seq, self.length))

    def _link(self, entry: AuditEntry) -> Iterator[Finding]:
        if entry.seq != self.seq + 1:
            yield Finding(entry.seq, f"序号不连续，前一条是 {self.seq}")
        if entry.prev_hash != self.hash:
            yield Finding(entry.seq, "与前一条记录不衔接")
        if entry.key_id != settings.AUDIT_KEY_ID:
            yield Finding(entry.seq, f"密钥编号 {entry.key_id} 不是现用的 {settings.AUDIT_KEY_ID}，无法校验")
        elif not hmac.compare_digest(entry_hash(entry), entry.row_hash):
            yield Finding(entry.seq, "内容与校验值不符，记录被改动")
        self.seq, self.hash = entry.seq, entry.row_hash

    def _changed_rows(self, claims: list[tuple[int, str, int, str]]) -> Iterator[Finding]:
        by_label: dict[str, list[tuple[int, int, str]]] = defaultdict(list)
        for seq, label, key, stated in claims:
            if self.only is not None and (label not in self.only or key in self._others[label]):
                continue
            by_label[label].append((seq, key, stated))
            self._named[label].add(key)
        for label, stated_rows in by_label.items():
            rows = _rows_by_key(label, [key for _seq, key, _stated in stated_rows])
            for seq, key, stated in stated_rows:
                self.rows += 1
                yield from _compare(seq, label, key, stated, rows.get(key))

    def _unnamed_rows(self) -> Iterator[Finding]:
        for model, newest in self._newest.items():
            named = self._named[model._meta.label_lower]
            keys = model._default_manager.filter(pk__lte=newest).order_by("pk").values_list("pk", flat=True)
            for key in keys.iterator(chunk_size=BATCH) if self.only is None else self._asked(model):
                if key not in named:
                    yield Finding(0, f"{model._meta.verbose_name} {key} 没有任何审计记录，可能绕过系统写入")

    def _asked(self, model: type[models.Model]) -> list[int]:
        return sorted((self.only or {}).get(model._meta.label_lower, ()))


def _keys_beside(label: str, keys: set[int]) -> KeySet:
    """The keys of a model's other rows."""
    others = KeySet()
    for key in apps.get_model(label)._default_manager.values_list("pk", flat=True).iterator(chunk_size=BATCH):
        if key not in keys:
            others.add(key)
    return others


def _newest_key(model: type[models.Model]) -> int:
    return model._default_manager.aggregate(newest=models.Max("pk"))["newest"] or 0


def _batches(entries: Iterable[AuditEntry]) -> Iterator[list[AuditEntry]]:
    source = iter(entries)
    while batch := list(islice(source, BATCH)):
        yield batch


def _claims(entry: AuditEntry) -> list[tuple[int, str, int, str]]:
    """The rows an entry names; a payload that cannot be read is found by its hash already."""
    try:
        named = json.loads(entry.payload).get("row_digests", [])
        return [(entry.seq, str(label), int(key), str(stated)) for label, key, stated in named]
    except (ValueError, TypeError, AttributeError):
        return []


def _rows_by_key(label: str, keys: list[int]) -> dict[Any, models.Model]:
    try:
        model = apps.get_model(label)
    except (LookupError, ValueError):
        return {}
    rows: dict[Any, models.Model] = {}
    for start in range(0, len(keys), BATCH):
        rows.update(model._default_manager.in_bulk(keys[start : start + BATCH]))
    return rows


def _compare(seq: int, label: str, key: int, stated: str, row: models.Model | None) -> Iterator[Finding]:
    if row is None:
        yield Finding(seq, f"记录 {label} {key} 已不存在")
    elif immutability.row_digest(row) != stated:
        yield Finding(seq, f"{row._meta.verbose_name} {key} 与写入时不符，被改动")
