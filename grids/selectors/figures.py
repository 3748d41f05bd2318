"""Coverage figures of the ground, added up from communities to streets and the district; lists come before figures."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from branches.choices import Level
from branches.models import Organisation
from branches.permissions import ids_under
from branches.selectors.chain import Node, chain_tree
from core import clock
from core.models import User
from grids.choices import CentreLevel, NormKey
from grids.models import CentreState
from grids.permissions import own_organisations
from grids.selectors.norms import norms_on
from grids.selectors.places import CourtyardFacts, GridFacts, ground_on, standing_states


@dataclass
class Share:
    """So many of so many; a share of nothing is no share."""

    part: int = 0
    whole: int = 0

    def count(self, holds: bool) -> None:
        self.part += holds
        self.whole += 1

    def add(self, other: Share) -> None:
        self.part += other.part
        self.whole += other.whole

    @property
    def percent(self) -> str:
        """One place, rounded half up, as the page shows it: 58.3%; — of nothing."""
        if not self.whole:
            return "—"
        return f"{(Decimal(self.part * 1000) / self.whole).quantize(Decimal(1)) / 10:.1f}%"


@dataclass
class Figures:
    """What a place on the chain counts on a day."""

    covered_grids: Share = field(default_factory=Share)
    covered: Share = field(default_factory=Share)
    with_committee: Share = field(default_factory=Share)
    with_company: Share = field(default_factory=Share)
    managed: Share = field(default_factory=Share)
    complete_centres: Share = field(default_factory=Share)
    stale: Share = field(default_factory=Share)
    households: int = 0

    def add(self, other: Figures) -> None:
        for name in SHARES:
            getattr(self, name).add(getattr(other, name))
        self.households += other.households


SHARES = ("covered_grids", "covered", "with_committee", "with_company", "managed", "complete_centres", "stale")


@dataclass(frozen=True)
class Line:
    """One row of the ground page: a part of the chain with its figures."""

    code: str
    name: str
    level: int | None
    figures: Figures


@dataclass(frozen=True)
class GroundPage:
    """A place on the chain on a day: what stands directly below, and the figures of all of it."""

    day: date
    node: Node
    above: list[Node]
    lines: list[Line]
    grids: list[GridFacts]
    loose: list[CourtyardFacts]
    total: Figures

    @property
    def is_community(self) -> bool:
        return self.node.level == Level.COMMUNITY


def ground_page(user: User, code: str, day: date) -> GroundPage | None:
    """The page of one organisation as the chain stood on `day`; None outside the account's subtree of today."""
    path = _path(chain_tree(day), code)
    own = set(ids_under(own_organisations(user)).values_list("descendant", flat=True)) if path else set()
    if not path or path[-1].organisation_id not in own:
        return None
    node = path[-1]
    communities = [one for one in _communities(node) if one.organisation_id in own]
    figures = figures_of([one.organisation_id for one in communities], day)
    grids, loose = _inside(node, day)
    above = [one for one in path[:-1] if one.organisation_id in own]
    lines = [_line(below, figures) for below in node.chain if below.organisation_id in own and not grids]
    return GroundPage(day, node, above, lines, grids, loose, _sum(figures.values()))


def top_of(user: User) -> Organisation | None:
    """Where the ground of an account begins: the highest organisation it may read under."""
    places = [one for one in own_organisations(user) if one.level or one.kind == "creation_office"]
    return min(places, key=lambda one: (one.level or 0, one.code), default=None)


def figures_of(community_ids: Iterable[int], day: date) -> dict[int, Figures]:
    """Figures by community; eight queries whatever the number."""
    ids = list(community_ids)
    found = {pk: Figures() for pk in ids}
    ground, norms = ground_on(day, ids), norms_on(day)
    is_stale = stale_before(norms, day)
    for grid in ground.grids.values():
        _count_grid(found[grid.community_id], grid, is_stale)
    for courtyard in ground.courtyards.values():
        _count_courtyard(found[courtyard.community_id], courtyard, is_stale)
    _count_centres(found, ids, day, norms.get(NormKey.CENTRE_MIN_AREA))
    return found


def stale_before(norms: dict[str, Decimal], day: date) -> Callable[[date | None], bool]:
    """Whether a day of confirmation is too long ago; never where no norm is set."""
    days = norms.get(NormKey.STALE_DAYS)
    if days is None:
        return lambda confirmed_on: False
    limit = days_before(min(day, clock.today()), int(days))
    return lambda confirmed_on: confirmed_on is None or confirmed_on < limit


def days_before(day: date, days: int) -> date:
    """So many days earlier; the first day of all where the calendar has no earlier one."""
    return date.fromordinal(max(day.toordinal() - days, 1))


def shortfalls(state: CentreState, min_area: Decimal | None) -> list[str]:
    """What a centre is short of, in words."""
    words = dict(six_of(state))
    if min_area is not None:
        words["area"] = "面积未登记" if state.area is None else f"面积不足 {min_area.normalize():f} 平方米"
    return [words[name] for name in state.lacking(min_area)]


def six_of(state: CentreState) -> list[tuple[str, str]]:
    """The six things as (column, label)."""
    labels = {field.name: str(field.verbose_name) for field in state._meta.concrete_fields}
    return [(name, labels[name]) for name in CentreState.SIX]


def _path(nodes: list[Node], code: str) -> list[Node]:
    for node in nodes:
        if node.code == code:
            return [node]
        if below := _path(node.below, code):
            return [node, *below]
    return []


def _communities(node: Node) -> list[Node]:
    if node.level == Level.COMMUNITY:
        return [node]
    return [found for below in node.chain for found in _communities(below)]


def _inside(node: Node, day: date) -> tuple[list[GridFacts], list[CourtyardFacts]]:
    """The grids of a community, and its courtyards that lie in none."""
    if node.level != Level.COMMUNITY:
        return [], []
    ground = ground_on(day, [node.organisation_id])
    return list(ground.grids.values()), [one for one in ground.courtyards.values() if not one.grids]


def _line(node: Node, figures: dict[int, Figures]) -> Line:
    below = _communities(node)
    return Line(node.code, node.name, node.level, _sum(figures[one.organisation_id] for one in below))


def _sum(figures: Iterable[Figures]) -> Figures:
    total = Figures()
    for one in figures:
        total.add(one)
    return total


def _count_grid(figures: Figures, grid: GridFacts, is_stale: Callable[[date | None], bool]) -> None:
    figures.covered_grids.count(grid.is_covered)
    figures.stale.count(is_stale(grid.confirmed_on))


def _count_courtyard(figures: Figures, courtyard: CourtyardFacts, is_stale: Callable[[date | None], bool]) -> None:
    figures.covered.count(courtyard.is_covered)
    figures.with_committee.count(courtyard.has_committee)
    figures.with_company.count(bool(courtyard.contracts))
    figures.managed.count(courtyard.is_managed)
    figures.stale.count(is_stale(courtyard.confirmed_on))
    figures.households += courtyard.households or 0


def _count_centres(found: dict[int, Figures], ids: list[int], day: date, min_area: Decimal | None) -> None:
    states = standing_states(CentreState, day, ids, place="organisation")
    for state in states.filter(centre__level__in=(CentreLevel.COMMUNITY, CentreLevel.GRID)):
        found[state.organisation_id].complete_centres.count(not state.lacking(min_area))
