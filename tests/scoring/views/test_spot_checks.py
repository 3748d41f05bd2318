"""The pages of 抽查核验: preview, draw, sheets, results by tap, and who sees a sample."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from scoring.calc.sampling import Size
from scoring.choices import Finding
from scoring.models import Review, SpotCheck, SpotCheckItem
from scoring.services.spot_check import draw_spot_check, record_finding
from tests.people import Town, Unit, write_units
from tests.queries import queries_of
from tests.scoring.month import LABEL, Month, month, on, open_month, report_all

__all__ = ["month"]

LIST = "/periods/2026-09/spot-checks/"
SIZES = {"communities": "2", "items_each": "1", "doubtful_percent": "50"}


@pytest.fixture
def reported(month: Month) -> Month:
    report_all(month.town, month.period)
    return month


@pytest.fixture
def drawn(reported: Month) -> SpotCheck:
    return draw(reported)


def draw(month: Month) -> SpotCheck:
    """All that 郑二 may draw."""
    with on("2026-09", 34):
        return draw_spot_check(actor=month.town.zheng[1], period=month.period, size=Size(9, 9, 0), seed="7f")


def browser(month: Month, key: str) -> Client:
    client = Client()
    client.force_login(month.town.everybody[key].user)
    return client


def own_item(month: Month, spot_check: SpotCheck) -> SpotCheckItem:
    return spot_check.items.get(item=month.item(4))


def test_the_preview_says_what_the_draw_then_keeps(reported: Month) -> None:
    client = browser(reported, "zheng2")
    assert "可抽：4 个社区已报送的 7 项。" in client.get(LIST).content.decode()
    page = client.get(LIST, SIZES).content.decode()
    told = re.search(r"<b>(\d) 个街道 2 个社区 2 项</b>，其中疑点 0 项", page)
    plan = re.search(r'name="plan" value="([^"]+)"', page)
    assert told
    assert plan
    with on("2026-09", 34):
        answer = client.post(LIST, {"plan": plan[1]}, follow=True)
    kept = SpotCheck.objects.get()
    assert f"{told[1]} 个街道 2 个社区 2 项" in answer.content.decode()
    assert (kept.items.count(), kept.organisation.code) == (2, "411002-zb2")


def test_a_second_click_draws_no_second_sample(reported: Month) -> None:
    client = browser(reported, "zheng2")
    plan = re.search(r'name="plan" value="([^"]+)"', client.get(LIST, SIZES).content.decode())
    assert plan
    assert [client.post(LIST, {"plan": plan[1]}).status_code for _ in range(2)] == [302, 409]
    assert SpotCheck.objects.count() == 1


def test_nobody_chooses_the_seed(reported: Month) -> None:
    plan = re.search(r'name="plan" value="([^"]+)"', browser(reported, "zheng2").get(LIST, SIZES).content.decode())
    assert plan
    for client, text in ((browser(reported, "zheng2"), plan[1][:-2]), (browser(reported, "zheng1"), plan[1])):
        answer = client.post(LIST, {"plan": text})
        assert (answer.status_code, "请先预览" in answer.content.decode()) == (422, True)
    assert SpotCheck.objects.count() == 0


@pytest.mark.parametrize("given", ["0", "-1", "1e3", "２", "", "201", "一"])
def test_a_size_that_is_none_is_refused_in_chinese(reported: Month, given: str) -> None:
    answer = browser(reported, "zheng2").get(LIST, {**SIZES, "communities": given})
    assert (answer.status_code, "社区数" in answer.content.decode()) == (422, True)


@pytest.mark.parametrize(
    ("key", "status"),
    [("zheng2", 200), ("wang", 200), ("zheng1", 404), ("zhou", 404), ("lin", 404), ("reader", 404), ("auditor", 404)],
)
def test_a_sample_is_for_those_who_drew_it_and_the_office(
    drawn: SpotCheck, reported: Month, key: str, status: int
) -> None:
    client = browser(reported, key)
    assert client.get(f"/spot-checks/{drawn.pk}/").status_code == status
    assert client.get(f"/spot-checks/{drawn.pk}/sheets/").status_code == status


def test_each_community_has_its_sheet_with_what_is_to_be_checked(drawn: SpotCheck, reported: Month) -> None:
    page = browser(reported, "zheng2").get(f"/spot-checks/{drawn.pk}/sheets/").content.decode()
    sheets = page.split('<article class="sheet"')[1:]
    assert len(sheets) == 4
    own = next(sheet for sheet in sheets if "府后社区" in sheet)
    for text in (LABEL, "西大街道", "第 4 项 共建联席会议", "共建联席会议达到要求。", "☐ 相符", "☐ 不符", "核验情况：",
                 "核验人（签字）：", "共建共享专班 第 1 次抽查"):  # fmt: skip
        assert text in own
    assert own.count("核验情况：") == 2


def test_a_tap_records_and_gives_the_row_back(drawn: SpotCheck, reported: Month) -> None:
    row = own_item(reported, drawn)
    client = browser(reported, "zheng2")
    address = f"/spot-checks/items/{row.pk}/result/"
    answer = client.post(address, {"result": "matches", "revision": "0"}, headers={"HX-Request": "true"})
    assert (answer.status_code, "✓ 相符" in answer.content.decode()) == (200, True)
    late = client.post(address, {"result": "differs", "text": "不符", "revision": "0"}, headers={"HX-Request": "true"})
    assert (late.status_code, "刚有人记录" in late.content.decode()) == (409, True)
    plain = client.post(address, {"result": "differs", "text": "缺一次会议。", "revision": "1"}, follow=True)
    assert "缺一次会议。" in plain.content.decode()
    assert list(row.results.values_list("result", flat=True)) == ["matches", "differs"]


def test_a_difference_without_words_is_refused_on_the_page(drawn: SpotCheck, reported: Month) -> None:
    row = own_item(reported, drawn)
    answer = browser(reported, "zheng2").post(f"/spot-checks/items/{row.pk}/result/", {"result": "differs"})
    assert (answer.status_code, "请写明核验情况。" in answer.content.decode()) == (422, True)
    assert row.results.count() == 0


def test_a_difference_is_reviewed_by_an_act_of_its_own(drawn: SpotCheck, reported: Month) -> None:
    row = own_item(reported, drawn)
    record_finding(actor=reported.town.zheng[1], drawn=row, result=Finding.DIFFERS, text="缺一次会议。")
    client = browser(reported, "zheng2")
    address = f"/spot-checks/items/{row.pk}/review/"
    bad = client.post(address, {"outcome": "set", "points": "9", "version": row.item.version})
    assert (bad.status_code, "8" in bad.content.decode(), Review.objects.count()) == (422, True, 0)
    client.post(address, {"outcome": "set", "points": "6", "version": row.item.version})
    [given] = Review.objects.all()
    assert (given.points, given.reason, given.basis) == (6, "缺一次会议。", "spot_check")
    assert "审核意见：改分 6（抽查核验）" in client.get(f"/spot-checks/{drawn.pk}/").content.decode()


def test_what_matches_is_agreed_to_with_one_button(drawn: SpotCheck, reported: Month) -> None:
    for row in drawn.items.all()[:2]:
        record_finding(actor=reported.town.zheng[1], drawn=row, result=Finding.MATCHES)
    client = browser(reported, "zheng2")
    page = client.get(f"/spot-checks/{drawn.pk}/").content.decode()
    assert "2 项查过相符" in page
    answer = client.post(
        f"/spot-checks/{drawn.pk}/agree/", {"item": re.findall(r'name="item" value="([^"]+)"', page)}, follow=True
    )
    assert "同意 2 项。" in answer.content.decode()
    assert set(Review.objects.values_list("outcome", "basis")) == {("agree", "spot_check")}


def test_the_office_looks_and_does_not_touch(drawn: SpotCheck, reported: Month) -> None:
    page = browser(reported, "wang").get(f"/spot-checks/{drawn.pk}/").content.decode()
    assert "记录" not in page.replace("记录之后", "").replace("按抽查", "") or 'name="result"' not in page
    row = own_item(reported, drawn)
    answer = browser(reported, "wang").post(f"/spot-checks/items/{row.pk}/result/", {"result": "matches"})
    assert (answer.status_code, row.results.count()) == (403, 0)


def test_the_community_sees_the_result_at_its_item_alone(drawn: SpotCheck, reported: Month) -> None:
    row = own_item(reported, drawn)
    item = f"/items/{row.item_id}/"
    assert "抽查" not in browser(reported, "lin").get(item).content.decode()
    record_finding(actor=reported.town.zheng[1], drawn=row, result=Finding.DIFFERS, text="缺一次会议。")
    page = browser(reported, "lin").get(item).content.decode()
    assert ("抽查核验：不符" in page, "缺一次会议。" in page) == (True, True)


@pytest.mark.parametrize(("key", "has_link"), [("zheng2", True), ("zhou", True), ("wang", True), ("lin", False)])
def test_the_page_of_the_month_leads_there(month: Month, key: str, has_link: bool) -> None:
    assert (LIST in browser(month, key).get("/periods/2026-09/").content.decode()) is has_link


def test_the_pages_ask_the_same_at_ten_times_the_rows(town: Town) -> None:
    small, few = _costs(town, "2026-09")
    units = [Unit(f"4110020010{no}", f"新{no}社区", "411002001", 3, track="urban") for no in range(20, 56)]
    write_units(units, {"411002001": town.xida})
    large, many = _costs(town, "2026-10")
    assert (small, large) == (4, 40)
    assert few == many
    assert max(many) <= 12, many


def _costs(town: Town, name: str) -> tuple[int, list[int]]:
    """Communities in a sample of everything, and the queries of its pages."""
    period = open_month(town, name)
    report_all(town, period)
    with on(name, 34):
        kept = draw_spot_check(actor=town.wang, period=period, size=Size(90, 9, 50), seed="7f")
        pages = (f"/periods/{name}/spot-checks/", f"/spot-checks/{kept.pk}/", f"/spot-checks/{kept.pk}/sheets/")
        return kept.items.values("item__assessment").distinct().count(), [queries_of(town.wang, one) for one in pages]
