"""Uploading a rubric file."""

from __future__ import annotations

import re
from datetime import date

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile

from scoring.models import Programme
from scoring.plain_yaml import MAX_BYTES


class MonthField(forms.CharField):
    """A month typed as 2026-10; its first day."""

    default_error_messages = {"invalid": "请写成 2026-10 的样式。"}

    def clean(self, value: str) -> date:  # type: ignore[override]
        text = super().clean(value)
        if not re.fullmatch(r"20[0-9]{2}-(0[1-9]|1[0-2])", text):
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return date(int(text[:4]), int(text[5:]), 1)


class RubricUpload(forms.Form):
    """A YAML file, its programme and the month it begins with; `cleaned_data["file"]` is the text."""

    programme = forms.ModelChoiceField(label="考评项目", queryset=Programme.objects.order_by("is_practice", "pk"))
    first_month = MonthField(label="起始月份", max_length=7, help_text="从这个月的考评起施行，写成 2026-10。")
    file = forms.FileField(
        label="评分细则文件",
        max_length=200,
        help_text="YAML 文本，UTF-8 编码，不超过 1 MB；样式见随系统提供的示例细则。",
        widget=forms.FileInput(attrs={"accept": ".yaml,.yml"}),
    )

    def clean_file(self) -> str:
        upload: UploadedFile = self.cleaned_data["file"]
        if (upload.size or 0) > MAX_BYTES:
            raise ValidationError("文件超过 1 MB，不能导入。")
        try:
            return upload.read().decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise ValidationError("文件不是 UTF-8 编码的文本。") from error
