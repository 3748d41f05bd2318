"""The text of the 通报 that publishes a ranking: what the portal proposes, for the officer to change before signing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from django.db.models import Subquery

from branches.choices import OrganisationKind
from branches.models import Organisation
from scoring.models import NoticeDraft, Period

# Field → label and how long it may be.
PARTS = {
    "title": ("标题", 120),
    "addressees": ("主送", 300),
    "basis": ("依据", 500),
    "scope": ("范围", 500),
    "method": ("办法", 1000),
    "closing": ("结语", 1000),
    "issuer": ("发文单位", 60),
}
# What stands on its own line of the paper rather than in the running text.
IN_THE_TEXT = ("basis", "scope", "method", "closing")


def notice_draft(period: Period) -> NoticeDraft | None:
    """What the office has kept of the text so far; no query for a period that was fetched with it."""
    if Period.notice_draft.is_cached(period):
        return period.notice_draft if hasattr(period, "notice_draft") else None
    return NoticeDraft.objects.filter(period=period).select_related("saved_by").first()


def issuer_of(period: Period) -> Subquery:
    """For annotating a row that is fetched anyway: the creation office by its name on the last day of the month."""
    offices = Organisation.objects.filter(kind=OrganisationKind.CREATION_OFFICE).as_of(period.last_day)
    return Subquery(offices.order_by("pk").values("name")[:1])  # type: ignore[misc]


def default_notice(content: Mapping[str, Any], title: str, month: str, issuer: str) -> dict[str, str]:
    """A sensible text from what would be published; it holds no figure that a correction could make wrong."""
    year, number = month.split("-")
    tracks = Counter(row["track_name"] for row in content["assessments"])
    kinds = "、".join(f"{name} {count} 个" for name, count in sorted(tracks.items()))
    return {
        "title": f"关于{year}年{int(number)}月{title}考评排名的通报",
        "addressees": "各街道党工委，各社区党组织，各专班：",
        "basis": f"按照全区{title}工作安排和现行评星标准，现将{year}年{int(number)}月考评情况通报如下。",
        "scope": f"考评对象为全区 {len(content['assessments'])} 个社区，其中{kinds}。",
        "method": f"由社区自评、街道审核、专班核验，区创建办认定。{content['rules']['sentence']}",
        "closing": "请各社区对照没有达标的星，逐项补齐短板；各街道、各专班加强指导。每月星级为测算，年度定星另行认定。",
        "issuer": issuer,
    }


def corrected_notice(notice: Mapping[str, str], number: int) -> dict[str, str]:
    """The text of the publication before, its title marked as a correction."""
    title = notice["title"].partition("（第")[0]
    return {**notice, "title": f"{title}（第 {number} 次公布，更正）"}
