"""Grids of a street or a community grouped by numbers: those with the same number in a community become one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms

from branches.models import Organisation
from branches.services.words import NAME_LENGTH
from grids.choices import GridKind
from grids.forms.amounts import WholeField
from grids.forms.rearranging import PaperForm
from grids.selectors.places import GridFacts
from grids.selectors.touched import households_together

MOST_GROUPS = 99
CHANGED = "分组和刚才看的不一样了，请再看一遍影响。"
GONE = "有 {count} 个网格已经不在这里（可能刚被合并或撤销），请按现在的网格重新编组。"


@dataclass(frozen=True)
class Group:
    """Grids of one community with the same number."""

    community: Organisation
    number: int
    grids: tuple[GridFacts, ...]

    @property
    def label(self) -> str:
        return f"{self.community}第 {self.number} 组"

    @property
    def prefix(self) -> str:
        return f"{self.community.code}-{self.number}"

    @property
    def households(self) -> int | None:
        return households_together(self.grids)


class GroupingForm(PaperForm):
    """The number beside each grid, the day and the document."""

    def __init__(self, *args: Any, places: Sequence[tuple[Organisation, Sequence[GridFacts]]], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.places = places
        for _, grids in places:
            for one in grids:
                self.fields[f"g-{one.code}"] = WholeField(
                    label=f"{one.name} 并入第几组", required=False, min_value=1, max_value=MOST_GROUPS
                )
                self.fields[f"g-{one.code}"].widget.attrs |= {"class": "input-points", "maxlength": 4}

    @property
    def tables(self) -> list[tuple[Organisation, list[tuple[GridFacts, forms.BoundField]]]]:
        """Communities with their grids and the field of each."""
        return [(place, [(one, self[f"g-{one.code}"]) for one in grids]) for place, grids in self.places]

    @property
    def papers(self) -> list[forms.BoundField]:
        return [self["starts_on"], self["document_no"]]

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        self.groups = self._groups(given)
        if gone := [name for name in self.data if name.startswith("g-") and name not in self.fields]:
            raise forms.ValidationError(GONE.format(count=len(gone)))
        for group in self.groups:
            if len(group.grids) == 1:
                self.add_error(f"g-{group.grids[0].code}", f"第 {group.number} 组只有这一个网格。")
        if not self.groups and not self.errors:
            raise forms.ValidationError("还没有编组：要并在一起的网格填同一个组号，不动的留空。")
        return given

    def _groups(self, given: Mapping[str, Any]) -> list[Group]:
        found: list[Group] = []
        for community, grids in self.places:
            members: dict[int, list[GridFacts]] = defaultdict(list)
            for one in grids:
                if number := given.get(f"g-{one.code}"):
                    members[number].append(one)
            found += [Group(community, number, tuple(members[number])) for number in sorted(members)]
        return found

    @property
    def seen(self) -> str:
        """Which groups on which day: what is confirmed is what was looked at."""
        groups = [f"{one.prefix}={'+'.join(grid.code for grid in one.grids)}" for one in self.groups]
        return ";".join([str(self.cleaned_data["starts_on"]), *groups])


class GroupForm(forms.Form):
    """What comes out of one group."""

    name = forms.CharField(label="合并后的名称", max_length=NAME_LENGTH)
    households = WholeField(label="合并后的户数", required=False, max_value=100_000)
    kind = forms.ChoiceField(label="类别", choices=GridKind.choices)
    into = forms.ChoiceField(label="编号", required=False)

    def __init__(self, data: Mapping[str, Any], *, group: Group):
        """Bound once its name was sent; before, it proposes the first grid's name and kind."""
        first, sent = group.grids[0], f"{group.prefix}-name" in data
        initial = {"name": first.name, "kind": first.kind}
        super().__init__(data if sent else None, prefix=group.prefix, initial=initial)
        self.group = group
        choices = [("", "新编号"), *[(one.code, f"沿用 {one.code}") for one in group.grids]]
        self.fields["into"].choices = choices  # type: ignore[attr-defined]
        self.fields["households"].widget.attrs |= {"class": "input-points", "placeholder": group.households or "不详"}
        for name, field in self.fields.items():
            field.widget.attrs["aria-label"] = f"{group.label} {self.fields[name].label}"
