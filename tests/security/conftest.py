from __future__ import annotations

import pytest

from core.models import Job
from core.services import jobs
from ledgers.services.draft import request_draft
from tests.api.conftest import Autumn, autumn

__all__ = ["autumn"]


@pytest.fixture
def draft(autumn: Autumn) -> Job:
    """林 had a 送审稿 of her community drawn; another one waits."""
    job = _asked(autumn)
    jobs.run(job.pk)
    job.refresh_from_db()
    assert (job.state, _asked(autumn).state) == (Job.State.DONE, Job.State.QUEUED)
    return job


def _asked(autumn: Autumn) -> Job:
    return request_draft(actor=autumn.town.lin, period=autumn.october, organisation_code=autumn.town.fuhou.code)
