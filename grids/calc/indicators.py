"""The closed set of indicators over the ground: what each counts, over which window, in which shape. Pure.

An indicator says nothing about what it is worth; that is a matter of whoever names it. Source of the set: the last
part of `data/sample-rubrics.yaml`, without what needs meetings or concerns (`LATER`). docs/indicators.md is held to
this list.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_DOWN, Decimal
from typing import Any

COUNT, FAULTS, RATIO, CHECKLIST, GRADES = "count", "faults", "ratio", "checklist", "grades"
STATE, MONTH, QUARTER, YEAR = "state", "month", "quarter", "year"
FLOWS = (MONTH, QUARTER, YEAR)
WINDOWS = {STATE: "当日状态", MONTH: "当月", QUARTER: "当季", YEAR: "本年"}


@dataclass(frozen=True, slots=True)
class Indicator:
    """One figure: `shape` is what comes out, `parts` are what a checklist or a grade may name, with the word of each.

    counts and faults: whole numbers; ratio: numerator of denominator; checklist: the parts that are done; grades: the
    one part that describes the standing.
    """

    name: str
    label: str
    shape: str
    windows: tuple[str, ...]
    unit: str
    counted: str
    of: str
    definition: str
    source: str
    parts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Behind:
    """A row an indicator looked at: `model` and `pk` name it, `why` says in a word why it counts or does not."""

    model: str
    pk: int
    words: str
    is_counted: bool
    why: str
    code: str = ""

    def as_row(self) -> dict[str, Any]:
        """As it is frozen and sent: model, id, code, words, counted, why."""
        return {
            "model": self.model,
            "id": self.pk,
            "code": self.code,
            "words": self.words,
            "counted": self.is_counted,
            "why": self.why,
        }


@dataclass(frozen=True, slots=True)
class Measured:
    """What an indicator yields for one community on a day; `lack` says why there is no value.

    Amounts are exact. `parts` holds the keys that are done (checklist) or the one grade; None where there is no value.
    """

    indicator: Indicator
    window: str
    since: date | None
    on: date
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    parts: tuple[str, ...] | None = None
    lack: str = ""
    rows: tuple[Behind, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing of which it could be counted: the denominator is 0."""
        return self.indicator.shape == RATIO and not self.lack and not self.denominator

    @property
    def value(self) -> str | None:
        """The value as exact text: a count, a percentage with at most two places, parts done, or a grade's word."""
        if self.lack or self.is_empty:
            return None
        if self.indicator.shape == GRADES:
            return self.indicator.parts[(self.parts or ("",))[0]]
        if self.indicator.shape == RATIO:
            return plain(percent(self.numerator or Decimal(0), self.denominator or Decimal(1)))
        return plain(self.numerator or Decimal(0))

    @property
    def sentence(self) -> str:
        """庭院有人管理率：有人管理的庭院 6 个，庭院 8 个（截至10月31日）。"""
        return f"{self.indicator.label}：{self.figure}（{self._span()}）"

    @property
    def figure(self) -> str:
        """有人管理的庭院 6 个，庭院 8 个；or why there is none."""
        one = self.indicator
        if self.lack:
            return self.lack
        if one.shape == GRADES:
            amounts = "" if self.numerator is None else f"，{one.counted} {plain(self.numerator)} {one.unit}"
            before = "" if self.denominator is None else f"，{one.of} {plain(self.denominator)} {one.unit}"
            return f"{self.value}{amounts}{before}"
        said = f"{one.counted} {plain(self.numerator or Decimal(0))} {one.unit}"
        return said if self.denominator is None else f"{said}，{one.of} {plain(self.denominator)} {one.unit}"

    def _span(self) -> str:
        until = f"{self.on.month}月{self.on.day}日"
        if self.since is None:
            return f"截至{self.on.year}年{until}"
        return f"{self.since.year}年{self.since.month}月{self.since.day}日至{until}"


def percent(part: Decimal, whole: Decimal) -> Decimal:
    """Cut to two places, so that nobody reads a step that was not reached; comparisons take the exact amounts."""
    return (part * 100 / whole).quantize(Decimal("0.01"), ROUND_DOWN)


def plain(amount: Decimal) -> str:
    """An amount without idle zeros."""
    text = f"{amount:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def begin_of(window: str, day: date) -> date | None:
    """The first day of the window that `day` lies in; None for a standing."""
    if window == STATE:
        return None
    month = {MONTH: day.month, QUARTER: day.month - (day.month - 1) % 3, YEAR: 1}[window]
    return date(day.year, month, 1)


def _activity(name: str, label: str, counted: str, definition: str, source: str) -> Indicator:
    return Indicator(name, label, COUNT, FLOWS, "次", counted, "", definition, source)


_ALL = (
    Indicator(
        "centre_standard_rate",
        "小区党群服务中心达标率",
        RATIO,
        (STATE,),
        "个",
        "达标的",
        "小区党群服务站",
        "网格一级的党群服务站中，六有齐全、使用面积不低于区定标准的占比。",
        "W 2023-03“六有”、不低于 30 平方米",
    ),
    Indicator(
        "centre_standard_items",
        "党群服务中心六有和面积逐项",
        CHECKLIST,
        (STATE,),
        "项",
        "具备",
        "应具备",
        "社区一级的党群服务中心已具备的项；有几个中心的，每个都具备才算。",
        "W 2023-03“六有”、不低于 30 平方米",
        {
            "has_flag": "党旗",
            "has_sign": "牌子",
            "has_furniture": "桌椅",
            "has_rules": "制度",
            "has_display": "版面",
            "has_archive": "档案",
            "area": "面积",
        },
    ),
    Indicator(
        "grid_branch_coverage",
        "小区网格党支部覆盖率",
        RATIO,
        (STATE,),
        "个",
        "有党组织覆盖的",
        "网格",
        "由党支部覆盖（单独、连片或与物业企业联合组建）的网格占比；网格内每个庭院都有覆盖的也算。专属网格不计。",
        "W 2023-03 1063 个庭院 270 个网格 270 个党支部；覆盖不等于单独组建",
    ),
    Indicator(
        "committee_coverage",
        "业委会（物管会、院委会）覆盖率",
        RATIO,
        (STATE,),
        "个",
        "有任期内业委会、物管会或院委会的",
        "网格",
        "网格或其中庭院有任期未满的业委会、物管会或院委会的网格占比。专属网格不计。",
        "W 2023-03 一核两翼",
    ),
    Indicator(
        "managed_courtyard_rate",
        "庭院有人管理率",
        RATIO,
        (STATE,),
        "个",
        "有人管理的",
        "庭院（小区）",
        "有有效物业合同，或登记了自管、原单位代管、社区托管的庭院占比。",
        "W 2023-03 文峰 25 个庭院 17 个无人管理",
    ),
    Indicator(
        "self_government_post_rate",
        "自治岗位配备率",
        RATIO,
        (STATE,),
        "个",
        "已配备",
        "应配备岗位",
        "城市社区计小队长、庭院院长、楼栋长、单元长，涉农社区计居民组长、党员中心户；只计岗位数。",
        "W 2023-10“5+3”自治体系",
    ),
    Indicator(
        "overdue_rectification_count",
        "超期未整改处数",
        FAULTS,
        (STATE, MONTH),
        "处",
        "超期未销号的",
        "",
        "责任在本社区、期限已过而未销号的隐患和环境问题；期限当日不算超期。",
        "W 2023-10 安全隐患整治",
    ),
    Indicator(
        "overdue_hazard_count",
        "超期未整改隐患处数",
        FAULTS,
        (STATE, MONTH),
        "处",
        "超期未销号的隐患",
        "",
        "责任在本社区、期限已过而未销号的安全隐患；期限当日不算超期。",
        "W 2023-10 私搭乱建、飞线充电",
    ),
    Indicator(
        "overdue_environment_count",
        "超期未整改环境问题处数",
        FAULTS,
        (STATE, MONTH),
        "处",
        "超期未销号的环境问题",
        "",
        "责任在本社区、期限已过而未销号的人居环境问题；期限当日不算超期。",
        "W 2023-03 七里店清理死角",
    ),
    Indicator(
        "visited_grid_rate",
        "有走访的网格占比",
        RATIO,
        FLOWS,
        "个",
        "有走访的",
        "网格",
        "时段内有走访登记（写明网格）的网格占比；只计户数，不记住户。专属网格不计。",
        "W 2023-10“三双”",
    ),
    Indicator(
        "service_item_count",
        "代办事项数",
        COUNT,
        (STATE,),
        "项",
        "公开的代办事项",
        "",
        "当日有效并已公开的代办事项数。",
        "W 2023-03 水、电、医保、社保等代办服务",
    ),
    Indicator(
        "culture_team_count",
        "文体团队数",
        COUNT,
        (STATE,),
        "支",
        "在册文体团队",
        "",
        "当日在册的文体团队数。",
        "W 2022-06 府后 6 支文体团队",
    ),
    _activity(
        "volunteer_activity_count",
        "志愿服务次数",
        "志愿服务",
        "时段内登记的志愿服务活动次数。",
        "W 2022-06 府后 4 支志愿服务队",
    ),
    _activity(
        "legal_publicity_count",
        "平安法治宣传次数",
        "反诈、禁毒、普法宣传",
        "时段内登记的反诈、禁毒（禁种铲毒）、普法宣传次数。",
        "W 2023-03 天宝反诈；W 2023-10 河西普法",
    ),
    _activity(
        "legal_officer_visit_count",
        "三官一律和警力下沉次数",
        "三官一律、警力下沉",
        "时段内登记的三官一律、警力下沉活动次数。",
        "W 2023-10“三官一律”进社区、“警力下沉日”",
    ),
    _activity(
        "skill_training_count",
        "技能培训次数",
        "技能、电商、农技培训",
        "时段内登记的技能、电商、农技培训次数。",
        "W 2021 人人持证、技能河南",
    ),
    _activity(
        "startup_training_count",
        "创业就业培训次数",
        "创业就业培训",
        "时段内登记的创业就业培训次数。",
        "W 2021 定期开展创业培训",
    ),
    _activity(
        "greening_activity_count",
        "植绿活动次数",
        "植绿活动",
        "时段内登记的植绿活动次数。",
        "W 2023-03 七里店增绿 600 余棵",
    ),
    Indicator(
        "collective_income_trend",
        "集体经济收入变化",
        GRADES,
        (YEAR,),
        "万元",
        "最近一年收入",
        "上一年收入",
        "最近一个已登记年度（本年或上年）与其前一年相比，并看收支是否公开、下降的有无增收措施。",
        "W 2022-06 樊沟集体年收入 600 多万元",
        {
            "rising": "增长",
            "steady": "持平",
            "unpublished": "公开不全",
            "falling": "下降但有措施",
            "none": "无收入",
        },
    ),
    Indicator(
        "cooperative_items",
        "合作社规范逐项",
        CHECKLIST,
        (YEAR,),
        "项",
        "具备",
        "应具备",
        "最近一个已登记年度（本年或上年）的合作社情况中已具备的项。",
        "W 2022-06 樊沟社区股份经济合作社",
        {
            "has_cooperative": "成立",
            "cooperative_works": "经营",
            "cooperative_is_open": "账目公开",
            "cooperative_benefits": "惠及居民",
        },
    ),
    Indicator(
        "idle_asset_reuse_count",
        "盘活闲置资源处数",
        COUNT,
        FLOWS,
        "处",
        "盘活闲置资源",
        "",
        "时段内盘活的闲置资源处数。",
        "W 2023-03 七里店“盘活闲置资源”",
    ),
    Indicator(
        "project_milestone_rate",
        "项目节点完成率",
        RATIO,
        FLOWS,
        "个",
        "已完成",
        "到期节点",
        "产业项目在时段内到期的节点（含整个项目的完成日期）中已完成的占比。",
        "W 2022-06 樊沟；W 2023-03 东李庄重点项目台账",
    ),
)

INDICATORS: dict[str, Indicator] = {one.name: one for one in _ALL}

# Named by the samples, but they need meetings or concerns, which are not kept yet: nothing is proposed from them.
LATER: dict[str, str] = {
    "weekly_meeting_rate": "创建工作会按周召开率",
    "five_step_complete": "五步工作法和公开逐项",
    "council_day_rate": "议事日召开率",
    "joint_meeting_and_lists": "联席会议和三张清单逐项",
    "dispute_step_on_time_rate": "邻里矛盾本级按期率",
    "concern_step_on_time_rate": "诉求本级按期率",
}
