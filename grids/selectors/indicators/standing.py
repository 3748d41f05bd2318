"""Indicators of what stands on a day: places, posts, teams, services, what is overdue."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Any

from branches.choices import Track
from grids.calc.indicators import INDICATORS, Behind
from grids.choices import Management, PostKind, RectificationKind, TeamKind
from grids.models import CentreState
from grids.selectors.indicators.asked import Asked, Yield, checked, counted, nothing, rated
from grids.selectors.places import CourtyardFacts, GridFacts

SIX = {name: INDICATORS["centre_standard_items"].parts[name] for name in CentreState.SIX}
NO_AREA = "区里还没有设定党群服务中心最小使用面积"
POSTS = {
    Track.URBAN: (PostKind.TEAM_LEADER, PostKind.YARD_HEAD, PostKind.BUILDING_HEAD, PostKind.UNIT_HEAD),
    Track.AGRICULTURAL: (PostKind.GROUP_HEAD, PostKind.PARTY_HOUSEHOLD),
}


# -- centres


def centre_standard_rate(asked: Asked) -> Yield:
    centres = asked.of("grid_centres")
    if not centres:
        return nothing("没有登记小区党群服务站")
    if asked.facts.smallest_area is None:
        return Yield(lack=NO_AREA)
    return rated(_centre(asked, state) for state in centres)


def centre_standard_items(asked: Asked) -> Yield:
    centres = asked.of("community_centres")
    if not centres:
        return nothing("没有登记社区党群服务中心")
    if asked.facts.smallest_area is None:
        return Yield(lack=NO_AREA)
    lacking = {part for state in centres for part in state.lacking(asked.facts.smallest_area)}
    done = [part for part in (*SIX, "area") if part not in lacking]
    return checked(done, len(SIX) + 1, [_centre(asked, state) for state in centres])


def _centre(asked: Asked, state: Any) -> Behind:
    words = SIX | {"area": "面积" if state.area is not None else "面积未登记"}
    short = [str(words[part]) for part in state.lacking(asked.facts.smallest_area)]
    why = "缺" + "、".join(short) if short else "达标"
    return Behind("centre", state.centre_id, state.name, not short, why, state.centre.code)


# -- grids and courtyards


def grid_branch_coverage(asked: Asked) -> Yield:
    return _grids(asked, lambda grid: grid.is_covered, "已覆盖", "没有党组织覆盖")


def committee_coverage(asked: Asked) -> Yield:
    def has_one(grid: GridFacts) -> bool:
        terms = [*grid.committees, *(one for yard in grid.courtyards for one in yard.own_committees)]
        return any(not one.is_overdue(asked.day) for one in terms)

    return _grids(asked, has_one, "有任期内的组织", "没有或任期已满")


def _grids(asked: Asked, is_counted: Callable[[GridFacts], bool], yes: str, no: str) -> Yield:
    grids = asked.of("grids")
    if not grids:
        return nothing("没有登记网格")
    return rated(
        Behind("grid", grid.pk, grid.name, found := is_counted(grid), yes if found else no, grid.code) for grid in grids
    )


def managed_courtyard_rate(asked: Asked) -> Yield:
    """Without courtyards it cannot apply; without any ground nobody knows."""
    yards = asked.of("courtyards")
    if not yards and not asked.of("grids"):
        return nothing("没有登记庭院（小区）")
    return rated(_courtyard(yard) for yard in yards)


def _courtyard(yard: CourtyardFacts) -> Behind:
    why = yard.contract.company if yard.contract is not None else str(Management(yard.management).label)
    return Behind("courtyard", yard.pk, yard.name, yard.is_managed, why, yard.code)


# -- posts, teams, services


def self_government_post_rate(asked: Asked) -> Yield:
    posts = asked.of("posts")
    kinds = POSTS.get(Track(asked.facts.tracks.get(asked.community_id) or Track.URBAN), ())
    own = [post for post in posts if post.kind in kinds]
    if not own:
        return nothing("没有登记岗位配备")
    rows = [_post(post, post.kind in kinds) for post in posts]
    amounts = sum(post.filled for post in own), sum(post.required for post in own)
    return rated(rows, amounts=(Decimal(amounts[0]), Decimal(amounts[1])))


def _post(post: Any, is_own: bool) -> Behind:
    why = f"应配 {post.required}，已配 {post.filled}" if is_own else "不计入本类社区"
    return Behind("postcount", post.pk, post.get_kind_display(), is_own, why)


def service_item_count(asked: Asked) -> Yield:
    def why_not(row: Any) -> str:
        return "" if row.is_published else "未公开"

    return _dated(asked, "service_items", why_not, "没有代办事项登记")


def culture_team_count(asked: Asked) -> Yield:
    def why_not(row: Any) -> str:
        return "" if row.kind == TeamKind.CULTURE else str(row.get_kind_display())

    return _dated(asked, "teams", why_not, "没有队伍登记")


def _dated(asked: Asked, register: str, why_not: Callable[[Any], str], lack: str) -> Yield:
    """Rows in force that nothing speaks against; those that ended or are yet to begin are told too."""
    rows = asked.of(register)
    if not rows:
        return nothing(lack)
    return counted(_of_register(asked, row, why_not(row)) for row in rows)


def _of_register(asked: Asked, row: Any, against: str) -> Behind:
    if row.ends_on is not None and row.ends_on <= asked.day:
        against = "已终止"
    return Behind(row._meta.model_name, row.pk, str(row), not against, against or "在册")


# -- what is overdue


def overdue_rectification_count(asked: Asked) -> Yield:
    return _overdue(asked, RectificationKind.values)


def overdue_hazard_count(asked: Asked) -> Yield:
    return _overdue(asked, [RectificationKind.HAZARD])


def overdue_environment_count(asked: Asked) -> Yield:
    return _overdue(asked, [RectificationKind.ENVIRONMENT])


def _overdue(asked: Asked, kinds: Iterable[str]) -> Yield:
    found = asked.of("rectifications")
    if not found:
        return nothing("近一年没有隐患和环境问题登记")
    kinds = set(kinds)
    return counted(_finding(asked, row) for row in found if row.kind in kinds)


def _finding(asked: Asked, row: Any) -> Behind:
    is_open = row.struck_off_on is None or row.struck_off_on > asked.day
    why = f"期限 {row.due_on.month}月{row.due_on.day}日"
    if not is_open:
        why = "已销号"
    elif not row.is_own:
        why = "责任不在本社区"
    return Behind("rectification", row.pk, row.what, is_open and row.is_own and row.due_on < asked.day, why)
