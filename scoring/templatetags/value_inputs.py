"""The fields by which one row of the report form is filled in, one shape a kind of criterion."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from functools import lru_cache

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from scoring.calc.criteria import plain
from scoring.selectors.report_row import Row

register = template.Library()

NONE_DONE = "none"
_KEY = "\x00"  # no text of ours contains it
# Shown by the script, which it needs.
_ALL_DONE = mark_safe('<button type="button" class="button button-quiet" data-all hidden>全部做到</button>')
_CHECKED = mark_safe(" checked")
_NOT_CHECKED = mark_safe("")


@register.simple_tag
def value_inputs(row: Row) -> SafeString:
    """The fields of a row's value, filled with what is typed or stored so far."""
    return _INPUTS[row.rule["kind"]](row)


# -- chosen from a list: a month has few different lists and many rows


def _graded(row: Row) -> SafeString:
    levels = tuple((level["label"], plain(Decimal(level["points"]))) for level in row.rule["levels"])
    return _framed(row, "得分档次", _levels(levels, row.fields.get("level", "")))


def _checklist(row: Row) -> SafeString:
    items = tuple((item["text"], plain(Decimal(item["points"]))) for item in row.rule["items"])
    return _framed(row, "做到的事项", _checks(items, row.fields.get("done", "")))


def _framed(row: Row, what: str, choices: str) -> SafeString:
    frame = '<fieldset><legend class="visually-hidden">第{}项{}</legend>{}</fieldset>'
    return format_html(frame, row.place, what, mark_safe(choices.replace(_KEY, row.key)))


@lru_cache(maxsize=2048)
def _levels(levels: tuple[tuple[str, str], ...], chosen: str) -> str:
    line = (
        '<label class="segment"><input type="radio" name="item-{}-level" value="{}"{}>'
        '<span>{} <span class="worth">{} 分</span></span></label>'
    )
    parts = ((_KEY, place, _checked(chosen == str(place)), *level) for place, level in enumerate(levels))
    return format_html('<div class="segments segments-graded">{}</div>', format_html_join("\n", line, parts))


@lru_cache(maxsize=2048)
def _checks(items: tuple[tuple[str, str], ...], done: str) -> str:
    line = (
        '<label class="check"><input type="checkbox" name="item-{}-done" value="{}"{}> '
        '<span>{} <span class="worth">{} 分</span></span></label>'
    )
    ticked = done.split(",")
    parts = ((_KEY, place, _checked(str(place) in ticked), *item) for place, item in enumerate(items))
    none = format_html(
        '<label class="check"><input type="checkbox" name="item-{}-done" value="{}"{}> 以上都没有</label>',
        *(_KEY, NONE_DONE, _checked(NONE_DONE in ticked)),
    )
    return format_html('<div class="checks">{}\n{}{}</div>', format_html_join("\n", line, parts), none, _ALL_DONE)


def _checked(is_checked: bool) -> SafeString:
    return _CHECKED if is_checked else _NOT_CHECKED


# -- typed


def _judged(row: Row) -> SafeString:
    step = plain(Decimal(row.rule["step"]))
    return _numbers(row, _number(row, "points", "得分"), format_html("分（0–{}，每档 {}）", row.full, step))


def _count(row: Row) -> SafeString:
    return _numbers(row, _number(row, "count", "数量"), row.rule["unit"])


def _ratio(row: Row) -> SafeString:
    """9 of 12: the part reached first, then the whole."""
    whole = _number(row, "whole", "总数")
    part = _number(row, "part", "达到数")
    return _numbers(row, part, format_html('<span class="of">／ 总数</span> {}', whole))


def _deduction(row: Row) -> SafeString:
    unit = row.rule["unit"]
    each = plain(Decimal(row.rule["each"]))
    return _numbers(row, _number(row, "times", "次数", "numeric"), f"{unit}（每{unit}扣 {each} 分，没有填 0）")


def _numbers(row: Row, field: SafeString, rest: str) -> SafeString:
    return format_html('<div class="with-unit">{} {}</div>', field, rest)


def _number(row: Row, name: str, label: str, mode: str = "decimal") -> SafeString:
    return format_html(
        '<input class="input-points" type="text" inputmode="{}" name="item-{}-{}" value="{}" aria-label="第{}项{}">',
        *(mode, row.key, name, row.fields.get(name, ""), row.place, label),
    )


_INPUTS: dict[str, Callable[[Row], SafeString]] = {
    "graded": _graded,
    "judged": _judged,
    "count": _count,
    "ratio": _ratio,
    "deduction": _deduction,
    "checklist": _checklist,
}
