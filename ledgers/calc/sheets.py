"""The body of a ledger as sheets of a workbook: the same words and numbers as on paper, one table a sheet."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from core.sheets.shape import Cell, Column, Sheet, number
from ledgers.calc.frame import Body

VOICES = "自评/街道/专班；空格是各方都与认定结果一致，或都没有意见。"
NAME, TITLE, TEXT, LONG, POINTS, SHORT, NARROW = 16, 26, 30, 60, 10, 8, 7


def sheets_of(body: Body) -> list[Sheet]:
    """An overview, then a sheet a table, and who signed. Of a kind that is text (a notice) what it has in tables of
    places.
    """
    return [_overview(body), *_TABLES.get(body["kind"], _of_text)(body), _signatures(body)]


def _overview(body: Body) -> Sheet:
    rows = [*_frame(body), *_OWN.get(body["kind"], _nothing)(body)]
    return _sheet(body, "概况", (Column("项目", 18), Column("内容", 80)), rows)


def _sheet(
    body: Body, name: str, columns: tuple[Column, ...], rows: list[tuple[Cell, ...]], notes: tuple[str, ...] = ()
) -> Sheet:
    state = "送审稿，未公布，不作依据" if body["is_draft"] else f"编号 {body['number']}（第{body['revision']}版）"
    line = "　".join(filter(None, [body["organisation"]["name"], state, body["estimate"], body["label"]]))
    return Sheet(name, body["title"], columns, tuple(rows), (line,), notes)


def _frame(body: Body) -> list[tuple[Cell, ...]]:
    published, previous = body["published"], body["previous"]
    rows: list[tuple[Cell, ...]] = [("单位", body["organisation"]["name"]), ("代码", body["organisation"]["code"])]
    if published:
        rows.append(("公布", f"{published['position']} {published['by']}，{published['on']}"))
        rows += [("更正理由", published["reason"])] if published["reason"] else []
        rows.append(("上月台账", previous.get("number") or previous.get("none", "")))
        rows += [("上月台账摘要", previous["sha256"])] if "sha256" in previous else []
    return rows


def _signatures(body: Body) -> Sheet:
    columns = (Column("环节", NAME), Column("办理人", LONG), Column("日期", 16), Column("说明", TEXT))
    rows: list[tuple[Cell, ...]] = []
    for link in body.get("signatures", []):
        rows += [(link["stage"], one["who"], one["on"], "") for one in link["people"]]
        rows += [] if link["people"] else [(link["stage"], "", "", link["none"])]
    return _sheet(body, "签批", columns, rows)


def _nothing(body: Body) -> list[tuple[Cell, ...]]:
    return []


# -- a community


def _of_community(body: Body) -> list[tuple[Cell, ...]]:
    result, place, own = body["result"], body["place"], body["organisation"]
    rows: list[tuple[Cell, ...]] = [
        ("党组织", own["form_name"]),
        ("街道", own["street_name"]),
        ("类别", own["track_name"]),
        ("得分", number(result["points"])),
        ("适用满分", number(result["applicable_points"])),
        ("总分", number(result["total"])),
        ("星级", f"{result['level_words']}　{body['estimate']}"),
        ("未报事项", result["empty_items"]),
        ("未定事项", result["provisional_items"]),
    ]
    if place:
        rows += [("名次", place["place"]), ("并列", "是" if place["is_tied"] else "否"), ("同类社区", place["out_of"])]
    rows += [("总分怎么来的", body["explained"]["total"]), ("名次怎么来的", body["explained"]["place"] or "—")]
    return [*rows, ("评星标准", f"{body['rubric']['title']} 第{body['rubric']['number']}版")]


def _community(body: Body) -> list[Sheet]:
    ways = [_next_stars(body)] if body["next_stars"] else []
    return [_stars(body), *ways, _items(body), _explained(body), _acts(body)]


def _stars(body: Body) -> Sheet:
    columns = (
        *(Column("星", NAME), Column("结果", POINTS), Column("得分", POINTS)),
        *(Column("适用满分", POINTS), Column("得分率（%）", 12), Column("达标线（%）", 12)),
        *(Column("还差", POINTS), Column("说明", LONG)),
    )
    rows: list[tuple[Cell, ...]] = [
        (
            *(star["name"], f"{star['mark']} {star['verdict']}"),
            *(number(star[key]) for key in ("points", "applicable_points", "share", "pass_percent", "missing")),
            star["explanation"],
        )
        for star in body["stars"]
    ]
    return _sheet(body, "五星", columns, rows)


def _next_stars(body: Body) -> Sheet:
    """What is missing for each star not won, and the cheapest way to it."""
    columns = (Column("星", NAME), Column("还差", POINTS), Column("序号", NAME), Column("怎么补上", 80))
    rows: list[tuple[Cell, ...]] = [
        (way["name"], number(way["missing"]), way["tasks"], way["text"]) for way in body["next_stars"]
    ]
    return _sheet(body, "未得的星还差什么", columns, rows)


def _items(body: Body) -> Sheet:
    columns = (
        *(Column("序号", SHORT), Column("星", NAME), Column("任务", TITLE), Column("标准", TEXT)),
        *(Column("周期", SHORT), Column("满分", SHORT), Column("自评", POINTS), Column("街道", POINTS)),
        *(Column("专班", POINTS), Column("最终", POINTS), Column("差距", SHORT), Column("责任岗位", NAME)),
        *(Column("完成日", POINTS), Column("佐证（件）", SHORT), Column("说明/理由", TEXT)),
    )
    rows: list[tuple[Cell, ...]] = [
        (
            *(row["number"], row["star"], row["title"], row["standard"], row["window"], number(row["full_points"])),
            *(number(row[voice]) for voice in ("reported", "street", "task_force", "final", "gap")),
            *(row["responsible"], row["due"], row["evidence"], "；".join(row["notes"])),
        )
        for row in body["rows"]
    ]
    return _sheet(body, "逐项认定", columns, rows)


def _explained(body: Body) -> Sheet:
    rows: list[tuple[Cell, ...]] = [(row["number"], row["title"], row["explanation"]) for row in body["rows"]]
    return _sheet(body, "计分说明", (Column("序号", SHORT), Column("任务", TITLE), Column("说明", 90)), rows)


def _acts(body: Body) -> Sheet:
    columns = (
        *(Column("环节", NAME), Column("日期", 12), Column("办理人", TEXT)),
        *(Column("方式", TITLE), Column("序号", TEXT)),
    )
    rows: list[tuple[Cell, ...]] = [
        (act["stage"], act["on"], act["who"], act["how"], act["numbers"]) for act in body["acts"]
    ]
    return _sheet(body, "填报和审核记录", columns, rows)


# -- a street


def _of_street(body: Body) -> list[tuple[Cell, ...]]:
    summary, signed = body["summary"], body["sign_off"]
    return [
        ("社区", summary["communities"]),
        ("完成", summary["complete"]),
        ("事项", summary["items"]),
        ("未报事项", summary["empty"]),
        ("迟报事项", summary["late"]),
        ("最终认定与自评不同", summary["changed"]),
        ("街道审签", f"{signed['who']}，{signed['on']}" if signed else "未审签，或审签后又有变动"),
        ("排名规则", body["rule"]),
    ]


def _street(body: Body) -> list[Sheet]:
    tables = [_street_table(body, table) for table in body["tables"]]
    matrices = [made for matrix in body["matrices"] for made in (_matrix(body, matrix), _voices(body, matrix))]
    return [*tables, *matrices, _changes(body)]


def _street_table(body: Body, table: dict[str, Any]) -> Sheet:
    stars = [Column(f"{star} {part}", POINTS) for star in table["stars"] for part in ("得分", "适用满分", "结果")]
    last = [
        Column("总分", POINTS),
        Column("星级", POINTS),
        *([Column("名次", POINTS)] if table["shows_places"] else []),
    ]
    return _sheet(
        body,
        f"总表 {table['name']}",
        (Column("社区", NAME), *stars, *last),
        [_street_row(row, shows_places=table["shows_places"]) for row in table["rows"]],
    )


def _street_row(row: dict[str, Any], *, shows_places: bool) -> tuple[Cell, ...]:
    stars = [
        cell
        for star in row["stars"]
        for cell in (number(star["points"]), number(star["applicable_points"]), star["verdict"])
    ]
    return (row["name"], *stars, number(row["total"]), row["level_words"], *([row["place"]] if shows_places else []))


def _matrix(body: Body, matrix: dict[str, Any]) -> Sheet:
    columns = (Column("序号", SHORT), Column("星", NAME), Column("任务", TITLE), Column("满分", SHORT))
    rows: list[tuple[Cell, ...]] = [
        (row["number"], row["star"], row["title"], number(row["full_points"]), *map(number, row["finals"]))
        for row in matrix["rows"]
    ]
    names = (Column(name, POINTS) for name in matrix["communities"])
    return _sheet(body, f"逐项得分 {matrix['name']}", (*columns, *names), rows)


def _voices(body: Body, matrix: dict[str, Any]) -> Sheet:
    """Where not all said what counts: 自评/街道/专班."""
    columns = (Column("序号", SHORT), Column("任务", TITLE), *(Column(name, 14) for name in matrix["communities"]))
    rows: list[tuple[Cell, ...]] = [(row["number"], row["title"], *row["voices"]) for row in matrix["rows"]]
    return _sheet(body, f"三方意见 {matrix['name']}", columns, rows, (VOICES,))


def _changes(body: Body) -> Sheet:
    columns = (
        *(Column("社区", NAME), Column("序号", SHORT), Column("任务", TITLE), Column("满分", SHORT)),
        *(Column("自评", POINTS), Column("街道", POINTS), Column("专班", POINTS), Column("最终", POINTS)),
        Column("理由", LONG),
    )
    rows: list[tuple[Cell, ...]] = [
        (
            *(row["name"], row["number"], row["title"], number(row["full_points"])),
            *(number(row[voice]) for voice in ("reported", "street", "task_force", "final")),
            row["reason"],
        )
        for row in body["changes"]
    ]
    return _sheet(body, "认定与自评不同", columns, rows, () if rows else ("没有。",))


# -- a task force


def _task_force(body: Body) -> list[Sheet]:
    pairs = ((_task_force_table(body, table), _task_force_voices(body, table)) for table in body["tables"])
    return [*(sheet for pair in pairs for sheet in pair), _changes(body)]


def _task_force_table(body: Body, table: dict[str, Any]) -> Sheet:
    tasks = [Column(f"{task['number']}. {task['title']}（{task['full_points']}）", 12) for task in table["tasks"]]
    columns = (
        *(Column("社区", NAME), Column("街道", NAME), *tasks),
        *(Column("得分", POINTS), Column("适用满分", POINTS), Column("结果", POINTS)),
    )
    rows: list[tuple[Cell, ...]] = [
        (
            *(row["name"], row["street_name"], *map(number, row["finals"])),
            *(number(row["points"]), number(row["applicable_points"]), row["verdict"]),
        )
        for row in table["rows"]
    ]
    note = (
        f"{table['count']} 个社区，得星 {table['won']} 个，未得 {table['not_won']} 个，不评 {table['not_rated']} 个；"
        f"达标线 {table['pass_percent']}%。"
    )
    return _sheet(body, f"{table['star']} {table['track_name']}", columns, rows, (note,))


def _task_force_voices(body: Body, table: dict[str, Any]) -> Sheet:
    tasks = (Column(f"{task['number']}. {task['title']}", 14) for task in table["tasks"])
    rows: list[tuple[Cell, ...]] = [(row["name"], row["street_name"], *row["voices"]) for row in table["rows"]]
    columns = (Column("社区", NAME), Column("街道", NAME), *tasks)
    return _sheet(body, f"三方意见 {table['star']} {table['track_name']}", columns, rows, (VOICES,))


# -- the ranking


def _of_ranking(body: Body) -> list[tuple[Cell, ...]]:
    levels: list[tuple[Cell, ...]] = [(level["level_words"], level["count"]) for level in body["star_levels"]]
    return [*levels, ("排名规则", body["rule"])]


def _ranking(body: Body) -> list[Sheet]:
    tables = [_ranking_table(body, table) for table in body["tables"]]
    return [*tables, *([_incomplete(body)] if body["incomplete"] else [])]


def _ranking_table(body: Body, table: dict[str, Any]) -> Sheet:
    points = [Column("总分", POINTS)] if body["shows_points"] else []
    columns = (Column("名次", SHORT), Column("并列", SHORT), Column("单位", TITLE), Column("街道", TITLE), *points)
    rows: list[tuple[Cell, ...]] = [
        (
            *(row["place"], "并列" if row["is_tied"] else "", row["name"], row["street_name"]),
            *([number(row["total"])] if points else []),
            row["level_words"],
        )
        for row in table["rows"]
    ]
    return _sheet(body, f"名次 {table['name']}", (*columns, Column("星级", POINTS)), rows, (body["rule"],))


def _of_text(body: Body) -> list[Sheet]:
    tables = [table for table in body.get("tables", []) if table["rows"] and "place" in table["rows"][0]]
    columns = (Column("名次", SHORT), Column("单位", TITLE), Column("总分", POINTS))
    return [
        _sheet(
            body,
            f"名次 {table['name']}",
            columns,
            [(row["place"], row["name"], number(row.get("total", ""))) for row in table["rows"]],
        )
        for table in tables
    ]


def _incomplete(body: Body) -> Sheet:
    columns = (
        *(Column("单位", TITLE), Column("街道", TITLE), Column("类别", NAME)),
        *(Column("未报事项", POINTS), Column("序号", TEXT)),
    )
    rows: list[tuple[Cell, ...]] = [
        (row["name"], row["street_name"], row["track_name"], row["empty_items"], row["tasks"])
        for row in body["incomplete"]
    ]
    return _sheet(body, "未完成（不排名次）", columns, rows)


# -- the table of items


def _items_of_all(body: Body) -> list[Sheet]:
    return [_items_table(body, table) for table in body["tables"]]


def _items_table(body: Body, table: dict[str, Any]) -> Sheet:
    tasks = (Column(f"{task['number']}. {task['title']}（{task['full_points']}）", NARROW) for task in table["tasks"])
    rows: list[tuple[Cell, ...]] = [
        (row["street_name"], row["name"], *map(number, row["finals"]), number(row["total"])) for row in table["rows"]
    ]
    columns = (Column("街道", 12), Column("社区", 12), *tasks, Column("总分", SHORT))
    return _sheet(body, f"逐项得分 {table['name']}", columns, rows)


# -- 通报 and 简报


def _of_notice(body: Body) -> list[tuple[Cell, ...]]:
    lines = [*body["addressees"], *body["text"], *body["closing"]]
    return [*(("正文", line) for line in lines), ("发文单位", body["issuer"]), ("排名规则", body["rule"])]


def _notice(body: Body) -> list[Sheet]:
    tables = [_notice_table(body, table) for table in body["tables"]]
    return [*tables, *(_notice_bands(body, table) for table in body["bands"])]


def _notice_table(body: Body, table: dict[str, Any]) -> Sheet:
    more = [Column("总分", POINTS), Column("星级", POINTS)] if table["shows_points"] else []
    columns = (Column("名次", SHORT), Column("并列", SHORT), Column("单位", TITLE), Column("街道", TITLE), *more)
    rows: list[tuple[Cell, ...]] = [
        (
            *(row["place"], "并列" if row["is_tied"] else "", row["name"], row["street_name"]),
            *((number(row["total"]), row["level_words"]) if more else ()),
        )
        for row in table["rows"]
    ]
    return _sheet(body, f"名次 {table['name']}", columns, rows, (body["rule"],))


def _notice_bands(body: Body, table: dict[str, Any]) -> Sheet:
    rows: list[tuple[Cell, ...]] = [(band["level_words"], unit) for band in table["rows"] for unit in band["units"]]
    return _sheet(body, f"星级 {table['name']}", (Column("星级", POINTS), Column("单位", TITLE)), rows)


def _of_brief(body: Body) -> list[tuple[Cell, ...]]:
    levels: list[tuple[Cell, ...]] = [(level["level_words"], level["count"]) for level in body["levels"]]
    return [("摘要", body["sentence"]), *levels]


def _brief(body: Body) -> list[Sheet]:
    counted = (Column("得星", POINTS), Column("参评", POINTS), Column("新得", POINTS), Column("未保住", POINTS))
    stars: list[tuple[Cell, ...]] = [
        (star["name"], star["won"], star["rated"], star["gained"], star["lost"]) for star in body["stars"]
    ]
    moved = (Column("社区", TITLE), Column("街道", TITLE), Column("名次", TITLE), Column("星级", NAME))
    movers: list[tuple[Cell, ...]] = [
        (row["name"], row["street_name"], row["moved"], row["level"], row["why"]) for row in body["movers"]
    ]
    return [
        _sheet(body, "各星", (Column("星", NAME), *counted), stars),
        _sheet(body, "变动较大的社区", (*moved, Column("由什么引起", LONG)), movers),
    ]


_OWN: dict[str, Callable[[Body], list[tuple[Cell, ...]]]] = {
    "community": _of_community,
    "street": _of_street,
    "ranking": _of_ranking,
    "notice": _of_notice,
    "brief": _of_brief,
}
_TABLES: dict[str, Callable[[Body], list[Sheet]]] = {
    "community": _community,
    "street": _street,
    "task_force": _task_force,
    "ranking": _ranking,
    "items": _items_of_all,
    "notice": _notice,
    "brief": _brief,
}
