"""The report form with its script in a real browser: autosave, running sums, Enter, sending."""

from typing import TYPE_CHECKING, Any

import pytest
from django.conf import settings
from django.test import Client

from scoring.models import AssessmentItem, Report
from scoring.services.report import save_draft
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
    assert page.evaluate("document.activeElement.name") == f"item-{month.item(1).pk}-note"
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


# -- kept on this machine, and the other writer


def test_what_the_network_did_not_take_comes_back_after_the_browser_was_closed(form: tuple["Page", Month]) -> None:
    page, month = form
    field = f"#item-{month.item(4).pk} .input-points"
    page.route("**/draft/", lambda route: route.abort())
    page.locator(field).fill("6")
    page.locator(".saved", has_text="网络不通，已留在本机").wait_for()
    other = page.context.new_page()
    other.goto(page.url)
    other.locator(f"#item-{month.item(4).pk} .saved", has_text="已存").wait_for()
    assert other.locator(field).input_value() == "6"
    assert month.item(4).draft == points("6.00")
    assert other.evaluate("Object.keys(localStorage).length") == 0


def test_the_second_writer_sees_both_and_chooses(form: tuple["Page", Month]) -> None:
    page, month = form
    item = month.item(4)
    row = page.locator(f"#item-{item.pk}")
    save_draft(actor=month.town.lin2, item=item, entry=points("7"), expected_version=0)
    row.locator(".input-points").fill("6")
    row.get_by_role("button", name="用对方的").wait_for()
    assert "评定 7 分（满分 8 分）。您填的是：6。" in row.locator(".entry-other").inner_text()
    assert month.town.lin2.person.name in row.locator(".entry-other").inner_text()
    assert month.item(4).draft == points("7.00")
    row.get_by_role("button", name="用对方的").click()
    assert row.locator(".input-points").input_value() == "7"
    save_draft(actor=month.town.lin2, item=item, entry=points("5"), expected_version=1)
    row.locator(".input-points").fill("6")
    row.get_by_role("button", name="用我填的").click()
    row.locator(".saved", has_text="已存").wait_for()
    assert month.item(4).draft == points("6.00")


def test_kept_text_never_runs_over_what_was_written_since(form: tuple["Page", Month]) -> None:
    page, month = form
    page.route("**/draft/", lambda route: route.abort())
    page.locator(f"#item-{month.item(4).pk} .input-points").fill("6")
    page.locator(".saved", has_text="网络不通，已留在本机").wait_for()
    save_draft(actor=month.town.lin2, item=month.item(4), entry=points("7"), expected_version=0)
    other = page.context.new_page()
    other.goto(page.url)
    row = other.locator(f"#item-{month.item(4).pk}")
    row.get_by_text("上次填的是：6。").wait_for()
    assert row.locator(".input-points").input_value() == "7"
    row.get_by_role("button", name="不要了").click()
    assert (other.evaluate("Object.keys(localStorage).length"), month.item(4).draft) == (0, points("7.00"))


def test_who_else_is_writing_is_shown_before_anything_is_typed(form: tuple["Page", Month]) -> None:
    page, month = form
    save_draft(actor=month.town.lin2, item=month.item(4), entry=points("7"), expected_version=0)
    row = page.locator(f"#item-{month.item(4).pk}")
    row.locator(".input-points").focus()
    row.get_by_text("正在填此项").wait_for()
    assert row.locator(".input-points").input_value() == "7"


def test_a_row_that_was_refused_is_not_sent(form: tuple["Page", Month]) -> None:
    page, month = form
    page.locator(f"#item-{month.item(4).pk} .input-points").fill("9")
    page.get_by_role("button", name="报送", exact=True).click()
    page.locator("#toasts", has_text="还有 1 项没有存上").wait_for()
    assert Report.objects.count() == 0
