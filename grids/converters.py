"""Parts of addresses."""

from __future__ import annotations


class PlaceConverter:
    """The three kinds of standing places."""

    regex = "grids|courtyards|centres"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value
