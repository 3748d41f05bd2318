"""Charts in templates of pages and of printed documents: one SVG for both.

`{% load charts %}`, then with figures made by a selector or by the body of a document:

    {% chart_radar spokes "各星得分率" %}         list of core.charts.Spoke
    {% chart_line points 100 "近 12 个月总分" %}   list of core.charts.Point and the highest value there can be
    {% chart_bars bars 100 "总分" %}              list of core.charts.Bar and the value of a full bar
    {% chart_heat columns rows "逐项得分" %}       lists of core.charts.Column and core.charts.Row

On a page each brings its values as a table to unfold, `key` heads its first column; `table=False` leaves it out (paper,
or where a table stands beside). `break_note` says under a line why it is broken. Pages that use them link
`css/charts.css`; paper needs no style, a surrounding width suffices.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import template

from core.charts import Bar, Column, Point, Row, Spoke, bar_chart, heat_table, line_chart, radar

register = template.Library()

KEY = "名称"
BREAK_NOTE = "竖虚线前后不可比，不相连。"


@register.inclusion_tag("components/charts/radar.html")
def chart_radar(spokes: Sequence[Spoke], title: str, table: bool = True, key: str = KEY) -> dict[str, Any]:
    return {"chart": radar(spokes), "title": title, "table": table, "key": key}


@register.inclusion_tag("components/charts/line.html")
def chart_line(
    points: Sequence[Point], top: float, title: str, table: bool = True, key: str = KEY, break_note: str = BREAK_NOTE
) -> dict[str, Any]:
    chart = line_chart(points, top)
    return {"chart": chart, "title": title, "table": table, "key": key, "break_note": break_note}


@register.inclusion_tag("components/charts/bars.html")
def chart_bars(bars: Sequence[Bar], top: float, title: str, table: bool = True, key: str = KEY) -> dict[str, Any]:
    return {"chart": bar_chart(bars, top), "title": title, "table": table, "key": key}


@register.inclusion_tag("components/charts/heat.html")
def chart_heat(
    columns: Sequence[Column], rows: Sequence[Row], title: str, table: bool = True, side: float = 25, key: str = KEY
) -> dict[str, Any]:
    return {"chart": heat_table(columns, rows, side), "title": title, "table": table, "key": key}
