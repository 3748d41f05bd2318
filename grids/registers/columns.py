"""A column of a register: what its cells say, for forms, grids, workbooks and lists alike."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from functools import cached_property
from typing import Any

from django.db import models

from core.errors import Invalid
from core.fields import HundredthsField
from core.text import clean_text
from grids.calc.cells import (
    Unreadable,
    amount_of_cell,
    day_of_cell,
    echo,
    flag_of_cell,
    text_of_value,
    whole_of_cell,
)

LONGEST_CELL = 2000
MOST_PIECES = 19  # of one name with nine separators in it


class Kind(Enum):
    """What a column holds."""

    TEXT = "text"
    DAY = "day"
    WHOLE = "whole"
    AMOUNT = "amount"
    FLAG = "flag"
    CHOICE = "choice"
    LINK = "link"
    LINKS = "links"
    FILE = "file"


@dataclass(frozen=True, slots=True)
class Option:
    """Something a linked column may point at: its id, the code it is chosen by, what people call it."""

    pk: int
    code: str
    name: str

    @property
    def label(self) -> str:
        """As it stands in a workbook: 第1网格（411002001006-G001）."""
        return self.name if self.name == self.code else f"{self.name}（{self.code}）"


@dataclass(frozen=True)
class Column:
    """One column of a model; heading, help and limits are those of the model's field."""

    model: type[models.Model]
    name: str

    @cached_property
    def field(self) -> Any:
        return self.model._meta.get_field(self.name)

    @cached_property
    def kind(self) -> Kind:
        return next(kind for kind, fits in _KINDS if fits(self.field))

    @property
    def heading(self) -> str:
        return str(self.field.verbose_name)

    @property
    def help(self) -> str:
        return str(self.field.help_text)

    @property
    def is_required(self) -> bool:
        return not self.field.blank and self.kind is not Kind.FLAG

    @cached_property
    def choices(self) -> dict[str, str]:
        """Value → word of a closed list."""
        return {str(value): str(word) for value, word in self.field.flatchoices}

    @property
    def target(self) -> type[models.Model]:
        """The model a linked column points at."""
        found: type[models.Model] = self.field.related_model
        return found

    def read(self, text: str, options: list[Option]) -> Any:
        """The value a cell says (an `Option` for a linked column); None for an empty one; or Unreadable."""
        if len(text) > LONGEST_CELL:
            raise Unreadable("内容过长。")
        if not text.strip():
            return self._empty()
        return _READERS[self.kind](self, text, options)

    def _empty(self) -> Any:
        if self.is_required:
            raise Unreadable("不能为空。")
        if self.kind is Kind.FLAG:
            return self.field.get_default()
        return "" if self.kind is Kind.TEXT else None

    def write(self, value: Any) -> str:
        """The cell of a stored value; of a linked column it is given the `Option`, or None."""
        if isinstance(value, Option):
            return value.label
        return self.choices.get(value, str(value)) if self.kind is Kind.CHOICE else text_of_value(value)


@dataclass(frozen=True)
class SeveralColumn(Column):
    """A column that names several things in one cell, separated by 、: the grids of a courtyard."""

    label: str = ""

    @property
    def heading(self) -> str:
        return self.label

    @cached_property
    def kind(self) -> Kind:
        return Kind.LINKS

    @property
    def is_required(self) -> bool:
        return False

    def read(self, text: str, options: list[Option]) -> list[Option]:
        """Every thing that is named, each once."""
        if len(text) > LONGEST_CELL:
            raise Unreadable("内容过长。")
        single = Column(self.model, self.name)
        found = {option.pk: option for option in (_link(single, one, options) for one in _names_in(text, options))}
        return list(found.values())

    def write(self, value: Any) -> str:
        return "、".join(option.label for option in value or ())


# -- reading


def _choice(column: Column, text: str, options: list[Option]) -> str:
    bare = text.strip()
    if bare in column.choices:
        return bare
    found = [value for value, word in column.choices.items() if _bare(word) == _bare(bare)]
    if not found:
        raise Unreadable(f"没有“{echo(bare)}”这一项，可填：{'、'.join(column.choices.values())}。")
    return found[0]


def _link(column: Column, text: str, options: list[Option]) -> Option:
    bare = text.strip()
    for option in options:
        if bare in (option.code, option.label):
            return option
    named = [option for option in options if _bare(option.name) == _bare(bare)]
    if len(named) == 1:
        return named[0]
    if named:
        raise Unreadable(f"有 {len(named)} 个叫“{echo(bare)}”，请写编号。")
    raise Unreadable(f"没有“{echo(bare)}”这个{column.heading}，请从名单里选。")


def _names_in(text: str, options: list[Option]) -> list[str]:
    """The names in a cell. A name may hold a separator itself, so the longest one that is known counts."""
    known = {_bare(said) for one in options for said in (one.code, one.label, one.name)}
    pieces, found = re.split(r"([、,，;；\n])", text), list[str]()
    while pieces:
        sizes = range(min(len(pieces), MOST_PIECES), 0, -2)
        size = next((size for size in sizes if _bare("".join(pieces[:size])) in known), 1)
        found.append("".join(pieces[:size]))
        pieces = pieces[size + 1 :]
    return [one for one in found if one.strip()]


def _bare(text: str) -> str:
    return re.sub(r"\s+", "", text).replace("(", "（").replace(")", "）")


def _text(column: Column, text: str, options: list[Option]) -> str:
    try:
        return clean_text(text, max_length=column.field.max_length, label=column.heading, is_single_line=True)
    except Invalid as error:
        raise Unreadable(error.message) from error


Reader = Callable[[Column, str, list[Option]], Any]

_READERS: dict[Kind, Reader] = {
    Kind.TEXT: _text,
    Kind.DAY: lambda column, text, options: day_of_cell(text),
    Kind.WHOLE: lambda column, text, options: whole_of_cell(text),
    Kind.AMOUNT: lambda column, text, options: amount_of_cell(text),
    Kind.FLAG: lambda column, text, options: flag_of_cell(text),
    Kind.CHOICE: _choice,
    Kind.LINK: _link,
}

_KINDS: tuple[tuple[Kind, Callable[[Any], bool]], ...] = (
    (Kind.FILE, lambda field: field.is_relation and field.related_model._meta.label == "core.StoredFile"),
    (Kind.LINK, lambda field: field.is_relation),
    (Kind.CHOICE, lambda field: bool(field.choices)),
    (Kind.DAY, lambda field: isinstance(field, models.DateField)),
    (Kind.AMOUNT, lambda field: isinstance(field, HundredthsField)),
    (Kind.FLAG, lambda field: isinstance(field, models.BooleanField)),
    (Kind.WHOLE, lambda field: isinstance(field, models.IntegerField)),
    (Kind.TEXT, lambda field: isinstance(field, models.CharField)),
)
