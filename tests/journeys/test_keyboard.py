"""Without a mouse: the report form by Tab, arrows and Enter, the review list by J, K, A, S, R and U."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from scoring.choices import Axis, Outcome
from scoring.models import AssessmentItem, Review
from scoring.services.return_phrases import add_phrase
from tests.browsing import OpenPage, sign_in
from tests.people import Town, build_town
from tests.scoring.month import assessment_of, item_of, open_month, report_all

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def town(db: None, live_server: Any) -> Town:
    return build_town()


def test_a_report_by_tab_arrows_and_enter(town: Town, open_page: OpenPage) -> None:
    period = open_month(town, "2026-09")
    page = open_page()
    sign_in(page, town.lin)
    page.goto(f"/assessments/{assessment_of(period, town.fuhou).pk}/")
    tab_to(page, f"#item-{item_of(period, town.fuhou, 1).pk} .input-points")
    page.keyboard.type("9.5")
    page.keyboard.press("Enter")
    page.keyboard.type("讲党课一次。")
    tab_to(page, f"#item-{item_of(period, town.fuhou, 2).pk} [type=radio]")
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    for keys in (" ", "8", " ", "10", " ", " "):
        page.keyboard.press("Enter")
        page.keyboard.type(keys)
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="报送")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator(".notice-success").first).to_contain_text("已报送 8 项。")
    own = AssessmentItem.objects.filter(assessment__period=period, assessment__subject=town.fuhou)
    points = own.order_by("task__number").values_list("reports__points", flat=True)
    assert [str(value) for value in points] == ["9.50", "6.00", "12.00", "8.00", "20.00", "10.00", "10.00", "20.00"]


def test_a_review_by_single_keys(town: Town, open_page: OpenPage) -> None:
    period = open_month(town, "2026-09")
    report_all(town, period, organisations=[town.fuhou])
    add_phrase(actor=town.wang, programme=period.programme, text="请写明开展的日期。")
    rows = [f"#item-{item_of(period, town.fuhou, number).pk}" for number in range(1, 6)]
    page = open_page()
    sign_in(page, town.zhou)
    page.goto("/periods/2026-09/review/street/")
    for key in "jjk":
        page.keyboard.press(key)
    expect(page.locator(rows[0])).to_be_focused()
    page.keyboard.press("a")
    expect(page.locator(rows[0])).to_contain_text("已办理：同意")
    expect(page.locator("[data-why-count=waiting]")).to_have_text("7")
    # What was done last is taken back from the next row.
    expect(page.locator(rows[1])).to_be_focused()
    page.keyboard.press("u")
    expect(page.locator(rows[0])).to_contain_text("已撤销")
    expect(page.locator(rows[0])).to_be_focused()
    expect(page.locator("[data-why-count=waiting]")).to_have_text("8")
    # Other points; letters typed into a form are no commands.
    page.keyboard.press("s")
    expect(page.locator(rows[0]).get_by_label("改为")).to_be_focused()
    page.keyboard.type("8")
    page.keyboard.press("Tab")
    page.keyboard.type("jar 一处没有协议。")
    page.keyboard.press("Control+Enter")
    expect(page.locator(rows[0])).to_contain_text("已办理：改分")
    expect(page.locator(rows[1])).to_be_focused()
    # A return in three keys.
    page.keyboard.press("r")
    expect(page.locator(rows[1]).get_by_role("radio")).to_be_focused()
    page.keyboard.press("1")
    page.keyboard.press("Enter")
    expect(page.locator(rows[1])).to_contain_text("退回")
    expect(page.locator(rows[2])).to_be_focused()
    # One form at a time: an empty one gives way, Escape puts it away.
    page.keyboard.press("s")
    expect(page.locator(rows[2]).get_by_label("改为")).to_be_focused()
    expect(page.locator(".review-form")).to_have_count(1)
    page.keyboard.press("Escape")
    expect(page.locator(".review-form")).to_have_count(0)
    expect(page.locator(rows[2])).to_be_focused()
    page.keyboard.press("?")
    expect(page.locator("#keys-help dl")).to_be_visible()
    given = Review.objects.filter(axis=Axis.STREET).order_by("pk")
    assert list(given.values_list("item__task__number", "outcome", "reason")) == [
        (1, Outcome.AGREE, ""),
        (1, Outcome.WITHDRAWN, ""),
        (1, Outcome.SET, "jar 一处没有协议。"),
        (2, Outcome.RETURN, "请写明开展的日期。"),
    ]


def tab_to(page: Page, selector: str, most: int = 60) -> None:
    """Press Tab until the first match has the focus."""
    target = page.locator(selector).first
    for _ in range(most):
        if target.evaluate("element => element === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{selector} is not reached by {most} tabs")
