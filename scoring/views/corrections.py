"""更正: one page on which the first officer drafts and proposes and the second sees the same and decides."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from django.contrib import messages
from django.db.models import OuterRef, Subquery
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from branches.acting import Officer
from core.errors import Conflict, Invalid, PortalError
from core.policy import policy
from core.text import clean_text
from scoring.choices import CorrectionState, ReportKind
from scoring.models import Assessment, AssessmentItem, CorrectionProposal, Period, Publication, Star
from scoring.models.correction import OPEN
from scoring.permissions import can_decide_correction, can_direct, can_draft_correction
from scoring.selectors.corrections import consequences, item_lines, items_of, veto_lines
from scoring.selectors.ruling_list import items_for, places_named, ruling_rows
from scoring.services import correcting
from scoring.views.asked import acting_officer, asked_period, period_trail, whole


@require_http_methods(["GET", "POST"])
@policy("can_direct")
def corrections(request: HttpRequest, month: date) -> HttpResponse:
    """The open correction of a month with its consequences, what was decided before, and the acts on it."""
    period = asked_period(request, month)
    officer = acting_officer(request)
    can_direct(officer).require()
    if request.method == "GET":
        return _page(request, period, officer)
    act = ACTS.get(request.POST.get("act", ""))
    try:
        if act is None:
            raise Invalid("请选择要办理的事。")
        done = act(request, officer, period)
    except PortalError as error:
        return _page(request, period, officer, error)
    messages.success(request, done)
    return redirect("scoring:corrections", month=period.code)


def _item(request: HttpRequest, officer: Officer, period: Period) -> str:
    item = get_object_or_404(AssessmentItem, pk=whole(request.POST.get("item")) or 0, assessment__period=period)
    correcting.put_item(
        actor=officer,
        period=period,
        item=item,
        kind=request.POST.get("kind", ReportKind.POINTS),
        points=request.POST.get("points", ""),
        reason=request.POST.get("reason", ""),
        document_no=request.POST.get("document_no", ""),
    )
    return "已列入更正。"


def _veto(request: HttpRequest, officer: Officer, period: Period) -> str:
    assessment = Assessment.objects.filter(period=period, pk=whole(request.POST.get("assessment")) or 0).first()
    star_id, _, place = request.POST.get("clause", "").partition("-")
    star = Star.objects.filter(pk=whole(star_id) or 0).select_related("kind").first()
    number = whole(place)
    if assessment is None or star is None or number is None or number >= len(star.veto):
        raise Invalid("请选择社区和否决条款。")
    correcting.put_veto(
        actor=officer,
        period=period,
        assessment=assessment,
        star=star,
        clause=star.veto[number]["clause"],
        is_lifted=request.POST.get("lifted") == "yes",
        reason=request.POST.get("reason", ""),
    )
    return "已列入更正。"


def _drop(request: HttpRequest, officer: Officer, period: Period) -> str:
    kind, _, number = request.POST.get("line", "").partition(":")
    if kind not in ("item", "veto") or whole(number) is None:
        raise Invalid("请选择要移出的一条。")
    correcting.drop(actor=officer, proposal=_open(period), kind=kind, number=int(number))
    return "已移出更正。"


def _propose(request: HttpRequest, officer: Officer, period: Period) -> str:
    correcting.propose_correction(actor=officer, proposal=_open(period), reason=request.POST.get("reason", ""))
    return "已提交，请区创建办另一位同志登录后核对、确认。"


def _refresh(request: HttpRequest, officer: Officer, period: Period) -> str:
    correcting.refresh_correction(actor=officer, proposal=_open(period))
    return "已取回修改，按现行公布核对。"


def _withdraw(request: HttpRequest, officer: Officer, period: Period) -> str:
    correcting.withdraw_correction(actor=officer, proposal=_open(period))
    return "已撤销更正提议。"


def _decline(request: HttpRequest, officer: Officer, period: Period) -> str:
    correcting.decline_correction(actor=officer, proposal=_open(period), reason=request.POST.get("reason", ""))
    return "已退回，没有更正。"


def _confirm(request: HttpRequest, officer: Officer, period: Period) -> str:
    version = whole(request.POST.get("version"))
    if version is None:
        raise Invalid("页面已过期，请刷新后再办。")
    publication = correcting.confirm_correction(actor=officer, proposal=_open(period), expected_version=version)
    return f"{publication}，第 {publication.number - 1} 次公布保留供查阅。"


Act = Callable[[HttpRequest, Officer, Period], str]
ACTS: dict[str, Act] = {
    "item": _item,
    "veto": _veto,
    "drop": _drop,
    "propose": _propose,
    "refresh": _refresh,
    "withdraw": _withdraw,
    "decline": _decline,
    "confirm": _confirm,
}


def _open(period: Period) -> CorrectionProposal:
    found = _proposals(period).filter(state__in=OPEN).first()
    if found is None:
        raise Conflict("没有在办的更正：可能刚被确认、退回或撤销，请刷新页面。")
    return found


def _proposals(period: Period) -> Any:
    """The corrections of a month, the newest first, with the number of the publication in force."""
    newest = Publication.objects.filter(period=OuterRef("period")).order_by("-number").values("number")[:1]
    rows = CorrectionProposal.objects.filter(period=period).annotate(newest=Subquery(newest))
    return rows.select_related("drafted_by__user", "decided_by", "base", "period__programme").defer("base__content")


def _page(request: HttpRequest, period: Period, officer: Officer, error: PortalError | None = None) -> HttpResponse:
    rows = list(_proposals(period))
    proposal = next((row for row in rows if row.is_open), None)
    may_draft = period.is_published and (proposal is None or _is_own_draft(officer, proposal))
    found = _found(request, period, officer) if may_draft else []
    in_hand = _in_hand(proposal, officer, looks_for_items=bool(found)) if proposal else {}
    may_be_vetoed = in_hand["consequences"].may_be_vetoed if in_hand.get("consequences") else may_draft and not found
    context = {
        "period": period,
        "proposal": proposal,
        "decided": [row for row in rows if not row.is_open],
        "may_draft": may_draft,
        "found": found,
        "error": error,
        "typed": request.POST if error else {},
        "community": _community(request),
        "number": whole(request.GET.get("number", "")[:4]),
        **in_hand,
        **(_clauses(period) if may_draft and may_be_vetoed else {}),
        "trail": period_trail(period, "更正"),
    }
    return render(request, "scoring/corrections.html", context, status=error.status if error else 200)


def _is_own_draft(officer: Officer, proposal: CorrectionProposal) -> bool:
    return proposal.state == CorrectionState.DRAFT and bool(can_draft_correction(officer, proposal))


def _in_hand(proposal: Any, officer: Officer, *, looks_for_items: bool) -> dict[str, Any]:
    """The open correction; its consequences are left out while an item is looked for."""
    items = items_of(proposal)
    has_lines = bool(proposal.items or proposal.vetoes)
    return {
        "lines": item_lines(proposal, items),
        "veto_lines": veto_lines(proposal) if proposal.vetoes else [],
        "consequences": consequences(proposal, items) if has_lines and not looks_for_items else None,
        "is_stale": proposal.newest != proposal.base.number,
        "newest": proposal.newest,
        "next_number": proposal.base.number + 1,
        "drafting": can_draft_correction(officer, proposal),
        "deciding": can_decide_correction(officer, proposal),
    }


def _community(request: HttpRequest) -> str:
    return clean_text(
        request.GET.get("community", ""), max_length=40, label="社区", is_single_line=True, is_printed=False
    )


def _found(request: HttpRequest, period: Period, officer: Officer) -> list[Any]:
    """The item looked for, or the one whose form was refused."""
    asked = whole(request.POST.get("item"))
    if asked is not None:
        rows = AssessmentItem.objects.filter(pk=asked, assessment__period=period)
        places = list(rows.values_list("assessment", "task__number"))
    else:
        community, number = _community(request), whole(request.GET.get("number", "")[:4])
        places = places_named(period, community, number) if community and number else []
    return ruling_rows(items_for(places), officer) if places else []


def _clauses(period: Period) -> dict[str, Any]:
    """Clauses of the month's editions and whom they may hit; nothing where no edition has one."""
    stars = Star.objects.filter(rubric__assessments__period=period).exclude(veto=[]).distinct()
    clauses = [
        (f"{star.pk}-{number}", f"{star.kind.name}（{star.rubric.get_track_display()}）：{entry['clause']}")
        for star in stars.select_related("kind", "rubric").defer("rubric__content").order_by("rubric", "order")
        for number, entry in enumerate(star.veto)
    ]
    if not clauses:
        return {}
    assessments = Assessment.objects.filter(period=period).select_related("placement").order_by("subject__code")
    return {"clauses": clauses, "assessments": assessments}
