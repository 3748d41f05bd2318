"""Registers as workbooks: downloaded, changed, loaded again after a preview."""

from __future__ import annotations

import secrets
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
from grids.exports.workbook import everything, export_registers
from grids.forms.filters import RowFilter
from grids.imports.workbook import WorkbookPlan, apply_workbook, preview_workbook
from grids.permissions import can_keep_register
from grids.registers import Register, register_named
from grids.selectors.keeping import visible_communities
from grids.views.asked import trail_of

KEPT_FOR = 3600  # seconds between a preview and writing
_KEY = "ground-workbook:{}"


class UploadForm(forms.Form):
    file = forms.FileField(label="表格文件（xlsx）", widget=forms.ClearableFileInput(attrs={"accept": ".xlsx"}))


@require_GET
@policy("visible_rows")
def register_file(request: HttpRequest, slug: str) -> HttpResponse:
    """One register as .xlsx, with the rows the list is filtered to."""
    register = register_named(slug)
    form = RowFilter(request.GET, register=register, communities=visible_communities(request.user))
    content = export_registers(request.user, [(register, form.asked)])
    return _file(content, register.title)


@require_GET
@policy("visible_rows")
def registers_file(request: HttpRequest) -> HttpResponse:
    """All registers as one .xlsx."""
    return _file(export_registers(request.user, everything()), "底数登记簿")


@require_http_methods(["GET", "POST"])
@policy("can_keep_register")
def register_load(request: HttpRequest, slug: str) -> HttpResponse:
    """GET: the form. POST: what a file would do; written after that."""
    register, officer = register_named(slug), acting_officer(request)
    can_keep_register(officer, register.model).require()
    return _load(request, officer, register)


@require_http_methods(["GET", "POST"])
@policy("can_keep_register")
def registers_load(request: HttpRequest) -> HttpResponse:
    """The same for a workbook of several registers."""
    officer = acting_officer(request)
    can_keep_register(officer, register_named("activities").model).require()
    return _load(request, officer, None)


def _load(request: HttpRequest, officer: Officer, register: Register | None) -> HttpResponse:
    desk = _Desk(request, officer, register)
    if request.method != "POST":
        return desk.page(UploadForm())
    try:
        return desk.write() if request.POST.get("act") == "apply" else desk.preview()
    except PortalError as refusal:
        return desk.refused(refusal)


class _Desk:
    """One request with a workbook. Between the preview and writing its cells wait in the cache, for her alone."""

    def __init__(self, request: HttpRequest, officer: Officer, register: Register | None) -> None:
        self.request, self.officer, self.register = request, officer, register

    def preview(self) -> HttpResponse:
        form = UploadForm(self.request.POST, self.request.FILES)
        if not form.is_valid():
            return self.page(form, status=422)
        upload = form.cleaned_data["file"]
        name, sheets = clean_name(upload.name or ""), read_workbook(upload)
        plan = preview_workbook(self.officer, sheets, self.register)
        token = "" if plan.faults or not plan.changes else self._keep(name, sheets)
        return self.page(UploadForm(), plan=plan, token=token, name=name, status=422 if plan.faults else 200)

    def write(self) -> HttpResponse:
        token = self.request.POST.get("token", "")[:60]
        kept = cache.get(_KEY.format(token)) if token.isalnum() else None
        if kept is None or kept["user"] != self.officer.user_id:
            raise Conflict("预览已过期，请重新上传表格。")
        sheets = [Sheet(*parts) for parts in kept["sheets"]]
        seen = self.request.POST.get("seen", "")
        plan = apply_workbook(self.officer, sheets, kept["name"], self.register, seen=seen or "-")
        cache.delete(_KEY.format(token))
        messages.success(self.request, f"已写入：{_summary(plan)}。")
        return redirect(self.back)

    def _keep(self, name: str, sheets: list[Sheet]) -> str:
        token = secrets.token_hex(16)
        parts = [(one.name, one.is_hidden, one.rows, one.merged) for one in sheets]
        cache.set(_KEY.format(token), {"user": self.officer.user_id, "name": name, "sheets": parts}, KEPT_FOR)
        return token

    @property
    def back(self) -> str:
        if self.register is None:
            return reverse("grids:registers")
        return reverse("grids:register", args=[self.register.slug])

    def refused(self, refusal: PortalError) -> HttpResponse:
        faults = refusal.errors.get("file", []) if isinstance(refusal, Invalid) else []
        return self.page(UploadForm(), refusal=refusal, faults=faults, status=refusal.status)

    def page(self, form: forms.Form, status: int = 200, **shown: Any) -> HttpResponse:
        register = self.register
        own = [("Excel", "")]
        context = {
            "form": form,
            "register": register,
            "back": self.back,
            "trail": trail_of(register, *own) if register else [("底数登记簿", self.back), *own],
            "plan": shown.get("plan"),
            **shown,
        }
        return render(self.request, "grids/workbook.html", context, status=status)


def _summary(plan: WorkbookPlan) -> str:
    return "；".join(
        f"{one.register.title}新登记 {one.counts['new']} 行、改动 {one.counts['changed']} 行" for one in plan.sheets
    )


def _file(content: bytes, title: str) -> HttpResponse:
    answer = HttpResponse(content, content_type=MEDIA_TYPE)
    name = f"{title}-{clock.today():%Y%m%d}.xlsx"
    answer["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    answer["Cache-Control"] = "no-store"
    return answer
