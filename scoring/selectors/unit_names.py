"""Which assessment of a month a typed name means: name frozen at opening, alias, or code."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable

from branches.models import Alias
from scoring.models import Assessment, Period

_ENDINGS = re.compile(r"(社区)?(居委会|居民委员会|党委|党总支|党支部|党组织)?$")


class UnitNames:
    """The communities of a month by every name they go by; two queries."""

    def __init__(self, period: Period, own: Iterable[int]) -> None:
        """`own`: ids of the assessments that may be meant; others are known, to say that they are foreign."""
        rows = Assessment.objects.filter(period=period).values_list(
            "pk", "subject_id", "subject__code", "placement__name"
        )
        self.own = set(own)
        self._by_name: dict[str, set[int]] = defaultdict(set)
        subjects = {}
        for pk, subject_id, code, name in rows:
            subjects[subject_id] = pk
            self._by_name[code].add(pk)
            self._by_name[_bare(name)].add(pk)
        aliases = Alias.objects.filter(organisation__in=list(subjects)).values_list("organisation_id", "name")
        for subject_id, name in aliases:
            self._by_name[_bare(name)].add(subjects[subject_id])

    def find(self, typed: str) -> tuple[int | None, str]:
        """The assessment meant, or why none is."""
        text = "".join(typed.split())
        if not text:
            return None, "没有写社区名称。"
        found = self._by_name.get(text) or self._by_name.get(_bare(text)) or set()
        mine = found & self.own
        if len(mine) == 1:
            return next(iter(mine)), ""
        if len(mine) > 1:
            return None, f"“{_echo(text)}”有 {len(mine)} 个社区，请改写代码。"
        if found:
            return None, f"“{_echo(text)}”不在这张表的范围内。"
        return None, f"没有“{_echo(text)}”这个社区。"


def _bare(name: str) -> str:
    """府后社区党总支, 府后社区 and 府后 are one name."""
    text = "".join(name.split())
    return _ENDINGS.sub("", text) or text


def _echo(text: str) -> str:
    return "".join(character for character in text if character.isprintable())[:20]
