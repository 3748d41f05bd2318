"""The lock order of the month: assessments by ascending id, then items, then the audit head. Rule 13."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import connection
from django.db.models import F

from core.errors import Conflict
from scoring.models import Assessment, AssessmentItem
from scoring.selectors.last_act import last_touch


def lock_assessments(ids: Iterable[int]) -> list[int]:
    """Lock assessments in ascending id; every write of an item locks its assessment first."""
    if not connection.in_atomic_block:
        raise RuntimeError("locks live in a transaction")
    rows = Assessment.objects.select_for_update().filter(pk__in=list(ids)).order_by("pk")
    return list(rows.values_list("pk", flat=True))


def expect_version(item: AssessmentItem, expected: int | None) -> None:
    """Refuse a write made on an older picture of the item (another tab, another person, a double click).

    `item` is as it stands after its assessment is locked. Whoever comes second is told who was first.
    """
    if expected is not None and item.version != expected:
        first = last_touch(item)
        raise Conflict(f"该事项刚被他人或另一窗口修改{f'：{first}' if first else ''}。请刷新后核对再操作。")


def bump_versions(item_ids: Iterable[int]) -> None:
    """A review or ruling changes the picture of its items: whoever holds an older one is told so."""
    AssessmentItem.objects.filter(pk__in=list(item_ids)).update(version=F("version") + 1)
