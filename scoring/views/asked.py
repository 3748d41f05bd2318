"""What a request asks for, read strictly: nothing typed into an address or a hidden field is trusted."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from datetime import date

from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from branches.acting import acting_officer as acting_officer
from core.errors import Invalid
from core.models import User
from scoring.choices import Axis
from scoring.models import Period
from scoring.permissions import get_period_for

_NUMBER = re.compile(r"[0-9]{1,15}")
_TICKET = re.compile(r"([0-9]{1,15}):([0-9]{1,9})")


def asked_period(request: HttpRequest, month: date) -> Period:
    """The period of a month, inside the reader's scope."""
    user: User = request.user  # type: ignore[assignment]
    return get_period_for(user, month)


def choice(value: str | None, allowed: Collection[str], default: str) -> str:
    """One of a closed list; anything else is the default."""
    return value if value is not None and value in allowed else default


def code(value: str | None) -> str:
    """A code of letters, digits, - and _; anything else asks for nothing."""
    return value if value and re.fullmatch(r"[A-Za-z0-9_-]{1,60}", value) else ""


def whole(value: str | None) -> int | None:
    """A whole number of sensible length, else None."""
    return int(value) if value and _NUMBER.fullmatch(value) else None


def axis_of(value: str | None) -> Axis:
    if value not in Axis.values:
        raise Invalid("请说明是街道审核还是专班核验。")
    return Axis(value)


def batch_of(value: str | None) -> str:
    """The number of a bulk act; nothing else looks like one."""
    return value if value and re.fullmatch(r"[0-9a-f]{32}", value) else ""


def asked_version(request: HttpRequest) -> int:
    """The version of the item that was on the screen."""
    version = whole(request.POST.get("version"))
    if version is None:
        raise Invalid("页面已过期，请刷新后再办。")
    return version


def tickets(values: Iterable[str]) -> dict[int, int]:
    """Item ids with the version that was on the screen, from `12:3`."""
    found = {}
    for value in values:
        match = _TICKET.fullmatch(value)
        if match is None:
            raise Invalid("所选事项无法识别，请刷新页面后再选。")
        found[int(match[1])] = int(match[2])
    return found


def way_back(request: HttpRequest, default: str) -> str:
    """The page the form stood on, when it is one of ours; a piece of a page knows the page by itself."""
    asked = request.POST.get("next") or request.GET.get("next") or _shown_page(request)
    is_ours = url_has_allowed_host_and_scheme(asked, {request.get_host()}, require_https=request.is_secure())
    return asked if is_ours and asked.startswith("/") else default


def _shown_page(request: HttpRequest) -> str:
    htmx = getattr(request, "htmx", None)
    return (htmx.current_url_abs_path if htmx else None) or ""


def period_trail(period: Period, here: str) -> list[tuple[str, str]]:
    """The way to a page under a month."""
    return [
        ("月度考评", reverse("scoring:periods")),
        (str(period), reverse("scoring:period", args=[period.code])),
        (here, ""),
    ]
