"""A body's figures for charts, in templates that `{% load charts pictures %}`:

{% chart_bars body.stars|star_bars 100 "各星得分率" table=False %}
{% chart_radar body.stars|star_spokes "各星得分率" table=False %}
{% for sheet in body.tables|item_sheets %}{% chart_heat sheet.columns sheet.rows sheet.name table=False %}{% endfor %}
"""

from __future__ import annotations

from django import template

from ledgers.calc import pictures

register = template.Library()

register.filter("star_bars", pictures.star_bars)
register.filter("star_spokes", pictures.star_spokes)
register.filter("level_bars", pictures.level_bars)
register.filter("won_bars", pictures.won_bars)
register.filter("item_sheets", pictures.item_sheets)
