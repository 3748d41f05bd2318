"""Workbooks: what goes out comes in unchanged, a change is exactly a change, a fault is told by its place."""

from __future__ import annotations

import io
import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.management import CommandError, call_command
from openpyxl import Workbook, load_workbook

from branches.models import Placement
from core.models import AuditEntry
from core.sheets.reading import read_workbook
from core.sheets.writing import SheetColumn, SheetOut, workbook_of
from grids.imports.workbook import preview_workbook
from grids.models import Activity, PropertyCompany, ServiceContract
from grids.registers import register_named
from tests.grids import workbooks
from tests.grids.rows import SLUGS, Rows
from tests.grids.views.test_registers import client_of, page
from tests.grids.workbooks import changed, faults_of
from tests.people import Town

pytestmark = pytest.mark.django_db
HEADINGS = ["编号", "社区", "日期", "类别", "做了什么", "地点", "参与单位", "网格", "走访户数"]
LINE = ["", "府后社区", "2026年3月1日", "义诊", "免费测血压", "", "", "第1网格", ""]


@pytest.fixture
def rows(town: Town) -> Rows:
    return Rows(town)


def file_of(client: Any, slug: str, query: str = "") -> bytes:
    content: bytes = client.get(page(slug, act="file") + query).content
    return content


def loaded(client: Any, slug: str, content: bytes, name: str = "表.xlsx") -> Any:
    return workbooks.previewed(client, page(slug, act="load"), content, name)


def written(client: Any, slug: str, content: bytes) -> Any:
    return workbooks.written(client, page(slug, act="load"), content)


def sheet(*lines: list[str], name: str = "活动", headings: list[str] = HEADINGS) -> bytes:
    return workbooks.sheet(name, headings, *lines)


def stored(slug: str) -> list[dict[str, Any]]:
    return list(register_named(slug).model.objects.order_by("pk").values())


# -- out and in


@pytest.mark.parametrize("slug", SLUGS)
def test_a_file_loaded_as_it_was_written_changes_nothing(rows: Rows, slug: str) -> None:
    for number in (1, 2):
        rows.row(slug, number)
    before, client = stored(slug), client_of(rows.keeper(slug))
    answer = loaded(client, slug, file_of(client, slug))
    assert (answer.status_code, "没有要写入的" in answer.content.decode(), faults_of(answer)) == (200, True, [])
    assert stored(slug) == before


@pytest.mark.parametrize("slug", SLUGS)
def test_rows_without_their_numbers_are_known_again(rows: Rows, slug: str) -> None:
    rows.row(slug)
    before, client = stored(slug), client_of(rows.keeper(slug))

    def forget(workbook: Any) -> None:
        workbook.worksheets[0]["A2"].value = None

    answer = loaded(client, slug, changed(file_of(client, slug), forget))
    assert (faults_of(answer), "没有要写入的" in answer.content.decode()) == ([], True)
    assert stored(slug) == before


def test_exactly_what_was_changed_is_changed_and_what_was_added_is_added(rows: Rows) -> None:
    kept = [rows.row("activities", number) for number in (1, 2)]
    client = client_of(rows.town.zhou)

    def change(workbook: Any) -> None:
        workbook["活动"]["E2"].value = "清理院落"
        workbook["活动"].append(LINE)

    content = changed(file_of(client, "activities"), change)
    assert "新登记 1 行，改动 1 行，不变 1 行" in loaded(client, "activities", content).content.decode()
    assert written(client, "activities", content).status_code == 302
    assert list(Activity.objects.order_by("pk").values_list("title", "version")) == [
        ("清理院落", 1),
        ("清理楼道2", 0),
        ("免费测血压", 0),
    ]
    assert AuditEntry.objects.filter(verb="grids.keep_rows").count() == 1
    again = loaded(client, "activities", content)
    assert "没有要写入的" in again.content.decode()
    assert client.get(page("activities", kept[0])).content.decode().count("批量登记底数") == 1


def test_a_row_changed_since_the_download_is_not_overwritten(rows: Rows) -> None:
    kept = rows.row("activities")
    client = client_of(rows.town.lin)
    content = changed(file_of(client, "activities"), lambda book: book["活动"].__setitem__("E2", "旧表里的"))
    client.post(page("activities", kept, "edit"), rows.form("activities", title="刚改的") | {"version": "0"})
    answer = loaded(client, "activities", content)
    assert answer.status_code == 422
    assert faults_of(answer) == ["工作表“活动”第 2 行：这一行刚被别人改过，请重新读取后再改，没有覆盖任何内容。"]
    assert Activity.objects.get().title == "刚改的"


def test_text_that_looks_like_a_formula_stays_text(rows: Rows) -> None:
    rows.row("activities")
    Activity.objects.update(title="=1+1", place="+86")
    content = file_of(client_of(rows.town.lin), "activities")
    cell = load_workbook(io.BytesIO(content))["活动"]["E2"]
    assert (cell.value, cell.data_type) == ("=1+1", "s")


# -- what is wrong


def test_every_fault_is_told_by_sheet_row_and_column(rows: Rows) -> None:
    bad = [
        ["", "府后社区", "2026-02-30", "下棋", "", "", "", "第9网格", "三"],
        ["", "光明社区", "2026-03-01", "义诊", "测血压", "", "", "", ""],
        ["99v0", "府后社区", "2026-03-01", "义诊", "测血压", "", "", "", ""],
        ["7", "府后社区", "2026-03-01", "义诊", "测血压", "", "", "", ""],
        ["合计", "", "", "", "4", "", "", "", ""],
        ["", "府后社区", "2026-03-01", "义诊", "找 13803741234", "", "", "", ""],
    ]
    answer = loaded(client_of(rows.town.lin), "activities", sheet(*bad))
    kinds = "志愿服务、义诊、演练、宣传、反诈宣传、禁毒（禁种铲毒）宣传、普法宣传、三官一律、警力下沉、调解、技能培训"
    kinds += "、电商培训、农技培训、创业就业培训、植绿、走访、文体活动、其他"
    assert faults_of(answer) == [
        "工作表“活动”第 2 行第 3 列“日期”：没有“2026-02-30”这一天。",
        f"工作表“活动”第 2 行第 4 列“类别”：没有“下棋”这一项，可填：{kinds}。",
        "工作表“活动”第 2 行第 5 列“做了什么”：不能为空。",
        "工作表“活动”第 2 行第 8 列“网格”：没有“第9网格”这个网格，请从名单里选。",
        "工作表“活动”第 2 行第 9 列“走访户数”：“三”不是整数。",
        "工作表“活动”第 3 行：“光明社区”不是您可以登记的社区。",
        "工作表“活动”第 4 行：没有这个编号的行，或者不在您的查看范围内。",
        "工作表“活动”第 5 行：编号不能改写；新的一行请留空。",
        "工作表“活动”第 7 行第 5 列“做了什么”：做了什么里疑似有手机号，"
        "本系统不登记居民个人信息，请删去或隐去后再保存。",
    ]
    assert (answer.status_code, Activity.objects.count()) == (422, 0)
    assert "第 6 行是合计，已略过。" in answer.content.decode()


def test_a_row_stays_in_its_community(rows: Rows) -> None:
    client = client_of(rows.town.zhou)
    rows.row("activities")
    content = changed(file_of(client, "activities"), lambda book: book["活动"].__setitem__("B2", "金地社区"))
    where = "工作表“活动”第 2 行第 2 列“社区”"
    assert faults_of(loaded(client, "activities", content)) == [f"{where}：已登记的一行不能改社区，请作废后重新登记。"]


def test_what_was_previewed_beyond_the_first_hundred_lines_is_held_to_as_well(rows: Rows) -> None:
    def seen(last: str) -> str:
        lines = [[*LINE[:4], title, *LINE[5:]] for title in (*(f"第{number}次" for number in range(100)), last)]
        return preview_workbook(rows.town.lin, read_workbook(ContentFile(sheet(*lines)))).seen

    assert seen("测血压") == seen("测血压") != seen("测视力")


def test_a_name_that_two_communities_bear_is_written_with_its_code(rows: Rows) -> None:
    rows.row("activities")
    fuhou, jindi = (one.placements.get() for one in (rows.town.fuhou, rows.town.jindi))
    Placement.objects.create(
        organisation=rows.town.jindi,
        starts_on=date(2024, 1, 1),
        reason="更名",
        **{name: getattr(jindi, name) for name in ("parent", "form", "track", "display_order")},
        name=fuhou.name,
    )
    client = client_of(rows.town.zhou)
    content = file_of(client, "activities")
    assert load_workbook(io.BytesIO(content))["活动"]["B2"].value == "府后社区（411002001006）"
    assert "没有要写入的" in loaded(client, "activities", content).content.decode()
    assert faults_of(loaded(client, "activities", sheet(LINE))) == [
        "工作表“活动”第 2 行：有 2 个叫“府后社区”，请写成“名称（代码）”或代码。"
    ]
    named = sheet([LINE[0], "府后社区（411002001006）", *LINE[2:]])
    assert written(client, "activities", named).status_code == 302
    assert Activity.objects.latest("pk").community == rows.town.fuhou


def test_equal_lines_count_once_and_contradicting_ones_are_refused(rows: Rows) -> None:
    client = client_of(rows.town.lin)
    assert "新登记 1 行，改动 0 行，不变 1 行" in loaded(client, "activities", sheet(LINE, LINE)).content.decode()
    kept = rows.row("activities")
    lines = [[f"{kept.pk}v0", "", "2026-03-01", "志愿服务", title, "", "", "", ""] for title in ("一", "二")]
    assert faults_of(loaded(client, "activities", sheet(*lines))) == [
        "工作表“活动”第 3 行：与第 2 行编号相同，内容却不同。"
    ]


@pytest.mark.parametrize(
    ("headings", "fault"),
    [
        ([*HEADINGS, "备注"], "工作表“活动”第 1 行第 10 列：不认识的列“备注”，请删去或改名。"),
        ([*HEADINGS, "日期"], "工作表“活动”第 1 行第 10 列：“日期”重复。"),
        (["甲", "乙"], "工作表“活动”前 5 行里没有找到表头"),
    ],
)
def test_headings_are_those_of_the_register(rows: Rows, headings: list[str], fault: str) -> None:
    found = faults_of(loaded(client_of(rows.town.lin), "activities", sheet(LINE, headings=headings)))
    assert [one.startswith(fault) for one in found] == [True]


def test_a_title_above_the_heading_and_columns_left_out_are_understood(rows: Rows) -> None:
    book = Workbook()
    book.active.append(["府后社区2026年活动登记表"])
    book.active.append(["做了什么", "日期", "类 别"])
    book.active.append(["免费测血压", "2026/3/1", "义诊"])
    out = io.BytesIO()
    book.save(out)
    assert written(client_of(rows.town.lin), "activities", out.getvalue()).status_code == 302
    assert list(Activity.objects.values_list("title", "kind", "community__code")) == [
        ("免费测血压", "clinic", rows.town.fuhou.code)
    ]


def test_merged_cells_are_refused_with_their_place(rows: Rows) -> None:
    content = changed(sheet(LINE, LINE), lambda book: book["活动"].merge_cells("D2:D3"))
    assert faults_of(loaded(client_of(rows.town.lin), "activities", content)) == [
        "工作表“活动”第 2 行第 4 列：是合并的单元格，请取消合并，每格各填各的。"
    ]


def test_rules_between_rows_are_told_at_their_line(rows: Rows) -> None:
    rows.row("service-contracts")
    line = ["", "府后社区", "第1庭院", "安心物业001006", "2022-06-01", "", "", ""]
    headings = ["编号", "社区", "庭院（小区）", "物业服务企业", "起始日期", "终止日期", "合同编号", "说明"]
    content = sheet(line, name="物业服务合同", headings=headings)
    (fault,) = faults_of(loaded(client_of(rows.town.lin), "service-contracts", content))
    assert fault.startswith("工作表“物业服务合同”第 2 行第 5 列“起始日期”：与“安心物业001006”自 2022-01-01 起")
    assert ServiceContract.objects.count() == 1


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "空"),
        (b"PK\x03\x04broken", "打不开"),
        (b"\xd0\xcf\x11\xe0old", "旧版"),
        (b"<html><table></table></html>", "看不出"),
        ("编号,日期\n,2026-03-01\n".encode("gb18030"), "看不出"),
    ],
)
def test_what_is_no_workbook_is_refused_in_words(rows: Rows, content: bytes, reason: str) -> None:
    answer = loaded(client_of(rows.town.lin), "activities", content)
    assert (answer.status_code, reason in answer.content.decode()) == (422, True)


def test_a_cell_far_away_and_too_many_rows_are_refused(rows: Rows) -> None:
    client = client_of(rows.town.lin)
    far = changed(sheet(LINE), lambda book: book["活动"].__setitem__("XFD1048576", "远"))
    assert loaded(client, "activities", far).status_code == 422
    many = sheet(*([LINE] * 5020))
    answer = loaded(client, "activities", many)
    assert (answer.status_code, "超过 5000 行" in answer.content.decode()) == (422, True)
    assert Activity.objects.count() == 0


# -- who


def test_a_preview_belongs_to_whoever_uploaded(rows: Rows) -> None:
    text = loaded(client_of(rows.town.lin), "activities", sheet(LINE)).content.decode()
    hidden = dict(re.findall(r'name="(token|seen)" value="(\w+)"', text))
    other = client_of(rows.town.zhou).post(page("activities", act="load"), hidden | {"act": "apply"})
    assert (other.status_code, Activity.objects.count()) == (409, 0)
    altered = client_of(rows.town.lin).post(page("activities", act="load"), hidden | {"act": "apply", "seen": "0" * 16})
    assert (altered.status_code, Activity.objects.count()) == (409, 0)


def test_nobody_downloads_or_loads_beyond_her_scope(rows: Rows) -> None:
    rows.row("activities")
    rows.row("contacts")
    book = load_workbook(io.BytesIO(file_of(client_of(rows.town.wu), "activities")))
    assert [row[0].value for row in book["活动"].iter_rows()] == ["编号"]
    assert client_of(rows.town.reader).post(page("activities", act="load")).status_code == 403
    content = file_of(client_of(rows.town.lin), "contacts")
    assert loaded(client_of(rows.town.wu), "contacts", content).status_code == 422


# -- the whole workbook


def test_a_workbook_of_all_registers_goes_out_and_in(rows: Rows, tmp_path: Path, capsys: Any) -> None:
    for slug in SLUGS:
        rows.row(slug)
    before, target = {slug: stored(slug) for slug in SLUGS}, tmp_path / "底数.xlsx"
    call_command("export_ground", target=target, username="")
    call_command("import_ground", str(target), username=rows.town.wang.user.username, apply=True)
    assert {slug: stored(slug) for slug in SLUGS} == before
    said = capsys.readouterr().out
    assert "已写入 活动：新 0，改 0，不变 1" in said


def test_a_new_company_may_be_pointed_at_in_the_same_workbook(rows: Rows, tmp_path: Path) -> None:
    contracts = ["社区", "庭院（小区）", "物业服务企业", "起始日期"]
    sheets = [
        SheetOut(
            "物业服务合同",
            [SheetColumn(one) for one in contracts],
            [["府后社区", "第1庭院", "新风物业", "2026-01-01"]],
        ),
        SheetOut(
            "物业服务企业", [SheetColumn(one) for one in ("企业名称", "登记入册日期")], [["新风物业", "2026-01-01"]]
        ),
    ]
    path = tmp_path / "两张.xlsx"
    path.write_bytes(workbook_of(sheets))
    username = rows.town.zhou.user.username
    call_command("import_ground", str(path), username=username)
    assert PropertyCompany.objects.count() == 1
    call_command("import_ground", str(path), username=username, apply=True)
    assert [str(one.company) for one in ServiceContract.objects.all()] == ["新风物业"]
    path.write_bytes(workbook_of([SheetOut("乱起的名", [SheetColumn("编号")], [["1"]])]))
    with pytest.raises(CommandError, match="不是任何一本登记簿"):
        call_command("import_ground", str(path), username=username, apply=True)
