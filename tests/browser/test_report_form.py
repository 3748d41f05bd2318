"""The report form with its script in a real browser: autosave, running sums, Enter, sending."""

from typing import TYPE_CHECKING, Any

import pytest
from django.conf import settings
from django.test import Client

from scoring.models import AssessmentItem, Report
from tests.people import Town, build_town
from tests.scoring.month import Month, level, open_month, points

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def form(browser_page: "Page", live_server: Any, transactional_db: None) -> tuple["Page", Month]:
    """The form of 府后 as her secretary sees it."""
    town: Town = build_town()
    month = Month(town, open_month(town))
    client = Client()
    client.force_login(town.lin.user)
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    browser_page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}])
    browser_page.goto(f"{live_server.url}/assessments/{month.assessment().pk}/")
    return browser_page, month


def test_a_row_saves_itself_and_the_sums_run(form: tuple["Page", Month]) -> None:
    page, month = form
    row = page.locator(f"#item-{month.item(2).pk}")
    row.locator(".segment").nth(1).click()
    row.locator(".saved", has_text="已存").wait_for()
    assert month.item(2).draft == level(1)
    assert page.locator("[data-star=branch_strength] [data-star-points]").inner_text() == "6"
    assert page.locator("[data-star=branch_strength] [data-star-missing]").inner_text() == "还差 10 分"
    assert page.locator(".actionbar [data-filled]").inner_text() == "1"
    assert page.locator("[data-total]").inner_text() == "6"
    row.locator(".segment").first.click()
    page.locator("[data-total]", has_text="10").wait_for()
    row.locator(".saved", has_text="已存").wait_for()


def test_a_wrong_number_is_told_at_its_row(form: tuple["Page", Month]) -> None:
    page, month = form
    row = page.locator(f"#item-{month.item(1).pk}")
    row.locator(".input-points").fill("10.5")
    row.locator(".saved", has_text="得分不能超过 10 分").wait_for()
    assert month.item(1).draft is None


def test_enter_goes_to_the_next_row_and_sends_nothing(form: tuple["Page", Month]) -> None:
    page, month = form
    page.locator(f"#item-{month.item(1).pk} .input-points").focus()
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.name") == f"item-{month.item(2).pk}-level"
    assert AssessmentItem.objects.exclude(version=0).count() == 0


def test_sending_waits_for_what_is_not_saved_yet(form: tuple["Page", Month]) -> None:
    page, month = form
    row = page.locator(f"#item-{month.item(1).pk}")
    row.locator("textarea").fill("按周调度。")
    row.locator(".input-points").fill("9.5")
    page.get_by_role("button", name="报送", exact=True).click()
    page.get_by_text("已报送 1 项。").wait_for()
    report = Report.objects.get()
    assert (report.value, report.note) == (points("9.50")["value"], "按周调度。")


def test_not_applicable_clears_the_level(form: tuple["Page", Month]) -> None:
    page, month = form
    row = page.locator(f"#item-{month.item(3).pk}")
    row.locator(".segment").first.click()
    row.get_by_text("不涉及（须写原因").click()
    with page.expect_response(lambda answer: "没有物业" in (answer.request.post_data or "")):
        page.keyboard.type("没有物业。")
    row.locator(".saved", has_text="已存").wait_for()
    assert row.locator("[type=radio]:checked").count() == 0
    assert month.item(3).draft == {"kind": "not_applicable", "value": {}, "note": "没有物业。"}
