"""Grids, their branches, courtyards, contracts, committees and centres of the sample."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from branches.acting import Officer
from branches.choices import Level, PartyForm, Track
from branches.models import Organisation
from branches.services.organisation import NewOrganisation, found_all
from core import clock
from grids.choices import CentreForm, CentreLevel, CommitteeKind, CoverageKind, GridKind, Management
from grids.models import (
    CentreState,
    Committee,
    Courtyard,
    CourtyardGrid,
    CourtyardState,
    Coverage,
    Grid,
    GridState,
    PropertyCompany,
    ServiceCentre,
    ServiceContract,
)
from weidu_portal.demo.ground.plan import COMPANIES, CommunityPlan, plan_ground
from weidu_portal.demo.ground.writing import write

SAMPLE = "示例"
GRID_CENTRES = 120
TERM = timedelta(days=5 * 365)


@dataclass
class Ground:
    """What was laid, by community code."""

    plans: list[CommunityPlan]
    communities: dict[str, Organisation]
    grids: dict[str, list[Grid]] = field(default_factory=dict)
    courtyards: dict[str, list[Courtyard]] = field(default_factory=dict)
    branches: dict[str, list[Organisation]] = field(default_factory=dict)


class GroundLayer:
    """Writes the places of every community, in a few large acts."""

    def __init__(self, actor: Officer, random: Random):
        rows = Organisation.objects.filter(level=Level.COMMUNITY).as_of(clock.today()).order_by("code")
        self.actor, self.random = actor, random
        self.communities = {row.code: row for row in rows}
        known = [(row.code, row.name, row.track == Track.AGRICULTURAL) for row in rows]
        self.ground = Ground(plan_ground(known, random), self.communities)

    def lay(self) -> Ground:
        self._branches()
        self._grids()
        self._courtyards()
        self._coverage()
        self._contracts()
        self._committees()
        self._centres()
        return self.ground

    def _since(self, plan: CommunityPlan) -> date:
        return self.communities[plan.code].opened_on

    def _branches(self) -> None:
        by_day: dict[date, list[NewOrganisation]] = {}
        for plan in self.ground.plans:
            parent = self.communities[plan.code]
            by_day.setdefault(self._since(plan), []).extend(
                NewOrganisation(
                    name=f"{plan.name.removesuffix('社区')}第{number + 1}网格党支部",
                    parent=parent,
                    level=Level.GRID,
                    code=f"{plan.code}{number + 1:03}",
                    form=PartyForm.BRANCH,
                    display_order=number + 1,
                )
                for number in range(plan.branches)
            )
        for day, new in by_day.items():
            paper = {"document_no": "示例", "reason": "示例网格党支部"}
            for founded in found_all(actor=self.actor, plans=new, opened_on=day, **paper):
                self.ground.branches.setdefault(founded.code[:-3], []).append(founded)

    def _grids(self) -> None:
        rows = [
            Grid(code=f"{plan.code}-G{number + 1:03}", opened_on=self._since(plan), **self._by())
            for plan in self.ground.plans
            for number in range(plan.grids)
        ]
        for row in write(self.actor, rows):
            self.ground.grids.setdefault(row.code[:12], []).append(row)
        states = [
            GridState(
                grid=grid,
                community=self.communities[plan.code],
                name=f"第{number + 1}网格",
                kind=GridKind.VILLAGE if plan.is_agricultural else GridKind.COURTYARD,
                households=plan.households_of(number),
                starts_on=grid.opened_on,
                reason=SAMPLE,
                **self._by(confirmed=False),
            )
            for plan in self.ground.plans
            for number, grid in enumerate(self.ground.grids[plan.code])
        ]
        write(self.actor, states)

    def _courtyards(self) -> None:
        rows = [
            Courtyard(code=f"{plan.code}-C{number + 1:03}", opened_on=self._since(plan), **self._by())
            for plan in self.ground.plans
            for number in range(len(plan.courtyards))
        ]
        for row in write(self.actor, rows):
            self.ground.courtyards.setdefault(row.code[:12], []).append(row)
        write(self.actor, list(self._courtyard_states()))
        links = [
            CourtyardGrid(
                community=self.communities[plan.code],
                courtyard=courtyard,
                grid=self.ground.grids[plan.code][number],
                starts_on=courtyard.opened_on,
                **self._by(),
            )
            for plan, yard, courtyard in self._yards()
            for number in sorted(set(yard.grids))
        ]
        write(self.actor, links)

    def _yards(self) -> Iterator[tuple]:
        for plan in self.ground.plans:
            for yard, courtyard in zip(plan.courtyards, self.ground.courtyards[plan.code], strict=True):
                yield plan, yard, courtyard

    def _courtyard_states(self) -> Iterator[CourtyardState]:
        for plan, yard, courtyard in self._yards():
            yield CourtyardState(
                courtyard=courtyard,
                community=self.communities[plan.code],
                name=f"{yard.name}（{SAMPLE}）",
                kind=yard.kind,
                buildings=yard.buildings,
                units=yard.units,
                households=yard.households,
                built_in=yard.built_in,
                management=Management.SELF if yard.is_managed else Management.NONE,
                starts_on=courtyard.opened_on,
                reason=SAMPLE,
                **self._by(confirmed=False),
            )

    def _coverage(self) -> None:
        rows = []
        for plan in self.ground.plans:
            branches = self.ground.branches.get(plan.code, [])
            order = sorted({number for number in plan.branch_of if number is not None})
            for number, grid in zip(plan.branch_of, self.ground.grids[plan.code], strict=True):
                if number is not None:
                    shared = plan.branch_of.count(number) > 1
                    rows.append(
                        Coverage(
                            community=self.communities[plan.code],
                            organisation=branches[order.index(number)],
                            grid=grid,
                            kind=CoverageKind.JOINT if shared else CoverageKind.OWN,
                            starts_on=grid.opened_on,
                            **self._by(),
                        )
                    )
        write(self.actor, rows)

    def _contracts(self) -> None:
        companies = [
            PropertyCompany(
                name=f"{SAMPLE}物业服务企业 {number:02}",
                has_party_branch=number % 3 == 0,
                is_red=number % 4 == 0,
                opened_on=min(one.opened_on for one in self.communities.values()),
                **self._by(),
            )
            for number in range(1, COMPANIES + 1)
        ]
        companies = write(self.actor, companies)
        rows = []
        for at, (plan, yard, courtyard) in enumerate(self._yards()):
            if yard.is_managed and not plan.is_agricultural and self.random.random() < 0.7:
                rows.append(
                    ServiceContract(
                        community=self.communities[plan.code],
                        courtyard=courtyard,
                        company=companies[at % COMPANIES],
                        starts_on=courtyard.opened_on,
                        **self._by(),
                    )
                )
        write(self.actor, rows)

    def _committees(self) -> None:
        rows: list[Committee] = []
        for plan in self.ground.plans:
            yards = self.ground.courtyards[plan.code]
            chosen = self.random.sample(range(len(yards)), min(len(yards), plan.committees + plan.yard_committees))
            for place, at in enumerate(chosen):
                if place >= plan.committees:
                    kind = CommitteeKind.YARD
                else:
                    kind = CommitteeKind.OWNERS if self.random.random() < 0.6 else CommitteeKind.PROPERTY
                rows.append(self._committee(plan, at, kind))
        write(self.actor, rows)

    def _committee(self, plan: CommunityPlan, at: int, kind: CommitteeKind) -> Committee:
        courtyard = self.ground.courtyards[plan.code][at]
        due = courtyard.opened_on + TERM + timedelta(days=self.random.randrange(-300, 900))
        return Committee(
            community=self.communities[plan.code],
            kind=kind,
            name=f"{plan.courtyards[at].name}{kind.label}（{SAMPLE}）",
            courtyard=courtyard,
            starts_on=courtyard.opened_on,
            election_due_on=max(due, clock.today() + timedelta(days=120)),
            members=self.random.choice((5, 7, 9)),
            party_members=self.random.choice((2, 3, 4)),
            **self._by(),
        )

    def _centres(self) -> None:
        """One of the district, one a street, one a community, and those of the first 120 grids."""
        places = list(self._centre_places())
        rows = [
            ServiceCentre(
                code=f"{organisation.code}-S{number:03}", level=level, opened_on=organisation.opened_on, **self._by()
            )
            for organisation, _grid, _name, level, number in places
        ]
        written = write(self.actor, rows)
        states = [self._centre_state(row, place) for row, place in zip(written, places, strict=True)]
        write(self.actor, states)

    def _centre_places(self) -> Iterator[tuple]:
        day = clock.today()
        above = Organisation.objects.filter(level__in=[Level.DISTRICT, Level.STREET]).as_of(day).order_by("code")
        for row in above:
            level = CentreLevel.DISTRICT if row.level == Level.DISTRICT else CentreLevel.STREET
            yield row, None, row.name, level, 1
        for row in self.communities.values():
            yield row, None, row.name, CentreLevel.COMMUNITY, 1
        grids = [(plan, grid) for plan in self.ground.plans for grid in self.ground.grids[plan.code]]
        for plan, grid in sorted(grids, key=lambda found: (found[1].code[-3:], found[1].code))[:GRID_CENTRES]:
            number = int(grid.code[-3:]) + 1
            yield self.communities[plan.code], grid, f"{plan.name}第{number - 1}网格", CentreLevel.GRID, number

    def _centre_state(self, centre: ServiceCentre, place: tuple) -> CentreState:
        organisation, grid, name, level, _ = place
        is_complete = level != CentreLevel.GRID or self.random.random() < 0.75
        lacking = None if is_complete else self.random.choice(CentreState.SIX)
        low, high = {CentreLevel.GRID: (26, 80), CentreLevel.COMMUNITY: (300, 900)}.get(level, (800, 2000))
        return CentreState(
            centre=centre,
            organisation=organisation,
            grid=grid,
            name=f"{name}党群服务{'站' if grid else '中心'}（{SAMPLE}）",
            form=CentreForm.WORKSTATION if grid else CentreForm.CENTRE,
            area=Decimal(self.random.randint(low, high)),
            zones="综合服务区、红色治理会客厅",
            starts_on=centre.opened_on,
            reason=SAMPLE,
            **{name: name != lacking for name in CentreState.SIX},
            **self._by(confirmed=False),
        )

    def _by(self, *, confirmed: bool = True) -> dict:
        by = {"recorded_by": self.actor.appointment, "recorded_at": clock.now()}
        return by | {"confirmed_on": clock.today()} if confirmed else by
