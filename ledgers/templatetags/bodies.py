"""Lists of a body that belong together: `{% for final, voices in row.finals|beside:row.voices %}`."""

from __future__ import annotations

from typing import Any

from django import template

register = template.Library()


@register.filter
def beside(first: list[Any], second: list[Any]) -> list[tuple[Any, Any]]:
    """Two lists of one length as pairs; ValueError where they differ."""
    return list(zip(first, second, strict=True))
