"""Charts for page and paper: figures in, shapes out. Geometry alone, without Django and without a business word.

A shape holds ready-made text for one SVG template (`templates/components/charts/`), drawn alike by a browser and by
WeasyPrint: presentation attributes only, no style sheet, no script. Widths are units of the view box; a chart is
drawn for a phone (320 units) and grows with its place. Black and white tell everything; words stand beside.
"""

from core.charts.bars import Bar, BarChart, bar_chart
from core.charts.heat import Cell, Column, HeatTable, Row, heat_table
from core.charts.line import LineChart, Point, line_chart
from core.charts.radar import Radar, Spoke, radar

__all__ = [
    "Bar",
    "BarChart",
    "Cell",
    "Column",
    "HeatTable",
    "LineChart",
    "Point",
    "Radar",
    "Row",
    "Spoke",
    "bar_chart",
    "heat_table",
    "line_chart",
    "radar",
]
