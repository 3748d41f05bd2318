"""One page that shows every component with sample data: the first place to look at after a change of style."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from core.charts import Bar, Cell, Column, Point, Row, Spoke
from core.policy import policy

URBAN = (
    ("支部过硬星", "red", True, True),
    ("共建共享星", "green", True, True),
    ("平安法治星", "blue", False, True),
    ("幸福和谐星", "orange", True, True),
    ("宜业兴业星", "purple", False, False),
)
AGRICULTURAL_ONLY = (("产业兴旺星", "gold"), ("生态宜居星", "teal"), ("文明幸福星", "rose"))
SHARES = (0.92, 0.86, 0.88, 0.6, 0.83)
ROWS = (
    (1, "府后社区", "西大街道", "88.50", 4, False, "submitted"),
    (2, "金地社区", "西大街道", "86.00", 4, True, "returned"),
    (2, "东岳庙社区", "五一路街道", "86.00", 3, True, "submitted"),
    (4, "樊沟社区", "五一路街道", "79.25", 3, False, "open"),
)


class SampleForm(forms.Form):
    reason = forms.CharField(label="更名原因", help_text="写明依据，打印时会原样出现。", max_length=200)
    document_no = forms.CharField(label="文号", max_length=80)
    day = forms.DateField(label="生效日期")


@require_safe
@policy("login")
def design(request: HttpRequest) -> HttpResponse:
    return render(request, "pages/design.html", sample_content())


def sample_content() -> dict[str, Any]:
    """Invented, believable rows; nothing is read from the database."""
    stars = [dict(zip(("name", "colour", "won", "is_rated"), star, strict=True)) for star in URBAN]
    names = ("place", "name", "street", "total", "level", "is_tied", "state")
    form = SampleForm({"reason": "", "document_no": "许魏组〔2026〕12号", "day": "2026-02-30"})
    return {
        "trail": [("月度考评", "/design/"), ("2026年10月", "/design/"), ("府后社区", "")],
        "stars": stars,
        "more_stars": [{"name": name, "colour": colour} for name, colour in AGRICULTURAL_ONLY],
        "rows": [dict(zip(names, row, strict=True)) for row in ROWS],
        "levels": [
            ("0", "健全且按周开会", Decimal("3.00")),
            ("1", "健全但开会不足", Decimal("2.00")),
            ("2", "未开展", Decimal(0)),
        ],
        "form": form,
        "page": Paginator(range(93), 20).page(2),
        "label": "示例，待区委组织部确认",
        **_charts(),
    }


def _charts() -> dict[str, Any]:
    totals = (72.5, 74.25, None, 76, 81.5, 82, 83.75, 86, 85, 88, 90.5, 88.5)
    months = zip(("11", "12", *map(str, range(1, 11))), totals, strict=True)
    return {
        "spokes": [Spoke(name, share, f"{share:.0%}", 0.8) for (name, *_), share in zip(URBAN, SHARES, strict=True)],
        "months": [
            Point(f"{month}月", total, "" if total is None else f"{total:g}", "甲" if place < 3 else "乙")
            for place, (month, total) in enumerate(months)
        ],
        "bars": [Bar(name, float(total), f"{float(total):g} 分", place == 1) for place, name, _, total, *_ in ROWS],
        "heat_columns": [Column(str(number), "支部过硬星" if number < 6 else "共建共享星") for number in range(1, 11)],
        "heat_rows": [Row(name, [_cell(place + number) for number in range(10)]) for place, name, *_ in ROWS],
    }


def _cell(number: int) -> Cell:
    if number % 7 == 0:
        return Cell(None, "不涉及", "out") if number % 2 else Cell(None, "未报", "empty")
    return Cell(number % 5 / 4, str(number % 5))
