"""The day work is due by, as people type it."""

from __future__ import annotations

import pytest

from scoring.calc.due import Due, UnreadableDue, due_words, read_due


@pytest.mark.parametrize(
    ("text", "due"),
    [
        ("", None),
        ("　", None),
        ("25", Due(25)),
        (" ２５日 ", Due(25)),
        ("月末", Due(31)),
        ("次月3", Due(3, True)),
        ("下月 3 日", Due(3, True)),
    ],
)
def test_what_people_write_is_read(text: str, due: Due | None) -> None:
    assert read_due(text) == due


@pytest.mark.parametrize(
    "text", ["0", "32", "-1", "2.5", "=1+1", "二十五", "1e1", "上月3", "3\x00", "9" * 400, "２５分"]
)
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(UnreadableDue):
        read_due(text)


@pytest.mark.parametrize("due", [Due(1), Due(31), Due(3, True), Due(31, True)])
def test_words_are_read_back(due: Due) -> None:
    assert read_due(due_words(due.day, due.is_next_month)) == due
