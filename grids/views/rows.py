"""One row of a register: what it says, what happened to it, and the forms that enter, change, mark and void it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from branches.acting import Officer, acting_officer
from branches.models import Organisation
from branches.permissions import can_unmask_contacts
from core import clock
from core.errors import Conflict, Forbidden, Invalid, PortalError
from core.policy import policy
from core.services import files
from core.services.files import file_response
from core.uploads.accept import accept
from grids.forms.row import RowForm, UnmaskForm, VoidForm, first_initial, initial_of, take_over
from grids.models import Document, GroundContact
from grids.models.base import KeptRow
from grids.permissions import can_keep_register, can_keep_row, get_row_for
from grids.registers import Register, register_named, register_of
from grids.registers.options import Options
from grids.selectors.keeping import keepable_grids
from grids.selectors.registers import last_row_of, listed_rows, rows_below
from grids.selectors.row_history import history_of_row
from grids.services.contacts import unmask_contact
from grids.services.rows import change_row, record_row, void_row
from grids.views.asked import asked_community, asked_version, form_key, trail_of, way_back


@require_GET
@policy("get_row_for")
def row(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """One row with its history."""
    register = register_named(slug)
    found = get_row_for(request.user, register.model, pk)
    shown = (register.listed_columns[0], *register.columns)
    (listed,) = listed_rows(register, [found], request.user, shown)
    permit = can_keep_row(request.officer, found) if request.officer else None
    context: dict[str, Any] = {
        "register": register,
        "row": found,
        "listed": listed,
        "facts": listed.cells,
        "permit": permit,
        "marks": [mark for mark in register.marks if _is_open(found, mark)] if permit else [],
        "may_unmask": bool(request.officer and can_unmask_contacts(request.officer)),
        "history": history_of_row(register, found),
        "below": rows_below(register, found, request.user),
        "trail": trail_of(register, (_name(register, found), "")),
    }
    return render(request, "grids/row.html", context)


@require_http_methods(["GET", "POST"])
@policy("can_keep_register")
def row_new(request: HttpRequest, slug: str) -> HttpResponse:
    """The form of a new row; the community is chosen first where there are several."""
    register, officer = register_named(slug), acting_officer(request)
    can_keep_register(officer, register.model).require()
    community = None
    if register.is_of_community:
        community, kept = asked_community(request, officer)
        if community is None:
            return _choose(request, register, kept)
    is_short = request.POST.get("short") == "1" and bool(register.short)
    form = RowForm(
        *_sent(request),
        register=register,
        community=community,
        options=_options(register, officer, community),
        names=register.short if is_short else None,
        initial={**first_initial(register, last_row_of(register, officer)), **_asked_values(request, register)},
    )
    key = form_key(request.POST.get("key"))
    context = {"community": community, "key": key, "is_short": is_short, "title": f"登记{register.title}"}
    if not form.is_valid():
        return _form_page(request, register, form, context)
    try:
        kept_row = record_row(actor=officer, row=_with_file(form, form.new_row(key)))
    except PortalError as refusal:
        take_over(form, refusal)
        return _form_page(request, register, form, context, refusal.status)
    messages.success(request, f"已登记“{_name(register, kept_row)}”。")
    return redirect(way_back(request, reverse("grids:row", args=[slug, kept_row.pk])))


@require_http_methods(["GET", "POST"])
@policy("get_row_for")
def row_edit(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """The form of an existing row; refused when somebody was faster."""
    register, officer, found = _kept(request, slug, pk)
    community = getattr(found, "community", None)
    options = _options(register, officer, community)
    form = RowForm(
        *_sent(request),
        register=register,
        community=community,
        options=options,
        initial=initial_of(register, found, options),
    )
    context = {"community": community, "row": found, "title": f"修改{register.title}"}
    if not form.is_valid():
        return _form_page(request, register, form, context)
    version = asked_version(request)
    try:
        change_row(actor=officer, row=_with_file(form, form.applied_to(found)), version=version)
    except PortalError as refusal:
        take_over(form, refusal)
        context["row"] = _as_shown(found, version)
        return _form_page(request, register, form, context, refusal.status)
    messages.success(request, "已修改。")
    return redirect("grids:row", slug=slug, pk=pk)


@require_http_methods(["GET", "POST"])
@policy("get_row_for")
def row_void(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Take a mistaken row out, for a reason."""
    register, officer, found = _kept(request, slug, pk)
    form = VoidForm(request.POST or None)
    status = 422 if form.errors else 200
    if form.is_valid():
        try:
            void_row(actor=officer, row=found, version=asked_version(request), reason=form.cleaned_data["reason"])
        except PortalError as refusal:
            take_over(form, refusal)
            status = refusal.status
        else:
            messages.success(request, "已作废，不再计入。")
            return redirect("grids:row", slug=slug, pk=pk)
    context = {"register": register, "row": found, "name": _name(register, found), "form": form}
    context["trail"] = trail_of(register, (_name(register, found), reverse("grids:row", args=[slug, pk])), ("作废", ""))
    return render(request, "grids/row_void.html", context, status=status)


@require_POST
@policy("get_row_for")
def row_mark(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """An act of one button: mended, struck off, finished, put to use, today."""
    register, officer, found = _kept(request, slug, pk)
    mark = next((one for one in register.marks if one.name == request.POST.get("mark")), None)
    if mark is None:
        raise Invalid("页面已过期，请刷新后再办。")
    if not _is_open(found, mark):
        raise Conflict(f"“{_name(register, found)}”已经登记过这一步，或前一步还没有登记。")
    setattr(found, mark.field, clock.today())
    change_row(actor=officer, row=found, version=asked_version(request))
    messages.success(request, f"“{_name(register, found)}”{mark.label}，已登记。")
    return redirect(way_back(request, reverse("grids:row", args=[slug, pk])))


@require_http_methods(["GET", "POST"])
@policy("can_unmask_contacts")
def contact_phone(request: HttpRequest, pk: int) -> HttpResponse:
    """The full work phone of a post-holder outside the own subtree, for a reason; shown once."""
    register = register_of(GroundContact)
    found = get_row_for(request.user, GroundContact, pk)
    officer = acting_officer(request)
    can_unmask_contacts(officer).require()
    (listed,) = listed_rows(register, [found], request.user)
    if not listed.is_masked:
        raise Http404("这个电话没有隐去。")
    form = UnmaskForm(request.POST or None)
    trail = trail_of(register, (listed.title, reverse("grids:row", args=[register.slug, pk])), ("查看电话", ""))
    context = {"listed": listed, "shown": dict(listed.cells), "form": form, "trail": trail}
    if form.is_valid():
        try:
            context["work_phone"] = unmask_contact(actor=officer, row=found, reason=form.cleaned_data["reason"])
        except Invalid as refusal:
            take_over(form, refusal)
    return render(request, "grids/contact_phone.html", context, status=422 if form.errors else 200)


@require_GET
@policy("get_row_for")
def document_file(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The file of a base document, as a download."""
    found = get_row_for(request.user, Document, pk)
    if found.file is None:
        raise Http404("这份文件没有电子件。")
    return file_response(found.file, f"{found.title}.{_EXTENSIONS.get(found.file.media_type, 'bin')}")


_EXTENSIONS = {
    "image/jpeg": "jpg",
    "application/pdf": "pdf",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
}


def _kept(request: HttpRequest, slug: str, pk: int) -> tuple[Register, Officer, Any]:
    """The register, who acts, and a row she sees and may keep."""
    register = register_named(slug)
    found = get_row_for(request.user, register.model, pk)
    officer = acting_officer(request)
    can_keep_row(officer, found).require()
    return register, officer, found


def _sent(request: HttpRequest) -> tuple[Any, ...]:
    return (request.POST, request.FILES) if request.method == "POST" else ()


def _options(register: Register, officer: Officer, community: Organisation | None) -> Options:
    return Options(register, [community.pk] if community else [], keepable_grids(officer))


def _asked_values(request: HttpRequest, register: Register) -> dict[str, str]:
    """A link may bring values along: 登记合同 at a courtyard."""
    return {name: str(request.GET[name])[:200] for name in register.fields if request.GET.get(name)}


def _with_file(form: RowForm, row: KeptRow) -> KeptRow:
    """The file of a base document, looked at before it is kept."""
    if upload := form.cleaned_data.get("file"):
        accepted = accept(upload)
        row.file = files.store_bytes(accepted.content, media_type=accepted.media_type)  # type: ignore[attr-defined]
    return row


def _as_shown(row: KeptRow, version: int) -> KeptRow:
    row.version = version
    return row


def _is_open(row: KeptRow, mark: Any) -> bool:
    """The mark is not set, the one before it is."""
    is_next = not mark.after or getattr(row, mark.after) is not None
    return row.voided_at is None and is_next and getattr(row, mark.field) is None


def _name(register: Register, row: KeptRow) -> str:
    """What a row is called in a sentence."""
    return str(row) if type(row).__str__ is not KeptRow.__str__ else f"{register.title} {row.pk}"


def _choose(request: HttpRequest, register: Register, communities: Any) -> HttpResponse:
    if not communities:
        raise Forbidden("当前岗位没有可登记的社区，请联系所属街道或区创建办。")
    context = {"register": register, "communities": communities, "trail": trail_of(register, ("选择社区", ""))}
    return render(request, "grids/choose_community.html", context)


def _form_page(
    request: HttpRequest, register: Register, form: RowForm, context: dict[str, Any], status: int | None = None
) -> HttpResponse:
    found = context.get("row")
    own = reverse("grids:row", args=[register.slug, found.pk]) if found else None
    back = own or reverse("grids:register", args=[register.slug])
    steps = [(_name(register, found), own)] if found and own else []
    context |= {"register": register, "form": form, "back": back, "has_file": "file" in form.fields}
    context["trail"] = trail_of(register, *steps, (context["title"], ""))
    return render(request, "grids/row_form.html", context, status=status or (422 if form.errors else 200))
