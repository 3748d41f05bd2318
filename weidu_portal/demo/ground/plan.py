"""How much ground each community has: the reported totals spread over the 89, repeatable by seed. No database.

Totals of 2023-03: 270 grids, 1,063 courtyards, 177 committees (业委会 and 物管会, without 院委会), 89 companies.
Known of single communities: 七一 23 courtyards in 12 grids with 5 branches and 8 院委会; 文峰 25 courtyards, 17 without
management; 河西 8 grid branches; 新村 an estate of 24 buildings and 683 households over grids; 樊沟 960 households.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from random import Random

from grids.choices import CourtyardKind

GRIDS, COURTYARDS, COMMITTEES, COMPANIES = 270, 1063, 177, 89
KNOWN_GRIDS = {"七一社区": 12, "河西社区": 8}
KNOWN_COURTYARDS = {"七一社区": 23, "文峰社区": 25}
KNOWN_UNMANAGED = {"文峰社区": 17}
KNOWN_YARD_COMMITTEES = {"七一社区": 8}
KNOWN_BRANCHES = {"七一社区": 5}
HOUSEHOLDS = 300
FANGOU_HOUSEHOLDS = 960
ESTATE = ("新村社区", "安装公司家属院", 24, 683)
ROADS = ("建设", "文化", "和平", "新兴", "七一", "颍河", "劳动", "光明", "许由", "天宝", "前进", "延安", "莲城", "八一")


@dataclass(slots=True)
class CourtyardPlan:
    """One courtyard and the numbers (from 0) of the grids it lies in."""

    name: str
    kind: str
    buildings: int
    units: int
    households: int
    built_in: int
    grids: tuple[int, ...]
    is_managed: bool = True


@dataclass(slots=True)
class CommunityPlan:
    """The ground of one community. `branch_of` says which branch (from 0) covers a grid, None for none."""

    code: str
    name: str
    is_agricultural: bool
    grids: int
    branch_of: list[int | None]
    courtyards: list[CourtyardPlan] = field(default_factory=list)
    committees: int = 0
    yard_committees: int = 0

    @property
    def branches(self) -> int:
        return len({number for number in self.branch_of if number is not None})

    def households_of(self, grid: int) -> int:
        """Of the courtyards in a grid; one that spans several is divided."""
        return sum(yard.households // len(yard.grids) for yard in self.courtyards if grid in yard.grids)


def plan_ground(communities: Sequence[tuple[str, str, bool]], random: Random) -> list[CommunityPlan]:
    """Plans for `(code, name, is_agricultural)`, in the order given."""
    names = [name for _, name, _ in communities]
    grids = spread(names, GRIDS, KNOWN_GRIDS, random, least=1, most=7)
    yards = spread(names, COURTYARDS, KNOWN_COURTYARDS, random, least=3, most=26, weights=grids)
    committees = spread(names, COMMITTEES, {}, random, least=0, most=3, weights=grids)
    plans = []
    for (code, name, is_agricultural), grid_count, yard_count, committee_count in zip(
        communities, grids, yards, committees, strict=True
    ):
        plan = CommunityPlan(code, name, is_agricultural, grid_count, _branches(name, grid_count, random))
        plan.courtyards = _courtyards(plan, yard_count, random)
        plan.committees = committee_count
        plan.yard_committees = KNOWN_YARD_COMMITTEES.get(name, 0)
        plans.append(plan)
    return plans


def spread(
    names: Sequence[str],
    total: int,
    known: dict[str, int],
    random: Random,
    *,
    least: int,
    most: int,
    weights: Sequence[int] | None = None,
) -> list[int]:
    """Whole numbers that add up to `total`, each between `least` and `most`; known ones are kept as they are."""
    counts = [known.get(name, least) for name in names]
    open_places = [at for at, name in enumerate(names) if name not in known]
    heavy = [weights[at] if weights else 1 for at in open_places]
    while sum(counts) < total:
        at = random.choices(open_places, heavy)[0]
        if counts[at] < most:
            counts[at] += 1
    return counts


def _branches(name: str, grids: int, random: Random) -> list[int | None]:
    """A branch a grid, except where fewer are known or one is still missing."""
    if name in KNOWN_BRANCHES:
        return [number * KNOWN_BRANCHES[name] // grids for number in range(grids)]
    missing = {at for at in range(grids) if name not in KNOWN_GRIDS and random.random() < 0.06}
    return [None if at in missing else at for at in range(grids)]


def _courtyards(plan: CommunityPlan, count: int, random: Random) -> list[CourtyardPlan]:
    target = FANGOU_HOUSEHOLDS if plan.name == "樊沟社区" else int(plan.grids * HOUSEHOLDS * random.uniform(0.8, 1.15))
    shares = [random.uniform(0.5, 1.6) for _ in range(count)]
    scale = target / sum(shares)
    unmanaged = _unmanaged(plan, count, random)
    yards = [
        _courtyard(plan, at, max(8, round(share * scale)), at not in unmanaged, random)
        for at, share in enumerate(shares)
    ]
    if plan.name == ESTATE[0]:
        last = plan.grids - 1
        yards[0].name, yards[0].buildings, yards[0].households = ESTATE[1:]
        yards[0].kind, yards[0].units, yards[0].grids = CourtyardKind.FAMILY_YARD, ESTATE[2] * 3, (0, min(1, last))
    return yards


def _unmanaged(plan: CommunityPlan, count: int, random: Random) -> set[int]:
    number = KNOWN_UNMANAGED.get(plan.name)
    if number is None:
        number = min(count, int(count * random.choice((0.0, 0.1, 0.2, 0.35, 0.5))))
    return set(random.sample(range(count), number))


def _courtyard(plan: CommunityPlan, at: int, households: int, is_managed: bool, random: Random) -> CourtyardPlan:
    kinds = (CourtyardKind.COMMERCIAL, CourtyardKind.FAMILY_YARD, CourtyardKind.OLD, CourtyardKind.RESETTLEMENT)
    kind = CourtyardKind.VILLAGE if plan.is_agricultural else random.choices(kinds, (3, 4, 4, 1))[0]
    buildings = max(1, households // 40)
    return CourtyardPlan(
        name=f"第{at + 1}居民组" if plan.is_agricultural else f"{random.choice(ROADS)}路{at + 1}号院",
        kind=kind,
        buildings=buildings,
        units=buildings * random.randint(1, 4),
        households=households,
        built_in=random.randint(1978, 2018),
        grids=(at % plan.grids,),
        is_managed=is_managed,
    )
