"""The text of the 通报 that publishes a ranking: what the portal proposes, for the officer to change before signing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

# Field → label and how long it may be.
PARTS = {
    "title": ("标题", 120),
    "basis": ("依据", 500),
    "scope": ("范围", 500),
    "method": ("办法", 1000),
    "closing": ("结语", 1000),
}


def default_notice(content: Mapping[str, Any], title: str, month: str) -> dict[str, str]:
    """A sensible text from what would be published; it holds no figure that a correction could make wrong."""
    year, number = month.split("-")
    tracks = Counter(row["track_name"] for row in content["assessments"])
    kinds = "、".join(f"{name} {count} 个" for name, count in sorted(tracks.items()))
    return {
        "title": f"关于{year}年{int(number)}月{title}考评情况的通报",
        "basis": f"按照全区{title}工作安排和现行评星标准，现将{year}年{int(number)}月考评情况通报如下。",
        "scope": f"考评对象为全区 {len(content['assessments'])} 个社区，其中{kinds}。",
        "method": f"由社区自评、街道审核、专班核验，区创建办认定。{content['rules']['sentence']}",
        "closing": "请各社区对照没有达标的星，逐项补齐短板；各街道、各专班加强指导。每月星级为测算，年度定星另行认定。",
    }


def corrected_notice(notice: Mapping[str, str], number: int) -> dict[str, str]:
    """The text of the publication before, its title marked as a correction."""
    title = notice["title"].partition("（第")[0]
    return {**notice, "title": f"{title}（第 {number} 次公布，更正）"}
