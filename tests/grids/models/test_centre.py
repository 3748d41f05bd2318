"""What a centre falls short in says the same of one state and as a filter."""

from dataclasses import dataclass
from decimal import Decimal
from itertools import product

import pytest

from grids.models import CentreState
from tests.grids.ground import centre_of
from tests.people import Town

LEAST = Decimal(30)


@dataclass(frozen=True)
class Case:
    area: Decimal | None
    least: Decimal | None
    missing: list[str]


@pytest.mark.parametrize(
    "case",
    [
        Case(Decimal("29.99"), LEAST, ["has_archive", "area"]),
        Case(Decimal("30"), LEAST, ["has_archive"]),
        Case(None, LEAST, ["has_archive", "area"]),
        Case(None, None, ["has_archive"]),
    ],
)
def test_area_counts_only_against_a_norm(case: Case) -> None:
    state = CentreState(**dict.fromkeys(CentreState.SIX, True) | {"has_archive": False}, area=case.area)
    assert state.lacking(case.least) == case.missing


@pytest.mark.django_db
def test_the_filter_finds_what_the_state_says(town: Town) -> None:
    first = centre_of(town).states.get()
    for revision, (area, lacks) in enumerate(product((None, Decimal("12.5"), LEAST), (None, *CentreState.SIX)), 2):
        six = {name: name != lacks for name in CentreState.SIX}
        CentreState.objects.create(
            centre=first.centre,
            organisation=first.organisation,
            name=first.name,
            form=first.form,
            starts_on=first.starts_on,
            revision=revision,
            recorded_by=first.recorded_by,
            area=area,
            **six,
        )
    for least in (None, LEAST):
        wanted = {state.revision for state in CentreState.objects.all() if state.lacking(least)}
        found = CentreState.objects.filter(CentreState.lacking_anything(least))
        assert {state.revision for state in found} == wanted
        assert 0 < len(wanted) < CentreState.objects.count()
