"""Grids, courtyards, centres and post counts as workbooks: dated, by their codes, never overwritten unseen."""

from __future__ import annotations

import json
import re
from datetime import date
from typing import Any

import pytest
from django.core.files.base import ContentFile

from core import clock
from core.models import AuditEntry
from core.sheets.reading import Sheet, read_workbook
from grids.imports.workbook import preview_workbook
from grids.models import ActRow, CentreState, Courtyard, CourtyardGrid, CourtyardState, Grid, GridState, PostCount
from grids.services.places import history_of, record_state
from grids.services.posts import record_post_count
from tests.grids.ground import SINCE, Ground, centre_of, ground_of
from tests.grids.post import grid_secretary
from tests.grids.rows import Rows
from tests.grids.views.test_registers import client_of
from tests.grids.workbooks import changed, faults_of, previewed, sheet, texts_of, written
from tests.people import Town

pytestmark = pytest.mark.django_db
GRIDS, COURTYARDS, CENTRES, POSTS = "网格", "庭院（小区）", "党群服务中心（站）", "岗位配备"
TITLES = {"grids": GRIDS, "courtyards": COURTYARDS, "centres": CENTRES, "posts": POSTS}
GRID_HEADINGS = ["编号", "版本", "社区", "自何日起", "名称", "类别", "户数", "变更说明"]
YARD_HEADINGS = ["编号", "版本", "社区", "自何日起", "名称", "类型", "无物业合同时的管理方式", "户数", "所在网格"]
POST_HEADINGS = ["版本", "社区", "岗位", "自何日起", "应配备", "已配备", "其中党员"]
YARD = ["", "", "府后社区", "2026-03-01", "安装公司家属院", "单位家属院", "自管（有自管办法）", "683", ""]
NOTHING = "表格和现有登记一样，没有要写入的。"


@pytest.fixture
def ground(town: Town) -> Ground:
    centre_of(town)
    count(town, 5)
    return ground_of(town)


def count(town: Town, filled: int, on: date = SINCE) -> PostCount:
    return record_post_count(
        actor=town.lin, community=town.fuhou, kind="building_head", starts_on=on, required=10, filled=filled
    )


def load(kind: str) -> str:
    return f"/ground/{kind}/load/"


def file_of(client: Any, kind: str, query: str = "") -> bytes:
    content: bytes = client.get(f"/ground/{kind}/file/{query}").content
    return content


def states() -> list[Any]:
    return [
        list(model.objects.order_by("pk").values()) for model in (GridState, CourtyardState, CentreState, PostCount)
    ]


def said(model: Any, *names: str) -> list[Any]:
    return list(model.objects.order_by("pk").values_list(*names))


# -- out and in


def test_a_sheet_says_what_holds_today(town: Town, ground: Ground) -> None:
    code, place = "411002001006-C003", ground.courtyards[2]
    record_state(actor=town.lin, place=place, starts_on=date(2026, 1, 1), changes={"households": 130})
    newest = str(CourtyardState.objects.latest("pk").pk)
    texts = texts_of(file_of(client_of(town.lin), "courtyards"), COURTYARDS)
    assert texts[0] == [
        *("编号", "版本", "社区", "自何日起", "名称", "类型", "无物业合同时的管理方式", "楼栋数", "单元数", "户数"),
        *("建成年份", "原产权单位", "移交社区日期", "所在网格", "变更说明"),
    ]
    assert texts[3] == [
        *(code, newest, "府后社区", "2026-01-01", "第3庭院", "老旧小区", "无人管理", "", "", "130", "", "", ""),
        *("第1网格（411002001006-G001）、第2网格（411002001006-G002）", ""),
    ]


@pytest.mark.parametrize("kind", TITLES)
def test_a_file_loaded_as_it_was_written_changes_nothing(town: Town, ground: Ground, kind: str) -> None:
    before, client = states(), client_of(town.zhou)
    answer = previewed(client, load(kind), file_of(client, kind))
    assert (answer.status_code, faults_of(answer), NOTHING in answer.content.decode()) == (200, [], True)
    assert states() == before


def test_a_new_courtyard_gets_a_code_and_lies_in_its_grids(town: Town, ground: Ground) -> None:
    client = client_of(town.lin)
    both = [*YARD[:-1], "第1网格、411002001006-G002"]
    offered = ["411002001006-C100", "", "府后社区", "", "水利局家属院", "老旧小区", "无人管理", "", "第2网格"]
    content = sheet(COURTYARDS, YARD_HEADINGS, both, offered)
    assert written(client, load("courtyards"), content).status_code == 302
    first, second = Courtyard.objects.order_by("pk")[3:]
    assert [(one.code, one.opened_on) for one in (first, second)] == [
        ("411002001006-C004", date(2026, 3, 1)),
        ("411002001006-C100", clock.today()),
    ]
    links = CourtyardGrid.objects.filter(courtyard__in=[first, second]).order_by("courtyard", "grid")
    assert [(link.courtyard, link.grid, link.starts_on) for link in links] == [
        (first, ground.grids[0], date(2026, 3, 1)),
        (first, ground.grids[1], date(2026, 3, 1)),
        (second, ground.grids[1], clock.today()),
    ]
    again = previewed(client, load("courtyards"), content)
    assert (faults_of(again), NOTHING in again.content.decode()) == ([], True)


def test_a_preview_is_written_once(town: Town, ground: Ground) -> None:
    client = client_of(town.lin)
    text = previewed(client, load("courtyards"), sheet(COURTYARDS, YARD_HEADINGS, YARD)).content.decode()
    hidden = dict(re.findall(r'name="(token|seen)" value="(\w+)"', text))
    answers = [client.post(load("courtyards"), hidden | {"act": "apply"}) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [302, 409]
    assert ("这次预览已写入过或已过期" in answers[1].content.decode(), Courtyard.objects.count()) == (True, 4)


def test_a_grid_whose_name_holds_a_separator_is_read_whole(town: Town, ground: Ground) -> None:
    record_state(actor=town.zhou, place=ground.grids[0], starts_on=SINCE, changes={"name": "一、二号院，三号院"})
    client = client_of(town.lin)
    as_it_is = previewed(client, load("courtyards"), file_of(client, "courtyards"))
    assert (faults_of(as_it_is), NOTHING in as_it_is.content.decode()) == ([], True)
    content = sheet(COURTYARDS, YARD_HEADINGS, [*YARD[:-1], "一、二号院，三号院、第2网格"])
    assert written(client, load("courtyards"), content).status_code == 302
    made = Courtyard.objects.latest("pk")
    assert [link.grid for link in made.grid_links.order_by("grid__code")] == ground.grids


def test_one_act_leaves_one_entry_that_names_every_place(town: Town, ground: Ground) -> None:
    lines = [[*YARD[:4], f"家属院{number}", *YARD[5:]] for number in (1, 2)]
    written(client_of(town.lin), load("courtyards"), sheet(COURTYARDS, YARD_HEADINGS, *lines))
    entry = AuditEntry.objects.get(verb="grids.keep_places")
    payload = json.loads(entry.payload)
    assert [(row["code"], row["after"]["name"]) for row in payload["rows"]] == [
        ("411002001006-C004", "家属院1"),
        ("411002001006-C005", "家属院2"),
    ]
    assert [digest[1] for digest in payload["row_digests"]] == [
        one.pk for one in CourtyardState.objects.order_by("pk")[3:]
    ]
    named = ActRow.objects.filter(model="grids.courtyard", entry_seq=entry.seq)
    assert sorted(named.values_list("row_id", flat=True)) == [row["id"] for row in payload["rows"]]


def test_the_day_decides_between_a_correction_and_a_change(town: Town, ground: Ground) -> None:
    client = client_of(town.zhou)

    def change(book: Any) -> None:
        page = book[GRIDS]
        page["G2"].value, page["H2"].value = "310", "登错了"
        page["D3"].value, page["G3"].value = "2026年3月1日", "290"

    content = changed(file_of(client, "grids"), change)
    text = previewed(client, load("grids"), content).content.decode()
    assert [
        "第1网格，更正 2022-01-01 起的登记" in text,
        "第2网格，自 2026-03-01 起变更" in text,
    ] == [True, True]
    assert written(client, load("grids"), content).status_code == 302
    assert said(GridState, "grid__code", "starts_on", "revision", "households", "reason")[2:] == [
        ("411002001006-G001", SINCE, 2, 310, "登错了"),
        ("411002001006-G002", date(2026, 3, 1), 1, 290, ""),
    ]


def test_an_emptied_day_is_today(town: Town, ground: Ground) -> None:
    client = client_of(town.zhou)

    def change(book: Any) -> None:
        book[GRIDS]["D2"].value, book[GRIDS]["G2"].value = None, "310"

    written(client, load("grids"), changed(file_of(client, "grids"), change))
    assert [one.starts_on for one in history_of(ground.grids[0])] == [SINCE, clock.today()]


def test_what_is_missing_from_the_file_stays_as_it_is(town: Town, ground: Ground) -> None:
    client = client_of(town.zhou)
    content = changed(file_of(client, "grids"), lambda book: book[GRIDS].delete_rows(2))
    assert NOTHING in previewed(client, load("grids"), content).content.decode()
    without = sheet(GRIDS, ["编号", "名称"], ["411002001006-G001", "第1网格"])
    assert NOTHING in previewed(client, load("grids"), without).content.decode()
    assert [one.closed_on for one in Grid.objects.all()] == [None, None]


def test_counts_of_posts_are_dated_too(town: Town, ground: Ground) -> None:
    client = client_of(town.lin)

    def change(book: Any) -> None:
        page = book[POSTS]
        page["D2"].value, page["F2"].value = "2026-03-01", "8"
        page.append([None, "府后社区", "网格员", "2026-03-01", "4", "4", "1"])

    content = changed(file_of(client, "posts"), change)
    assert written(client, load("posts"), content).status_code == 302
    assert said(PostCount, "series", "starts_on", "filled", "party_members")[1:] == [
        ("411002001006:building_head", date(2026, 3, 1), 8, None),
        ("411002001006:grid_worker", date(2026, 3, 1), 4, 1),
    ]
    assert AuditEntry.objects.filter(verb="grids.keep_post_counts").count() == 1
    new = sheet(POSTS, POST_HEADINGS, ["", "府后社区", "网格员", "2026-03-01", "4", "4", "1"])
    assert NOTHING in previewed(client, load("posts"), new).content.decode()


# -- what is wrong


def test_every_fault_is_told_by_sheet_row_and_column(town: Town, ground: Ground) -> None:
    bad = [
        ["", "", "府后社区", "2026-02-30", "", "别墅", "自管", "三百", "第9网格"],
        ["", "", "光明社区", *YARD[3:]],
        ["411002001006-C009", "7", "", *YARD[3:]],
        ["", "x", *YARD[2:]],
        ["", "", "府后社区", "1900-01-01", *YARD[4:7], "六百", ""],
        ["", "", "府后社区", "2026-03-01", "找 13803741234", *YARD[5:]],
        ["411002001006-C001", "", "金地社区", "2021-01-01", "第1庭院", "老旧小区", "无人管理", "120", "第2网格"],
        ["编 号", *YARD[1:]],
    ]
    answer = previewed(client_of(town.lin), load("courtyards"), sheet(COURTYARDS, YARD_HEADINGS, *bad))
    where = f"工作表“{COURTYARDS}”第"
    kinds = "商品房小区、单位家属院、安置小区、棚户区、老旧小区、自然村（居民组）、其他"
    assert faults_of(answer) == [
        f"{where} 2 行第 4 列“自何日起”：没有“2026-02-30”这一天。",
        f"{where} 2 行第 5 列“名称”：不能为空。",
        f"{where} 2 行第 6 列“类型”：没有“别墅”这一项，可填：{kinds}。",
        f"{where} 2 行第 7 列“无物业合同时的管理方式”：没有“自管”这一项，可填：无人管理、自管（有自管办法）、"
        "原单位代管、社区托管。",
        f"{where} 2 行第 8 列“户数”：“三百”不是整数。",
        f"{where} 2 行第 9 列“所在网格”：没有“第9网格”这个网格，请从名单里选。",
        f"{where} 3 行第 3 列“社区”：“光明社区”不是您可以登记的社区。",
        f"{where} 4 行：没有这个编号的行，或者不在您的查看范围内。",
        f"{where} 5 行：版本不能改写；新的一行请留空。",
        f"{where} 6 行第 4 列“自何日起”：日期须在 1949 年 10 月以后、一年之内。",
        f"{where} 6 行第 8 列“户数”：“六百”不是整数。",
        f"{where} 7 行第 5 列“名称”：名称里疑似有手机号，本系统不登记居民个人信息，请删去或隐去后再保存。",
        f"{where} 8 行第 4 列“自何日起”：411002001006-C001 设立于 2022-01-01，日期不能更早。",
        f"{where} 8 行第 3 列“社区”：“金地社区”不是您可以登记的社区。",
        f"{where} 8 行第 9 列“所在网格”：已设立的庭院换网格，请在“庭院与网格”登记簿里登记起止日期；这一格请改回原样。",
        f"{where} 9 行第 1 列“编号”：代码只能用数字、字母和连字符，最多30位。",
    ]
    assert (answer.status_code, Courtyard.objects.count(), CourtyardState.objects.count()) == (422, 3, 3)


@pytest.mark.parametrize("kind", TITLES)
def test_a_stale_file_is_refused_and_so_is_a_change_of_what_was_not_looked_at(
    town: Town, ground: Ground, kind: str
) -> None:
    client, title = client_of(town.zhou), TITLES[kind]
    column = {"grids": "G", "courtyards": "J", "centres": "E", "posts": "F"}[kind]
    value = "改名" if kind == "centres" else "7"
    content = changed(file_of(client, kind), lambda book: book[title].__setitem__(f"{column}2", value))
    places = {"grids": ground.grids[0], "courtyards": ground.courtyards[0], "centres": centre_of(town)}
    if kind == "posts":
        count(town, 6)
    else:
        record_state(actor=town.zhou, place=places[kind], starts_on=SINCE, changes={"name": "别人改的"})
    before = states()
    refused = previewed(client, load(kind), content)
    where = f"工作表“{title}”第 2 行：这一行刚被别人改过，请重新读取后再改，没有覆盖任何内容。"
    assert (refused.status_code, faults_of(refused)) == (422, [where])
    mark = "A2" if kind == "posts" else "B2"
    unseen = changed(content, lambda book: book[title].__setitem__(mark, None))
    (fault,) = faults_of(previewed(client, load(kind), unseen))
    assert fault.endswith("第 2 行：这是已有的登记：请先下载现有的表格，在里面改，版本一列要留着。")
    assert states() == before


def test_equal_lines_count_once_and_contradicting_ones_are_refused(town: Town, ground: Ground) -> None:
    client = client_of(town.lin)
    text = previewed(client, load("courtyards"), sheet(COURTYARDS, YARD_HEADINGS, YARD, YARD)).content.decode()
    assert "新登记 1 行，改动 0 行，不变 1 行" in text
    lines = [["411002001006-C050", *YARD[1:4], name, *YARD[5:]] for name in ("一院", "二院")]
    assert faults_of(previewed(client, load("courtyards"), sheet(COURTYARDS, YARD_HEADINGS, *lines))) == [
        f"工作表“{COURTYARDS}”第 3 行：与第 2 行编号相同，内容却不同。"
    ]


def test_a_name_that_is_there_is_pointed_out(town: Town, ground: Ground) -> None:
    line = [*YARD[:4], "第2庭院", *YARD[5:]]
    text = previewed(client_of(town.lin), load("courtyards"), sheet(COURTYARDS, YARD_HEADINGS, line)).content.decode()
    assert "府后社区，自 2026-03-01 起；注意：已有同名的 411002001006-C002" in text


def test_rules_of_the_model_and_of_the_service_are_told_at_their_line(town: Town, ground: Ground) -> None:
    client = client_of(town.lin)
    line = ["", "府后社区", "网格员", "2026-03-01", "4", "5", ""]
    (fault,) = faults_of(previewed(client, load("posts"), sheet(POSTS, POST_HEADINGS, line)))
    assert fault == f"工作表“{POSTS}”第 2 行：已配备不能多于应配备。"
    early = [*YARD[:3], "2021-01-01", *YARD[4:8], "第1网格"]
    (fault,) = faults_of(previewed(client, load("courtyards"), sheet(COURTYARDS, YARD_HEADINGS, early)))
    assert fault == f"工作表“{COURTYARDS}”第 2 行第 9 列“所在网格”：网格 411002001006-G001 在 2021-01-01 不存在。"
    assert (PostCount.objects.count(), Courtyard.objects.count()) == (1, 3)


def test_a_code_that_no_place_can_bear_is_not_even_looked_for(town: Town, ground: Ground) -> None:
    rows = [(1, YARD_HEADINGS), *((number, [code, *YARD[1:]]) for number, code in enumerate(("4110\x00", "编号"), 2))]
    faults = preview_workbook(town.lin, [Sheet(COURTYARDS, False, rows, set())]).faults
    said = "第 1 列“编号”：代码只能用数字、字母和连字符，最多30位。"
    assert faults == [f"工作表“{COURTYARDS}”第 {number} 行{said}" for number in (2, 3)]


def test_the_page_says_what_may_stand_in_the_number(town: Town) -> None:
    said = {
        "courtyards": "已有的编号不要改；新的一行编号留空，由系统编，也可以自己写一个没有用过的。",
        "posts": "",
        "workbook": f"已有的编号不要改；新的一行编号留空（{GRIDS}、{COURTYARDS}、{CENTRES}也可以写一个没有用过的）。",
        "registers/activities": "编号一列不要改；新的一行编号留空。",
    }
    client = client_of(town.zhou)
    helps = {kind: client.get(load(kind)).content.decode().split('<p class="help">')[-2:] for kind in said}
    found = {kind: next(one for one in parts if "日期写" in one).split("日期写")[0] for kind, parts in helps.items()}
    assert found == said


def test_more_places_than_a_request_can_write_are_refused_on_the_page(
    town: Town, ground: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("grids.views.workbooks.MOST_PLACES", 2)
    lines = [[*YARD[:4], f"家属院{number}", *YARD[5:]] for number in range(3)]
    few, many = (sheet(COURTYARDS, YARD_HEADINGS, *some) for some in (lines[:2], lines))
    assert previewed(client_of(town.lin), load("courtyards"), few).status_code == 200
    answer = previewed(client_of(town.lin), load("courtyards"), many)
    said = "在网页上一次最多新设或变更 1500 处，请先按街道分开上传，或者用 import_ground 命令导入。"
    assert (answer.status_code, faults_of(answer)) == (422, [f"工作表“{COURTYARDS}”：{said}"])
    assert preview_workbook(town.lin, read_workbook(ContentFile(many))).changes == 3


def test_a_centre_keeps_its_level(town: Town, ground: Ground) -> None:
    client = client_of(town.zhou)
    heading = texts_of(file_of(client, "centres"), CENTRES)[0].index("网格")
    content = changed(
        file_of(client, "centres"), lambda book: setattr(book[CENTRES].cell(2, heading + 1), "value", "第1网格")
    )
    (fault,) = faults_of(previewed(client, load("centres"), content))
    assert fault.endswith("“网格”：层级在设立时定下，不能改；请撤销后另行设立。")


def test_what_is_no_workbook_is_refused_in_words(town: Town) -> None:
    for content in (b"", b"PK\x03\x04broken", b"<html><table></table></html>"):
        assert previewed(client_of(town.lin), load("courtyards"), content).status_code == 422


# -- who


def test_grids_are_the_streets_and_an_unchanged_sheet_asks_for_no_right(town: Town, ground: Ground) -> None:
    lin = client_of(town.lin)
    assert lin.get(load("grids")).status_code == 403
    content = file_of(lin, "grids")
    everything = "/ground/workbook/load/"
    assert NOTHING in previewed(lin, everything, content).content.decode()
    more = changed(content, lambda book: book[GRIDS].__setitem__("G2", "310"))
    refused = previewed(lin, everything, more)
    assert (refused.status_code, GridState.objects.count()) == (422, 2)
    assert faults_of(refused)[0].startswith(f"工作表“{GRIDS}”")
    assert written(client_of(town.zhou), everything, more).status_code == 302


def test_nobody_downloads_or_loads_beyond_her_scope(town: Town, ground: Ground) -> None:
    zhou, wu = client_of(town.zhou), client_of(town.wu)
    for kind, title in TITLES.items():
        assert len(texts_of(file_of(wu, kind), title)) == 1
        content = changed(file_of(zhou, kind), lambda book, title=title: book[title].__setitem__("D2", "2026-03-02"))
        assert previewed(wu, load(kind), content).status_code == 422
        assert client_of(town.reader).post(load(kind)).status_code == 403
    new = sheet(COURTYARDS, YARD_HEADINGS, YARD)
    assert previewed(client_of(town.wu), load("courtyards"), new).status_code == 422
    assert previewed(client_of(town.chen), load("courtyards"), new).status_code == 422
    assert Courtyard.objects.count() == 3


def test_a_grid_secretary_has_her_own_page(town: Town) -> None:
    officer = grid_secretary(Rows(town))
    client = client_of(officer)
    assert [client.get(load(kind)).status_code for kind in TITLES] == [403] * 4
    assert [len(texts_of(file_of(client, kind), title)) for kind, title in TITLES.items()] == [2, 3, 1, 1]


def test_a_list_is_downloaded_as_it_is_filtered(town: Town, ground: Ground) -> None:
    client = client_of(town.zhou)
    texts = texts_of(file_of(client, "courtyards", "?q=C002"), COURTYARDS)
    assert [row[0] for row in texts[1:]] == ["411002001006-C002"]
    earlier = texts_of(file_of(client, "courtyards", "?as_of=2022-06-01"), COURTYARDS)
    assert ("所在网格" in earlier[0], len(earlier)) == (False, 4)
    assert len(texts_of(file_of(client, "courtyards", "?as_of=2021-06-01"), COURTYARDS)) == 1


def test_a_page_leads_to_its_sheet(town: Town, ground: Ground) -> None:
    text = client_of(town.zhou).get("/ground/courtyards/?q=C002").content.decode()
    assert ('href="/ground/courtyards/file/?q=C002"' in text, 'href="/ground/courtyards/load/"' in text) == (True, True)
    reading = client_of(town.reader).get("/ground/registers/").content.decode()
    assert ("/ground/posts/file/" in reading, "/ground/posts/load/" in reading) == (True, False)
