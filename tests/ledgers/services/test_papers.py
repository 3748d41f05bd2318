"""Sheets and forms of a running month: for whom, what stands on them, drawn for real once."""

from __future__ import annotations

import io
import json
from datetime import date

import pypdf
import pytest

from core.errors import Forbidden, Invalid
from core.models import AuditEntry, Job
from core.pdf import renderer
from core.services import jobs
from ledgers.models import PaperKind, WorkingPaper
from ledgers.selectors.papers import assessments_on_paper, form_number, paper_forms, printable_assessments
from ledgers.services import papers
from ledgers.services.papers import draw, request_paper
from scoring.models import Period
from scoring.selectors.weekly import weekly_sheet
from scoring.services.entries import check_paper
from scoring.services.report import save_draft
from tests.people import Town
from tests.scoring.month import assessment_of, item_of, on, open_month, points

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module", autouse=True)
def processes():  # type: ignore[no-untyped-def]
    yield
    renderer.shut_down()


@pytest.fixture
def period(town: Town) -> Period:
    return open_month(town)


def pages_of(content: bytes) -> list[str]:
    return [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(content)).pages]


def test_the_number_on_a_form_is_what_the_entry_page_takes(town: Town, period: Period) -> None:
    number = form_number(assessment_of(period, town.fuhou))
    with on(period.month, 20):
        assert check_paper(number, "2026-09-18") == {"form_number": number, "filled_on": "2026-09-18"}
    assert number == "2026年9月-411002001006"


def test_a_form_has_every_task_and_what_the_cell_takes(town: Town, period: Period) -> None:
    form = paper_forms([assessment_of(period, town.fuhou)], town.lin)[0]
    assert [row.number for row in form.rows] == list(range(1, len(form.rows) + 1))
    graded = [row for row in form.rows if row.grid.levels]
    assert graded[0].choices[0].startswith("□")
    assert [len(row.choices) for row in graded] == [len(row.grid.levels) for row in graded]


def test_a_street_prints_its_own_communities_and_the_office_all(town: Town, period: Period) -> None:
    names = {
        name: [one.placement.name for one in printable_assessments(officer, period)]
        for name, officer in (("lin", town.lin), ("zhou", town.zhou), ("wang", town.wang), ("zheng", town.zheng[0]))
    }
    assert names == {
        "lin": ["府后社区"],
        "zhou": ["金地社区", "府后社区"],
        "wang": ["金地社区", "府后社区", "光明社区", "樊沟社区"],
        "zheng": [],
    }


@pytest.mark.parametrize("code", ["411002001001", "411002001", "411002006"])
def test_others_are_not_printed_for(town: Town, period: Period, code: str) -> None:
    with pytest.raises(Forbidden):
        request_paper(actor=town.lin, period=period, kind=PaperKind.WEEKLY, organisation_code=code)


def test_what_is_no_community_or_kind_is_refused(town: Town, period: Period) -> None:
    with pytest.raises(Invalid, match="没有代码为 411002 的"):
        request_paper(actor=town.wang, period=period, kind=PaperKind.WEEKLY, organisation_code="411002")
    with pytest.raises(Invalid, match="请选择要打印哪一种"):
        request_paper(actor=town.lin, period=period, kind="poster", organisation_code=town.fuhou.code)


def test_a_closed_month_has_no_papers(town: Town, period: Period) -> None:
    Period.objects.filter(pk=period.pk).update(state="closed")
    with pytest.raises(Forbidden, match="本月已关闭"):
        request_paper(
            actor=town.lin,
            period=Period.objects.get(pk=period.pk),
            kind=PaperKind.WEEKLY,
            organisation_code=town.fuhou.code,
        )


def test_the_job_keeps_the_paper_for_its_requester(town: Town, period: Period, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(papers.pdf, "render", lambda html, **more: b"%PDF-stand-in")
    monkeypatch.setattr(papers.pdf, "missing_characters", lambda text: set())
    asked = {"period": period, "kind": PaperKind.FILLED_FORM, "organisation_code": "411002001"}
    job = request_paper(actor=town.zhou, **asked)
    jobs.run(job.pk)
    kept = WorkingPaper.objects.get()
    assert (Job.objects.get(pk=job.pk).state, kept.kind, kept.organisation) == (
        Job.State.DONE,
        "filled_form",
        town.xida,
    )
    assert json.loads(AuditEntry.objects.latest("seq").payload) == {"communities": 2, "schema": 1}


def test_the_sheet_of_a_street_is_a_page_a_community(town: Town, period: Period) -> None:
    with on(period.month, 20):
        save_draft(actor=town.lin, item=item_of(period, town.fuhou, 4), entry=points("6.00", note="缺一次。"))
        found = pages_of(draw(PaperKind.WEEKLY, assessments_on_paper(period, "411002001"), town.zhou, town.zhou.user))
    assert len(found) == 2
    assert ["金地社区创建工作会单" in found[0], "府后社区创建工作会单" in found[1]] == [True, True]
    assert all("内部工作用，非考评结果" in page and "会议决定" in page for page in found)


def test_blank_and_filled_forms_differ_in_what_stands_there(town: Town, period: Period) -> None:
    with on(period.month, 20):
        save_draft(actor=town.lin, item=item_of(period, town.fuhou, 4), entry=points("6.00", note="按周开会。"))
        own = assessments_on_paper(period, town.fuhou.code)
        blank, filled = (
            "".join(pages_of(draw(kind, own, town.lin, town.lin.user)))
            for kind in (PaperKind.BLANK_FORM, PaperKind.FILLED_FORM)
        )
    assert ("按周开会" in blank, "按周开会" in filled) == (False, True)
    assert all("2026年9月-411002001006" in text for text in (blank, filled))


def test_a_character_without_a_face_stops_the_paper(
    town: Town, period: Period, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(papers.pdf, "missing_characters", lambda text: {"𠮷"})
    own = assessments_on_paper(period, town.fuhou.code)
    with pytest.raises(Invalid, match="U\\+20BB7"):
        draw(PaperKind.WEEKLY, own, town.lin, town.lin.user)


def test_the_day_on_the_sheet_counts_down(town: Town, period: Period) -> None:
    with on(period.month, 20):
        sheet = weekly_sheet(assessment_of(period, town.fuhou), town.lin, town.lin.user)
    assert (sheet.on, sheet.days_left) == (date(2026, 9, 20), (period.report_due_on - date(2026, 9, 20)).days)
    assert sheet.to_do + sheet.unchanged + sheet.sent == sheet.total
