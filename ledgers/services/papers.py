"""Papers of a running month: asked for, drawn by a job, kept for the one who asked."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.template.loader import render_to_string

from branches.acting import Officer
from branches.models import Organisation
from core import clock, pdf
from core.errors import Invalid
from core.models import Job, User
from core.services import audit, files, jobs
from ledgers.models import PaperKind, WorkingPaper
from ledgers.permissions import DRAW_PAPER, can_print_paper
from ledgers.selectors.papers import assessments_on_paper, paper_forms, weekly_sheets
from ledgers.services import drawing
from ledgers.services.rendering import PDF
from scoring.models import Assessment, Period

STYLE = "static/css/pdf-papers.css"
TEMPLATES = {
    PaperKind.WEEKLY: "pdf/papers/weekly.html",
    PaperKind.BLANK_FORM: "pdf/papers/form.html",
    PaperKind.FILLED_FORM: "pdf/papers/form.html",
}


def request_paper(*, actor: Officer, period: Period, kind: str, organisation_code: str) -> Job:
    """Ask for a paper of a community, or of all communities of a street in one file; of an open month only."""
    _permitted(actor, period, organisation_code)
    if kind not in PaperKind.values:
        raise Invalid("请选择要打印哪一种。")
    return jobs.enqueue(
        actor=actor,
        kind=DRAW_PAPER,
        scope=f"period:{period.pk}",
        params={
            "period": period.pk,
            "kind": kind,
            "organisation": organisation_code,
            "appointment": actor.appointment.pk,
        },
    )


def draw_paper(
    *, actor: Officer, user: User, job: Job, period: Period, kind: str, organisation_code: str
) -> WorkingPaper:
    """Draw it for a job of the same person; rights and state of the month are asked again."""
    assessments = _permitted(actor, period, organisation_code)
    content = draw(PaperKind(kind), assessments, actor, user)
    with transaction.atomic():
        paper, _ = WorkingPaper.objects.update_or_create(
            job=job,
            defaults={
                "period": period,
                "kind": kind,
                "organisation": Organisation.objects.get(code=organisation_code),
                "file": files.store_bytes(content, media_type=PDF),
                "at": clock.now(),
            },
        )
        audit.record(actor=actor, verb="ledgers.paper", subject=paper, payload={"communities": len(assessments)})
    return paper


def draw(kind: PaperKind, assessments: list[Assessment], actor: Officer, user: User) -> bytes:
    """The PDF; Invalid when the fonts lack a character of it."""
    html = render_to_string(TEMPLATES[kind], _content(kind, assessments, actor, user))
    missing = "、".join(f"“{one}”（U+{ord(one):04X}）" for one in sorted(pdf.missing_characters(html)))
    if missing:
        raise Invalid(f"{kind.label}：字体中缺少字符 {missing}，未绘制。请修改文字或安装含该字的字体。")
    return pdf.render(html, css=drawing.style() + (Path(settings.BASE_DIR) / STYLE).read_text("utf-8"))


def _content(kind: PaperKind, assessments: list[Assessment], actor: Officer, user: User) -> dict[str, Any]:
    if kind == PaperKind.WEEKLY:
        return {"sheets": weekly_sheets(assessments, actor, user), "title": kind.label}
    return {
        "forms": paper_forms(assessments, actor),
        "title": kind.label,
        "is_filled": kind == PaperKind.FILLED_FORM,
        "printed_on": clock.today(),
    }


def _permitted(actor: Officer, period: Period, organisation_code: str) -> list[Assessment]:
    assessments = assessments_on_paper(period, organisation_code)
    for assessment in assessments:
        can_print_paper(actor, assessment).require()
    return assessments
