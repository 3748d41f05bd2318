"""Who did what and when, gathered into a few lines: the annex of a community's ledger."""

from __future__ import annotations

from typing import Any

from ledgers.calc import words

_STAGES = ("自评", "街道审核", "专班核验", "最终认定")


def acts_of(assessment: dict[str, Any]) -> list[dict[str, str]]:
    """One line a stage, person, day and manner, with the item numbers it covers; the street's sign-off last."""
    gathered: dict[tuple[int, str, str, str], list[int]] = {}
    for item in assessment["items"]:
        for stage, act, how in _acts(item):
            who = f"{act.get('position') or ''} {act['by']}".strip()
            gathered.setdefault((stage, words.short_day(act["at"]), who, how), []).append(item["number"])
    return [_line(*key, words.number_ranges(gathered[key])) for key in sorted(gathered)] + _sign_off(assessment)


def _acts(item: dict[str, Any]) -> list[tuple[int, dict[str, Any], str]]:
    acts = [(0, item["reported"]), (1, item["street"]), (2, item["task_force"]), (3, item["ruling"])]
    return [(stage, act, _manner(stage, act)) for stage, act in acts if act]


def _manner(stage: int, act: dict[str, Any]) -> str:
    if stage == 3:
        second = f"（与 {act['second_by']}）" if act["second_by"] else ""
        return words.ruling_words(act["purpose"]) + second
    confirmed = f"（{act['confirmed_by']} 确认）" if act.get("confirmed_by") else ""
    return words.basis_words(act["basis"]) + confirmed


def _line(stage: int, on: str, who: str, how: str, numbers: str) -> dict[str, str]:
    return {"stage": _STAGES[stage], "on": on, "who": who, "how": how, "numbers": numbers}


def _sign_off(assessment: dict[str, Any]) -> list[dict[str, str]]:
    signed = assessment["sign_off"]
    if not signed:
        return []
    who = f"{signed['position']} {signed['by']}".strip()
    return [{"stage": "街道审签", "on": words.short_day(signed["at"]), "who": who, "how": "审签", "numbers": "全部"}]
