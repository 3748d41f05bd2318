"""The audit administrator alone reads the audit, finds in it, and proves it."""

from datetime import UTC, datetime

import pytest
from django.db import transaction

from core import clock, immutability
from core.models import AuditEntry, Job
from core.services import audit, jobs


@pytest.fixture
def entries(town) -> list[AuditEntry]:
    """Two acts on two days."""
    made = []
    for day, officer, verb, subject in (
        (30, town.lin, "scoring.submit", town.fuhou),
        (31, town.wang, "scoring.close", town.wuyi),
    ):
        with clock.pinned_at(datetime(2026, 10, day, 4, tzinfo=UTC)), transaction.atomic():
            made.append(
                audit.record(
                    actor=officer, verb=verb, subject=subject, payload={"why": "<b>原因</b>", "row_digests": []}
                )
            )
    return made


def listed(client, query: str = "") -> list[int]:
    return [row.entry.seq for row in client.get(f"/audit/?{query}").context["rows"]]


def test_who_reads_it(client, town, entries):
    seen = {}
    for key, officer in town.everybody.items():
        client.force_login(officer.user)
        seen[key] = client.get("/audit/").status_code
    assert {key for key, answer in seen.items() if answer == 200} == {"auditor"}
    assert set(seen.values()) == {200, 403}


def test_what_is_found(client, town, entries):
    client.force_login(town.auditor.user)
    assert listed(client) == [2, 1]
    assert listed(client, "verb=submit") == [1]
    assert listed(client, "actor=王") == [2]
    assert listed(client, f"subject=branches.organisation:{town.fuhou.pk}") == [1]
    assert listed(client, "since=2026-10-31") == [2]
    assert listed(client, "until=2026-10-30") == [1]
    assert listed(client, "since=2026-10-31&until=2026-10-30") == []
    assert listed(client, "since=garbage") == [2, 1]


def test_contents_are_shown_as_text(client, town, entries):
    client.force_login(town.auditor.user)
    page = client.get("/audit/").content.decode()
    assert page.count("&lt;b&gt;原因&lt;/b&gt;") == 2
    assert "<b>原因</b>" not in page


def test_the_proof_runs_in_the_background_and_is_shown(client, town, entries, monkeypatch):
    monkeypatch.setattr(immutability, "digested_models", lambda: [])  # the town is written without audit
    client.force_login(town.auditor.user)
    assert client.post("/audit/verify/").status_code == 302
    job = Job.objects.get()
    jobs.run(job.pk)
    job.refresh_from_db()
    assert (job.kind, job.requester_id) == ("core.verify_audit", town.auditor.user_id)
    page = client.get("/audit/").content.decode()
    assert (job.state, job.message in page, f'href="/jobs/{job.pk}/"' in page) == ("done", True, True)


def test_nobody_else_starts_the_proof(client, town):
    client.force_login(town.sysadmin.user)
    assert client.post("/audit/verify/").status_code == 403
    assert Job.objects.count() == 0


def test_a_long_list_costs_what_a_short_one_costs(client, town, entries, django_assert_num_queries):
    client.force_login(town.auditor.user)
    client.get("/audit/")
    with django_assert_num_queries(QUERIES):
        client.get("/audit/")
    for _ in range(20):
        with transaction.atomic():
            audit.record(actor=town.lin, verb="scoring.submit")
    with django_assert_num_queries(QUERIES):
        assert len(listed(client)) == 22


QUERIES = 8
