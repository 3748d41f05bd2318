"""Days as Chinese offices write them are read and written."""

from datetime import date, datetime

import pytest
from django import forms
from django.utils import translation
from django.utils.formats import date_format

DAY = date(2026, 3, 1)


@pytest.fixture(autouse=True)
def chinese():
    with translation.override("zh-hans"):
        yield


@pytest.mark.parametrize(
    "text", ["2026-03-01", "2026年3月1日", "2026年03月01日", "2026.3.1", "2026/3/1", "20260301", " 2026-3-1 "]
)
def test_days_are_read(text):
    assert forms.DateField().clean(text) == DAY


@pytest.mark.parametrize(
    "text", ["2026-13-01", "2026-02-30", "0001-01", "2026年3月", "3/1/2026", "１", "2026-03-01x", "一月一日"]
)
def test_what_is_no_day_is_refused_in_chinese(text):
    with pytest.raises(forms.ValidationError) as refusal:
        forms.DateField().clean(text)
    assert refusal.value.messages == ["输入一个有效的日期。"]


def test_days_and_times_are_written():
    moment = datetime(2026, 3, 1, 9, 5)
    assert date_format(DAY) == "2026年3月1日"
    assert date_format(moment, "DATETIME_FORMAT") == "2026年3月1日 09:05"
    assert date_format(DAY, "YEAR_MONTH_FORMAT") == "2026年3月"
    assert date_format(DAY, "SHORT_DATE_FORMAT") == "2026-03-01"
