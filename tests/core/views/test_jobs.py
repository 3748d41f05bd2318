"""A job is seen by who asked for it and by the system administrator, by nobody else."""

import pytest

from core.models import AuditEntry, Job
from core.services import jobs


@pytest.fixture
def job(town, monkeypatch) -> Job:
    handler = jobs.JobHandler(run=lambda context: "好了", title="试办")
    monkeypatch.setitem(jobs._handlers, "test.work", handler)
    return jobs.enqueue(actor=town.wang, kind="test.work", scope="all")


def status(client, officer, method: str, address: str) -> int:
    client.force_login(officer.user)
    return getattr(client, method)(address).status_code


def test_who_sees_a_job(client, town, job):
    seen = {key: status(client, officer, "get", f"/jobs/{job.pk}/") for key, officer in town.everybody.items()}
    assert {key for key, answer in seen.items() if answer == 200} == {"wang", "sysadmin"}
    assert {answer for key, answer in seen.items() if key not in ("wang", "sysadmin")} == {404}


def test_who_sees_all_jobs(client, town, job):
    seen = {key: status(client, officer, "get", "/jobs/") for key, officer in town.everybody.items()}
    assert {key for key, answer in seen.items() if answer == 200} == {"sysadmin"}
    assert set(seen.values()) == {200, 403}


def test_a_visitor_is_asked_to_log_in(client, job):
    assert client.get(f"/jobs/{job.pk}/").status_code == 302


def test_the_partial_asks_again_while_the_job_lives(client, town, job):
    client.force_login(town.wang.user)
    answer = client.get(f"/jobs/{job.pk}/", headers={"HX-Request": "true"}).content.decode()
    assert answer.startswith(f'<section class="card" id="job-{job.pk}" hx-get="/jobs/{job.pk}/" hx-trigger="every 2s"')
    jobs.run(job.pk)
    answer = client.get(f"/jobs/{job.pk}/", headers={"HX-Request": "true"}).content.decode()
    assert ("hx-get" in answer, "完成" in answer, "好了" in answer) == (False, True, True)


def test_cancel_and_retry(client, town, job):
    assert status(client, town.lin, "post", f"/jobs/{job.pk}/cancel/") == 404
    assert status(client, town.sysadmin, "post", f"/jobs/{job.pk}/cancel/") == 302
    assert status(client, town.sysadmin, "post", f"/jobs/{job.pk}/cancel/") == 403
    assert status(client, town.sysadmin, "post", f"/jobs/{job.pk}/retry/") == 403
    assert status(client, town.wang, "post", f"/jobs/{job.pk}/retry/") == 302
    assert [(one.state, one.requester_id) for one in Job.objects.order_by("pk")] == [
        ("cancelled", town.wang.user_id),
        ("queued", town.wang.user_id),
    ]
    assert AuditEntry.objects.filter(verb="core.cancel_job").get().actor_label == town.sysadmin.label


def test_acts_are_posted(client, town, job):
    assert status(client, town.wang, "get", f"/jobs/{job.pk}/cancel/") == 405


def test_the_list_costs_the_same_for_one_and_for_many(client, town, job, django_assert_num_queries):
    client.force_login(town.sysadmin.user)
    client.get("/jobs/")
    with django_assert_num_queries(QUERIES):
        client.get("/jobs/")
    for number in range(10):
        jobs.enqueue(actor=town.wang, kind="test.work", scope=str(number))
    with django_assert_num_queries(QUERIES):
        assert client.get("/jobs/?state=queued").content.decode().count("试办") == 11


QUERIES = 7  # the years whose working days are not known among them
