"""Any number of a month in one sentence: item, star, total, place. Pure.

Each takes rows of a publication's content (docs/publication-content.md), as text, so that a page, the API and a printed
ledger say the same words. A page makes the same row of what is live.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta, timezone
from typing import Any

Row = Mapping[str, Any]

CHINA = timezone(timedelta(hours=8))
NOT_APPLICABLE = "不涉及"
AXES = {"street": "街道", "task_force": "专班"}
SOURCES = {"ruling": "最终认定", "task_force": "专班核验", "street": "街道审核", "report": "自评"}
PURPOSES = {"adjudication": "裁定", "settlement": "批量认定", "appeal": "复核", "correction": "更正"}
BASES = {
    **{"entered": "", "checked": "", "unchanged": "与上月一致", "proposed": "取自底数"},
    **{"as_last_month": "按上月认定，未逐项核验", "in_bulk": "数值同上月，批量认定，未逐项核验"},
    **{"spot_check": "抽查核验", "department_data": "部门数据"},
}
LEVELS = ("无星", "一星", "二星", "三星", "四星", "五星")


# -- an item


def explain_item(item: Row, title: str, *, gap_width: str, with_who: bool = True) -> str:
    """第4项“…”（满分8分）：自评8分（林秀英，府后社区书记，10月28日 19:03：…）；街道同意（…）；按街道审核计8分。

    `item` is an entry of assessments[].items; without `with_who` posts and names are left out.
    """
    voices = [
        _report(item["reported"], with_who),
        *(_review(AXES[axis], item[axis], with_who) for axis in AXES),
        _ruling(item["ruling"], with_who),
    ]
    parts = [*(voice for voice in voices if voice), *_gap(item, gap_width), _result(item)]
    return f"第{item['number']}项“{title}”（满分{plain(item['full_points'])}分）：{'；'.join(parts)}。"


def _report(report: Row | None, with_who: bool) -> str:
    if report is None:
        return ""
    writers = report["by"] if not report["confirmed_by"] else f"{report['by']}代填、{report['confirmed_by']}确认"
    said = [BASES[report["basis"]], _sentence(report["text"] if report["kind"] == "points" else report["note"])]
    said.append(_sentence(report.get("ground", "")))
    late = ["迟报"] if report["is_late"] else []
    return f"自评{_amount(report['points'])}{_aside(report, writers, [*said, *late], with_who)}"


def _review(name: str, review: Row | None, with_who: bool) -> str:
    if review is None:
        return ""
    act = {"agree": "同意", "set": f"改为{_amount(review['points'])}", "not_applicable": "确认不涉及"}
    said = [BASES[review["basis"]], _sentence(review["reason"])]
    return f"{name}{act.get(review['outcome'], '退回')}{_aside(review, review['by'], said, with_who)}"


def _ruling(ruling: Row | None, with_who: bool) -> str:
    if ruling is None:
        return ""
    deciders = f"{ruling['by']}、{ruling['second_by']}" if ruling["second_by"] else ruling["by"]
    said = [_sentence(ruling["reason"]), ruling["document_no"]]
    act = f"区创建办{PURPOSES[ruling['purpose']]}为{_amount(ruling['points'])}"
    return f"{act}{_aside(ruling, deciders, said, with_who)}"


def _aside(act: Row, names: str, said: Iterable[str], with_who: bool) -> str:
    """（林秀英，府后社区书记，10月28日 19:03：开展 3 次）"""
    who = [names, act["position"]] if with_who else []
    words = "，".join(one for one in said if one)
    return f"（{'，'.join([*who, moment(act['at'])])}{'：' if words else ''}{words}）"


def _gap(item: Row, gap_width: str) -> list[str]:
    if not item["is_gap"]:
        return []
    if item["street"]["points"] is None or item["task_force"]["points"] is None:
        return ["街道与专班一方认为不涉及，待区创建办裁定"]
    return [f"街道与专班相差{plain(item['gap'])}分，超过{plain(gap_width)}分，待区创建办裁定"]


def _result(item: Row) -> str:
    if item["kind"] == "empty":
        return f"{_why_empty(item)}，尚未计分"
    if item["kind"] == "claimed":
        return "不涉及待审核确认，暂不计分"
    if item["kind"] == "not_applicable":
        return f"按{SOURCES[item['source']]}不涉及，{plain(item['full_points'])}分退出该星和总分"
    return f"{'暂' if item['is_provisional'] else ''}按{SOURCES[item['source']]}计{plain(item['counted'])}分"


def _why_empty(item: Row) -> str:
    if item["state"] == "returned":
        return "已退回，还没有重报"
    return "已撤回，还没有重报" if item["round"] > 1 else "本月还没有报送"


# -- a star, a total


def explain_star(star: Row) -> str:
    """支部过硬星得18分，适用满分20分，达标线80%，测算达标。 `star` is an entry of assessments[].stars."""
    if star["won"]:
        return (
            f"{star['name']}得{plain(star['points'])}分，适用满分{plain(star['applicable_points'])}分，"
            f"达标线{plain(star['pass_percent'])}%，测算达标。"
        )
    return f"{star['name']}{'测算未达标' if star['is_rated'] else '不评'}：{'，'.join(star['reasons'])}。"


def explain_total(assessment: Row, decimals: int) -> str:
    """How total (with the places of the year's rules) and stars came about; a monthly star level is always 测算."""
    if assessment["total"] is None:
        return "全部事项不涉及，没有总分，也不评星。"
    parts = [_total(assessment, decimals), _stars(assessment["stars"])]
    if assessment["empty_items"]:
        parts.append(f"还有{assessment['empty_items']}项未报，未报的不计分")
    if assessment["provisional_items"]:
        parts.append(f"{assessment['provisional_items']}项尚未认定，按现有意见暂计")
    return "；".join(parts) + "。"


def _total(row: Row, decimals: int) -> str:
    points, applicable = plain(row["points"]), plain(row["applicable_points"])
    places = f"保留{decimals}位小数" if decimals else "取整数"
    share = f"{points}÷{applicable}×100={plain(row['total'])}"
    return f"得{points}分，适用满分{applicable}分，总分={share}（四舍五入{places}）"


def _stars(stars: Iterable[Row]) -> str:
    rows = list(stars)
    won = [star["name"] for star in rows if star["won"]]
    lost = [f"{star['name']}（{'，'.join(star['reasons'])}）" for star in rows if not star["won"]]
    text = f"测算达标{len(won)}颗星" + (f"：{'、'.join(won)}" if won else "")
    return text + (f"；未达标：{'、'.join(lost)}" if lost else "")


# -- a place


def places_taken(standings: Iterable[Row], rules: Row) -> Counter[tuple[str, int]]:
    """How many share each place of each table, for `explain_place`."""
    return Counter(_taken(one, rules) for one in standings)


def explain_place(standing: Row, taken: Mapping[tuple[str, int], int], rules: Row) -> str:
    """在城市社区84个中并列第3：总分92.50，与2个社区相同。 `rules` names the keys of the year, in their order."""
    among = "全部社区" if rules["is_ranked_across_tracks"] else standing["track_name"]
    alike = taken[_taken(standing, rules)]
    keys = "，".join(_key(key, standing, rules["total_decimals"]) for key in rules["ranking_keys"])
    tied = f"，与{alike - 1}个社区相同" if standing["is_tied"] else ""
    place = f"{'并列' if standing['is_tied'] else ''}第{standing['place']}"
    return f"在{among}{standing['out_of']}个中{place}：{keys}{tied}。"


def explain_no_place(incomplete: Row) -> str:
    """Why an assessment has none: `incomplete` is an entry of incomplete[]."""
    numbers: Sequence[int] = incomplete["tasks"]
    return f"有{len(numbers)}项未完成（第{'、'.join(map(str, numbers))}项），不排名次。"


def _taken(standing: Row, rules: Row) -> tuple[str, int]:
    return "" if rules["is_ranked_across_tracks"] else standing["track"], standing["place"]


def _key(key: str, standing: Row, decimals: int) -> str:
    if key == "star_level":
        level = standing["star_level"]
        return f"测算{LEVELS[level] if level < len(LEVELS) else f'{level}星'}"
    exact = "未取整的得分率（总分" if key == "exact_total" else "总分"
    return f"{exact}{_with_places(standing['total'], decimals)}{'）' if key == 'exact_total' else ''}"


# -- words


def plain(amount: str) -> str:
    """A fixed-scale amount without idle zeros: `3.50` is 3.5."""
    return amount.rstrip("0").rstrip(".") if "." in amount else amount


def moment(at: str) -> str:
    """An ISO moment as read in China: 10月28日 19:03."""
    local = datetime.fromisoformat(at).astimezone(CHINA)
    return f"{local.month}月{local.day}日 {local:%H:%M}"


def _with_places(total: str, decimals: int) -> str:
    """A total with the places of the year; a digit that counts is never cut off."""
    whole, _, digits = total.partition(".")
    kept = max(decimals, len(digits.rstrip("0")))
    return f"{whole}.{digits[:kept]}" if kept else whole


def _amount(points: str | None) -> str:
    return NOT_APPLICABLE if points is None else f"{plain(points)}分"


def _sentence(text: str) -> str:
    """Typed text within a longer sentence: without its own full stop."""
    return text.strip().rstrip("。.；;")
