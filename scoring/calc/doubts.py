"""Why a reported value asks for a look before the others, in words that name the figures. Amounts are whole hundredths.

Two plain rules, the same for every task: a value is odd against its own past when it moved by at least
`JUMP_PERCENT` of full points since last month (a sum that runs on within its window may rise, but not fall), and odd
against its peers when it lies at least `MARGIN_PERCENT` of full points outside their middle half.
"""

from __future__ import annotations

from collections.abc import Sequence

JUMP_PERCENT = 30
MARGIN_PERCENT = 20
FEWEST_PEERS = 3


def odd_against_past(points: int, last: int | None, full: int, *, runs_on: bool = False) -> str:
    """“比上月高 3 分”, or nothing. `last` is None where there is nothing to compare with, as in a window begun anew."""
    if last is None:
        return ""
    if runs_on:
        return f"累计数比上月少 {plain(last - points)} 分" if points < last else ""
    if abs(points - last) * 100 < full * JUMP_PERCENT:
        return ""
    return f"比上月{'高' if points > last else '低'} {plain(abs(points - last))} 分"


def odd_against_peers(points: int, others: Sequence[int], full: int) -> str:
    """“同类 9 个社区中最高，其余不超过 2”, or nothing. `others`: the other communities' values, in ascending order."""
    if len(others) < FEWEST_PEERS:
        return ""
    low, high = middle_half(others)
    margin = full * MARGIN_PERCENT
    everybody = f"同类 {len(others) + 1} 个社区"
    if (points - high) * 100 >= margin:
        if points > others[-1]:
            return f"{everybody}中最高，其余不超过 {plain(others[-1])}"
        return f"{everybody}多数不超过 {plain(high)}"
    if (low - points) * 100 >= margin:
        if points < others[0]:
            return f"{everybody}中最低，其余不低于 {plain(others[0])}"
        return f"{everybody}多数不低于 {plain(low)}"
    return ""


def middle_half(ordered: Sequence[int]) -> tuple[int, int]:
    """Between which values the middle half lies: the quarter of the values at each end is left out."""
    aside = (len(ordered) - 1) // 4
    return ordered[aside], ordered[len(ordered) - 1 - aside]


def plain(hundredths: int) -> str:
    """Hundredths without idle zeros."""
    whole, rest = divmod(hundredths, 100)
    return f"{whole}.{rest:02d}".rstrip("0") if rest else str(whole)
