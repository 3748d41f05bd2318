"""Typing from a filled-in paper form: its number and its day are kept beside the day of entry."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.test import Client

from scoring.models import AssessmentItem, Report
from scoring.services.report import save_draft, submit_items
from tests.scoring.month import Month, month, on, points

__all__ = ["month"]


@pytest.fixture
def lin(client: Client, month: Month) -> Client:
    client.force_login(month.town.lin.user)
    return client


def type_in(client: Client, month: Month, cells: dict[int, str], **more: Any):
    given = {"form_number": "府后-09-01", "filled_on": "2026-09-26"} | more
    for number, text in cells.items():
        item = month.item(number)
        given |= {f"cell-{item.pk}": text, f"version-{item.pk}": str(item.version)}
    with on("2026-09", 28):
        return client.post(f"/assessments/{month.assessment().pk}/paper/", given)


def test_number_and_day_are_typed_once_and_kept_on_every_row(lin: Client, month: Month) -> None:
    assert type_in(lin, month, {1: "8", 5: "20", 7: ""}).status_code == 302
    with on("2026-09", 28):
        save_draft(actor=month.town.lin, item=month.item(1), entry=points("8.50", note="补理由"))
        submit_items(actor=month.town.lin, assessment=month.assessment())
    reports = Report.objects.order_by("item__task__number")
    assert list(reports.values_list("item__task__number", "form_number", "filled_on")) == [
        (1, "府后-09-01", date(2026, 9, 26)),
        (5, "府后-09-01", date(2026, 9, 26)),
    ]
    with on("2026-09", 28):
        page = lin.get(f"/items/{month.item(5).pk}/").content.decode()
        row = lin.get(f"/api/v1/items/{month.item(5).pk}/").json()
    assert "据纸质表 府后-09-01 录入，表上日期 2026年9月26日" in page
    assert (row["form_number"], row["filled_on"]) == ("府后-09-01", "2026-09-26")


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("form_number", ""),
        ("form_number", "号" * 41),
        ("form_number", "13803741234"),
        ("form_number", "\x00"),
        ("filled_on", ""),
        ("filled_on", "2026-02-30"),
        ("filled_on", "2026年9月"),
        ("filled_on", "0001-01-01"),
        ("filled_on", "2026-09-29"),
        ("filled_on", "9999-12-31"),
    ],
)
def test_a_form_without_number_or_day_is_refused(lin: Client, month: Month, field: str, text: str) -> None:
    answer = type_in(lin, month, {1: "8"}, **{field: text})
    assert answer.status_code == 422
    assert 'value="8"' in answer.content.decode()
    assert not AssessmentItem.objects.filter(draft__isnull=False).exists()


def test_one_wrong_cell_keeps_the_sheet_out(lin: Client, month: Month) -> None:
    answer = type_in(lin, month, {1: "8", 4: "8.5"})
    assert answer.status_code == 422
    assert "得分不能超过 8 分" in answer.content.decode()
    assert not AssessmentItem.objects.filter(draft__isnull=False).exists()


def test_others_do_not_type_here(client: Client, month: Month) -> None:
    address = f"/assessments/{month.assessment().pk}/paper/"
    for officer, status in ((month.town.chen, 404), (month.town.zheng[0], 403), (month.town.zhou, 200)):
        client.force_login(officer.user)
        assert client.get(address).status_code == status
