"""Handing in a piece of evidence: a file, or a note without one."""

from __future__ import annotations

from django import forms

from core.forms import DAY, DAYS
from core.uploads.kinds import HELP, OFFERED


class EvidenceForm(forms.Form):
    """Everything may stay empty but one of file and text; the service says what is wrong with either."""

    file = forms.FileField(
        label="文件",
        required=False,
        allow_empty_file=True,
        help_text=f"{HELP}没有文件的，写一段说明就行。",
        widget=forms.FileInput(attrs={"accept": OFFERED}),
    )
    text = forms.CharField(
        label="说明",
        required=False,
        max_length=500,
        help_text="不写居民姓名、电话、门牌号。",
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    title = forms.CharField(label="标题", required=False, max_length=60, help_text="不写就用文件名或说明的开头。")
    happened_on = forms.DateField(
        label="发生日期", required=False, widget=DAY, validators=DAYS, help_text="不填就是今天。"
    )
    form_key = forms.UUIDField(widget=forms.HiddenInput, error_messages={"required": "页面已过期，请刷新后再交。"})
