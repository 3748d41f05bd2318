"""A ready-made reason for returns."""

from __future__ import annotations

from django import forms

from scoring.models import StarKind


class PhraseForm(forms.Form):
    """Words, star and order; the service checks words and order."""

    text = forms.CharField(
        label="用语", max_length=100, help_text="一句话，说清缺什么、怎么改。不写居民姓名、电话、门牌号。"
    )
    star_kind = forms.ModelChoiceField(
        label="哪颗星", queryset=StarKind.objects.order_by("pk"), required=False, empty_label="各星通用"
    )
    order = forms.CharField(
        label="次序",
        max_length=3,
        initial="10",
        help_text="小的排在前。",
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "input-points"}),
    )
