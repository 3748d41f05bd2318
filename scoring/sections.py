"""Reading the fields of one part of a rubric file, collecting every fault with the place where it stands."""

from __future__ import annotations

import re
from collections import defaultdict
from decimal import Decimal
from typing import Any

from scoring.calc.criteria import amount

_WHOLE = re.compile(r"[0-9]{1,4}")


class Faults:
    """Faults by place; the first of them leaves the result unusable."""

    def __init__(self) -> None:
        self.by_place: dict[str, list[str]] = defaultdict(list)

    def add(self, place: str, message: str) -> None:
        self.by_place[place].append(message)

    def __len__(self) -> int:
        return sum(map(len, self.by_place.values()))


class Section:
    """One mapping of the file; `labels` names its known fields in Chinese, all others are faults."""

    def __init__(self, content: Any, *, place: str, labels: dict[str, str], faults: Faults):
        self.place, self.labels, self.faults = place, labels, faults
        self.content: dict[str, Any] = content if isinstance(content, dict) else {}
        if not isinstance(content, dict):
            faults.add(place or "文件", "须为“栏目: 内容”的形式。")
        for key in self.content.keys() - labels.keys():
            faults.add(place or "文件", f"不认识的栏目“{key[:40]}”。")

    def fault(self, key: str, message: str) -> None:
        label = self.labels[key]
        self.faults.add(f"{self.place} · {label}" if self.place else label, message)

    def text(self, key: str, longest: int, *, default: str | None = "") -> str:
        """Text of at most `longest` characters; required when `default` is None."""
        found = self.content.get(key)
        if found is None:
            if default is None:
                self.fault(key, "必填。")
            return default or ""
        if not isinstance(found, str) or len(found) > longest:
            self.fault(key, f"须为不超过 {longest} 字的文字。")
            return ""
        if not found and default is None:
            self.fault(key, "必填。")
        return found

    def exact(self, key: str, *, default: Decimal | None = None) -> Decimal | None:
        """An exact amount from 0 up; required when there is no default."""
        if self.content.get(key) is None and default is not None:
            return default
        found = amount(self.content.get(key))
        if found is None:
            self.fault(key, "须为最多两位小数的数字。")
        return found

    def whole(self, key: str) -> int | None:
        """A whole number from 0 up to 9,999."""
        found = self.content.get(key)
        if not isinstance(found, str) or not _WHOLE.fullmatch(found):
            self.fault(key, "须为整数。")
            return None
        return int(found)

    def flag(self, key: str) -> bool:
        """true or false; false when absent."""
        found = self.content.get(key)
        if found not in (True, False, None):
            self.fault(key, "只能是 true 或 false。")
        return found is True

    def choice(self, key: str, choices: list[str]) -> str:
        found = self.content.get(key)
        if found not in choices:
            self.fault(key, f"只能是 {'、'.join(choices)} 之一。")
            return ""
        return str(found)

    def rows(self, key: str, *, default: list[Any] | None = None) -> list[Any]:
        """A list; required when there is no default."""
        found = self.content.get(key, default)
        if not isinstance(found, list):
            self.fault(key, "须为列表。")
            return []
        return found

    def declared(self, key: str, actual: Decimal, what: str) -> None:
        """A figure that the file states about itself must be true."""
        stated = self.exact(key, default=actual)
        if stated is not None and stated != actual:
            self.fault(key, f"写的是 {format(stated.normalize(), 'f')}，{what}是 {format(actual.normalize(), 'f')}。")
