"""A grid branch that covers 府后's first grid, and its secretary."""

from __future__ import annotations

from datetime import date

from branches.acting import Officer
from branches.choices import Role
from branches.models import Appointment, Person, Position
from core.models import User
from grids.models import Coverage
from grids.services.rows import record_row
from tests.grids.rows import Rows


def grid_secretary(rows: Rows) -> Officer:
    """严, secretary of the branch of the first grid."""
    person = Person.objects.create(user=User.objects.create(username="grid-1"), name="严明")
    position = Position.objects.create(organisation=rows.branch, role=Role.SECRETARY)
    appointment = Appointment.objects.create(position=position, person=person, starts_on=date(2026, 1, 1))
    coverage = Coverage(
        community=rows.town.fuhou,
        organisation=rows.branch,
        grid=rows.ground.grids[0],
        kind="own",
        starts_on=date(2026, 1, 1),
    )
    record_row(actor=rows.town.lin, row=coverage)
    return Officer.of(appointment, organisation_name="第一网格党支部")
