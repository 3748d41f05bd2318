"""YAML from outside, read as nested text only: no tags, no anchors, no numbers guessed, so 3.5 stays exactly 3.5."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from typing import Any

import yaml

from core.errors import Invalid

MAX_BYTES = 1024 * 1024
MAX_DEPTH = 12
MAX_NODES = 20_000
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_NOTHING = ("", "~", "null")
_HIDDEN = ("Cc", "Cf", "Cs", "Co", "Cn")
_TRUTH = {"true": True, "false": False}


def read_yaml(text: str) -> Any:
    """Text as dicts, lists, strings, True, False and None; Invalid (with the line) for anything else."""
    _check_size(text)
    try:
        return _Reader(yaml.parse(text, Loader=_LOADER)).document()
    except yaml.MarkedYAMLError as error:
        raise _refused("YAML 格式有误", error.problem_mark or error.context_mark) from error
    except yaml.YAMLError as error:
        raise Invalid("文件含有不能识别的字符，请用 UTF-8 纯文本的 YAML。") from error


def _check_size(text: str) -> None:
    try:
        size = len(text.encode("utf-8"))
    except UnicodeEncodeError as error:
        raise Invalid("文件含有不能识别的字符，请用 UTF-8 纯文本的 YAML。") from error
    if size > MAX_BYTES:
        raise Invalid("文件超过 1 MB，不能导入。")


def _refused(problem: str, mark: Any) -> Invalid:
    where = f"第 {mark.line + 1} 行：" if mark is not None else ""
    return Invalid(f"{where}{problem}。")


class _Reader:
    """Walks parser events, so that nothing is expanded or constructed before it was looked at."""

    def __init__(self, events: Iterator[yaml.Event]):
        self.events = events
        self.nodes = 0

    def document(self) -> Any:
        found: Any = None
        documents = 0
        for event in self.events:
            if isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                if documents > 1:
                    raise _refused("只能有一个 YAML 文档", event.start_mark)
                found = self._node(next(self.events), depth=1)
        return found

    def _node(self, event: yaml.Event, depth: int) -> Any:
        self._check(event, depth)
        if isinstance(event, yaml.MappingStartEvent):
            return self._mapping(depth)
        if isinstance(event, yaml.SequenceStartEvent):
            return self._sequence(depth)
        return _scalar(event)

    def _check(self, event: yaml.Event, depth: int) -> None:
        self.nodes += 1
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None) or getattr(event, "tag", None):
            raise _refused("不支持锚点、别名和类型标记", event.start_mark)
        if depth > MAX_DEPTH:
            raise _refused(f"嵌套超过 {MAX_DEPTH} 层", event.start_mark)
        if self.nodes > MAX_NODES:
            raise _refused("内容过多", event.start_mark)

    def _sequence(self, depth: int) -> list[Any]:
        found = []
        while not isinstance(event := next(self.events), yaml.SequenceEndEvent):
            found.append(self._node(event, depth + 1))
        return found

    def _mapping(self, depth: int) -> dict[str, Any]:
        found: dict[str, Any] = {}
        while not isinstance(event := next(self.events), yaml.MappingEndEvent):
            if not isinstance(event, yaml.ScalarEvent):
                raise _refused("栏目名只能是文字", event.start_mark)
            if event.value.strip() in found:
                raise _refused(f"栏目“{event.value[:40]}”重复", event.start_mark)
            self._check(event, depth)
            found[event.value.strip()] = self._node(next(self.events), depth + 1)
        return found


def _scalar(event: Any) -> str | bool | None:
    text = " ".join(unicodedata.normalize("NFC", event.value).split())
    if any(unicodedata.category(character) in _HIDDEN for character in text):
        raise _refused("含有看不见的控制字符", event.start_mark)
    if not event.implicit[0]:
        return text
    return None if text.lower() in _NOTHING else _TRUTH.get(text.lower(), text)
