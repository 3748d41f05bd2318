"""The eight kinds of star: five a track, two of them shared. Colours are style names and never stand alone."""

from __future__ import annotations

from typing import NamedTuple


class Kind(NamedTuple):
    code: str
    name: str
    colour: str


KINDS = (
    Kind("branch_strength", "支部过硬星", "red"),
    Kind("joint_sharing", "共建共享星", "green"),
    Kind("safety_law", "平安法治星", "blue"),
    Kind("happiness_harmony", "幸福和谐星", "orange"),
    Kind("business_prosperity", "宜业兴业星", "purple"),
    Kind("industry_prosperity", "产业兴旺星", "gold"),
    Kind("ecology_livability", "生态宜居星", "teal"),
    Kind("civility_happiness", "文明幸福星", "rose"),
)
BY_CODE = {kind.code: kind for kind in KINDS}


def kind_named(text: str) -> Kind | None:
    """A kind by its code or its name, with or without 星."""
    return BY_CODE.get(text) or next(
        (kind for kind in KINDS if text in (kind.name, kind.name.removesuffix("星"))), None
    )
