"""Papers of a running month: whose communities stand on the list, and what the sheet of a community says."""

from __future__ import annotations

import re
from typing import Any

import pytest

from branches.acting import Officer
from core.models import Job
from core.services import jobs
from tests.people import Town
from tests.scoring.month import Month, assessment_of, close_month, report_all
from tests.scoring.views.test_rankings import get

pytestmark = pytest.mark.django_db


def on_list(officer: Officer) -> list[str]:
    return re.findall(r'<span class="task-title">([^<]+)</span>', get(officer, "/papers/?month=2026-09").text)


def test_everybody_prints_for_her_own(town: Town, month: Month) -> None:
    assert on_list(town.lin) == ["府后社区"]
    assert on_list(town.zhou) == ["金地社区", "府后社区"]
    assert on_list(town.wu) == ["光明社区", "樊沟社区"]
    assert on_list(town.wang) == ["金地社区", "府后社区", "光明社区", "樊沟社区"]
    assert get(town.zheng[0], "/papers/?month=2026-09").status_code == 403


def test_each_community_leads_to_its_sheet(town: Town, month: Month) -> None:
    links = re.findall(r'href="(/papers/weekly/\d+/)"', get(town.zhou, "/papers/?month=2026-09").text)
    assert links == [f"/papers/weekly/{assessment_of(month.period, one).pk}/" for one in (town.jindi, town.fuhou)]
    assert [get(town.zhou, link).status_code for link in links] == [200, 200]
    assert get(town.wu, links[0]).status_code == 404


def test_a_closed_month_prints_nothing_more(town: Town, month: Month) -> None:
    report_all(town, month.period)
    close_month(town, month.period)
    page = get(town.zhou, "/papers/?month=2026-09").text
    assert ("本月已关闭" in page, "/papers/weekly/" in page, '<form method="post" action="/papers/' in page) == (
        True,
        False,
        False,
    )


@pytest.mark.parametrize("month_asked", ["2026-13", "x", "0001-01-01"])
def test_a_wrong_month_is_told(town: Town, month: Month, month_asked: str) -> None:
    assert get(town.zhou, f"/papers/?month={month_asked}").status_code == 422


def test_a_paper_is_asked_for_by_its_kind_and_is_ones_own(
    town: Town, month: Month, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "_send_now", lambda job_id: None)
    answer = _posted(town.lin, organisation=town.fuhou.code, kind="weekly")
    job = Job.objects.get(kind="draw_paper")
    assert (answer.status_code, answer["Location"]) == (302, f"/papers/print/{job.pk}/")
    assert (job.params["kind"], job.params["organisation"]) == ("weekly", town.fuhou.code)
    assert [get(officer, answer["Location"]).status_code for officer in (town.lin, town.zhou)] == [200, 404]
    assert _posted(town.lin, organisation=town.jindi.code, kind="weekly").status_code == 403
    assert _posted(town.lin, organisation=town.fuhou.code, kind="x").status_code == 422
    assert Job.objects.filter(kind="draw_paper").count() == 1


def _posted(officer: Officer, **fields: str) -> Any:
    from django.test import Client

    client = Client()
    client.force_login(officer.user)
    return client.post("/papers/print/", {"month": "2026-09", **fields})
