"""What of the last published month each role sees as a picture on the home page; nothing of a running month."""

from __future__ import annotations

from typing import Any

from branches.models import Organisation
from scoring.models import Publication
from scoring.selectors.charts import (
    own_months,
    served_by,
    star_spokes,
    street_bars,
    total_points,
    won_by_street,
    won_heat,
)
from scoring.selectors.ranking import assessment_row, ranking_content
from scoring.selectors.work import LastResult


def community_charts(community: Organisation, result: LastResult | None) -> dict[str, Any]:
    """Its stars in the last month, its totals over twelve."""
    if result is None:
        return {}
    spokes = star_spokes(assessment_row(result.sha256, community.code))
    return {"has_charts": True, "spokes": spokes, "points": total_points(own_months(community))}


def street_chart(street: Organisation, publications: list[Publication]) -> dict[str, Any]:
    """The totals of its communities."""
    if not publications:
        return {}
    bars = street_bars(ranking_content(publications[0]), street.code)
    return {"has_charts": bool(bars), "street_bars": bars}


def task_force_chart(task_force: Organisation, publications: list[Publication]) -> dict[str, Any]:
    """In each street how many won the stars it serves."""
    if not publications:
        return {}
    content = ranking_content(publications[0])
    bars = won_by_street(content, served_by(content, task_force.code))
    return {"has_charts": bool(bars), "won_bars": bars, "won_month": publications[0].period.month}


def district_chart(publications: list[Publication]) -> dict[str, Any]:
    """Streets by stars."""
    if not publications:
        return {}
    columns, rows = won_heat(ranking_content(publications[0]))
    return {"has_charts": True, "heat_columns": columns, "heat_rows": rows}
