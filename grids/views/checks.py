"""Coverage checks with their accepted exceptions, and the norms they compare with."""

from __future__ import annotations

from itertools import groupby
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from branches.acting import acting_officer
from branches.forms import take_over
from branches.models import Organisation
from branches.permissions import holds_any_appointment
from core import clock
from core.errors import Conflict, Invalid
from core.policy import policy
from grids.forms.places import AcceptForm, NormForm
from grids.models import AcceptedException
from grids.permissions import can_accept_finding, can_keep_norms, get_row_for
from grids.selectors.checks import BY_NAME, CHECKS, Finding, exceptions_on, findings
from grids.selectors.keeping import visible_communities
from grids.selectors.norms import norm_history
from grids.services.exceptions import accept_finding, withdraw_exception
from grids.services.norms import record_norm, record_sample_norms

PAGE_SIZE = 50
ACCEPTED = "accepted"


@policy("visible_to")
@require_GET
def checks(request: HttpRequest) -> HttpResponse:
    """What the own ground is short of: how many of each kind, and one kind in full."""
    communities = visible_communities(request.user)  # type: ignore[arg-type]
    under = request.GET.get("under", "")
    chosen = [one for one in communities if one.code == under] or communities
    name = request.GET.get("check", "")
    if name == ACCEPTED:
        return _exceptions(request, communities, chosen)
    found = findings(clock.today(), [one.pk for one in chosen])
    wanted = [one for one in found if one.check.name == name] if name in BY_NAME else found
    page = Paginator(wanted, PAGE_SIZE).get_page(request.GET.get("page"))
    names = {one.pk: one for one in communities}
    context = {
        "counts": [(check, *_count(found, check.name)) for check in CHECKS],
        "groups": [(check, list(rows)) for check, rows in groupby(page.object_list, key=lambda one: one.check)],
        "page": page,
        "chosen_check": name,
        "under": under,
        "communities": communities,
        "names": names,
        "may_accept": _accepting(request, communities),
        "query": _query(name, under),
        "form": AcceptForm(),
        "trail": [("底数", reverse("grids:ground")), ("核查", "")],
    }
    return render(request, "grids/checks.html", context)


@policy("can_accept_finding")
@require_POST
def check_accept(request: HttpRequest, code: str) -> HttpResponse:
    """Take one finding as explained, until a day."""
    community = next((one for one in visible_communities(request.user) if one.code == code), None)  # type: ignore[arg-type]
    if community is None:
        raise Http404("没有这个社区。")
    officer = acting_officer(request)
    can_accept_finding(officer, community).require()
    form = AcceptForm(request.POST)
    if not form.is_valid():
        raise Invalid("请填写说明，有效期写成日期。")
    accept_finding(actor=officer, community=community, **form.cleaned_data)
    messages.success(request, "已认可为例外。")
    return redirect(f"{reverse('grids:checks')}?check={form.cleaned_data['check_name']}")


@policy("can_accept_finding")
@require_POST
def exception_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take an accepted exception back: the finding counts again."""
    found = get_row_for(request.user, AcceptedException, pk)  # type: ignore[arg-type]
    officer = acting_officer(request)
    can_accept_finding(officer, found.community).require()
    withdraw_exception(actor=officer, exception=found, reason=request.POST.get("reason", ""))
    messages.success(request, "例外已撤回，这一项重新列入待改进。")
    return redirect(f"{reverse('grids:checks')}?check={ACCEPTED}")


def _exceptions(request: HttpRequest, communities: list[Organisation], chosen: list[Organisation]) -> HttpResponse:
    """What was accepted and still holds, with who accepted it and until when."""
    rows = exceptions_on(clock.today(), [one.pk for one in chosen])
    under = request.GET.get("under", "")
    context = {
        "page": Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page")),
        "titles": {name: check.title for name, check in BY_NAME.items()},
        "names": {one.pk: one for one in communities},
        "may_accept": _accepting(request, communities),
        "under": under,
        "communities": communities,
        "query": _query(ACCEPTED, under),
        "trail": [("底数", reverse("grids:ground")), ("核查", reverse("grids:checks")), ("已认可的例外", "")],
    }
    return render(request, "grids/exceptions.html", context)


@policy("visible_to")
@require_http_methods(["GET", "POST"])
def norms(request: HttpRequest) -> HttpResponse:
    """The norms with all their dated values; the creation office sets new ones."""
    if not holds_any_appointment(request.user):  # type: ignore[arg-type]
        raise Http404("没有这个页面。")
    may_keep = can_keep_norms(request.officer) if request.officer else None
    if request.method == "POST":
        can_keep_norms(acting_officer(request)).require()
    form = NormForm(request.POST or None) if "samples" not in request.POST else NormForm()
    if request.method == "POST" and _kept(request, form):
        return redirect("grids:norms")
    context = {
        "norms": norm_history(),
        "form": form,
        "may_keep": bool(may_keep),
        "today": clock.today(),
        "trail": [("底数", reverse("grids:ground")), ("底数标准", "")],
    }
    return render(request, "grids/norms.html", context, status=422 if form.errors else 200)


def _query(name: str, under: str) -> str:
    return urlencode([(key, value) for key, value in (("check", name), ("under", under)) if value]) + "&"


def _kept(request: HttpRequest, form: NormForm) -> bool:
    officer = acting_officer(request)
    if "samples" in request.POST:
        messages.success(request, f"已登记 {record_sample_norms(actor=officer)} 项示例值，请按本区规定修改。")
        return True
    if not form.is_valid():
        return False
    try:
        record_norm(actor=officer, **form.cleaned_data)
    except (Invalid, Conflict) as error:
        take_over(form, error)
        return False
    messages.success(request, "标准已登记。")
    return True


def _count(found: list[Finding], name: str) -> tuple[int, int]:
    """Open ones and accepted ones."""
    rows = [one for one in found if one.check.name == name]
    accepted = sum(one.exception is not None for one in rows)
    return len(rows) - accepted, accepted


def _accepting(request: HttpRequest, communities: list[Organisation]) -> set[Any]:
    """Communities whose findings the officer may accept; one question for the whole subtree of a street."""
    officer = request.officer
    if not officer or not communities:
        return set()
    return {one.pk for one in communities} if can_accept_finding(officer, communities[0]) else set()
