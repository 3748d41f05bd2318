"""Who touched an item last: what somebody with an older picture of it is told."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone

from core import clock
from scoring.models import AssessmentItem, Report, Review, Ruling
from scoring.selectors.content_items import position_of

DONE = {Report: "填报", Review: "审核", Ruling: "认定"}


def last_touch(item: AssessmentItem) -> str:
    """The newest act on an item in words (10月3日 09:00 西大街道书记周正已审核); empty when nobody has touched it."""
    acts: list[Report | Review | Ruling] = [
        *item.reports.select_related("appointment__position", "appointment__person").order_by("-at", "-pk")[:1],
        *item.reviews.select_related("appointment__position", "appointment__person").order_by("-at", "-pk")[:1],
        *item.rulings.select_related("appointment__position", "appointment__person").order_by("-at", "-pk")[:1],
    ]
    newest = max(reversed(acts), key=lambda act: act.at, default=None)  # of one moment: the later step
    if item.draft_by is not None and item.draft_at is not None and (newest is None or item.draft_at > newest.at):
        return f"{_moment(item.draft_at)} {item.draft_by.name}已修改"
    if newest is None:
        return ""
    post = position_of(newest.appointment, clock.today())
    return f"{_moment(newest.at)} {post}{newest.appointment.person.name}已{DONE[type(newest)]}"


def _moment(at: datetime) -> str:
    local = timezone.localtime(at)
    return f"{local.month}月{local.day}日 {local:%H:%M}"
