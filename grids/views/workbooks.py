"""Registers, places and post counts as workbooks: downloaded, changed, loaded again after a preview."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib import messages
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET, require_http_methods

from branches.acting import Officer, acting_officer
from core import clock
from core.errors import Conflict, Invalid, PortalError
from core.policy import policy
from core.sheets.reading import Sheet, read_workbook
from core.sheets.writing import MEDIA_TYPE
from core.uploads.accept import clean_name
from grids.exports.workbook import Part, everything, export_parts
from grids.forms.filters import RowFilter
from grids.imports.books import NUMBER, PLACE_BOOKS, VERSION, Book, RegisterBook, book_of
from grids.imports.workbook import MOST_PLACES, WorkbookPlan, apply_workbook, preview_workbook
from grids.permissions import can_keep_register
from grids.registers import register_named
from grids.selectors.keeping import visible_communities
from grids.views.asked import trail_of
from grids.views.ground import LISTS, places_asked

KEPT_FOR = 3600  # seconds between a preview and writing
_CODED = [book for book in PLACE_BOOKS.values() if NUMBER in book.marks]
EXPIRED = "这次预览已写入过或已过期。请先看看登记里有没有，没有再重新上传表格。"
_KEY = "ground-workbook:{}"


class UploadForm(forms.Form):
    file = forms.FileField(label="表格文件（xlsx）", widget=forms.ClearableFileInput(attrs={"accept": ".xlsx"}))


@require_GET
@policy("visible_rows")
def register_file(request: HttpRequest, slug: str) -> HttpResponse:
    """One register as .xlsx, with the rows the list is filtered to."""
    register = register_named(slug)
    form = RowFilter(request.GET, register=register, communities=visible_communities(request.user))
    book = book_of(register)
    return _file([Part(book, book.asked(request.user, form.asked))], register.title)  # type: ignore[arg-type]


@require_GET
@policy("visible_to")
def places_file(request: HttpRequest, kind: str) -> HttpResponse:
    """Grids, courtyards, centres or post counts as .xlsx; places with what the list is filtered to."""
    book = PLACE_BOOKS[kind]
    part = Part(book, book.visible(request.user))  # type: ignore[arg-type]
    if kind in LISTS:
        day, rows = places_asked(request, kind)
        # Where courtyards lay on another day is no start for a change of today.
        part = Part(book, rows, frozenset() if day == clock.today() else frozenset({"grid"}))
    return _file([part], book.title)


@require_GET
@policy("visible_rows")
def registers_file(request: HttpRequest) -> HttpResponse:
    """All registers, places and post counts as one .xlsx."""
    return _file(everything(request.user), "底数登记簿")  # type: ignore[arg-type]


@require_http_methods(["GET", "POST"])
@policy("can_keep_register")
def register_load(request: HttpRequest, slug: str) -> HttpResponse:
    """GET: the form. POST: what a file would do; written after that."""
    return _load(request, book_of(register_named(slug)))


@require_http_methods(["GET", "POST"])
@policy("can_keep_any_ground")
def places_load(request: HttpRequest, kind: str) -> HttpResponse:
    """The same for grids, courtyards, centres or post counts."""
    return _load(request, PLACE_BOOKS[kind])


@require_http_methods(["GET", "POST"])
@policy("can_keep_register")
def registers_load(request: HttpRequest) -> HttpResponse:
    """The same for a workbook of several sheets."""
    can_keep_register(acting_officer(request), register_named("activities").model).require()
    return _load(request, None)


def _load(request: HttpRequest, book: Book | None) -> HttpResponse:
    officer = acting_officer(request)
    if book is not None:
        book.permit(officer).require()
    desk = _Desk(request, officer, book)
    if request.method != "POST":
        return desk.page(UploadForm())
    try:
        return desk.write() if request.POST.get("act") == "apply" else desk.preview()
    except PortalError as refusal:
        return desk.refused(refusal)


class _Desk:
    """One request with a workbook. Between the preview and writing its cells wait in the cache, for her alone."""

    def __init__(self, request: HttpRequest, officer: Officer, book: Book | None) -> None:
        self.request, self.officer, self.book = request, officer, book

    def preview(self) -> HttpResponse:
        form = UploadForm(self.request.POST, self.request.FILES)
        if not form.is_valid():
            return self.page(form, status=422)
        upload = form.cleaned_data["file"]
        name, sheets = clean_name(upload.name or ""), read_workbook(upload)
        plan = preview_workbook(self.officer, sheets, self.book, MOST_PLACES)
        token = "" if plan.faults or not plan.changes else self._keep(name, sheets)
        return self.page(UploadForm(), plan=plan, token=token, name=name, status=422 if plan.faults else 200)

    def write(self) -> HttpResponse:
        token = self.request.POST.get("token", "")[:60]
        kept = cache.get(_KEY.format(token)) if token.isalnum() else None
        if kept is None or kept["user"] != self.officer.user_id:
            raise Conflict(EXPIRED)
        if not cache.delete(_KEY.format(token)):  # pressed twice: the other request is writing it
            raise Conflict(EXPIRED)
        sheets = [Sheet(*parts) for parts in kept["sheets"]]
        seen = self.request.POST.get("seen", "")
        plan = apply_workbook(self.officer, sheets, kept["name"], self.book, seen=seen or "-")
        messages.success(self.request, f"已写入：{_summary(plan)}。")
        return redirect(self.back)

    def _keep(self, name: str, sheets: list[Sheet]) -> str:
        token = secrets.token_hex(16)
        parts = [(one.name, one.is_hidden, one.rows, one.merged) for one in sheets]
        cache.set(_KEY.format(token), {"user": self.officer.user_id, "name": name, "sheets": parts}, KEPT_FOR)
        return token

    @property
    def back(self) -> str:
        """The list the file is about; post counts have none of their own."""
        if isinstance(self.book, RegisterBook):
            return reverse("grids:register", args=[self.book.slug])
        if self.book is not None and self.book.slug in LISTS:
            return reverse("grids:places", args=[self.book.slug])
        return reverse("grids:registers")

    @property
    def file(self) -> str:
        """Where the present table is downloaded."""
        if self.book is None:
            return reverse("grids:registers_file")
        name = "grids:register_file" if isinstance(self.book, RegisterBook) else "grids:places_file"
        return reverse(name, args=[self.book.slug])

    @property
    def trail(self) -> list[tuple[str, str]]:
        if self.book is None or self.book.slug == "posts":
            return [("底数登记簿", self.back), ("Excel", "")]
        if isinstance(self.book, RegisterBook):
            return trail_of(self.book.register, ("Excel", ""))
        return [("底数", reverse("grids:ground")), (self.book.title, self.back), ("Excel", "")]

    def refused(self, refusal: PortalError) -> HttpResponse:
        faults = refusal.errors.get("file", []) if isinstance(refusal, Invalid) else []
        return self.page(UploadForm(), refusal=refusal, faults=faults, status=refusal.status)

    def page(self, form: forms.Form, status: int = 200, **shown: Any) -> HttpResponse:
        context = {
            "form": form,
            "title": self.book.title if self.book else "底数登记簿",
            "about_number": _about_number(self.book),
            "has_days": self.book is None or VERSION in self.book.marks,
            "back": self.back,
            "file": self.file,
            "trail": self.trail,
            "plan": shown.get("plan"),
            **shown,
        }
        return render(self.request, "grids/workbook.html", context, status=status)


def _about_number(book: Book | None) -> str:
    """What may stand in 编号: of a row nothing new, of a new place a code that nobody has."""
    if book is None:
        return f"已有的编号不要改；新的一行编号留空（{'、'.join(one.title for one in _CODED)}也可以写一个没有用过的）。"
    if book in _CODED:
        return "已有的编号不要改；新的一行编号留空，由系统编，也可以自己写一个没有用过的。"
    return "编号一列不要改；新的一行编号留空。" if NUMBER in book.marks else ""


def _summary(plan: WorkbookPlan) -> str:
    return "；".join(
        f"{one.book.title}新登记 {one.counts['new']} 行、改动 {one.counts['changed']} 行" for one in plan.sheets
    )


def _file(parts: Sequence[Part], title: str) -> HttpResponse:
    answer = HttpResponse(export_parts(parts), content_type=MEDIA_TYPE)
    name = f"{title}-{clock.today():%Y%m%d}.xlsx"
    answer["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    answer["Cache-Control"] = "no-store"
    return answer
