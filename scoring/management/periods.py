"""`--period YYYY-MM` of the month's commands."""

from __future__ import annotations

import re
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

from django.core.management.base import CommandError

from core.errors import PortalError
from scoring.models import Period, Programme


def add_period_argument(parser: ArgumentParser) -> None:
    parser.add_argument("--period", required=True, metavar="YYYY-MM", help="month, for example 2026-10")
    parser.add_argument("--programme", default="", help="code; only needed when there are several")


def month_of(text: str) -> date:
    """The first day of `2026-10`; CommandError otherwise."""
    if not re.fullmatch(r"\d{4}-(0[1-9]|1[0-2])", text):
        raise CommandError(f"月份须写成 2026-10 的样式，不能写 {text}。")
    return date(int(text[:4]), int(text[5:]), 1)


def programme_named(code: str) -> Programme:
    """The programme with this code; without a code the only real one."""
    rows = Programme.objects.filter(code=code) if code else Programme.objects.filter(is_practice=False)
    programme = rows.order_by("pk").first()
    if programme is None:
        raise CommandError("没有这个考评项目。")
    return programme


def period_named(text: str, programme_code: str = "") -> Period:
    """The period of a month; CommandError when it was never opened."""
    period = Period.objects.select_related("programme").filter(
        programme=programme_named(programme_code), month=month_of(text)
    )
    found = period.first()
    if found is None:
        raise CommandError(f"{text} 的考评还没有开启。")
    return found


@contextmanager
def refusals_as_errors() -> Iterator[None]:
    """A service's refusal becomes the command's message and exit code 1."""
    try:
        yield
    except PortalError as error:
        raise CommandError(error.message) from error
