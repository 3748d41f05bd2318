from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from core.errors import Conflict, Forbidden, Invalid
from core.models import AuditEntry, User
from grids.models import Measure, Statistic
from grids.selectors.statistics import measure_lines, points_of, series
from grids.services.statistics import define_measure, record_statistic, seed_figures
from tests.people import Town

pytestmark = pytest.mark.django_db
DAY = date(2023, 3, 31)


@pytest.fixture
def measure(town: Town) -> Measure:
    return define_measure(actor=town.wang, code="grids", name="网格", definition="约 300 户的网格", unit="个")


def record(town: Town, measure: Measure, value: str, on: date = DAY, source: str = "报道") -> Statistic:
    return record_statistic(
        actor=town.wang, measure=measure, organisation=town.district, on=on, value=Decimal(value), source=source
    )


def test_a_figure_is_appended_and_a_correction_beside_it(town: Town, measure: Measure) -> None:
    record(town, measure, "270")
    record(town, measure, "271")
    record(town, measure, "539", date(2025, 3, 31))
    assert [str(row.value) for row in series(town.lin.user, measure, town.district)] == ["271.00", "539.00"]
    assert [point.words for point in points_of(series(town.lin.user, measure, town.district))] == ["271", "539"]
    assert Statistic.objects.count() == 3
    assert AuditEntry.objects.filter(verb="grids.record_statistic").count() == 3


def test_the_same_figure_again_is_refused(town: Town, measure: Measure) -> None:
    record(town, measure, "270")
    with pytest.raises(Conflict, match="没有变化"):
        record(town, measure, "270.00")


@pytest.mark.parametrize(
    ("value", "on", "source", "field"),
    [
        ("-1", DAY, "报道", "value"),
        ("1", date(2199, 1, 1), "报道", "on"),
        ("1", DAY, " ", "source"),
        ("9999999.99", DAY, "报道", "value"),
    ],
)
def test_an_unusable_figure_names_its_field(
    town: Town, measure: Measure, value: str, on: date, source: str, field: str
) -> None:
    with pytest.raises(Invalid) as caught:
        record(town, measure, value, on, source)
    assert list(caught.value.errors) == [field]
    assert Statistic.objects.count() == 0


def test_only_the_office_keeps_figures(town: Town, measure: Measure) -> None:
    for actor in (town.lin, town.zhou, town.zheng[0]):
        with pytest.raises(Forbidden):
            record_statistic(
                actor=actor, measure=measure, organisation=town.district, on=DAY, value=Decimal(1), source="报道"
            )


def test_the_reported_figures_are_filled_in_once(town: Town) -> None:
    added = seed_figures(actor=town.wang)
    assert (added, seed_figures(actor=town.wang)) == (25, 0)
    lines = {line.measure.code: line for line in measure_lines(town.lin.user, town.district)}
    assert (lines["communities"].latest.value, lines["communities"].days) == (Decimal(89), 3)
    assert lines["companies"].latest.value == Decimal(89)
    assert {lines["grids-2023"].days, lines["grids-before"].days, lines["grids-after"].days} == {1}
    assert lines["committees"].measure.definition == "业委会和物管会，不含院委会"


def test_whoever_holds_no_post_sees_no_figures(town: Town, measure: Measure) -> None:
    record(town, measure, "270")
    assert measure_lines(User.objects.create(username="stranger"), town.district) == []
