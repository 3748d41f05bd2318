"""What a month of entry costs a secretary: taps and typed values, on a phone 360 px wide, with the sample rubric.

A tap is a finger on the glass; typing is counted by values (what goes into one field) and keys (characters). Enter on
the screen's keyboard goes from field to field and is counted apart.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from scoring.models import Report
from tests.browsing import PHONE, OpenPage, overflow, sign_in
from tests.grids.registers import registers_of
from tests.people import Town, build_town
from tests.scoring.month import (
    Month,
    close_month,
    open_month,
    publish_month,
    report_all,
    review_all,
    sample_editions,
    settle_month,
)

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

TAPS, VALUES = 12, 22


@dataclass
class Thumb:
    """One finger that counts itself."""

    page: Page
    taps: int = 0
    values: int = 0
    keys: int = 0
    enters: int = 0
    typed: list[str] = field(default_factory=list)

    def tap(self, target: Locator) -> None:
        target.tap()
        self.taps += 1

    def type(self, text: str) -> None:
        self.page.keyboard.type(text)
        self.values += 1
        self.keys += len(text)

    def enter(self) -> None:
        self.page.keyboard.press("Enter")
        self.enters += 1

    def focused(self) -> tuple[str, str]:
        """Item id and field of what has the focus, empty for the button at the end."""
        name = self.page.evaluate("document.activeElement.name || document.activeElement.closest('[data-item]')?.id")
        found = re.fullmatch(r"item-(\d+)-?(\w*)", name or "")
        return (found[1], found[2]) if found else ("", "")

    def said(self) -> str:
        return f"{self.taps} taps, {self.values} values ({self.keys} keys), {self.enters} times Enter"


@pytest.fixture
def october(db: None, live_server: Any) -> Month:
    """September was published with full points everywhere, so seven states of 府后 stand unchanged."""
    town: Town = build_town()
    september = open_month(town, "2026-09", sample_editions())
    report_all(town, september)
    review_all(town, september)
    settle_month(town, september)
    close_month(town, september)
    publish_month(town, september)
    return Month(town, open_month(town, "2026-10"))


ANSWERS = {"count": "3", "part": "9", "whole": "9", "times": "0", "points": "3", "note": "按月调度。"}


def fill_flows(thumb: Thumb) -> None:
    """From the first field to what the ground yields or the button; a level and 全部做到 take a tap, else typing."""
    page = thumb.page
    thumb.tap(page.locator(".input-points").first)
    while (at := thumb.focused())[0]:
        pk, name = at
        row = page.locator(f"#item-{pk}")
        if row.locator("[name=proposed]").count():
            break
        if name in ANSWERS:
            thumb.type(ANSWERS[name])
            thumb.enter()
        elif name == "level":
            thumb.tap(row.locator(".segment").first)
        else:
            thumb.tap(row.get_by_role("button", name="全部做到"))
        assert thumb.focused() != at, f"the focus stays at {at}"


def change_states(page: Page, thumb: Thumb, month: Month) -> None:
    """Five of the seven states are other than last month."""
    thumb.tap(page.get_by_text("有变化？展开逐项修改"))
    for number, name, value in (
        (6, "part", "8"),
        (8, "part", "7"),
        (9, "part", "6"),
        (22, "count", "2"),
        (23, "count", "1"),
    ):
        control = page.locator(f"[name=item-{month.item(number).pk}-{name}]")
        thumb.tap(control)
        page.keyboard.press("Control+a")
        thumb.type(value)


def send(page: Page, thumb: Thumb) -> None:
    assert overflow(page) == 0
    thumb.tap(page.locator(".actionbar .button-primary"))
    expect(page.locator(".notice-success").last).to_contain_text("本月没有您要办的事了")


def test_a_quiet_month_takes_twelve_taps_beside_twenty_two_short_values(october: Month, open_page: OpenPage) -> None:
    page = open_page(PHONE)
    sign_in(page, october.town.lin)
    thumb = Thumb(page)
    thumb.tap(page.get_by_role("link", name="填报", exact=True).last)
    expect(page.locator(".actionbar")).to_contain_text("7 / 29 已填")
    fill_flows(thumb)
    expect(page.locator(".actionbar")).to_contain_text("29 / 29 已填")
    assert overflow(page) == 0
    send(page, thumb)
    print(f"\nquiet month: {thumb.said()}")  # noqa: T201
    sent = Report.objects.filter(item__assessment=october.assessment())
    assert (sent.count(), sent.filter(basis="unchanged").count()) == (29, 7)
    assert thumb.taps <= TAPS
    assert thumb.values <= VALUES


def test_what_the_ground_yields_takes_no_tap_of_its_own(october: Month, open_page: OpenPage) -> None:
    """府后 keeps its registers: fourteen items are proposed and confirmed by sending."""
    registers_of(october.town, october.town.fuhou, date(2026, 10, 31))
    page = open_page(PHONE)
    sign_in(page, october.town.lin)
    thumb = Thumb(page)
    thumb.tap(page.get_by_role("link", name="填报", exact=True).last)
    expect(page.locator(".actionbar")).to_contain_text("14 / 29 已填")
    fill_flows(thumb)
    expect(page.locator(".actionbar")).to_contain_text("29 / 29 已填")
    send(page, thumb)
    print(f"\nquiet month with registers: {thumb.said()}")  # noqa: T201
    sent = Report.objects.filter(item__assessment=october.assessment())
    assert (sent.count(), sent.filter(basis="proposed").count()) == (29, 14)
    assert thumb.taps <= TAPS
    assert thumb.values <= 14


def test_five_changes_take_a_tap_and_a_value_each_and_one_to_unfold(october: Month, open_page: OpenPage) -> None:
    page = open_page(PHONE)
    sign_in(page, october.town.lin)
    thumb = Thumb(page)
    thumb.tap(page.get_by_role("link", name="填报", exact=True).last)
    fill_flows(thumb)
    change_states(page, thumb, october)
    expect(page.locator(".actionbar .button-primary")).to_have_text("报送其余 2 项与上月一致")
    send(page, thumb)
    print(f"\nfive changes: {thumb.said()}")  # noqa: T201
    sent = Report.objects.filter(item__assessment=october.assessment())
    assert (sent.count(), sent.filter(basis="unchanged").count()) == (29, 2)
    assert thumb.taps <= TAPS + 6
    assert thumb.values <= VALUES + 5
