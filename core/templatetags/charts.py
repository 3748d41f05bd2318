"""Charts in templates of pages and of printed documents: one SVG for both.

`{% load charts %}`, then with figures made by a selector or by the body of a document:

    {% chart_radar spokes "各星得分率" %}         list of core.charts.Spoke
    {% chart_line points 100 "近 12 个月总分" %}   list of core.charts.Point and the highest value there can be
    {% chart_bars bars 100 "总分" %}              list of core.charts.Bar and the value of a full bar
    {% chart_heat columns rows "逐项得分" %}       lists of core.charts.Column and core.charts.Row

On a page each brings its values as a table to unfold; `table=False` leaves it out (paper, or where a table stands
beside). Pages that use them link `css/charts.css`; paper needs no style, a surrounding width suffices.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import template

from core.charts import Bar, Column, Point, Row, Spoke, bar_chart, heat_table, line_chart, radar

register = template.Library()


@register.inclusion_tag("components/charts/radar.html")
def chart_radar(spokes: Sequence[Spoke], title: str, table: bool = True) -> dict[str, Any]:
    return {"chart": radar(spokes), "title": title, "table": table}


@register.inclusion_tag("components/charts/line.html")
def chart_line(points: Sequence[Point], top: float, title: str, table: bool = True) -> dict[str, Any]:
    return {"chart": line_chart(points, top), "title": title, "table": table}


@register.inclusion_tag("components/charts/bars.html")
def chart_bars(bars: Sequence[Bar], top: float, title: str, table: bool = True) -> dict[str, Any]:
    return {"chart": bar_chart(bars, top), "title": title, "table": table}


@register.inclusion_tag("components/charts/heat.html")
def chart_heat(
    columns: Sequence[Column], rows: Sequence[Row], title: str, table: bool = True, side: float = 25
) -> dict[str, Any]:
    return {"chart": heat_table(columns, rows, side), "title": title, "table": table}
