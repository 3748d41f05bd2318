"""The daily registers of the sample, month by month: what was done, built, found and mended."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from branches.acting import Officer
from core import clock
from grids.choices import ActivityKind, PartnerKind, RectificationKind, TeamKind
from grids.models import (
    Activity,
    CollectiveEconomy,
    Honour,
    IdleAsset,
    Milestone,
    PartnerUnit,
    Project,
    Rectification,
    ServiceItem,
    Team,
)
from grids.models.base import GroundRow
from weidu_portal.demo.ground.places import SAMPLE, Ground
from weidu_portal.demo.ground.plan import CommunityPlan
from weidu_portal.demo.ground.writing import write

# kind → what was done, how likely in a month.
URBAN: tuple[tuple[ActivityKind, str, float], ...] = (
    (ActivityKind.VOLUNTEER, "志愿者清理楼道杂物", 0.95),
    (ActivityKind.VOLUNTEER, "党员服务队义务维修", 0.85),
    (ActivityKind.VOLUNTEER, "志愿者清扫庭院", 0.8),
    (ActivityKind.ANTI_FRAUD, "反诈宣传进院落", 0.85),
    (ActivityKind.DRUG_TEACHING, "禁毒宣传进小区", 0.75),
    (ActivityKind.LEGAL_TEACHING, "普法讲座", 0.75),
    (ActivityKind.POLICE_DOWN, "社区民警到网格值班", 0.9),
    (ActivityKind.LEGAL_OFFICERS, "律师到社区坐班", 0.5),
    (ActivityKind.SKILL_TRAINING, "家政技能培训", 0.8),
    (ActivityKind.SKILL_TRAINING, "养老护理培训", 0.6),
    (ActivityKind.STARTUP_TRAINING, "创业就业政策讲座", 0.35),
    (ActivityKind.CLINIC, "义诊", 0.3),
    (ActivityKind.DRILL, "消防演练", 0.25),
    (ActivityKind.MEDIATION, "邻里矛盾现场调解", 0.4),
    (ActivityKind.CULTURE, "广场文艺活动", 0.4),
)
AGRICULTURAL: tuple[tuple[ActivityKind, str, float], ...] = (
    (ActivityKind.VOLUNTEER, "新时代文明实践志愿服务", 0.9),
    (ActivityKind.VOLUNTEER, "志愿者清理村道", 0.6),
    (ActivityKind.DRUG_TEACHING, "禁种铲毒宣传", 0.8),
    (ActivityKind.ANTI_FRAUD, "反诈宣传进村组", 0.85),
    (ActivityKind.LEGAL_TEACHING, "普法宣讲", 0.75),
    (ActivityKind.POLICE_DOWN, "民警到村组巡防", 0.9),
    (ActivityKind.FARMING_TRAINING, "农技培训", 0.8),
    (ActivityKind.COMMERCE_TRAINING, "电商直播培训", 0.6),
    (ActivityKind.GREENING, "植绿补绿", 0.25),
)
ITEMS = ("老年证代办", "社保认证代办", "医保缴费代办", "居住证代办", "维修报修代办", "法律咨询预约")
TEAMS = (
    (TeamKind.CULTURE, "合唱队"),
    (TeamKind.CULTURE, "广场舞队"),
    (TeamKind.CULTURE, "太极拳队"),
    (TeamKind.VOLUNTEER, "红马甲志愿服务队"),
    (TeamKind.PARTY_SERVICE, "党员服务队"),
    (TeamKind.PATROL, "治安巡防队"),
)
SPOTS = (
    (RectificationKind.HAZARD, "楼道堆放杂物"),
    (RectificationKind.HAZARD, "电动车飞线充电"),
    (RectificationKind.ENVIRONMENT, "路边积存垃圾"),
)
PARTNERS = ("共建单位甲", "共建单位乙", "帮扶单位", "分包单位")


class RegisterKeeper:
    """Fills the registers: once what stands, then month by month what happened."""

    def __init__(self, actor: Officer, ground: Ground, random: Random):
        self.actor, self.ground, self.random = actor, ground, random
        self.zeal = {plan.code: random.uniform(0.55, 1.1) for plan in ground.plans}

    def keep_standing(self, day: date) -> None:
        """Teams, service items, partners, honours, projects, idle assets and collective income."""
        for make in (self._teams, self._items, self._partners, self._honours, self._economy, self._idle):
            self._write(make, day)
        self._projects(day)

    def keep_month(self, month: date, until: date) -> None:
        """What happened from the month's first day to `until`."""
        days = (until - month).days
        self._write(self._activities, month, days)
        self._write(self._visits, month, days)
        self._write(self._rectifications, month, days)

    def _write(self, make: Callable[..., Iterator[GroundRow]], *arguments: object) -> None:
        write(self.actor, [row for plan in self.ground.plans for row in make(plan, *arguments)])

    def _by(self, plan: CommunityPlan) -> dict:
        return {
            "community": self.ground.communities[plan.code],
            "recorded_by": self.actor.appointment,
            "recorded_at": clock.now(),
            "confirmed_on": clock.today(),
        }

    # -- month by month

    def _activities(self, plan: CommunityPlan, month: date, days: int) -> Iterator[Activity]:
        grids = self.ground.grids[plan.code]
        for kind, title, chance in AGRICULTURAL if plan.is_agricultural else URBAN:
            if self.random.random() < chance * self.zeal[plan.code]:
                yield Activity(
                    on=month + timedelta(days=self.random.randint(0, days)),
                    kind=kind,
                    title=f"{title}（{SAMPLE}）",
                    place="社区党群服务中心",
                    grid=self.random.choice(grids),
                    **self._by(plan),
                )

    def _visits(self, plan: CommunityPlan, month: date, days: int) -> Iterator[Activity]:
        for grid in self.ground.grids[plan.code]:
            if self.random.random() < 0.85 * self.zeal[plan.code]:
                yield Activity(
                    on=month + timedelta(days=self.random.randint(0, days)),
                    kind=ActivityKind.VISIT,
                    title=f"入户走访（{SAMPLE}）",
                    grid=grid,
                    quantity=self.random.randint(3, 25),
                    **self._by(plan),
                )

    def _rectifications(self, plan: CommunityPlan, month: date, days: int) -> Iterator[Rectification]:
        for kind, what in SPOTS if plan.is_agricultural else SPOTS[:2]:
            if self.random.random() < 0.4:
                yield self._rectification(plan, kind, what, month + timedelta(days=self.random.randint(0, days)))

    def _rectification(self, plan: CommunityPlan, kind: str, what: str, found_on: date) -> Rectification:
        mended = found_on + timedelta(days=self.random.randint(1, 12))
        is_mended = self.random.random() < 0.85 and mended <= clock.today()
        return Rectification(
            kind=kind,
            what=f"{what}（{SAMPLE}）",
            found_on=found_on,
            due_on=found_on + timedelta(days=15),
            mended_on=mended if is_mended else None,
            struck_off_on=mended if is_mended else None,
            grid=self.random.choice(self.ground.grids[plan.code]),
            **self._by(plan),
        )

    # -- what stands

    def _teams(self, plan: CommunityPlan, day: date) -> Iterator[Team]:
        for kind, name in self.random.sample(TEAMS, self.random.randint(2, len(TEAMS))):
            number = self.random.randint(8, 30)
            yield Team(name=f"{name}（{SAMPLE}）", kind=kind, number=number, starts_on=day, **self._by(plan))

    def _items(self, plan: CommunityPlan, day: date) -> Iterator[ServiceItem]:
        for name in self.random.sample(ITEMS, self.random.randint(1, len(ITEMS))):
            yield ServiceItem(name=f"{name}（{SAMPLE}）", starts_on=day, **self._by(plan))

    def _partners(self, plan: CommunityPlan, day: date) -> Iterator[PartnerUnit]:
        for name in self.random.sample(PARTNERS, 2):
            kind = {"帮": PartnerKind.SUPPORT, "分": PartnerKind.ASSIGNED}.get(name[0], PartnerKind.CO_BUILDING)
            yield PartnerUnit(name=f"{name}（{SAMPLE}）", kind=kind, starts_on=day, **self._by(plan))

    def _honours(self, plan: CommunityPlan, day: date) -> Iterator[Honour]:
        if self.random.random() < 0.15:
            yield Honour(title=f"先进社区（{SAMPLE}）", awarded_on=day, awarded_by="示例授予单位", **self._by(plan))

    def _economy(self, plan: CommunityPlan, day: date) -> Iterator[CollectiveEconomy]:
        income = Decimal(self.random.randint(8, 80))
        for year in (day.year - 1, day.year):
            if plan.is_agricultural:
                yield CollectiveEconomy(
                    year=year,
                    income=income + (year - day.year + 1) * self.random.randint(-2, 6),
                    assets=income * 12,
                    is_published=self.random.random() < 0.8,
                    has_cooperative=True,
                    cooperative_works=self.random.random() < 0.8,
                    cooperative_is_open=self.random.random() < 0.7,
                    cooperative_benefits=self.random.random() < 0.6,
                    **self._by(plan),
                )

    def _idle(self, plan: CommunityPlan, day: date) -> Iterator[IdleAsset]:
        if plan.is_agricultural:
            for number in range(self.random.randint(1, 3)):
                is_reused = self.random.random() < 0.6
                yield IdleAsset(
                    name=f"闲置房屋 {number + 1}（{SAMPLE}）",
                    found_on=day,
                    reused_on=day if is_reused else None,
                    use="农产品加工点" if is_reused else "",
                    **self._by(plan),
                )

    def _projects(self, day: date) -> None:
        rows = [
            Project(
                name=f"{name}（{SAMPLE}）",
                quantity=Decimal(quantity),
                unit=unit,
                starts_on=day,
                due_on=day + timedelta(days=200),
                is_industry=plan.is_agricultural,
                **self._by(plan),
            )
            for plan in self.ground.plans
            for name, quantity, unit in self._chosen_projects(plan)
        ]
        milestones = []
        plans = {plan.code: plan for plan in self.ground.plans}
        for project in write(self.actor, rows):
            for number, name in enumerate(("完成设计", "开工", "过半", "竣工"), start=1):
                due_on = day + timedelta(days=45 * number)
                is_done = due_on <= clock.today() or self.random.random() < 0.8
                milestones.append(
                    Milestone(
                        project=project,
                        name=name,
                        due_on=due_on,
                        done_on=due_on - timedelta(days=3) if is_done and number < 4 else None,
                        **self._by(plans[project.community.code]),
                    )
                )
        write(self.actor, milestones)

    def _chosen_projects(self, plan: CommunityPlan) -> list[tuple[str, int, str]]:
        if plan.is_agricultural:
            return [("蔬菜大棚", 6, "座")]
        return self.random.sample([("更换雨污管网", 700, "米"), ("新建充电桩", 24, "个"), ("补种绿植", 600, "株")], 1)
