"""A small publication by hand: two urban communities that tie, an agricultural one that is incomplete.

In it stand one of each: gap, not applicable, zero, empty, claimed, provisional, ruling, last month's basis, late.
"""

from __future__ import annotations

from copy import deepcopy
from typing import Any

FUHOU, JINDI, FANGOU = "411002001006", "411002001001", "411002006006"
DISTRICT = "411002"
STREET, TASK_FORCE = "411002001", "411002-zb1"
LABEL = "示例，待区委组织部确认"

_STARS = {
    "urban": ["支部过硬星", "共建共享星", "平安法治星", "幸福和谐星", "宜业兴业星"],
    "agricultural": ["支部过硬星", "产业兴旺星", "生态宜居星", "平安法治星", "文明幸福星"],
}
_TRACK_NAMES = {"urban": "城市社区", "agricultural": "涉农社区"}
_SPLIT = (7, 6, 5, 6, 5)
_TITLES = [
    "争当好支书", "建设好班子", "锻造好队伍", "严格组织生活", "发挥“两个作用”", "党群服务阵地", "五步工作法",
    "一庭院一网格", "网格党支部覆盖", "业委会覆盖", "红色物业", "共建单位", "三张清单和联席会议",
    "三零创建", "网格走访", "矛盾调解", "反诈宣传", "警力下沉",
    "一老一小", "院内服务", "文体团队", "文明楼栋", "文明家庭", "烦心事办理",
    "人人持证", "创业培训", "走访企业", "营商环境", "闲置资源盘活",
]  # fmt: skip
_STANDARD = "按月部署、有人负责、有记录可查，群众知晓并参与，存在的问题当月整改、按期销号。"


def publication_content(**changes: Any) -> dict[str, Any]:
    """October 2026 as published; `changes` replace keys at the top."""
    return {**deepcopy(_publication()), **changes}


def trial() -> dict[str, Any]:
    """The same month before publishing."""
    return publication_content(kind="trial", published=None)


def corrected() -> dict[str, Any]:
    """The second publication of the month: a correction of 府后's item 3, by two persons."""
    content = publication_content(number=2)
    content["published"] |= {"second_by": "汪二", "reason": "第3项佐证补正", "at": "2026-11-20T02:00:00.000000Z"}
    item = _assessment(content, FUHOU)["items"][2]
    item["ruling"] = _ruling("correction", "3.00", "佐证补正", "魏创办〔2026〕9号") | {"second_by": "汪二"}
    item |= {"counted": "3.00", "source": "ruling"}
    return content


def _assessment(content: dict[str, Any], code: str) -> dict[str, Any]:
    return next(one for one in content["assessments"] if one["organisation"] == code)


def _publication() -> dict[str, Any]:
    return {
        "schema": 1,
        "kind": "publication",
        "programme": {"code": "five-star", "name": "“五星”支部创建"},
        "title": "“五星”支部创建",
        "label": LABEL,
        "month": "2026-10",
        "number": 1,
        "previous": {"month": "2026-09", "number": 1, "sha256": "b" * 64},
        "notice": {
            "title": "关于2026年10月“五星”支部创建考评排名的通报",
            "addressees": "各街道党工委，各社区党组织：",
            "basis": "按照工作安排，现将考评情况通报如下。",
            "scope": "全区 3 个社区。\n城市社区 2 个。",
            "method": "由社区自评、街道审核、专班核验。",
            "closing": "请补齐短板。",
            "issuer": "区创建办",
        },
        "sentence": "2026年10月测算四星 2、无星 1。",
        "changes": [_change(FUHOU, "府后社区", 3, 1, 1), _change(JINDI, "金地社区", 1, 1, 0)],
        "rules": {
            "gap_width": "1.00",
            "ranking_keys": ["total"],
            "total_decimals": 2,
            "is_ranked_across_tracks": False,
            "visibility": "with_points",
            "sentence": "按总分排名，同分并列，下一名次顺延；城市社区、涉农社区分别排名。",
        },
        "rubrics": [_rubric("urban"), _rubric("agricultural")],
        "task_forces": [
            {
                "code": f"411002-zb{order}",
                "name": f"{name[:-1]}专班",
                "stars": [{"track": track, "star": f"{track}-{order}"} for track in ("agricultural", "urban")],
            }
            for order, name in enumerate(_STARS["urban"], 1)
        ],
        "assessments": [
            _community(JINDI, "金地社区", "urban"),
            _fuhou(),
            _fangou(),
        ],
        "standings": [
            _standing(JINDI, "金地社区", "西大街道", "urban", place=1, is_tied=True, out_of=2),
            _standing(FUHOU, "府后社区", "西大街道", "urban", place=1, is_tied=True, out_of=2),
        ],
        "incomplete": [
            {
                "organisation": FANGOU,
                "name": "樊沟社区",
                "street_name": "五一路街道",
                "track": "agricultural",
                "track_name": "涉农社区",
                "empty_items": 2,
                "tasks": [4, 9],
            }
        ],
        "star_levels": {"5": 0, "4": 2, "3": 0, "2": 0, "1": 0, "0": 1},
        "published": {
            "by": "王立",
            "position": "区创建办创建办主任",
            "second_by": None,
            "reason": "",
            "at": "2026-11-10T01:30:00.000000Z",
        },
    }


def _change(code: str, name: str, before: int, now: int, step: int) -> dict[str, Any]:
    """A place moved, and a star that came, went (`step`) or only moved in points."""
    cause = {
        "key": "urban-task-3", "number": 3, "star": "urban-1", "points": "1.50", "applicable": "0.00", "is_gone": False,
    }  # fmt: skip
    star = {"code": "urban-1", "name": "支部过硬星", "step": step, "points": "1.50", "applicable": "0.00", "notes": []}
    return {
        "organisation": code,
        "name": name,
        "before": {"star_level": 4 - step, "total": "84.00", "place": before},
        "now": {"star_level": 4, "total": "85.50", "place": now},
        "points": "1.50",
        "applicable": "0.00",
        "is_new_edition": False,
        "is_complete": True,
        "stars": [{**star, "causes": [cause]}],
    }


def _rubric(track: str) -> dict[str, Any]:
    return {
        "track": track,
        "track_name": _TRACK_NAMES[track],
        "number": 1,
        "title": f"{_TRACK_NAMES[track]}“五星”支部创建评分细则（示例）",
        "label": LABEL,
        "sha256": track[0] * 64,
        "stars": [
            {
                "code": f"{track}-{order}",
                "name": name,
                "colour": "red",
                "order": order,
                "pass_percent": "80.00",
            }
            for order, name in enumerate(_STARS[track], 1)
        ],
        "tasks": [_task(track, number) for number in range(1, 30)],
    }


def _star_of(number: int) -> int:
    return next(order for order in range(1, 6) if number <= sum(_SPLIT[:order]))


def _task(track: str, number: int) -> dict[str, Any]:
    return {
        "number": number,
        "key": f"{track}-task-{number}",
        "star": f"{track}-{_star_of(number)}",
        "title": _TITLES[number - 1],
        "standard": _STANDARD,
        "window": "month",
        "full_points": "3.00",
        "may_not_apply": number == 5,
        "criterion_text": "评议：0 到满分",
    }


def _community(code: str, name: str, track: str) -> dict[str, Any]:
    return {
        "organisation": code,
        "name": name,
        "form_name": "党总支",
        "street": {"code": "411002001", "name": "西大街道"},
        "track": track,
        "track_name": _TRACK_NAMES[track],
        "rubric": track[0] * 64,
        "points": "85.50",
        "applicable_points": "100.00",
        "total": "85.50",
        "star_level": 4,
        "is_complete": True,
        "provisional_items": 0,
        "empty_items": 0,
        "stars": [_star(track, order, won=order != 3) for order in range(1, 6)],
        "next_stars": [_way(track)],
        "items": [_item(track, number) for number in range(1, 30)],
        "sign_off": {"by": "周正", "position": "西大街道书记", "at": "2026-11-06T09:00:00.000000Z"},
    }


def _fuhou() -> dict[str, Any]:
    community = _community(FUHOU, "府后社区", "urban")
    items = community["items"]
    items[1]["reported"] |= {"note": "每周二开会，<b>有记录</b>", "is_late": True}
    items[2] |= {"counted": "1.50", "source": "ruling", "gap": "2.00", "is_gap": True}
    items[2]["street"] |= {"outcome": "set", "points": "1.00", "reason": "缺两次记录"}
    items[2]["ruling"] = _ruling("adjudication", "1.50", "现场核实一次有效", "")
    items[3] |= {"counted": "0.00"}
    items[3]["task_force"] |= {"outcome": "set", "points": "0.00", "reason": "未开展"}
    items[4] |= {"kind": "not_applicable", "counted": None}
    items[4]["reported"] |= {"kind": "not_applicable", "points": None}
    items[4]["task_force"] |= {"outcome": "not_applicable", "points": None}
    items[4]["street"] |= {"outcome": "not_applicable", "points": None}
    for number in (6, 7):
        items[number - 1]["street"]["basis"] = items[number - 1]["task_force"]["basis"] = "as_last_month"
    return community


def _fangou() -> dict[str, Any]:
    community = _community(FANGOU, "樊沟社区", "agricultural")
    community |= {
        "street": {"code": "411002006", "name": "五一路街道"},
        "form_name": "党支部",
        "total": None,
        "star_level": 0,
        "is_complete": False,
        "empty_items": 2,
        "provisional_items": 1,
        "stars": [_star("agricultural", order, won=False) for order in range(1, 6)],
        "sign_off": None,
    }
    community["stars"][4] |= {
        "is_rated": False,
        "points": "0.00",
        "applicable_points": "0.00",
        "reasons": ["各项均不涉及"],
    }
    for number in (4, 9):
        community["items"][number - 1] |= {
            "state": "open", "kind": "empty", "counted": None, "source": "none", "gap": None,
            "reported": None, "street": None, "task_force": None,
        }  # fmt: skip
    community["items"][10] |= {"kind": "claimed", "counted": None, "source": "none", "is_provisional": True}
    community["items"][10] |= {"gap": None, "street": None, "task_force": None}
    community["items"][10]["reported"] |= {"kind": "not_applicable", "points": None}
    return community


def _star(track: str, order: int, *, won: bool) -> dict[str, Any]:
    return {
        "code": f"{track}-{order}",
        "name": _STARS[track][order - 1],
        "points": "17.50" if won else "14.00",
        "applicable_points": "20.00",
        "full_points": "20.00",
        "pass_percent": "80.00",
        "is_rated": True,
        "won": won,
        "missing": "0.00" if won else "2.00",
        "reasons": [] if won else ["未达到80%达标线，还差2.00分"],
    }


def _way(track: str) -> dict[str, Any]:
    return {
        "star": f"{track}-3",
        "is_reachable": True,
        "missing": "2.00",
        "gain": "2.00",
        "tasks": [{"number": 14, "now": "1.00", "to": "3.00"}],
        "text": f"{_STARS[track][2]}还差 2 分：第 14 项“三零创建”从 1 分提高到 3 分，即可达标。",
    }


def _item(track: str, number: int) -> dict[str, Any]:
    return {
        "number": number,
        "key": f"{track}-task-{number}",
        "star": f"{track}-{_star_of(number)}",
        "full_points": "3.00",
        "state": "submitted",
        "round": 1,
        "kind": "points",
        "counted": "3.00",
        "source": "task_force",
        "gap": "0.00",
        "is_gap": False,
        "is_provisional": False,
        "responsible": "组织委员" if number < 20 else "",
        "due_on": "2026-10-25" if number < 20 else None,
        "evidence": number % 3,
        "reported": _report(),
        "street": _review("周正", "西大街道书记", "2026-11-05T02:10:00.000000Z"),
        "task_force": _review(f"郑{_star_of(number)}", "区专班专班长", "2026-11-08T07:40:00.000000Z"),
        "ruling": None,
    }


def _report() -> dict[str, Any]:
    return {
        "kind": "points", "points": "3.00", "text": "3 分", "note": "", "basis": "entered", "by": "林晓",
        "confirmed_by": None, "position": "社区书记", "at": "2026-11-02T16:30:00.000000Z", "is_late": False,
    }  # fmt: skip


def _review(by: str, position: str, at: str) -> dict[str, Any]:
    return {
        "outcome": "agree", "points": "3.00", "reason": "", "basis": "checked",
        "by": by, "position": position, "at": at,
    }  # fmt: skip


def _ruling(purpose: str, points: str, reason: str, document_no: str) -> dict[str, Any]:
    return {
        "purpose": purpose, "kind": "points", "points": points, "reason": reason, "document_no": document_no,
        "by": "王立", "second_by": None, "position": "区创建办创建办主任", "at": "2026-11-09T03:00:00.000000Z",
    }  # fmt: skip


def _standing(
    code: str, name: str, street: str, track: str, *, place: int, is_tied: bool, out_of: int
) -> dict[str, Any]:
    return {
        "organisation": code, "name": name, "street_name": street, "track": track, "track_name": _TRACK_NAMES[track],
        "place": place, "is_tied": is_tied, "out_of": out_of, "total": "85.50", "star_level": 4,
    }  # fmt: skip
