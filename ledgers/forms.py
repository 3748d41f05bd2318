from __future__ import annotations

from typing import Any

from django import forms

from ledgers.calc.pdf_marks import NUMBER
from ledgers.models import BundleKind, LedgerKind
from scoring.filters import MonthField

LARGEST_FILE = 10 * 1024 * 1024


class MonthAskedForm(forms.Form):
    """A month that may be left out."""

    month = MonthField(label="月份", required=False)


class MonthForm(forms.Form):
    month = MonthField(label="月份")


class DraftForm(MonthForm):
    """A month and the code of an organisation for its draft; without a code a paper of the district."""

    kind = forms.CharField(label="种类", required=False, max_length=16)
    organisation = forms.CharField(label="单位", required=False, max_length=30)

    def clean_kind(self) -> str:
        return self.cleaned_data["kind"] or LedgerKind.RANKING


class BundleForm(forms.Form):
    """Which archive or volume: of the district or of a street, by code."""

    kind = forms.ChoiceField(label="种类", choices=BundleKind.choices)
    organisation = forms.CharField(label="单位", max_length=30)


class AutomaticForm(forms.Form):
    """Switch issuing by itself on or off for a year."""

    year = forms.IntegerField(label="年度", min_value=1949, max_value=9999)
    to = forms.ChoiceField(label="设为", choices=[("on", "开启"), ("off", "关闭")])


class RetryForm(forms.Form):
    """One document of a batch by its id, or without it all that failed."""

    document = forms.IntegerField(label="台账", required=False, min_value=1, max_value=2**31)


class PaperRequestForm(MonthForm):
    """A month, a kind of paper and the code of a community or street."""

    kind = forms.CharField(label="种类", max_length=16)
    organisation = forms.CharField(label="单位", max_length=30)


class VerifyForm(forms.Form):
    """A number or code as printed, or the file itself: exactly one of them."""

    typed = forms.CharField(label="编号或验证码", required=False, max_length=80)
    file = forms.FileField(label="台账 PDF、合订本或档案包", required=False, max_length=255)

    @property
    def is_number(self) -> bool:
        return bool(NUMBER.fullmatch(self.cleaned_data["typed"].encode()))

    def clean_file(self) -> Any:
        upload = self.cleaned_data["file"]
        if upload is not None and upload.size > LARGEST_FILE:
            raise forms.ValidationError(
                "文件超过 10 MB。单册台账没有这么大；全区的档案包请解开，逐册核验 PDF，全区的合订本请核验各册的编号。"
            )
        return upload

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.errors and bool(cleaned.get("typed")) == bool(cleaned.get("file")):
            raise forms.ValidationError("请填写编号或验证码，或者选择一个文件，只用一种。")
        return cleaned
