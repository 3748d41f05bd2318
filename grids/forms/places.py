"""Forms about standing places; what they mean is checked by the services."""

from __future__ import annotations

from typing import Any

from django import forms
from django.forms import fields_for_model

from branches.forms import DAY, PaperForm
from branches.models import Organisation
from core import clock
from core.fields import HundredthsField
from grids.choices import CentreLevel, CourtyardKind, GridKind, NormKey
from grids.forms.amounts import AmountField, WholeField
from grids.services.kinds import CENTRE, COURTYARD, GRID, PlaceKind

KINDS_OF: dict[str, list[tuple[str, str]]] = {
    GRID.subject: list(GridKind.choices),
    COURTYARD.subject: list(CourtyardKind.choices),
    CENTRE.subject: list(CentreLevel.choices),
}


class DayForm(forms.Form):
    """The day a page shows; today if none is given."""

    as_of = forms.DateField(label="截至日期", required=False, widget=DAY)

    def day(self) -> Any:
        """The day asked for; today for none or an unusable one (the page says so)."""
        return (self.cleaned_data.get("as_of") if self.is_valid() else None) or clock.today()


class ListForm(DayForm):
    """What a list of places is narrowed to."""

    q = forms.CharField(label="名称或编号", required=False, max_length=60)
    under = forms.ChoiceField(label="范围", required=False)
    kind = forms.ChoiceField(label="类别", required=False)
    flag = forms.ChoiceField(label="只看", required=False)
    field_order = ["q", "under", "kind", "flag", "as_of"]

    def __init__(self, *args: Any, kind: PlaceKind, flags: dict[str, str], under: list[Organisation], **kwargs: Any):
        super().__init__(*args, **kwargs)
        choices = [(one.code, str(one)) for one in under]
        self._set("under", [("", "全部"), *choices])
        self._set("kind", [("", "全部"), *KINDS_OF[kind.subject]])
        self._set("flag", [("", "全部"), *flags.items()])

    def _set(self, name: str, choices: list[tuple[str, str]]) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined]


class StateForm(forms.Form):
    """What a place is from a day on."""

    def __init__(self, *args: Any, kind: PlaceKind, **kwargs: Any):
        super().__init__(*args, **kwargs)
        for name, made in fields_for_model(kind.state, fields=kind.asked).items():
            self.fields[name] = _plain(kind, name, made)


class ChangeForm(StateForm):
    """Other values from a day on; `seen` is the last record the page was made from."""

    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=2**62)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["starts_on"] = forms.DateField(
            label="自何日起", widget=DAY, initial=clock.today, help_text="原来登错的，填原登记的起始日期，即为更正"
        )
        self.fields["reason"] = forms.CharField(label="变更说明", max_length=200, required=False)

    def changes(self) -> dict[str, Any]:
        """Only what was altered, so that nothing else is carried to another day."""
        given = {**self.cleaned_data}
        return {name: given[name] for name in self.changed_data if name not in ("starts_on", "reason", "seen")}


class NewPlaceForm(StateForm):
    """A new place: where, since when, what it is."""

    holder = forms.ModelChoiceField(label="社区", queryset=Organisation.objects.none(), to_field_name="code")
    starts_on = forms.DateField(label="设立日期", widget=DAY, initial=clock.today)

    def __init__(self, *args: Any, kind: PlaceKind, holders: Any, grids: Any, **kwargs: Any):
        super().__init__(*args, kind=kind, **kwargs)
        self.fields["holder"].queryset = holders  # type: ignore[attr-defined]
        if kind is CENTRE:
            self.fields["holder"].label = "所属党组织"
            self.fields["grid"] = forms.ModelChoiceField(
                label="所在网格",
                queryset=grids,
                to_field_name="code",
                required=False,
                help_text="网格工作站选网格，其他不选",
            )
        if kind is COURTYARD:
            self.fields["grids"] = forms.ModelMultipleChoiceField(
                label="所在网格",
                queryset=grids,
                to_field_name="code",
                required=False,
                widget=forms.CheckboxSelectMultiple,
                help_text="大的庭院可以在几个网格里",
            )

    def values(self) -> dict[str, Any]:
        """The columns of the state."""
        return {
            name: value for name, value in self.cleaned_data.items() if name not in ("holder", "starts_on", "grids")
        }


class ClosePlaceForm(PaperForm):
    """From when, by which document, why."""

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["closed_on"] = self.fields.pop("starts_on")
        self.fields["closed_on"].label = "撤销日期"
        self.fields["closed_on"].help_text = "当日起不再存在"
        self.order_fields(["closed_on", "document_no", "reason"])


class AcceptForm(forms.Form):
    """An accepted exception."""

    check_name = forms.CharField(max_length=40, widget=forms.HiddenInput)
    subject = forms.CharField(max_length=40, widget=forms.HiddenInput)
    reason = forms.CharField(label="说明", max_length=200)
    until = forms.DateField(label="有效至", required=False, widget=DAY)


class NormForm(forms.Form):
    """A norm from a day on."""

    key = forms.ChoiceField(label="标准")
    value = AmountField(label="数值", max_value=999_999)
    starts_on = forms.DateField(label="自何日起", widget=DAY, initial=clock.today)
    basis = forms.CharField(label="依据", max_length=120, help_text="文号或说明")

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["key"].choices = NormKey.choices  # type: ignore[attr-defined]


def _plain(kind: PlaceKind, name: str, made: Any) -> Any:
    """Amounts are typed, days are picked; a blank number means unknown."""
    kept = {"label": made.label, "required": made.required, "help_text": made.help_text}
    if isinstance(made, forms.IntegerField):
        return WholeField(**kept)
    if isinstance(kind.state._meta.get_field(name), HundredthsField):
        return AmountField(**kept)
    if isinstance(made, forms.DateField):
        made.widget = DAY
    return made
