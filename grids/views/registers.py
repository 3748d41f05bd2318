"""The table of registers, and the rows of one with its one-line form; confirming many rows at once."""

from __future__ import annotations

import uuid
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from branches.acting import Officer, acting_officer
from branches.models import Organisation
from core.errors import Invalid
from core.policy import policy
from grids.forms.filters import RowFilter
from grids.forms.row import RowForm, first_initial
from grids.imports.books import PLACE_BOOKS, Book
from grids.permissions import can_keep_register
from grids.registers import Register, register_named
from grids.registers.options import Options
from grids.selectors.keeping import keepable_communities, keepable_grids, visible_communities
from grids.selectors.registers import Asked, last_row_of, listed_rows, rows_asked, shelves
from grids.services.rows import confirm_rows
from grids.views.asked import trail_of, way_back, wholes

PAGE = 50
MOST = 200


@require_GET
@policy("visible_rows")
def registers(request: HttpRequest) -> HttpResponse:
    """Every register with how many rows stand."""
    officer = request.officer
    may_keep = bool(officer) and bool(can_keep_register(officer, register_named("activities").model))
    place_books = [(book, hint, bool(officer) and bool(book.permit(officer))) for book, hint in _place_books()]
    context = {"shelves": shelves(request.user), "may_keep": may_keep, "place_books": place_books}
    return render(request, "grids/registers.html", context)


def _place_books() -> list[tuple[Book, str]]:
    hints = {
        "grids": "名称、类别、户数，自何日起。",
        "courtyards": "类型、楼栋、户数、管理方式、所在网格，自何日起。",
        "centres": "“六有”、面积、功能区，自何日起。",
        "posts": "“5+3”岗位应配备、已配备多少，自何日起；只记数目。",
    }
    return [(PLACE_BOOKS[slug], hint) for slug, hint in hints.items()]


@require_GET
@policy("visible_rows")
def register(request: HttpRequest, slug: str) -> HttpResponse:
    """The rows of one register, with the one-line form for those who enter daily."""
    shown = register_named(slug)
    form = RowFilter(request.GET, register=shown, communities=visible_communities(request.user))
    asked = form.asked
    page = Paginator(rows_asked(shown, request.user, asked), PAGE).get_page(request.GET.get("page"))
    context: dict[str, Any] = {
        "register": shown,
        "form": form,
        "asked": asked,
        "page": page,
        "rows": listed_rows(shown, list(page), request.user),
        "query": _query(form),
        "trail": trail_of(shown),
        **_entering(request.officer, shown, asked),
    }
    return render(request, "grids/register.html", context, status=200 if form.is_valid() else 422)


def _entering(officer: Officer | None, shown: Register, asked: Asked) -> dict[str, Any]:
    """Whether she may enter here, and the one-line form where the community is known."""
    if not officer or not can_keep_register(officer, shown.model):
        return {"may_keep": False}
    kept = keepable_communities(officer) if shown.is_of_community else []
    community = next((one for one in kept if one.code == asked.community or len(kept) == 1), None)
    short = _short_form(officer, shown, community) if shown.short and community else None
    return {"may_keep": True, "community": community, "short": short, "key": uuid.uuid4()}


def _short_form(officer: Officer, shown: Register, community: Organisation) -> RowForm:
    initial = first_initial(shown, last_row_of(shown, officer))
    options = Options(shown, [community.pk], keepable_grids(officer))
    return RowForm(register=shown, community=community, options=options, names=shown.short, initial=initial)


@require_POST
@policy("can_keep_register")
def rows_confirm(request: HttpRequest, slug: str) -> HttpResponse:
    """Say of the ticked rows that they are still true."""
    shown, officer = register_named(slug), acting_officer(request)
    can_keep_register(officer, shown.model).require()
    ids = wholes(request.POST.getlist("chosen"), MOST)
    rows = list(rows_asked(shown, request.user, Asked()).filter(pk__in=ids))
    if not rows:
        raise Invalid("请先勾选要确认的行。")
    count = confirm_rows(actor=officer, rows=rows)
    messages.success(request, f"已确认 {count} 行，今天起算。")
    return redirect(way_back(request, reverse("grids:register", args=[slug])))


def _query(form: RowFilter) -> str:
    """The filters as they go with the links to other pages of the list."""
    given = {name: form.data[name] for name in form.fields if form.data.get(name) and name not in form.errors}
    return urlencode(given, errors="replace") + "&" if given else ""
