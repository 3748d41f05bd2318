"""One month in the browser: report, street, task forces, ruling, close, publish, ledgers.

September was played by the services, so October opens with items to confirm as unchanged. 府后 reports 10, 6, 20
and 8 points and no training centre (20 points are out); 10, 12 and 10 are unchanged: 76 of 80. 周 would give the
meetings 5, the task force agrees with 6; the elderly get 8 of the street and 6 of the task force, and 王 rules 7:
75 of 80 are 93.75.
"""

from __future__ import annotations

import re
from collections import Counter
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect
from pypdf import PdfReader

from branches.acting import Officer
from scoring.choices import Axis, ReviewBasis
from scoring.models import Assessment, AssessmentItem, Period, Review
from tests.browsing import DESK, PHONE, OpenPage, overflow, sign_in
from tests.people import PASSWORD, Town, build_town
from tests.scoring.month import assessment_of, item_of, play_month, report_all

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

MONTH = "2026-10"
SAVED = re.compile(r"^已存 \d\d:\d\d$")


class Journey:
    """The month's people, each before a screen of her own."""

    def __init__(self, town: Town, open_page: OpenPage) -> None:
        self.town = town
        self._open_page = open_page
        self._pages: dict[str, Page] = {}

    def page_of(self, officer: Officer) -> Page:
        """Her page, signed in; 林 comes by telephone and by the list of streets."""
        name = officer.user.username
        if name not in self._pages:
            is_lin = officer == self.town.lin
            self._pages[name] = self._open_page(PHONE if is_lin else DESK)
            (sign_in_by_street if is_lin else sign_in)(self._pages[name], officer)
        return self._pages[name]

    @property
    def period(self) -> Period:
        return Period.objects.get(month="2026-10-01")

    @property
    def assessment(self) -> Assessment:
        return assessment_of(self.period, self.town.fuhou)

    def item(self, number: int) -> AssessmentItem:
        return item_of(self.period, self.town.fuhou, number)


def test_a_month_from_opening_to_the_ledger(db_town: Town, open_page: OpenPage, tmp_path: Path) -> None:
    journey = Journey(db_town, open_page)
    the_office_opens_the_month(journey)
    lin_reports(journey)
    the_others_report(journey)
    zhou_reviews(journey)
    lin_answers_the_return(journey)
    zhou_agrees_and_zhou_ning_signs(journey)
    the_task_forces_review(journey)
    the_office_rules_and_settles(journey)
    the_office_prints_a_draft(journey, tmp_path)
    the_office_publishes(journey)
    the_office_issues_ledgers(journey, tmp_path)
    lin_reads_the_result(journey, tmp_path)


@pytest.fixture
def db_town(db: None, live_server: Any) -> Town:
    """The town with September published."""
    town = build_town()
    play_month(town, "2026-09")
    return town


def the_office_opens_the_month(journey: Journey) -> None:
    page = journey.page_of(journey.town.wang)
    page.get_by_role("link", name="月度考评", exact=True).click()
    page.get_by_label("月份").fill(MONTH)
    page.get_by_role("button", name="开启").click()
    confirm(page, "开启")
    expect(page.locator(".notice-success")).to_contain_text("2026年10月")
    assert journey.period.is_open


def sign_in_by_street(page: Page, officer: Officer) -> None:
    page.goto("/")
    page.get_by_label("街道").select_option(label="西大街道")
    settled(page)
    page.get_by_label("2. 社区").select_option(label="府后社区")
    settled(page)
    page.get_by_label("3. 岗位").select_option(value=officer.user.username)
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("现在要办什么")


def lin_reports(journey: Journey) -> None:
    page = journey.page_of(journey.town.lin)
    expect(page.get_by_text("4 项要填")).to_be_visible()
    page.get_by_role("link", name="填报", exact=True).last.click()
    type_points(page, journey.item(1), "10", note="讲党课一次，走访二十户。")
    type_points(page, journey.item(4), "6")
    choose(page, journey.item(5), "达到要求")
    type_points(page, journey.item(6), "8")
    page.get_by_text("有变化？展开逐项修改").click()
    training = row_of(page, journey.item(8))
    training.get_by_text("不涉及").click()
    training.locator("textarea").fill("本社区没有培训场地。")
    expect(training.locator(".saved")).to_have_text(SAVED)
    expect(page.locator(".actionbar")).to_contain_text("8 / 8 已填")
    assert overflow(page) == 0
    page.get_by_role("button", name="报送").click()
    expect(page.locator(".notice-success").last).to_contain_text("本月没有您要办的事了")


def the_others_report(journey: Journey) -> None:
    others = [journey.town.jindi, journey.town.guangming, journey.town.fangou]
    report_all(journey.town, journey.period, organisations=others)


def zhou_reviews(journey: Journey) -> None:
    page = journey.page_of(journey.town.zhou)
    page.get_by_role("link", name="审核", exact=True).click()
    set_points(page, journey.item(4), "5", "一次会议没有记录。")
    row = open_review(page, journey.item(6), "退回", "理由")
    row.get_by_label("理由").fill("请写明服务了几位老人。")
    row.get_by_role("button", name="退回").click()
    expect(page.locator(f"#item-{journey.item(6).pk}")).to_contain_text("已办理：退回")
    confirm_claim(page, journey.item(8))
    agree_with_the_rest(page)
    given = Review.objects.filter(axis=Axis.STREET, item__assessment__period=journey.period)
    counted = Counter(given.values_list("basis", flat=True))
    assert (counted[ReviewBasis.AS_LAST_MONTH], counted.total()) == (4, 16)


def lin_answers_the_return(journey: Journey) -> None:
    page = journey.page_of(journey.town.lin)
    page.goto("/")
    expect(page.get_by_text("请写明服务了几位老人。")).to_be_visible()
    page.get_by_role("link", name="改正").click()
    type_points(page, journey.item(6), "8", note="上门服务十二位老人。")
    page.get_by_role("button", name="报送").click()
    expect(page.locator(".notice-success").first).to_contain_text("已报送 1 项。")


def zhou_agrees_and_zhou_ning_signs(journey: Journey) -> None:
    page = journey.page_of(journey.town.zhou)
    page.reload()
    row = page.locator(f"#item-{journey.item(6).pk}")
    row.get_by_role("button", name="同意").click()
    expect(row).to_contain_text("已办理：同意")
    page = journey.page_of(journey.town.zhou2)
    page.get_by_role("link", name="审签").click()
    page.get_by_role("button", name="2 个社区审完").click()
    expect(page.locator(".notice-success")).to_contain_text("已审签 17 条审核意见。")


def the_task_forces_review(journey: Journey) -> None:
    """Each force goes through its stars and tasks; 幸福和谐 sees the elderly otherwise than the street."""
    for number, officer in enumerate(journey.town.zheng, start=1):
        page = journey.page_of(officer)
        page.goto("/")
        page.get_by_role("link", name="核验", exact=True).first.click()
        if number == 4:
            tasks_of(page).get_by_role("link", name="一老一小服务").click()
            set_points(page, journey.item(6), "6", "只核到九位老人。")
        if number == 5:
            confirm_claim(page, journey.item(8))
        agree_task_by_task(page)


def the_office_rules_and_settles(journey: Journey) -> None:
    page = journey.page_of(journey.town.wang)
    page.reload()
    page.get_by_role("link", name="办理", exact=True).first.click()
    card = page.locator(f"#item-{journey.item(6).pk}")
    expect(card).to_contain_text("相差 2 分")
    card.get_by_label("认定分").fill("7")
    card.get_by_label("理由").first.fill("听取双方意见，按十位老人认定。")
    card.get_by_role("button", name="认定", exact=True).click()
    expect(page.locator(".notice-success")).to_be_visible()
    page.goto(f"/periods/{MONTH}/")
    page.get_by_text("更多办理").click()
    page.locator("#id_settle_reason").fill("无异议，按现有意见认定。")
    page.get_by_role("button", name="认定其余").click()
    confirm(page, "认定")
    expect(page.locator(".notice-success")).to_contain_text("已按现有意见认定")


def the_office_prints_a_draft(journey: Journey, folder: Path) -> None:
    page = journey.page_of(journey.town.wang)
    page.get_by_role("link", name="关闭本月").click()
    page.get_by_role("button", name="关闭本月").click()
    page.get_by_role("link", name="试排名").first.click()
    row = page.get_by_role("row").filter(has_text="府后社区").filter(has_text="西大街道")
    expect(row).to_contain_text("93.75")
    page.get_by_role("button", name="打印送审稿").click()
    text = download(page, page.get_by_role("link", name="下载送审稿"), folder)
    assert ("送审稿" in text, "府后社区" in text) == (True, True)


def the_office_publishes(journey: Journey) -> None:
    page = journey.page_of(journey.town.wang)
    page.goto(f"/periods/{MONTH}/")
    page.get_by_role("link", name="公布", exact=True).click()
    page.get_by_role("button", name="公布").click()
    expect(page.locator(".notice-success")).to_contain_text("第1次公布")
    assert journey.period.is_published


def the_office_issues_ledgers(journey: Journey, folder: Path) -> None:
    page = journey.page_of(journey.town.wang)
    page.get_by_role("link", name="台账").first.click()
    page.get_by_role("button", name="生成2026年10月台账").click()
    expect(page.locator(".card .badge-good").first).to_have_text("完成")
    page.get_by_role("link", name="台账", exact=True).first.click()
    row = page.get_by_role("row").filter(has_text="全区考评排名台账")
    text = download(page, row.get_by_role("link", name="下载 PDF"), folder)
    assert ("府后社区" in text, "测算（未定星）" in text) == (True, True)


def lin_reads_the_result(journey: Journey, folder: Path) -> None:
    page = journey.page_of(journey.town.lin)
    page.goto("/")
    expect(page.get_by_role("heading", name="2026年10月结果")).to_be_visible()
    assert overflow(page) == 0
    page.get_by_role("link", name="查看台账").click()
    row = page.get_by_role("row").filter(has_text="府后社区")
    text = download(page, row.get_by_role("link", name="下载 PDF"), folder)
    assert ("总分93.75" in text, "测算（未定星）" in text) == (True, True)


# -- hands


def row_of(page: Page, item: AssessmentItem) -> Locator:
    return page.locator(f"#item-{item.pk}")


def type_points(page: Page, item: AssessmentItem, points: str, note: str = "") -> None:
    row = row_of(page, item)
    row.locator(".input-points").fill(points)
    if note:
        if not row.locator("textarea").is_visible():
            row.get_by_text("写说明").click()
        row.locator("textarea").fill(note)
    expect(row.locator(".saved")).to_have_text(SAVED)


def choose(page: Page, item: AssessmentItem, label: str) -> None:
    row = row_of(page, item)
    row.locator(".segment").filter(has_text=label).first.click()
    expect(row.locator(".saved")).to_have_text(SAVED)


def open_review(page: Page, item: AssessmentItem, form: str, field: str) -> Locator:
    row = row_of(page, item)
    row.get_by_role("link", name=form).click()
    expect(row.get_by_label(field)).to_be_focused()
    return row


def set_points(page: Page, item: AssessmentItem, points: str, reason: str) -> None:
    row = open_review(page, item, "改分", "改为")
    row.get_by_label("改为").fill(points)
    row.get_by_label("理由").fill(reason)
    row.get_by_role("button", name="改分").click()
    expect(row).to_contain_text("已办理：改分")


def confirm_claim(page: Page, item: AssessmentItem) -> None:
    row_of(page, item).get_by_role("button", name="确认不涉及").click()
    expect(row_of(page, item)).to_contain_text("已办理：确认不涉及")


def agree_with_the_rest(page: Page) -> None:
    """What was typed is ticked and agreed to; what came unchanged goes as one."""
    if page.get_by_label("全选本页").count():
        page.get_by_label("全选本页").check()
        page.get_by_role("button", name="同意所选").click()
        expect(page.locator(".notice-success")).to_have_text(re.compile(r"同意 \d+ 项"))
    while page.get_by_role("button", name="一并同意").count():
        page.get_by_role("button", name="一并同意").first.click()
        expect(page.locator(".notice-success")).to_have_text(re.compile(r"同意 \d+ 项"))


def agree_task_by_task(page: Page) -> None:
    """A task force looks at one task over all communities at a time."""
    for address in [link.get_attribute("href") for link in tasks_of(page).get_by_role("link").all()]:
        page.goto(page.url.split("?")[0] + str(address))
        agree_with_the_rest(page)


def tasks_of(page: Page) -> Locator:
    return page.get_by_role("navigation", name="任务")


def settled(page: Page) -> None:
    """What was swapped in listens only when it has settled, 20 ms later: too fast for hands, not for a script."""
    expect(page.locator(".htmx-request, .htmx-added, .htmx-settling")).to_have_count(0)


def confirm(page: Page, word: str) -> None:
    page.locator("dialog").get_by_role("button", name=word, exact=True).click()


def download(page: Page, link: Locator, folder: Path) -> str:
    """The text of a PDF the link hands out, without the breaks of lines."""
    with page.expect_download() as started:
        link.click()
    path = folder / "downloaded.pdf"
    started.value.save_as(path)
    reader = PdfReader(BytesIO(path.read_bytes()))
    return "".join(page.extract_text() for page in reader.pages).replace("\n", "").replace(" ", "")
