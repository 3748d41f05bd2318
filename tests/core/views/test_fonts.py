"""The page 打印字体: what prints, for the system administrator; the sample is drawn in the background."""

from __future__ import annotations

import pytest
from django.test import Client

from core.models import Job
from tests.people import Town

pytestmark = pytest.mark.django_db


def client_of(officer) -> Client:
    client = Client()
    client.force_login(officer.user)
    return client


@pytest.fixture
def drawn(monkeypatch, tmp_path) -> list[str]:
    """A stand-in for the drawing."""
    path, calls = tmp_path / "sample.pdf", []

    def draw() -> None:
        calls.append("drawn")
        path.write_bytes(b"%PDF-sample")

    monkeypatch.setattr("core.jobs.draw_sample", draw)
    monkeypatch.setattr("core.views.fonts.sample_path", lambda: path)
    return calls


def test_the_page_names_every_face_file_and_folder(town: Town, settings, tmp_path) -> None:
    (tmp_path / "坏字体.ttf").write_bytes(b"x")
    settings.FONT_DIR = str(tmp_path)
    page = client_of(town.sysadmin).get("/fonts/").content.decode()
    names = ["方正小标宋简体", "仿宋_GB2312", "黑体", "楷体_GB2312", "宋体", "Noto Serif SC", str(tmp_path)]
    assert [name in page for name in names] == [True] * 7
    assert ("坏字体.ttf" in page, "读不出来，未使用" in page) == (True, True)


def test_the_sample_is_drawn_in_the_background_and_then_downloaded(
    town: Town, drawn: list[str], django_capture_on_commit_callbacks
) -> None:
    client = client_of(town.sysadmin)
    assert client.get("/fonts/sample/").status_code == 409
    assert "下载字体样张" not in client.get("/fonts/").content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        assert client.post("/fonts/draw/")["Location"] == "/fonts/"
    assert (drawn, Job.objects.get().state) == (["drawn"], Job.State.DONE)
    answer = client.get("/fonts/sample/")
    assert (answer.content, answer["Content-Type"]) == (b"%PDF-sample", "application/pdf")
    assert "下载字体样张" in client.get("/fonts/").content.decode()


@pytest.mark.parametrize("path", ["/fonts/", "/fonts/sample/"])
def test_nobody_else_sees_it(town: Town, drawn: list[str], path: str) -> None:
    for officer in (town.wang, town.lin, town.zhou, town.secadmin):
        assert client_of(officer).get(path).status_code == 403
    assert Client().get(path).status_code == 302


def test_nobody_else_draws_it(town: Town, drawn: list[str]) -> None:
    assert client_of(town.wang).post("/fonts/draw/").status_code == 403
    assert (drawn, Job.objects.count()) == ([], 0)
