"""The official order of a month's ledgers, and what the files of it are called. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

# The district's own documents; whatever kind is not named here comes after them.
DISTRICT_KINDS = ("ranking", "items", "notice", "brief", "task_force")
WHOLE_DISTRICT, TASK_FORCES = "全区", "专班"
LONGEST_STEM = 80
_WIDE = str.maketrans('\\/:*?"<>|', "＼／：＊？＂＜＞｜")


@dataclass(frozen=True, slots=True)
class Card:
    """What filing has to know of a ledger; `street_code` is empty for the district's own."""

    number: str
    kind: str
    kind_label: str
    code: str
    name: str
    street_code: str
    revision: int


@dataclass(frozen=True, slots=True)
class Filed:
    """A ledger in its place: its group (全区, 专班, a street's name), folder, and file name without ending."""

    card: Card
    place: int
    group: str
    folder: str
    stem: str

    def path(self, ending: str) -> str:
        return f"{self.folder}/{self.stem}.{ending}"


def in_official_order(cards: Iterable[Card]) -> list[Card]:
    """The district's ranking and other documents, the task forces, then each street followed by its communities."""
    return sorted(cards, key=_order)


def _order(card: Card) -> tuple[bool, str, int, str, str]:
    if card.street_code:
        return True, card.street_code, int(card.kind != "street"), card.code, card.number
    kind = DISTRICT_KINDS.index(card.kind) if card.kind in DISTRICT_KINDS else len(DISTRICT_KINDS)
    return False, "", kind, card.code, card.number


def file_all(cards: Iterable[Card]) -> list[Filed]:
    """Every ledger with its place, folder and file name; folders are numbered in the same order."""
    ordered = in_official_order(cards)
    streets = {card.code: card.name for card in ordered if card.kind == "street"}
    groups: list[str] = []
    filed = []
    for place, card in enumerate(ordered, 1):
        key = card.street_code or _district_group(card)
        if key not in groups:
            groups.append(key)
        group = streets.get(key, key)
        folder = f"{groups.index(key) + 1:02d} {plain(group)}"
        filed.append(Filed(card, place, group, folder, f"{place:03d} {_stem(card)}"))
    return filed


def _district_group(card: Card) -> str:
    return TASK_FORCES if card.kind == "task_force" else WHOLE_DISTRICT


def _stem(card: Card) -> str:
    revision = f"（第{card.revision}版）" if card.revision > 1 else ""
    return f"{plain(card.name)} {card.kind_label}{revision}"


def plain(name: str) -> str:
    """A name every system takes as a file's: no mark of a path, no dot or space at its end, not too long."""
    kept = "".join(character for character in name.translate(_WIDE) if character.isprintable())
    return kept[:LONGEST_STEM].strip(" .") or "未命名"
