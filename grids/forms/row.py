"""The form of a row, made from its register: each field understands what a cell of a workbook understands."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from typing import Any

from django import forms

from branches.models import Organisation
from core import clock
from core.errors import PortalError
from core.uploads.kinds import HELP, OFFERED
from grids.calc.cells import Unreadable, text_of_value
from grids.models.base import KeptRow
from grids.registers import Register
from grids.registers.columns import Column, Kind, Option
from grids.registers.options import Options

SHORT = {Kind.WHOLE: "input-points", Kind.AMOUNT: "input-points"}


class CellField(forms.Field):
    """One column as a form field; its clean value is what the model keeps (an id for a linked column)."""

    def __init__(self, column: Column, options: list[Option]) -> None:
        self.column, self.options = column, options
        super().__init__(
            label=column.heading,
            required=column.is_required,
            help_text=column.help,
            widget=_widget(column, options),
        )

    def clean(self, value: Any) -> Any:
        if isinstance(value, bool):
            return value
        try:
            read = self.column.read(value or "", self.options)
        except Unreadable as error:
            raise forms.ValidationError(error.message) from error
        return read.pk if isinstance(read, Option) else read


class RowForm(forms.Form):
    """A new or changed row of a register in one community."""

    def __init__(
        self,
        *args: Any,
        register: Register,
        community: Organisation | None,
        options: Options,
        names: Iterable[str] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.register, self.community = register, community
        wanted = tuple(names or register.fields)
        for column in register.columns:
            if column.name in wanted:
                self.fields[column.name] = _field(column, options.of(column, community.pk if community else None))

    def new_row(self, key: uuid.UUID) -> KeptRow:
        """The unsaved row that was filled in."""
        row = self.register.model(key=key)
        if self.community is not None:
            row.community = self.community  # type: ignore[attr-defined]
        return self.applied_to(row)

    def applied_to(self, row: KeptRow) -> KeptRow:
        """The row with what was filled in; files are the caller's to keep."""
        for column in self.register.columns:
            if column.name in self.cleaned_data and column.kind is not Kind.FILE:
                setattr(row, column.field.attname, self.cleaned_data[column.name])
        return row


class VoidForm(forms.Form):
    """Why a row is taken out."""

    reason = forms.CharField(label="作废原因", max_length=200, help_text="写清哪里登记错了；这一行仍可查到，不再计入。")


class UnmaskForm(forms.Form):
    reason = forms.CharField(label="查看原因", max_length=200, help_text="会记入审计。")


def initial_of(register: Register, row: KeptRow, options: Options) -> dict[str, Any]:
    """What the form of an existing row starts with."""
    community_id = getattr(row, "community_id", None)
    found: dict[str, Any] = {}
    for column in register.columns:
        value = getattr(row, column.field.attname)
        if column.kind is Kind.LINK and value is not None:
            option = options.option(column, community_id, value)
            value = option.code if option else None
        found[column.name] = value
    return found


def first_initial(register: Register, last: KeptRow | None) -> dict[str, Any]:
    """What a new form starts with: today, this year, the kind that was entered last."""
    today = clock.today()
    found: dict[str, Any] = {register.day or "starts_on": today, "opened_on": today, "year": today.year}
    for column in register.columns:
        if column.kind is Kind.FLAG:
            found[column.name] = column.field.get_default()
    kind = register.kind_column
    if kind is not None and last is not None:
        found[kind.name] = getattr(last, kind.name)
    return found


def take_over(form: forms.Form, refusal: PortalError) -> None:
    """Show a refusal of a service at the fields it names, else above the form."""
    errors: dict[str, list[str]] = getattr(refusal, "errors", {})
    for field, messages in errors.items():
        form.add_error(field if field in form.fields else None, messages)
    if not errors:
        form.add_error(None, refusal.message)


def _field(column: Column, options: list[Option]) -> forms.Field:
    if column.kind is Kind.FILE:
        chooser = forms.ClearableFileInput(attrs={"accept": OFFERED})
        return forms.FileField(label=column.heading, required=False, help_text=HELP, widget=chooser)
    return CellField(column, options)


def _widget(column: Column, options: list[Option]) -> forms.Widget:
    if column.kind is Kind.DAY:
        return forms.DateInput(attrs={"type": "date", "max": "2199-12-31"}, format="%Y-%m-%d")
    if column.kind is Kind.FLAG:
        return forms.CheckboxInput()
    if column.kind is Kind.CHOICE:
        return forms.Select(choices=[*_blank(column), *column.choices.items()])
    if column.kind is Kind.LINK:
        return forms.Select(choices=[*_blank(column), *((one.code, _shown(one, options)) for one in options)])
    if column.kind in SHORT:
        return AmountInput(attrs={"inputmode": "decimal", "class": SHORT[column.kind]})
    return forms.TextInput(attrs={"maxlength": column.field.max_length})


class AmountInput(forms.TextInput):
    """A number as it is typed: no digit grouping, no idle zeros."""

    def format_value(self, value: Any) -> str | None:
        return value if isinstance(value, str) else text_of_value(value)


def _blank(column: Column) -> list[tuple[str, str]]:
    return [("", "请选择" if column.is_required else "（不选）")]


def _shown(option: Option, options: list[Option]) -> str:
    """The name alone while it tells one from the other."""
    is_alone = sum(one.name == option.name for one in options) == 1
    return option.name if is_alone else option.label
