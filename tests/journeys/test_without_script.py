"""Without scripts every step is a form: 林 reports and submits, 周 agrees."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from scoring.choices import Axis, ItemState
from scoring.models import AssessmentItem, Review
from tests.browsing import DESK, PHONE, OpenPage, sign_in
from tests.people import PASSWORD, Town, build_town
from tests.scoring.month import item_of, open_month

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
FULL_POINTS = {1: "10", 4: "8", 6: "9.5"}
GRADED = (2, 3, 5, 7, 8)


@pytest.fixture
def town(db: None, live_server: Any) -> Town:
    return build_town()


def test_a_report_is_sent_and_agreed_to(town: Town, open_page: OpenPage) -> None:
    period = open_month(town, "2026-09")
    items = {number: item_of(period, town.fuhou, number) for number in range(1, 9)}
    page = open_page(PHONE, java_script_enabled=False)
    sign_in_step_by_step(page, town)
    page.get_by_role("link", name="填报", exact=True).click()
    for number, points in FULL_POINTS.items():
        page.locator(f"#item-{items[number].pk} .input-points").fill(points)
    for number in GRADED:
        page.locator(f"#item-{items[number].pk} .segment").first.click()
    page.get_by_role("button", name="保存草稿").last.click()
    expect(page.locator(".notice-success").first).to_contain_text("草稿已存 8 项。")
    page.get_by_role("button", name="报送").click()
    expect(page.locator(".notice-error").first).to_contain_text("第1项")
    page.locator(f"#item-{items[1].pk} textarea").fill("讲党课一次。")
    page.get_by_role("button", name="报送").click()
    expect(page.locator(".notice-success").first).to_contain_text("已报送 8 项。")
    own = AssessmentItem.objects.filter(assessment__period=period, assessment__subject=town.fuhou)
    assert set(own.values_list("state", flat=True)) == {ItemState.SUBMITTED}

    page = open_page(DESK, java_script_enabled=False)
    sign_in(page, town.zhou)
    page.get_by_role("link", name="审核", exact=True).click()
    page.locator(f"#item-{items[6].pk}").get_by_role("button", name="同意").click()
    expect(page.locator(".notice-success")).to_contain_text("已办理：同意。")
    given = Review.objects.filter(axis=Axis.STREET).values_list("item__task__number", "points", "reviewer__name")
    assert [(number, str(points), name) for number, points, name in given] == [(6, "9.50", "周正")]


def sign_in_step_by_step(page: Page, town: Town) -> None:
    page.goto("/")
    page.get_by_label("街道").select_option(label="西大街道")
    page.get_by_role("button", name="下一步").click()
    page.get_by_label("2. 社区").select_option(label="府后社区")
    page.get_by_role("button", name="下一步").click()
    page.get_by_label("3. 岗位").select_option(value=town.lin.user.username)
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("现在要办什么")
