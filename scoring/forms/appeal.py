"""复核申请 of a community."""

from django import forms


class AppealForm(forms.Form):
    reason = forms.CharField(
        label="复核理由",
        max_length=500,
        help_text="写清哪里有出入、依据是什么。每项只能申请一次，由区创建办答复。不写居民姓名、电话、门牌号。",
        widget=forms.Textarea(attrs={"rows": 4}),
    )
