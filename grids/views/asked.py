"""What a request at the registers asks for, read strictly."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterable, Sequence

from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from branches.acting import Officer
from branches.models import Organisation
from core.errors import Invalid
from grids.permissions import can_keep_ground
from grids.registers import Register
from grids.selectors.keeping import keepable_communities, visible_communities

_NUMBER = re.compile(r"[0-9]{1,15}")


def whole(value: str | None) -> int | None:
    """A whole number of sensible length, else None."""
    return int(value) if value and _NUMBER.fullmatch(value) else None


def wholes(values: Iterable[str], most: int) -> set[int]:
    """Ids that were ticked; Invalid for what is none or too many."""
    found = {whole(value) for value in values}
    if None in found or len(found) > most:
        raise Invalid(f"一次最多选 {most} 行；页面过期的请刷新后再选。")
    return {one for one in found if one is not None}


def form_key(value: str | None) -> uuid.UUID:
    """The number a form was given when it was shown; a new one for a form that carries none."""
    try:
        return uuid.UUID(value or "")
    except ValueError:
        return uuid.uuid4()


def asked_version(request: HttpRequest) -> int:
    """The version of the row that was on the screen."""
    version = whole(request.POST.get("version"))
    if version is None or version > 2**31 - 1:
        raise Invalid("页面已过期，请刷新后再办。")
    return version


def code_of(value: str | None) -> str:
    """A code of letters, digits and hyphens; anything else asks for nothing."""
    return value if value and re.fullmatch(r"[A-Za-z0-9-]{1,40}", value) else ""


def asked_community(request: HttpRequest, officer: Officer) -> tuple[Organisation | None, Sequence[Organisation]]:
    """The community to enter for, and those to choose from; None where it still has to be chosen.

    404 for one outside the scope, Forbidden for one that is seen and not kept.
    """
    kept = keepable_communities(officer)
    code = request.POST.get("community") or request.GET.get("community") or ""
    if not code:
        return (kept[0] if len(kept) == 1 else None), kept
    found = next((one for one in kept if one.code == code), None)
    if found is None:
        seen = next((one for one in visible_communities(officer.user) if one.code == code), None)
        if seen is None:
            raise Http404("没有这个社区。")
        can_keep_ground(officer, seen).require()
    return found, kept


def way_back(request: HttpRequest, default: str) -> str:
    """The page the form stood on, when it is one of ours."""
    asked = request.POST.get("next") or ""
    is_ours = url_has_allowed_host_and_scheme(asked, {request.get_host()}, require_https=request.is_secure())
    return asked if is_ours and asked.startswith("/") else default


def trail_of(register: Register, *further: tuple[str, str]) -> list[tuple[str, str]]:
    """The way to a page under a register."""
    own = reverse("grids:register", args=[register.slug]) if further else ""
    return [("底数登记簿", reverse("grids:registers")), (register.title, own), *further]
