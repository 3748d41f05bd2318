"""Core's own background work."""

from __future__ import annotations

from itertools import islice
from typing import Any

from core import immutability
from core.access import ADMINISTER_SYSTEM, READ_AUDIT, can_hold
from core.actor import Actor
from core.errors import Conflict
from core.models import Job, User
from core.pdf.sample import draw_sample
from core.permit import ALLOWED, Permit
from core.selectors.audit import ChainCheck
from core.services import jobs

VERIFY_AUDIT = "core.verify_audit"
DRAW_SAMPLE = "core.draw_sample"
SHOWN = 20


def register() -> None:
    jobs.register(VERIFY_AUDIT, jobs.JobHandler(run=_verify, may=_may, title="审计链校验"))
    jobs.register(DRAW_SAMPLE, jobs.JobHandler(run=_draw_sample, may=_may_draw_sample, title="绘制字体样张"))


def request_verification(*, actor: Actor) -> Job:
    """Queue a walk over the whole audit."""
    return jobs.enqueue(actor=actor, kind=VERIFY_AUDIT, scope="audit")


def request_sample(*, actor: Actor) -> Job:
    """Queue the page that shows the fonts in force."""
    return jobs.enqueue(actor=actor, kind=DRAW_SAMPLE, scope="fonts")


def _may_draw_sample(user: User | None, params: dict[str, Any]) -> Permit:
    return ALLOWED if user is None else can_hold(user, ADMINISTER_SYSTEM)


def _draw_sample(context: jobs.JobContext) -> str:
    context.progress(0, 1, "正在绘制字体样张")
    draw_sample()
    return "字体样张已绘制。"


def _may(user: User | None, params: dict[str, Any]) -> Permit:
    return ALLOWED if user is None else can_hold(user, READ_AUDIT)


def _verify(context: jobs.JobContext) -> str:
    context.progress(0, 0, "正在校验")
    check = ChainCheck(on_batch=lambda seq, total: context.progress(seq, total, "正在校验"))
    found = [f"缺少防改触发器 {name}" for name in immutability.missing_triggers()]
    found += [str(finding) for finding in islice(check.findings(), SHOWN + 1)]
    if found:
        count = f"{SHOWN} 处以上（全部见命令 verify_audit）" if len(found) > SHOWN else f"{len(found)} 处"
        raise Conflict(f"校验未通过，发现问题 {count}：" + "；".join(found[:SHOWN]))
    return f"校验通过：审计记录 {check.seq} 条，定稿记录 {check.rows} 条，链头 {check.hash[:16]}。"
