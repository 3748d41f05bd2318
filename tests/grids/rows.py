"""One good row of every register, on the ground of 府后: what tests over all registers are made of."""

from __future__ import annotations

from datetime import date
from typing import Any

from branches.acting import Officer
from branches.choices import Level
from branches.models import Organisation
from grids.models.base import KeptRow
from grids.registers import REGISTERS, Register, register_named
from grids.services.rows import record_row
from tests.grids.ground import Ground, ground_of
from tests.people import Town, Unit, write_units

DAY = date(2026, 3, 1)
SLUGS = [register.slug for register in REGISTERS]


class Rows:
    """Makes rows: `values` of a register, a `form` that posts them, a `row` that is kept."""

    def __init__(self, town: Town) -> None:
        self.town = town
        self.ground: Ground = ground_of(town)
        self.branch = branch_of(town)
        self._project: Any = None

    def values(self, register: Register, number: int = 1) -> dict[str, Any]:
        """Columns as the model keeps them; rows of different numbers do not contradict each other."""
        grid, yard = self.ground.grids[0], self.ground.courtyards[(number - 1) % 3]
        later = date(2010 + 2 * number, 1, 1)
        found: dict[str, Any] = {
            "activities": {"on": DAY, "kind": "volunteer", "title": f"清理楼道{number}", "grid": grid},
            "rectifications": {"kind": "hazard", "what": f"飞线{number}", "found_on": DAY, "due_on": date(2026, 3, 9)},
            "projects": {"name": f"雨污分流{number}", "starts_on": DAY, "due_on": date(2026, 9, 1), "unit": "米"},
            "collective-economies": {"year": 2000 + number, "income": "12.50", "is_published": True},
            "idle-assets": {"name": f"旧仓库{number}", "found_on": DAY},
            "teams": {"name": f"红袖章队{number}", "kind": "volunteer", "number": 12, "starts_on": DAY},
            "service-items": {"name": f"代办社保{number}", "starts_on": DAY},
            "committees": _committee(self.ground, number),
            "service-contracts": {
                **{"courtyard": yard, "company": self.ground.company, "starts_on": date(2022 + number // 3, 1, 1)},
                "ends_on": date(2022 + number // 3, 12, 31),
            },
            "courtyard-grids": {
                **{"courtyard": self.ground.courtyards[0], "grid": self.ground.grids[1]},
                **{"starts_on": date(2022, number, 1), "ends_on": date(2022, number, 20)},
            },
            "coverages": {"organisation": self.branch, "kind": "own", "courtyard": yard, "starts_on": DAY},
            "partner-units": {"name": f"区水务局{number}", "kind": "co_building", "starts_on": DAY},
            "honours": {
                "title": f"示范网格{number}",
                "awarded_on": DAY,
                "awarded_by": "区委",
                "document_no": "魏〔2026〕1号",
            },
            "contacts": {"kind": "yard_head", "name": "郭保全", "work_phone": "0374-2011111", "starts_on": DAY},
            "property-companies": {"name": f"春天物业{number}", "opened_on": later},
            "documents": {"title": "关于评星的通知", "document_no": f"魏组〔2026〕{number}号", "issued_on": DAY},
        }
        if register.slug == "milestones":
            return {"project": self.project, "name": f"完成招标{number}", "due_on": DAY}
        chosen: dict[str, Any] = found[register.slug]
        return chosen

    @property
    def project(self) -> Any:
        if self._project is None:
            self._project = self.row("projects", 9)
        return self._project

    def unsaved(self, slug: str, number: int = 1, **changed: Any) -> KeptRow:
        register = register_named(slug)
        scope = {"community": self.ground.community} if register.is_of_community else {}
        return register.model(**scope, **self.values(register, number), **changed)

    def row(self, slug: str, number: int = 1, actor: Officer | None = None) -> Any:
        """A kept row; shared ones are recorded by 周 at the street."""
        default = self.town.lin if register_named(slug).is_of_community else self.town.zhou
        return record_row(actor=actor or default, row=self.unsaved(slug, number))

    def keeper(self, slug: str) -> Officer:
        """Somebody who may keep the register."""
        return self.town.lin if register_named(slug).is_of_community else self.town.zhou

    def form(self, slug: str, number: int = 1, **changed: str) -> dict[str, str]:
        """The row as a browser posts it."""
        register = register_named(slug)
        found = {"community": self.ground.community.code} if register.is_of_community else {}
        for name, value in self.values(register, number).items():
            if value is not False:
                found[name] = "on" if value is True else _posted(value)
        return found | changed


def _posted(value: Any) -> str:
    return str(getattr(value, "code", None) or getattr(value, "name", None) or value)


def _committee(ground: Ground, number: int) -> dict[str, Any]:
    return {
        **{"kind": "owners", "name": f"第{number}届业委会", "courtyard": ground.courtyards[0]},
        **{"starts_on": date(2022, number, 1), "ends_on": date(2022, number, 20)},
        "election_due_on": date(2026, 12, 1),
    }


def branch_of(town: Town) -> Organisation:
    """A grid branch under 府后."""
    unit = Unit(f"{town.fuhou.code}-Z1", "第一网格党支部", town.fuhou.code, Level.GRID)
    return write_units([unit], {town.fuhou.code: town.fuhou})[unit.code]
