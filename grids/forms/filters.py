"""Which rows of a register are shown."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms

from branches.models import Organisation
from core.forms import DAY, DAYS
from grids.registers import Register
from grids.selectors.registers import STALE, STANDING, VOIDED, Asked


class RowFilter(forms.Form):
    """Every field may stay empty."""

    community = forms.ChoiceField(label="社区", required=False)
    kind = forms.ChoiceField(label="类别", required=False)
    q = forms.CharField(label="查找", required=False, max_length=60)
    on = forms.DateField(label="截至某日有效", required=False, widget=DAY, validators=DAYS)
    show = forms.ChoiceField(label="显示", required=False)

    def __init__(self, *args: Any, register: Register, communities: Iterable[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        named = [("", "全部"), *((one.code, one.name) for one in communities)]
        kind = register.kind_column
        self._offer("community", named if register.is_of_community and len(named) > 2 else [])
        self._offer("kind", [("", "全部"), *kind.choices.items()] if kind else [])
        self._offer("show", _shown(register))
        if kind:
            self.fields["kind"].label = kind.heading
        if not register.is_dated:
            del self.fields["on"]

    def _offer(self, name: str, choices: list[tuple[str, str]]) -> None:
        if choices:
            self.fields[name].choices = choices  # type: ignore[attr-defined]
        else:
            del self.fields[name]

    @property
    def asked(self) -> Asked:
        """What was asked; a form that is wrong asks for nothing."""
        given = self.cleaned_data if self.is_valid() else {}
        return Asked(
            community=given.get("community") or "",
            kind=given.get("kind") or "",
            q=given.get("q") or "",
            on=given.get("on"),
            show=given.get("show") or STANDING,
        )


def _shown(register: Register) -> list[tuple[str, str]]:
    stale = [(STALE, "久未确认的")] if register.is_lasting else []
    return [("", "现有的"), *stale, (VOIDED, "已作废的")]
