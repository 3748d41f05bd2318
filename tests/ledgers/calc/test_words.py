from __future__ import annotations

import pytest

from ledgers.calc import words


@pytest.mark.parametrize(
    ("numbers", "expected"), [([], ""), ([4], "4"), ([1, 2, 3, 7], "1–3、7"), ([9, 4], "4、9"), ([2, 1], "1–2")]
)
def test_numbers_gather_into_runs(numbers: list[int], expected: str) -> None:
    assert words.number_ranges(numbers) == expected


@pytest.mark.parametrize(
    ("total", "decimals", "expected"),
    [("92.50", 2, "92.50"), ("92.50", 1, "92.5"), ("92.00", 0, "92"), ("92.55", 1, "92.55"), (None, 2, "—")],
)
def test_totals_lose_idle_zeros_and_nothing_else(total: str | None, decimals: int, expected: str) -> None:
    assert words.total_words(total, decimals) == expected


def test_days_are_days_in_china() -> None:
    assert words.short_day("2026-11-02T16:30:00.000000Z") == "2026-11-03"
    assert words.day_words("2026-12-31T16:00:00.000000Z") == "2027年1月1日"
