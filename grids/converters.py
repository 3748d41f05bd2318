"""Parts of addresses."""

from __future__ import annotations


class PlaceConverter:
    """The three kinds of standing places."""

    regex = "grids|courtyards|centres"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


class BookConverter(PlaceConverter):
    """What has dated states and a sheet in a workbook: the places and the post counts."""

    regex = "grids|courtyards|centres|posts"
