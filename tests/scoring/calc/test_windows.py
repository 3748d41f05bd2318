"""Windows: rule 1 of the month."""

from datetime import date

import pytest

from scoring.calc.windows import month_after, month_before, same_window


@pytest.mark.parametrize(
    ("window", "earlier", "later", "expected"),
    [
        ("state", date(2025, 12, 1), date(2026, 1, 1), True),
        ("month", date(2026, 9, 1), date(2026, 10, 1), False),
        ("month", date(2026, 10, 1), date(2026, 10, 1), True),
        ("quarter", date(2026, 10, 1), date(2026, 11, 1), True),
        ("quarter", date(2026, 9, 1), date(2026, 10, 1), False),
        ("quarter", date(2025, 11, 1), date(2026, 11, 1), False),
        ("year", date(2026, 1, 1), date(2026, 12, 1), True),
        ("year", date(2025, 12, 1), date(2026, 1, 1), False),
    ],
)
def test_a_flow_starts_anew_when_its_window_does(window, earlier, later, expected):
    assert same_window(window, earlier, later) is expected


def test_months_follow_each_other_over_the_year():
    assert month_before(date(2026, 1, 1)) == date(2025, 12, 1)
    assert month_after(date(2025, 12, 1)) == date(2026, 1, 1)
