"""Forms that rearrange grids: merging, splitting, moving, handing over."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms

from branches.forms import DAY, DocumentField
from branches.models import Organisation
from branches.services.words import NAME_LENGTH
from core import clock
from grids.forms.amounts import WholeField
from grids.selectors.places import CourtyardFacts
from grids.services.merging import LARGEST_SPLIT

EVERY = "all"


def first_of_next_month() -> date:
    """When a rearrangement begins unless somebody says otherwise."""
    today = clock.today()
    return date(today.year + today.month // 12, today.month % 12 + 1, 1)


class PaperForm(forms.Form):
    """From when, by which document."""

    starts_on = forms.DateField(label="生效日期", widget=DAY, initial=first_of_next_month)
    document_no = DocumentField(help_text="如：魏网〔2026〕8号")


class SplitForm(PaperForm):
    """The names of the parts, and in which part each courtyard lies."""

    def __init__(self, *args: Any, parts: int, courtyards: Sequence[CourtyardFacts], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.parts, self.courtyards = parts, courtyards
        for number in range(1, parts + 1):
            self.fields[f"name_{number}"] = forms.CharField(label=f"第 {number} 个网格的名称", max_length=NAME_LENGTH)
            label = f"第 {number} 个网格的户数"
            self.fields[f"households_{number}"] = WholeField(label=label, required=False, max_value=100_000)
        choices = [("", "请选择"), *[(str(n), f"第 {n} 个网格") for n in range(1, parts + 1)], (EVERY, "各网格都有")]
        for one in courtyards:
            label = f"{one.name}（{one.households or '户数不详'}{' 户' if one.households else ''}）"
            self.fields[f"courtyard_{one.pk}"] = forms.ChoiceField(label=label, choices=choices)

    def of_part(self, number: int) -> list[int]:
        """Ids of the courtyards of a part."""
        given = self.cleaned_data
        return [one.pk for one in self.courtyards if given[f"courtyard_{one.pk}"] in (str(number), EVERY)]


class MoveForm(PaperForm):
    """To which community."""

    community = forms.ModelChoiceField(label="划入社区", queryset=Organisation.objects.none(), to_field_name="code")
    field_order = ["community", "starts_on", "document_no"]

    def __init__(self, *args: Any, communities: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["community"].queryset = communities  # type: ignore[attr-defined]
        self.fields["starts_on"].help_text = "只能是一个月的第一天"


class HandOverForm(PaperForm):
    """To which organisation everything goes."""

    successor = forms.ModelChoiceField(label="接续的党组织", queryset=Organisation.objects.none(), to_field_name="code")
    field_order = ["successor", "starts_on", "document_no"]

    def __init__(self, *args: Any, successors: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["successor"].queryset = successors  # type: ignore[attr-defined]


def parts_asked(text: str | None) -> int:
    """Into how many parts; two unless asked otherwise."""
    return int(text) if text and text.isascii() and text.isdigit() and 2 <= int(text[:3]) <= LARGEST_SPLIT else 2
