from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from core.models import Job
from core.services import jobs
from core.services.notifications import notify
from core.uploads.accept import Accepted
from ledgers.services.draft import request_draft
from scoring.services.evidence import record_evidence
from tests.api.conftest import Autumn, autumn
from tests.scoring.month import item_of, on
from tests.security.ground import EVIDENCE, FORM_KEY

__all__ = ["autumn"]


@pytest.fixture(autouse=True)
def no_font_sample(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The sample of the fonts lies beside the data, for all tests: here nobody has drawn it."""
    monkeypatch.setattr("core.views.fonts.sample_path", lambda: tmp_path / "none.pdf")


@pytest.fixture
def draft(autumn: Autumn) -> Job:
    """林 had a 送审稿 of her community drawn; another one waits. A photograph lies beside one of her items, and she was
    reminded once."""
    _photograph(autumn)
    notify(texts={autumn.town.lin.user.pk: "还有 3 项没报。"}, kind="digest", day=date(2026, 10, 29), ceiling=1)
    job = _asked(autumn)
    jobs.run(job.pk)
    job.refresh_from_db()
    assert (job.state, _asked(autumn).state) == (Job.State.DONE, Job.State.QUEUED)
    return job


def _asked(autumn: Autumn) -> Job:
    return request_draft(actor=autumn.town.lin, period=autumn.october, organisation_code=autumn.town.fuhou.code)


def _photograph(autumn: Autumn) -> None:
    upload = Accepted(b"\xff\xd8\xff drawn anew", "image/jpeg", "jpg", "a" * 64, "现场.jpg")
    item = item_of(autumn.october, autumn.town.fuhou, 4)
    with on("2026-10", 29):
        record_evidence(actor=autumn.town.lin, item=item, upload=upload, title=EVIDENCE, form_key=FORM_KEY)
