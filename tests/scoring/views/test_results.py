"""Published results as pictures say what the ranking and the frozen content say, to whom it may be said."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

import pytest

from core.charts import Bar, Cell, Point
from core.templatetags.portal import points as plain
from scoring.choices import Visibility
from scoring.models import Publication
from scoring.selectors import charts
from scoring.selectors.item_heat import item_grids, seen_cells
from scoring.selectors.ranking import ranking_content
from tests.people import Town
from tests.scoring.month import play_month
from tests.scoring.views.test_rankings import get, publish

pytestmark = pytest.mark.django_db


@pytest.fixture
def published(town: Town) -> Publication:
    """金地 full points, 府后 four less, 光明 not complete."""
    return publish(town, Visibility.WITH_POINTS)


def standing(publication: Publication, code: str) -> dict[str, Any]:
    return next(row for row in publication.data["standings"] if row["organisation"] == code)


def assessment(publication: Publication, code: str) -> dict[str, Any]:
    return next(row for row in publication.data["assessments"] if row["organisation"] == code)


def test_a_communitys_page_says_total_and_place_of_the_ranking(town: Town, published: Publication) -> None:
    shown = get(town.lin, f"/results/{town.fuhou.code}/").context
    row = standing(published, town.fuhou.code)
    assert [(one.total, one.place, one.star_level, one.number) for one in shown["months"]] == [
        (Decimal(row["total"]), row["place"], row["star_level"], 1)
    ]
    assert shown["points"][-1] == Point("9月", float(row["total"]), plain(row["total"]), shown["months"][0].series)
    assert [one.value for one in shown["points"][:-1]] == [None] * 11


def test_its_stars_are_those_of_the_content(town: Town, published: Publication) -> None:
    spokes = get(town.lin, f"/results/{town.fuhou.code}/").context["spokes"]
    stars = assessment(published, town.fuhou.code)["stars"]
    assert [spoke.share for spoke in spokes] == [
        float(star["points"]) / float(star["applicable_points"]) for star in stars
    ]
    assert [spoke.label for spoke in spokes] == [f"{'★' if star['won'] else '☆'} {star['name']}" for star in stars]


def test_months_of_one_edition_are_joined_and_the_newest_is_first(town: Town, published: Publication) -> None:
    play_month(town, "2026-10")
    months = charts.own_months(town.fuhou)
    assert [(one.month.month, one.series == months[0].series) for one in months] == [(10, True), (9, True)]
    assert [point.words != "" for point in charts.total_points(months)] == [False] * 10 + [True] * 2


@pytest.mark.parametrize(
    ("key", "status"),
    [("lin", 200), ("zhou", 200), ("wang", 200), ("reader", 200), ("wu", 404), ("chen", 404), ("sysadmin", 404)],
)
def test_it_is_read_in_the_own_chain_alone(town: Town, published: Publication, key: str, status: int) -> None:
    assert get(town.everybody[key], f"/results/{town.fuhou.code}/").status_code == status
    link = f'href="/results/{town.fuhou.code}/"'
    shown = get(town.everybody[key], f"/organisations/{town.fuhou.code}/")
    assert (link in shown.text) is (status == 200)


def test_a_street_has_no_results_of_its_own(town: Town, published: Publication) -> None:
    assert get(town.wang, "/results/411002001/").status_code == 404
    assert "/results/" not in get(town.wang, "/organisations/411002001/").text


def test_the_items_are_those_of_the_content(town: Town, published: Publication) -> None:
    grids = get(town.wang, "/rankings/2026-09/items/").context["grids"]
    shown = {row.label: row.cells for grid in grids for row in grid.rows}
    wanted = {one["name"]: [_cell(item) for item in one["items"]] for one in published.data["assessments"]}
    assert shown == wanted
    assert {cell.kind for cells in shown.values() for cell in cells} == {"", "empty"}


def _cell(item: dict[str, Any]) -> Cell:
    if item["kind"] == "empty":
        return Cell(None, "未报", "empty")
    return Cell(float(item["counted"]) / float(item["full_points"]), plain(item["counted"]))


@pytest.mark.parametrize(
    ("key", "names"),
    [("lin", ["府后社区"]), ("zhou", ["金地社区", "府后社区"]), ("wu", ["光明社区", "樊沟社区"]), ("sysadmin", [])],
)
def test_nobody_sees_the_items_of_others(town: Town, published: Publication, key: str, names: list[str]) -> None:
    user = town.everybody[key].user
    grids = item_grids(published, seen_cells(user, published.period))
    assert [row.label for grid in grids for row in grid.rows] == names


def test_a_task_force_sees_the_columns_of_its_star(town: Town, published: Publication) -> None:
    grids = item_grids(published, seen_cells(town.zheng[0].user, published.period))
    assert {column.group for grid in grids for column in grid.columns} == {"支部过硬星"}
    assert len({row.label for grid in grids for row in grid.rows}) == 4


def test_a_streets_bars_are_the_totals_highest_first_then_the_incomplete(town: Town, published: Publication) -> None:
    content = ranking_content(published)
    best, lower = (standing(published, one.code)["total"] for one in (town.jindi, town.fuhou))
    assert charts.street_bars(content, "411002001") == [
        Bar("金地社区", float(best), f"{plain(best)} 分", True),
        Bar("府后社区", float(lower), f"{plain(lower)} 分", True),
    ]
    assert charts.street_bars(content, "411002006")[-1] == Bar("光明社区", None, "未完成")


def test_stars_won_are_counted_by_street(town: Town, published: Publication) -> None:
    content = ranking_content(published)
    columns, rows = charts.won_heat(content)
    stars = [star for one in content["assessments"] for star in one["stars"]]
    texts = [cell.text.split("/") for row in rows for cell in row.cells if cell.text]
    assert sum(int(won) for won, _ in texts) == sum(star["won"] for star in stars if star["is_rated"])
    assert sum(int(rated) for _, rated in texts) == sum(star["is_rated"] for star in stars)
    served = charts.served_by(content, "411002-zb1")
    bars = charts.won_by_street(content, served)
    own = [column.label for column in columns].index("支部过硬")
    assert [bar.words for bar in bars] == [row.cells[own].text.replace("/", "／") for row in rows]


def test_a_table_stands_beside_each_picture(town: Town, published: Publication) -> None:
    text = get(town.lin, f"/results/{town.fuhou.code}/").text
    assert (len(re.findall(r"<svg class=\"chart-picture\"", text)), len(re.findall(r"<table ", text))) == (2, 2)
