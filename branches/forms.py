"""Forms of the chain and of accounts; what they mean is checked by the services."""

from __future__ import annotations

from typing import Any

from django import forms

from branches.choices import Level, PartyForm, Role, SuccessionKind, Track
from branches.models import Organisation
from branches.services.words import DOCUMENT_LENGTH, NAME_LENGTH, REASON_LENGTH
from core import clock
from core.errors import Conflict, Invalid

DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


def take_over(form: forms.Form, error: Invalid | Conflict) -> None:
    """Show a refusal of a service at the fields it names, else above the form."""
    named = error.errors if isinstance(error, Invalid) else {}
    for field, messages in named.items():
        form.add_error(field if field in form.fields else None, messages)
    if not named:
        form.add_error(None, error.message)


class SignInForm(forms.Form):
    username = forms.CharField(label="账号", max_length=60, widget=forms.TextInput(attrs={"autocomplete": "username"}))
    password = forms.CharField(
        label="密码",
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


class DocumentField(forms.CharField):
    """A 文号: documents that are known are offered, any other may be typed."""

    def __init__(self, **kwargs: Any):
        kwargs.setdefault("label", "文号")
        kwargs.setdefault("widget", forms.TextInput(attrs={"list": "documents"}))
        super().__init__(max_length=DOCUMENT_LENGTH, **kwargs)


class TreeForm(forms.Form):
    """The day the tree is shown for, and what is looked for."""

    day = forms.DateField(label="截至", required=False, widget=DAY)
    q = forms.CharField(label="查找", required=False, max_length=60)


class PaperForm(forms.Form):
    """What every change of the chain states: from when, by which document, why."""

    starts_on = forms.DateField(label="生效日期", widget=DAY, initial=clock.today)
    document_no = DocumentField(help_text="如：魏组〔2026〕12号")
    reason = forms.CharField(label="原因", max_length=REASON_LENGTH)


class RenameForm(PaperForm):
    name = forms.CharField(label="新名称", max_length=NAME_LENGTH)
    field_order = ["name"]


class MoveForm(PaperForm):
    parent = forms.ModelChoiceField(label="新上级", queryset=Organisation.objects.none(), to_field_name="code")
    field_order = ["parent"]

    def __init__(self, *args: Any, organisation: Organisation, **kwargs: Any):
        super().__init__(*args, **kwargs)
        level = Level.DISTRICT if organisation.level is None else organisation.level - 1
        self.fields["parent"].queryset = _named(level).exclude(pk=organisation.parent_id)  # type: ignore[attr-defined]


class ReclassForm(PaperForm):
    track = forms.ChoiceField(label="类别", choices=Track.choices, required=False)
    form = forms.ChoiceField(label="组织形式", choices=[("", "未注明"), *PartyForm.choices], required=False)
    field_order = ["track", "form"]

    def __init__(self, *args: Any, organisation: Organisation, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if organisation.level != Level.COMMUNITY:
            del self.fields["track"]


class CloseForm(PaperForm):
    successor = forms.ModelChoiceField(
        label="接续的党组织", queryset=Organisation.objects.none(), to_field_name="code", required=False
    )
    succession = forms.ChoiceField(label="方式", choices=SuccessionKind.choices, required=False)

    def __init__(self, *args: Any, organisation: Organisation, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["starts_on"].label = "撤销日期"
        self.fields["starts_on"].help_text = "当日起不再存在"
        self.fields["successor"].queryset = _named(organisation.level).exclude(pk=organisation.pk)  # type: ignore[attr-defined]


class FoundForm(PaperForm):
    """A new organisation below a given one."""

    name = forms.CharField(label="名称", max_length=NAME_LENGTH)
    code = forms.CharField(label="代码", max_length=30, help_text="统计用区划代码")
    track = forms.ChoiceField(label="类别", choices=Track.choices)
    form = forms.ChoiceField(label="组织形式", choices=[("", "未注明"), *PartyForm.choices], required=False)
    field_order = ["name", "code", "track", "form"]

    def __init__(self, *args: Any, parent: Organisation, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["starts_on"].label = "成立日期"
        if parent.level != Level.STREET:
            del self.fields["track"]
        if parent.level in (Level.COMMUNITY, Level.GRID):
            del self.fields["code"]


class UnmaskForm(forms.Form):
    reason = forms.CharField(label="查看原因", max_length=REASON_LENGTH, help_text="会记入审计。")


class PersonSearchForm(forms.Form):
    q = forms.CharField(label="查找", required=False, max_length=60, help_text="姓名或账号")


class PostForm(forms.Form):
    """A post from a day on."""

    organisation = forms.CharField(label="党组织代码", max_length=30)
    role = forms.ChoiceField(label="岗位", choices=[one for one in Role.choices if one[0] != Role.DUTY])
    starts_on = forms.DateField(label="任职日期", widget=DAY, initial=clock.today)
    sent_by = forms.CharField(
        label="选派单位代码", max_length=30, required=False, help_text="只在第一书记由部门选派时填"
    )

    def clean_organisation(self) -> Organisation:
        return _coded(self.cleaned_data["organisation"])

    def clean_sent_by(self) -> Organisation | None:
        code = self.cleaned_data["sent_by"]
        return _coded(code) if code.strip() else None


class NewAccountForm(PostForm):
    """A person with her first post and her account."""

    name = forms.CharField(label="姓名", max_length=40)
    work_phone = forms.CharField(label="工作电话", max_length=30, required=False)
    username = forms.CharField(label="账号", max_length=60, help_text="小写字母、数字、点和连字符")
    field_order = ["name", "work_phone", "username", "organisation", "role", "starts_on", "sent_by"]


class ReasonForm(forms.Form):
    reason = forms.CharField(label="原因", max_length=REASON_LENGTH)


class EndForm(forms.Form):
    ends_on = forms.DateField(label="离任日期", widget=DAY, initial=clock.today, help_text="当日起不再任职")


def _coded(code: str) -> Organisation:
    found = Organisation.objects.filter(code=code.strip()).first()
    if found is None:
        raise forms.ValidationError("没有这个代码的党组织。")
    return found


def _named(level: int | None) -> Any:
    today = clock.today()
    return Organisation.objects.standing_on(today).as_of(today).filter(level=level).order_by("code")
