"""Template words of the month: star levels, tracks and states with the badge they wear. Loaded everywhere."""

from __future__ import annotations

from django import template

from branches.choices import Track
from scoring.choices import ItemState, Outcome, PeriodState

register = template.Library()

LEVELS = ("无星", "一星", "二星", "三星", "四星", "五星")
BADGES: dict[str, str] = {
    ItemState.OPEN: "badge-warn",
    ItemState.SUBMITTED: "badge-good",
    ItemState.RETURNED: "badge-bad",
    Outcome.AGREE: "badge-good",
    Outcome.SET: "badge-info",
    Outcome.RETURN: "badge-bad",
    Outcome.NOT_APPLICABLE: "badge-info",
    Outcome.WITHDRAWN: "",
}
PERIOD_BADGES: dict[str, str] = {
    PeriodState.OPEN: "badge-info",
    PeriodState.CLOSED: "badge-warn",
    PeriodState.PUBLISHED: "badge-good",
}


@register.filter
def level_stars(value: int | str | None) -> str:
    """The level in words, always as computed: 三星（测算）. Only an award is 认定."""
    return "—" if value is None or value == "" else f"{level_word(value)}（测算）"


@register.filter
def level_word(value: int | str) -> str:
    """The level alone: 三星."""
    return LEVELS[int(value)] if str(value).isdecimal() and int(value) < len(LEVELS) else f"{value} 星"


@register.filter
def track_label(value: str) -> str:
    """城市社区 or 涉农社区; — for organisations without a track."""
    return Track(value).label if value in Track.values else "—"


@register.filter
def state_label(value: str) -> str:
    """The word of an item's state."""
    return ItemState(value).label if value in ItemState.values else str(value)


@register.filter
def state_badge(value: str) -> str:
    """The badge class of an item's state or of a review's outcome."""
    return BADGES.get(value, "")


@register.filter
def period_label(value: str) -> str:
    """The word of a month's state."""
    return PeriodState(value).label if value in PeriodState.values else str(value)


@register.filter
def period_badge(value: str) -> str:
    """The badge class of a month's state."""
    return PERIOD_BADGES.get(value, "")
