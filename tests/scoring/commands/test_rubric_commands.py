from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from scoring.models import Rubric
from scoring.samples import sample_rubrics
from scoring.services.programme import prepare_programme


@pytest.fixture
def programme(town):
    return prepare_programme(actor=town.wang, year=2026)


def run(*words):
    out, errors = StringIO(), StringIO()
    try:
        call_command(*words, stdout=out, stderr=errors)
    except CommandError as error:
        return str(error), errors.getvalue()
    return out.getvalue(), errors.getvalue()


@pytest.fixture
def sample(tmp_path):
    path = tmp_path / "rubrics.yaml"
    path.write_text(sample_rubrics(), encoding="utf-8")
    return path


def test_a_file_is_imported_once_and_published(programme, sample):
    words = ("import_rubrics", str(sample), "--first-month", "2026-10", "--as", "office")
    assert run(*words)[0] == (
        "草稿 urban 第 1 版：城市社区“五星”支部创建评分细则（示例）\n"
        "草稿 agricultural 第 1 版：涉农社区“五星”支部创建评分细则（示例）\n"
    )
    assert run(*words)[0] == "内容与现有最新一版相同，没有新增。\n"
    out, _ = run("publish_rubric", "--track", "urban", "--number", "1", "--as", "office-2")
    urban = Rubric.objects.get(track="urban")
    assert out == f"城市社区“五星”支部创建评分细则（示例） 第1版 已发布，摘要 {urban.sha256}\n"


def test_every_fault_stands_on_a_line(programme, sample):
    sample.write_text(sample_rubrics().replace("number: 29", "number: 28"), encoding="utf-8")
    message, errors = run("import_rubrics", str(sample), "--first-month", "2026-10", "--as", "office")
    assert message == "评分细则文件有 2 处问题，没有导入。"
    assert errors.splitlines() == [
        f"{track}社区“五星”支部创建评分细则（示例） · 序号：任务序号须从 1 到 29，不重不漏。"
        for track in ("城市", "涉农")
    ]
    assert Rubric.objects.count() == 0


@pytest.mark.parametrize(
    ("username", "message"),
    [("community-001006", "账号“community-001006”没有组织考评岗位，或已停用。"), ("nobody", "没有账号“nobody”。")],
)
def test_a_command_asks_the_same_permit_as_the_page(programme, sample, username, message):
    assert run("import_rubrics", str(sample), "--first-month", "2026-10", "--as", username)[0] == message
    assert Rubric.objects.count() == 0


def test_a_file_or_an_edition_that_is_not_there_is_refused(programme, tmp_path):
    path = tmp_path / "none.yaml"
    assert run("import_rubrics", str(path), "--first-month", "2026-10", "--as", "office")[0].startswith("不能读取文件")
    assert run("publish_rubric", "--track", "urban", "--number", "9", "--as", "office")[0] == "没有这一版细则。"
