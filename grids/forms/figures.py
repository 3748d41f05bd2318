"""Forms of the ground that no register describes; what they mean is checked by the services."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms

from branches.forms import DAY
from core import clock
from grids.choices import ActivityKind, PostKind, RectificationKind
from grids.selectors.mine import OwnGrid


class MeasureForm(forms.Form):
    """A measure with exactly one definition."""

    code = forms.SlugField(label="代码", max_length=60, help_text="小写字母、数字和连字符，例如 grid-centres")
    name = forms.CharField(label="指标", max_length=60)
    definition = forms.CharField(label="口径", max_length=200, help_text="口径登记后不再改；口径变了就另立一个指标")
    unit = forms.CharField(label="单位", max_length=12)


class FigureForm(forms.Form):
    """The figure of a day."""

    on = forms.DateField(label="截止日期", widget=DAY)
    value = forms.DecimalField(label="数值", min_value=0, max_digits=8, decimal_places=2)
    source = forms.CharField(label="来源", max_length=200, help_text="报道、文件或统计口径的出处")


class PostCountForm(forms.Form):
    """How many posts of a kind there should be and are, from a day on."""

    kind = forms.ChoiceField(label="岗位", choices=PostKind.choices)
    starts_on = forms.DateField(label="自何日起", widget=DAY)
    required = forms.IntegerField(label="应配备", min_value=0, max_value=99_999)
    filled = forms.IntegerField(label="已配备", min_value=0, max_value=99_999)
    party_members = forms.IntegerField(label="其中党员", min_value=0, max_value=99_999, required=False)
    reason = forms.CharField(label="说明", max_length=200, required=False)


class _OnOwnGrid(forms.Form):
    """A form about one of the officer's own grids; `grid` is cleaned into the OwnGrid."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    grid = forms.ChoiceField(label="网格")

    def __init__(self, *args: Any, grids: list[OwnGrid], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.grids = {one.grid.code: one for one in grids}
        field = self.fields["grid"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(code, one.name) for code, one in self.grids.items()]
        if len(grids) == 1:
            field.widget = forms.HiddenInput()

    def clean_grid(self) -> OwnGrid:
        return self.grids[self.cleaned_data["grid"]]


class DoneForm(_OnOwnGrid):
    """One thing that was done; only the kind must be said."""

    kind = forms.ChoiceField(label="做了什么", choices=ActivityKind.choices, initial=ActivityKind.VISIT)
    on = forms.DateField(label="日期", widget=DAY)
    quantity = forms.IntegerField(label="走访户数", min_value=1, max_value=9_999, required=False, help_text="走访时填")
    title = forms.CharField(label="说明", max_length=80, required=False, help_text="不写住户姓名、电话、门牌")

    def clean_on(self) -> date:
        if self.cleaned_data["on"] > clock.today():
            raise forms.ValidationError("日期不能晚于今天。")
        return self.cleaned_data["on"]


class FoundForm(_OnOwnGrid):
    """A hazard or a dirty spot."""

    kind = forms.ChoiceField(label="类别", choices=RectificationKind.choices)
    what = forms.CharField(label="问题", max_length=120, help_text="在哪里、是什么；不写住户姓名、电话、门牌")


class AsAtForm(forms.Form):
    """As of which day; today without one."""

    on = forms.DateField(label="截至", widget=DAY, required=False)
