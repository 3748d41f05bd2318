"""A few notes beside a community's items in its last published month, so that 用上月的佐证 has something to take."""

from __future__ import annotations

from uuid import NAMESPACE_OID, uuid5

from scoring.models import AssessmentItem, Period
from scoring.services.evidence import record_evidence
from weidu_portal.demo.cast import Cast

NOTES = (
    (1, "月度工作例会记录", "会议记录和签到表存社区档案盒，第 3 册。"),
    (2, "班子分工表", "分工上墙，电子版存社区电脑“党建”文件夹。"),
    (2, "党员活动日记录", "当月活动一次，照片和记录存档。"),
)


def record_notes(period: Period, cast: Cast, code: str) -> None:
    """By the community's own secretary, at the moment the clock shows."""
    items = AssessmentItem.objects.filter(assessment__period=period, assessment__subject__code=code)
    by_number = {item.task.number: item for item in items.select_related("task")}
    for place, (number, title, text) in enumerate(NOTES):
        record_evidence(
            actor=cast.community(code),
            item=by_number[number],
            title=title,
            text=text,
            form_key=uuid5(NAMESPACE_OID, f"{period.code} {place}"),
        )
