"""Any number in one sentence: what each kind of row says."""

from __future__ import annotations

from typing import Any

import pytest

from scoring.calc.explain import (
    BASES,
    PURPOSES,
    explain_item,
    explain_no_place,
    explain_place,
    explain_star,
    explain_total,
    places_taken,
)
from scoring.choices import ReportBasis, ReviewBasis, RulingPurpose

AT = "2026-10-28T11:03:00.000000Z"


def report(points: str | None = "4.00", **changes: Any) -> dict[str, Any]:
    row = {"kind": "points" if points else "not_applicable", "points": points, "text": "开展 3 次，得 4 分", "note": ""}
    who = {"by": "林秀英", "confirmed_by": None, "position": "府后社区书记"}
    return {**row, **who, "basis": "entered", "at": AT, "is_late": False, **changes}


def review(outcome: str = "agree", points: str | None = "4.00", reason: str = "", **changes: Any) -> dict[str, Any]:
    who = {"by": "郑一", "position": "支部过硬专班长", "at": "2026-11-08T01:00:00.000000Z"}
    return {"outcome": outcome, "points": points, "reason": reason, "basis": "checked", **who, **changes}


def ruling(points: str | None = "3.50", **changes: Any) -> dict[str, Any]:
    who = {"by": "王立", "second_by": None, "position": "区创建办主任", "at": "2026-11-09T01:00:00.000000Z"}
    row = {"purpose": "adjudication", "kind": "points", "points": points, "reason": "现场核实。", "document_no": ""}
    return {**row, **who, **changes}


def item(source: str = "task_force", counted: str | None = "4.00", **changes: Any) -> dict[str, Any]:
    place = {"number": 4, "full_points": "4.00", "state": "submitted", "round": 1}
    counts = {"kind": "points", "counted": counted, "source": source, "gap": None}
    flags = {"is_gap": False, "is_provisional": False}
    voices = {"reported": report(), "street": None, "task_force": None, "ruling": None}
    return {**place, **counts, **flags, **voices, **changes}


def told(row: dict[str, Any], **how: Any) -> str:
    return explain_item(row, "严格组织生活", gap_width="1.00", **how).removeprefix("第4项“严格组织生活”（满分4分）：")


SELF = "自评4分（林秀英，府后社区书记，10月28日 19:03：开展 3 次，得 4 分）"
BY = "郑一，支部过硬专班长，11月8日 09:00"


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        (item("report", is_provisional=True), f"{SELF}；暂按自评计4分。"),
        (item(task_force=review()), f"{SELF}；专班同意（{BY}）；按专班核验计4分。"),
        (
            item(counted="3.00", street=review(), task_force=review("set", "3.00", "缺一次记录。")),
            f"{SELF}；街道同意（{BY}）；专班改为3分（{BY}：缺一次记录）；按专班核验计3分。",
        ),
        (
            item(counted="2.00", street=review(), task_force=review("set", "2.00", "缺。"), is_gap=True, gap="2.00",
                 is_provisional=True),
            f"{SELF}；街道同意（{BY}）；专班改为2分（{BY}：缺）；街道与专班相差2分，超过1分，待区创建办裁定；"
            "暂按专班核验计2分。",
        ),
        (
            item("ruling", "3.50", ruling=ruling(document_no="魏创办〔2026〕9号")),
            f"{SELF}；区创建办裁定为3.5分（王立，区创建办主任，11月9日 09:00：现场核实，魏创办〔2026〕9号）；"
            "按最终认定计3.5分。",
        ),
        (
            item("ruling", "3.50", ruling=ruling(purpose="correction", second_by="汪二")),
            f"{SELF}；区创建办更正为3.5分（王立、汪二，区创建办主任，11月9日 09:00：现场核实）；按最终认定计3.5分。",
        ),
        (item("none", None, kind="empty", reported=None), "本月还没有报送，尚未计分。"),
        (item("none", None, kind="empty", reported=None, state="returned", round=2), "已退回，还没有重报，尚未计分。"),
        (
            item("report", None, kind="claimed", reported=report(None, text="不涉及", note="没有物业小区。")),
            "自评不涉及（林秀英，府后社区书记，10月28日 19:03：没有物业小区）；不涉及待审核确认，暂不计分。",
        ),
        (
            item(counted=None, kind="not_applicable", reported=report(None, note="无。"),
                 task_force=review("not_applicable", None)),
            f"自评不涉及（林秀英，府后社区书记，10月28日 19:03：无）；专班确认不涉及（{BY}）；"
            "按专班核验不涉及，4分退出该星和总分。",
        ),
        (
            item(reported=report(basis="unchanged", confirmed_by="林晓", is_late=True),
                 task_force=review(basis="as_last_month")),
            "自评4分（林秀英代填、林晓确认，府后社区书记，10月28日 19:03：与上月一致，开展 3 次，得 4 分，迟报）；"
            f"专班同意（{BY}：按上月认定，未逐项核验）；按专班核验计4分。",
        ),
    ],
)  # fmt: skip
def test_an_item(row: dict[str, Any], sentence: str) -> None:
    assert told(row) == sentence


def test_without_names_an_item_says_what_and_when() -> None:
    row = item(counted="3.00", task_force=review("set", "3.00", "缺一次记录。"))
    assert told(row, with_who=False) == (
        "自评4分（10月28日 19:03：开展 3 次，得 4 分）；专班改为3分（11月8日 09:00：缺一次记录）；按专班核验计3分。"
    )


def test_a_star() -> None:
    star = {"name": "平安法治星", "points": "18.50", "applicable_points": "20.00", "pass_percent": "80.00"}
    lost = {**star, "won": False, "is_rated": True, "reasons": ["得10/20分，达标线80%，还差6分", "一票否决"]}
    assert explain_star({**star, "won": True, "is_rated": True, "reasons": []}) == (
        "平安法治星得18.5分，适用满分20分，达标线80%，测算达标。"
    )
    assert explain_star(lost) == "平安法治星测算未达标：得10/20分，达标线80%，还差6分，一票否决。"
    assert explain_star({**lost, "won": None, "is_rated": False, "reasons": ["全部任务不涉及，不评此星"]}) == (
        "平安法治星不评：全部任务不涉及，不评此星。"
    )


def test_a_total_of_nothing() -> None:
    assert explain_total({"total": None}, 2) == "全部事项不涉及，没有总分，也不评星。"


def standing(place: int, total: str, *, track: str = "urban", tied: bool = False) -> dict[str, Any]:
    names = {"urban": "城市社区", "agricultural": "涉农社区"}
    row = {"track": track, "track_name": names[track], "place": place, "is_tied": tied, "out_of": 84}
    return {**row, "total": total, "star_level": 4}


def test_a_place_names_the_keys_of_the_year_and_who_shares_it() -> None:
    rows = [standing(1, "95.00"), standing(1, "95.00", track="agricultural")]
    rows += [standing(3, "92.50", tied=True) for _ in range(3)]
    rules = {"ranking_keys": ["total"], "total_decimals": 2, "is_ranked_across_tracks": False}
    taken = places_taken(rows, rules)
    assert explain_place(rows[2], taken, rules) == "在城市社区84个中并列第3：总分92.50，与2个社区相同。"
    assert explain_place(rows[0], taken, rules) == "在城市社区84个中第1：总分95.00。"
    by_level = {"ranking_keys": ["star_level", "total"], "total_decimals": 0, "is_ranked_across_tracks": True}
    assert explain_place(rows[2], places_taken(rows, by_level), by_level) == (
        "在全部社区84个中并列第3：测算四星，总分92.5，与2个社区相同。"
    )


def test_no_place() -> None:
    assert explain_no_place({"tasks": [4, 9]}) == "有2项未完成（第4、9项），不排名次。"


def test_every_basis_and_purpose_has_its_words() -> None:
    """Arithmetic does not import the closed lists; here they are held together."""
    assert set(BASES) == {*ReportBasis.values, *ReviewBasis.values}
    assert dict(RulingPurpose.choices) == PURPOSES
    assert {key: words for key, words in BASES.items() if words} == {
        **{key: label for key, label in ReviewBasis.choices if key != "checked"},
        "unchanged": ReportBasis.UNCHANGED.label,
        "proposed": ReportBasis.PROPOSED.label,
    }
