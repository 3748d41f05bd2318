"""The long work of this app: issuing a month's ledgers, drawing a 送审稿."""

from __future__ import annotations

from typing import Any

from branches.acting import Officer
from branches.choices import Right
from branches.models import Organisation
from branches.permissions import appointments_of, has_right
from branches.selectors.officers import officer_in
from core.errors import Forbidden
from core.models import User
from core.permit import ALLOWED, Permit, refused
from core.services import jobs
from core.services.jobs import JobContext, JobHandler
from ledgers.models import LedgerBatch, PaperKind
from ledgers.permissions import DRAW_DRAFT, DRAW_PAPER
from ledgers.selectors.batches import progress_of
from ledgers.services.bundle import MAKE_BUNDLE, make_bundle
from ledgers.services.draft import draw_draft
from ledgers.services.issue import ISSUE, open_batch
from ledgers.services.papers import draw_paper
from ledgers.services.rendering import DRAW, draw_single, draw_stream
from scoring.models import Period, Publication


def register() -> None:
    jobs.register(ISSUE, JobHandler(run=_issue, may=_may_issue, title="签发台账"))
    jobs.register(DRAW, JobHandler(run=draw_single, may=_may_issue, title="绘制台账", stream=draw_stream))
    jobs.register(MAKE_BUNDLE, JobHandler(run=_bundle, may=_may_bundle, title="装订台账"))
    jobs.register(DRAW_PAPER, JobHandler(run=_paper, may=_may_print, title="打印工作用纸"))
    jobs.register(DRAW_DRAFT, JobHandler(run=_draft, may=_may_draft, title="打印送审稿"))


def _may_issue(user: User | None, params: dict[str, Any]) -> Permit:
    if user is not None and has_right(user, Right.DIRECT):
        return ALLOWED
    return refused("只有区创建办可以签发台账。")


def _may_draft(user: User | None, params: dict[str, Any]) -> Permit:
    """Which draft is asked of the officer in the service; here only that somebody answers for it."""
    if user is not None and any(has_right(user, one) for one in (Right.DIRECT, Right.READ, Right.REVIEW_THEME)):
        return ALLOWED
    return refused("没有打印送审稿的权限。")


def _may_bundle(user: User | None, params: dict[str, Any]) -> Permit:
    """Whose bundle is asked of the officer in the service; here only that somebody answers for it."""
    if user is not None and any(has_right(user, one) for one in (Right.DIRECT, Right.READ)):
        return ALLOWED
    return refused("没有生成档案包和合订本的权限，请区创建办生成。")


def _issue(context: JobContext) -> str:
    """Rows and one job a document; the documents end on their own."""
    batch = LedgerBatch.objects.select_related("publication__period__programme").get(pk=context.params["batch"])
    context.progress(0, 0, "正在签发")
    open_batch(actor=_officer(context), batch=batch)
    found = progress_of(batch)
    waiting = found.total - found.there
    return f"{batch.publication}：新签发 {batch.issued} 册，待绘制 {waiting} 册，{found.unchanged} 册未变。"


def _bundle(context: JobContext) -> str:
    params = context.params
    made = make_bundle(
        actor=_officer(context),
        publication=Publication.objects.select_related("period").get(pk=params["publication"]),
        kind=params["kind"],
        organisation=Organisation.objects.get(pk=params["organisation"]),
        progress=context.progress,
    )
    return f"{made.name}{made.get_kind_display()}已生成：{made.ledgers} 册，{made.pages} 页。"


def _draft(context: JobContext) -> str:
    period = Period.objects.select_related("programme").get(pk=context.params["period"])
    context.progress(0, 1, "正在绘制送审稿")
    officer = _officer(context)
    draw_draft(
        actor=officer,
        job=context.job,
        period=period,
        organisation_code=context.params["organisation"],
        kind=context.params["kind"],
    )
    context.progress(1, 1, "正在绘制送审稿")
    return f"{period}送审稿已绘制。"


def _may_print(user: User | None, params: dict[str, Any]) -> Permit:
    """For which community is asked of the officer in the service."""
    if user is not None and any(has_right(user, one) for one in (Right.DIRECT, Right.REPORT)):
        return ALLOWED
    return refused("没有打印填报用纸的权限，请社区、街道或区创建办打印。")


def _paper(context: JobContext) -> str:
    params = context.params
    period = Period.objects.select_related("programme").get(pk=params["period"])
    context.progress(0, 1, "正在绘制")
    officer = _officer(context)
    user = context.job.requester
    assert user is not None, "somebody asked for it"
    draw_paper(
        actor=officer,
        user=user,
        job=context.job,
        period=period,
        kind=params["kind"],
        organisation_code=params["organisation"],
    )
    context.progress(1, 1, "正在绘制")
    return f"{PaperKind(params['kind']).label}已绘制。"


def _officer(context: JobContext) -> Officer:
    """The requester in the appointment she asked in, if she still holds it."""
    user = context.job.requester
    held = appointments_of(user) if user else []
    appointment = next((one for one in held if one.pk == context.params["appointment"]), None)
    if appointment is None:
        raise Forbidden("申请人已不在原岗位，任务未执行。")
    return officer_in(appointment)
