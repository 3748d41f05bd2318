"""A month in a folder, and a month drawn again: repeatable, never over something else, honest about what differs."""

from __future__ import annotations

import hashlib
import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from core.errors import Conflict
from core.services import outgoing
from core.services.files import path_of
from core.services.outgoing import write_file
from ledgers.models import Ledger, Rendering
from ledgers.services import drawing
from scoring.models import Publication
from tests.ledgers.conftest import ALL_LEDGERS, draw_by_stand_in
from tests.ledgers.pdfs import draw_small_pdfs
from tests.ledgers.test_verify import correct, tamper
from tests.people import Town

pytestmark = pytest.mark.django_db
FUHOU = "community-411002001006-2026-09-1"


@pytest.fixture
def drawn(town: Town, publication: Publication, monkeypatch: pytest.MonkeyPatch) -> Publication:
    draw_small_pdfs(monkeypatch)
    call_command("issue_ledgers", "--period", "2026-09", "--as", "office", stdout=io.StringIO())
    return publication


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """An empty folder beside the portal's own."""
    folder = tmp_path / "out"
    folder.mkdir()
    return folder


def run(command: str, folder: Path) -> list[str]:
    said = io.StringIO()
    call_command(command, "--period", "2026-09", "--to", str(folder), stdout=said)
    return said.getvalue().splitlines()


def failed(command: str, folder: Path) -> tuple[list[str], str]:
    """What it said, and its last word, of a command that ends with 1."""
    said = io.StringIO()
    with pytest.raises(CommandError) as error:
        call_command(command, "--period", "2026-09", "--to", str(folder), stdout=said)
    return said.getvalue().splitlines(), str(error.value)


def content_of(folder: Path) -> dict[str, bytes]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


# -- export


def test_a_folder_holds_every_file_and_its_digest(drawn: Publication, out: Path) -> None:
    said = run("export_ledgers", out / "a" / "b")
    files = content_of(out / "a" / "b")
    assert len(files) == 2 * ALL_LEDGERS + 3
    assert said[-1] == f"2026年9月考评 第1次公布：台账 {ALL_LEDGERS} 册，写入 {len(files)} 个文件，0 个已在。"
    manifest = json.loads(files.pop("manifest.json"))
    assert {one["path"]: (one["sha256"], one["size"]) for one in manifest["files"]} == {
        path: (hashlib.sha256(content).hexdigest(), len(content)) for path, content in files.items()
    }
    assert manifest["content_sha256"] == drawn.sha256
    numbers = {one["number"] for one in manifest["files"] if "number" in one}
    assert numbers == set(Ledger.objects.values_list("number", flat=True))


def test_the_same_twice_writes_nothing(drawn: Publication, out: Path) -> None:
    run("export_ledgers", out)
    before = {path: path.stat().st_mtime_ns for path in out.rglob("*")}
    assert run("export_ledgers", out)[-1].endswith(f"写入 0 个文件，{2 * ALL_LEDGERS + 3} 个已在。")
    assert {path: path.stat().st_mtime_ns for path in out.rglob("*")} == before


def test_what_differs_is_not_overwritten_and_nothing_else_is_written(drawn: Publication, out: Path) -> None:
    (out / "目录.html").write_text("别人的目录")
    _, error = failed("export_ledgers", out)
    assert "内容不同的同名文件，未写入：目录.html" in error
    assert content_of(out) == {"目录.html": "别人的目录".encode()}


def test_a_corrected_month_does_not_go_into_the_same_folder(town: Town, drawn: Publication, out: Path) -> None:
    run("export_ledgers", out)
    before = content_of(out)
    correct(town, drawn)
    assert "还有 15 册台账没有生成文件" in failed("export_ledgers", out)[1]
    call_command("issue_ledgers", "--period", "2026-09", "--as", "office", stdout=io.StringIO())
    assert "manifest.json" in failed("export_ledgers", out)[1]
    assert content_of(out) == before


def test_a_break_in_the_middle_leaves_no_half_file(
    drawn: Publication, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What has its final name is whole; there is no manifest; asked again, it goes on."""
    synced: list[int] = []

    def fsync(descriptor: int) -> None:
        synced.append(descriptor)
        if len(synced) == 8:
            raise OSError("disk full")

    monkeypatch.setattr(outgoing.os, "fsync", fsync)
    with pytest.raises(OSError, match="disk full"):
        run("export_ledgers", out)
    left = {path: content for path, content in content_of(out).items() if not path.endswith(".part")}
    monkeypatch.undo()
    draw_nothing(monkeypatch)
    run("export_ledgers", out)
    whole = content_of(out)
    assert (len(left), "manifest.json" in left) == (7, False)
    assert {path: whole[path] for path in left} == left
    assert [path for path in whole if path.endswith(".part")] == []


def draw_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Exporting never draws."""
    monkeypatch.setattr(drawing, "draw_many", lambda bodies: pytest.fail("drawn"))


def test_a_file_is_written_whole_or_refused(out: Path) -> None:
    path = out / "x" / "a.pdf"
    assert [write_file(path, b"1"), write_file(path, b"1")] == [True, False]
    with pytest.raises(Conflict, match="已有不同内容"):
        write_file(path, b"2")
    with pytest.raises(Conflict):
        write_file(out / "x", b"1")
    assert path.read_bytes() == b"1"


# -- drawing again


def answers(lines: list[str]) -> dict[str, str]:
    return dict(line.split("：", 1) for line in lines[:-1])


def test_drawn_again_it_is_the_same(drawn: Publication, out: Path) -> None:
    said = run("rerender_ledgers", out)
    assert set(answers(said).values()) == {"相同"}
    assert said[-1] == f"2026年9月考评 第1次公布：相同 {ALL_LEDGERS} 册，内容相同，绘制环境不同 0 册，不同 0 册。"
    assert content_of(out) == {
        f"{row.ledger.number}.pdf": path_of(row.file.sha256).read_bytes() for row in Rendering.objects.all()
    }
    assert Rendering.objects.count() == ALL_LEDGERS


def test_with_other_tools_the_content_is_the_same(
    drawn: Publication, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    draw_by_stand_in(monkeypatch, environment="f" * 64)
    said = run("rerender_ledgers", out)
    assert set(answers(said).values()) == {"内容相同，绘制环境不同"}


def test_with_the_same_tools_other_bytes_are_different(
    drawn: Publication, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    draw_by_stand_in(monkeypatch)
    said, error = failed("rerender_ledgers", out)
    assert set(answers(said).values()) == {"不同（绘制环境相同，文件却不同）"}
    assert error == "有台账与签发时不同。"


@pytest.mark.parametrize(
    ("statement", "why"),
    [
        ("UPDATE ledgers_ledger SET body = REPLACE(body, '府后社区', '府前社区')", "台账内容与其摘要不符"),
        ("UPDATE ledgers_ledger SET body_sha256 = '" + "0" * 64 + "'", "台账内容与其摘要不符"),
    ],
)
def test_a_changed_row_is_different(drawn: Publication, out: Path, statement: str, why: str) -> None:
    tamper(f"{statement} WHERE number = %s", FUHOU)
    said, _ = failed("rerender_ledgers", out)
    found = {number: word for number, word in answers(said).items() if word != "相同"}
    assert list(found) == [FUHOU]
    assert (found[FUHOU][:2], why in found[FUHOU]) == ("不同", True)


@pytest.mark.parametrize("change", [lambda path: path.unlink(), lambda path: path.write_bytes(b"%PDF other")])
def test_a_kept_file_that_is_gone_or_other_is_different(drawn: Publication, out: Path, change: Any) -> None:
    change(path_of(Ledger.objects.get(number=FUHOU).renderings.get().file.sha256))
    said, _ = failed("rerender_ledgers", out)
    assert {number: word for number, word in answers(said).items() if word != "相同"} == {
        FUHOU: "不同（保存的 PDF 不见了，或与其摘要不符）"
    }


def test_a_month_without_ledgers_says_so(publication: Publication, out: Path, monkeypatch: Any) -> None:
    draw_by_stand_in(monkeypatch)
    assert failed("rerender_ledgers", out)[1] == "没有签发过的台账。"
