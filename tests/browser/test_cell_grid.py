"""The grid that is typed into: keys, a pasted block, and the cell that was refused."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from grids.models import Activity
from tests.browsing import OpenPage, sign_in
from tests.grids.rows import Rows
from tests.people import build_town

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
ADDRESS = "/ground/registers/activities/grid/"
PASTE = """(control, text) => {
  const data = new DataTransfer();
  data.setData("text/plain", text);
  control.dispatchEvent(new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true}));
}"""


@pytest.fixture
def rows(db: None, live_server: Any) -> Rows:
    """府后 with two activities."""
    rows = Rows(build_town())
    for number in (1, 2):
        rows.row("activities", number)
    return rows


def open_grid(rows: Rows, open_page: OpenPage) -> Page:
    page = open_page()
    sign_in(page, rows.town.lin)
    page.goto(ADDRESS)
    return page


def names(page: Page, column: str) -> list[str]:
    """The controls of a column from the first line to the last."""
    controls = page.locator(f"tbody [name$='-{column}']")
    return [str(controls.nth(number).get_attribute("name")) for number in range(controls.count())]


def focused(page: Page) -> str:
    return str(page.evaluate("document.activeElement.name"))


def test_arrows_and_enter_keep_the_column_and_send_nothing(rows: Rows, open_page: OpenPage) -> None:
    page = open_grid(rows, open_page)
    titles, kinds = names(page, "title"), names(page, "kind")
    page.locator(f"[name={titles[0]}]").focus()
    went = []
    for key in ("ArrowDown", "Enter", "ArrowUp", "Shift+Enter", "Shift+Enter"):
        page.keyboard.press(key)
        went.append(focused(page))
    assert went == [titles[1], titles[2], titles[1], titles[0], titles[0]]
    page.locator(f"[name={titles[-1]}]").focus()
    page.keyboard.press("Enter")
    assert (focused(page), page.url.endswith(ADDRESS)) == (titles[-1], True)
    page.locator(f"[name={kinds[0]}]").focus()
    page.keyboard.press("ArrowDown")
    assert focused(page) == kinds[0]
    page.keyboard.press("Enter")
    assert focused(page) == kinds[1]


def test_a_pasted_block_spreads_from_its_cell_and_is_kept(rows: Rows, open_page: OpenPage) -> None:
    page = open_grid(rows, open_page)
    days, kinds, titles = names(page, "on"), names(page, "kind"), names(page, "title")
    columns = [
        str(one)
        for one in page.locator("tbody tr").first.locator("td [name]").evaluate_all("all => all.map(one => one.name)")
    ]
    assert columns[:3] == [days[0], kinds[0], titles[0]]
    page.locator(f"[name={days[2]}]").evaluate(
        PASTE, "2026-03-02\t义诊\t春季义诊\r\n2026-03-03\t 消防演练 \t楼道演练\r\n"
    )
    got = [page.locator(f"[name={name}]").input_value() for name in (days[2], titles[2], days[3], titles[3])]
    assert got == ["2026-03-02", "春季义诊", "2026-03-03", "楼道演练"]
    assert page.locator(f"[name={kinds[2]}]").evaluate("one => one.selectedOptions[0].text") == "义诊"
    page.locator(f"[name={titles[0]}]").evaluate(PASTE, "一个词")
    assert page.locator(f"[name={titles[0]}]").input_value() == "清理楼道2"


def test_the_refused_cell_has_the_focus_and_nothing_typed_is_lost(rows: Rows, open_page: OpenPage) -> None:
    page = open_grid(rows, open_page)
    days, titles = names(page, "on"), names(page, "title")
    page.locator(f"[name={titles[0]}]").fill("改过的标题")
    page.locator(f"[name={days[1]}]").fill("2026-13-01")
    page.locator(".actionbar").get_by_role("button", name="保存表格").click()
    expect(page.locator(".notice-error")).to_be_visible()
    assert focused(page) == days[1]
    assert page.locator(f"[name={titles[0]}]").input_value() == "改过的标题"
    assert sorted(Activity.objects.values_list("title", flat=True)) == ["清理楼道1", "清理楼道2"]
    page.keyboard.press("Control+a")
    page.keyboard.type("2026-03-05")
    page.locator(".actionbar").get_by_role("button", name="保存表格").click()
    expect(page.locator(".notice-success").last).to_be_visible()
    assert sorted(Activity.objects.values_list("title", flat=True)) == ["改过的标题", "清理楼道1"]
