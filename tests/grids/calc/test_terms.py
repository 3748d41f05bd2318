from datetime import date, timedelta

from grids.calc.terms import is_overdue

DUE = date(2026, 12, 1)


def test_a_term_still_runs_on_its_last_day() -> None:
    assert [is_overdue(DUE, DUE + timedelta(days=days)) for days in (-1, 0, 1)] == [False, False, True]
