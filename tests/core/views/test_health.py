"""The supervisor learns whether the portal works, and what does not."""

from datetime import timedelta

import pytest
from django.db import OperationalError, connection

from core import clock, immutability
from core.models import Pulse
from core.selectors import health
from core.services import jobs

pytestmark = pytest.mark.django_db


@pytest.fixture
def broker_folder(settings, tmp_path):
    """The broker of the embedded mode with its folder, whatever the mode."""
    if "data_folder_out" in getattr(settings, "CELERY_BROKER_TRANSPORT_OPTIONS", {}):
        settings.CELERY_BROKER_TRANSPORT_OPTIONS = {"data_folder_out": str(tmp_path)}
    return tmp_path


@pytest.fixture
def data_dir(settings, tmp_path):
    settings.DATA_DIR = tmp_path


def readyz(client):
    response = client.get("/readyz")
    return response.status_code, response.json()


def reason(name):
    """What the log says of a check."""
    return next(check.detail for check in health.readiness() if check.name == name)


WELL = {"database": "ok", "broker": "ok", "disk": "ok", "worker": "ok", "triggers": "ok"}


def test_alive_without_asking_anything(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        response = client.get("/healthz")
    assert (response.status_code, response.content) == (200, b"ok")


def test_ready(client, broker_folder, data_dir):
    jobs.beat()
    assert readyz(client) == (200, {"ready": True, "checks": WELL})


def test_a_worker_never_seen_and_a_silent_one(client, broker_folder, data_dir):
    assert readyz(client) == (503, {"ready": False, "checks": WELL | {"worker": "failed"}})
    assert reason("worker") == "never seen"
    Pulse.objects.create(name="worker", at=clock.now() - timedelta(seconds=200))
    assert readyz(client) == (503, {"ready": False, "checks": WELL | {"worker": "failed"}})
    assert reason("worker")[:12] == "silent for 2"


def test_a_missing_trigger(client, broker_folder, data_dir):
    jobs.beat()
    immutability.uninstall(app_label="core")
    assert readyz(client) == (503, {"ready": False, "checks": WELL | {"triggers": "failed"}})
    assert reason("triggers").startswith("keep_update_core_auditentry_")


def test_a_full_disk(client, broker_folder, data_dir, monkeypatch):
    jobs.beat()
    monkeypatch.setattr(health, "LEAST_FREE", 2**60)
    assert readyz(client) == (503, {"ready": False, "checks": WELL | {"disk": "failed"}})
    assert reason("disk").endswith(" MiB free")


def test_a_database_that_is_down(client, broker_folder, data_dir, monkeypatch):
    def down():
        raise OperationalError

    monkeypatch.setattr(health, "_select", down)
    expected = {"database": "failed", "broker": "ok", "disk": "ok"}
    assert readyz(client) == (503, {"ready": False, "checks": expected})


@pytest.mark.skipif(connection.vendor != "sqlite", reason="the broker in files belongs to the embedded mode")
def test_a_broker_without_folder(client, settings, data_dir):
    jobs.beat()
    settings.CELERY_BROKER_TRANSPORT_OPTIONS = {"data_folder_out": "/no/such/folder"}
    assert readyz(client) == (503, {"ready": False, "checks": WELL | {"broker": "failed"}})


def test_the_reason_stands_in_the_log_and_not_in_the_answer(client, broker_folder, data_dir, caplog):
    assert "never seen" not in client.get("/readyz").content.decode()
    assert "not ready: worker: never seen" in caplog.text


@pytest.mark.parametrize("address", ["/healthz", "/readyz"])
def test_only_reading_is_answered(client, address):
    assert [getattr(client, method)(address).status_code for method in ("post", "put", "delete")] == [405, 405, 405]
    assert client.head("/healthz").status_code == 200
