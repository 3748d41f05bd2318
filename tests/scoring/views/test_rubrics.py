from datetime import UTC, datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core import clock
from core.models import AuditEntry
from scoring.choices import RubricState
from scoring.models import Rubric, Task
from scoring.samples import sample_rubrics
from tests.scoring.rubrics import sample_programme_in_town, urban_draft

TAKING_PART = ["lin", "fan", "zhou", "wu", "zheng1", "wang2", "reader"]
ADMINISTRATORS = ["sysadmin", "secadmin", "auditor"]
SAMPLE = "示例，待区委组织部确认"


@pytest.fixture
def programme(town):
    return sample_programme_in_town()


@pytest.fixture
def urban(programme):
    return Rubric.objects.get(track="urban")


@pytest.fixture
def draft(programme, urban):
    return urban_draft(programme)


def signed_in(officer):
    client = Client()
    client.force_login(officer.user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def upload(content, **fields):
    raw = content if isinstance(content, bytes) else content.encode()
    return {"first_month": "2026-12", "file": SimpleUploadedFile("rubric.yaml", raw), **fields}


# -- reading


def test_the_list_shows_editions_with_their_label_and_which_is_in_force(town, draft):
    with clock.pinned_at(datetime(2026, 10, 15, tzinfo=UTC)):
        response = signed_in(town.wang).get(reverse("scoring:rubrics"))
    rows = [(row["rubric"].track, row["rubric"].number, row["is_in_force"]) for row in response.context["rows"]]
    assert rows == [("urban", 2, False), ("urban", 1, True), ("agricultural", 1, True)]
    page = response.content.decode()
    assert [page.count(word) for word in (">现行<", ">草稿<", ">已发布<", "sample-label")] == [2, 1, 0, 3]


@pytest.mark.parametrize("key", TAKING_PART)
def test_whoever_takes_part_reads_published_editions_and_only_the_office_drafts(town, urban, draft, key):
    client = signed_in(town.everybody[key])
    rows = client.get(reverse("scoring:rubrics")).context["rows"]
    statuses = [client.get(reverse("scoring:rubric", args=[rubric.pk])).status_code for rubric in (urban, draft)]
    assert (len(rows), statuses) == ((3, [200, 200]) if key == "wang2" else (2, [200, 404]))


@pytest.mark.parametrize("key", ADMINISTRATORS)
def test_administrators_see_no_rubric(town, urban, key):
    client = signed_in(town.everybody[key])
    assert client.get(reverse("scoring:rubrics")).context["rows"] == []
    assert client.get(reverse("scoring:rubric", args=[urban.pk])).status_code == 404


@pytest.mark.parametrize("name", ["rubrics", "rubric", "rubric_import"])
def test_nobody_reads_without_signing_in(urban, name):
    address = reverse(f"scoring:{name}", args=[urban.pk] if name == "rubric" else [])
    assert Client().get(address).headers["Location"] == f"/login/?next={address}"


def test_an_edition_reads_like_a_printed_standard(town, urban):
    response = signed_in(town.lin).get(reverse("scoring:rubric", args=[urban.pk]))
    page = response.content.decode()
    tasks = [task for star in urban.frozen["stars"] for task in star["tasks"]]
    assert len(tasks) == page.count('data-label="计分办法"') == 29
    missing = [
        text for task in tasks for text in (task["title"], task["standard"], task["criterion_text"]) if text not in page
    ]
    assert missing == []
    assert f'<span class="sample-label">{SAMPLE}</span>' in page
    assert "共 5 颗星、29 项任务、100 分。" in page
    assert "7 项，24 分 · 达标线 80%（19.2 分）" in page
    assert page.replace("<wbr>", "").count(urban.sha256) == 1
    assert "第 1 版 · 自2026年10月起施行" in page


def test_a_published_edition_is_read_from_its_frozen_content(town, urban):
    Task.objects.filter(rubric=urban, number=1).update(title="改动过的行")
    page = signed_in(town.lin).get(reverse("scoring:rubric", args=[urban.pk])).content.decode()
    assert ("争当好支书" in page, "改动过的行" in page) == (True, False)


def test_prerequisites_and_vetoes_are_shown_with_their_document(town, programme):
    text = sample_rubrics().replace(
        "{order: 3, name: 平安法治星, tasks: 5, points: 18}",
        "{order: 3, name: 平安法治星, tasks: 5, points: 18, prerequisites: [支部过硬星], "
        "veto: [{clause: 发生重大事故, document_no: 魏组〔2026〕1号}]}",
        1,
    )
    client = signed_in(town.wang)
    client.post(reverse("scoring:rubric_import"), upload(text, programme=programme.pk))
    page = client.get(reverse("scoring:rubric", args=[Rubric.objects.latest("pk").pk])).content.decode()
    assert "前置：须先达到支部过硬星。" in page
    assert "一票否决：发生重大事故（魏组〔2026〕1号）" in page


@pytest.mark.parametrize("pk", ["0", "99999999999999999999999"])
def test_an_edition_that_is_not_there_is_not_found(town, pk):
    assert signed_in(town.wang).get(f"/rubrics/{pk}/").status_code == 404


def test_the_list_costs_the_same_whatever_its_length(town, programme):
    client = signed_in(town.wang)
    client.get(reverse("scoring:rubrics"))
    counts = []
    for add in (lambda: urban_draft(programme), lambda: None):
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse("scoring:rubrics"))
        counts.append(len(queries))
        add()
    assert counts[0] == counts[1] <= 12


# -- drafts


def test_a_draft_shows_what_stands_in_the_way_of_publishing(town, draft):
    client, address = signed_in(town.wang), reverse("scoring:rubric", args=[draft.pk])
    publish = reverse("scoring:rubric_publish", args=[draft.pk])
    assert publish in client.get(address).content.decode()
    draft.tasks.get(number=29).delete()
    page = client.get(address).content.decode()
    assert "任务：须有 29 项任务，现有 28 项。" in page
    assert publish not in page


def test_the_office_publishes_a_draft(town, draft):
    response = signed_in(town.wang).post(reverse("scoring:rubric_publish", args=[draft.pk]), follow=True)
    stored = Rubric.objects.get(pk=draft.pk)
    assert (stored.state, response.status_code) == (RubricState.PUBLISHED, 200)
    assert "已发布，内容不再改动。" in response.content.decode()
    assert AuditEntry.objects.latest("seq").actor_id == town.wang.user.pk


def test_publishing_twice_is_a_conflict_and_a_page_that_only_reads_publishes_nothing(town, draft):
    client, address = signed_in(town.wang), reverse("scoring:rubric_publish", args=[draft.pk])
    assert client.get(address).status_code == 405
    assert [client.post(address).status_code for _ in range(2)] == [302, 409]


def test_the_office_discards_a_draft_but_no_published_edition(town, urban, draft):
    client = signed_in(town.wang)
    statuses = [client.post(reverse("scoring:rubric_discard", args=[row.pk])).status_code for row in (draft, urban)]
    assert statuses == [302, 409]
    assert [rubric.track for rubric in Rubric.objects.order_by("track")] == ["agricultural", "urban"]


@pytest.mark.parametrize("key", [key for key in TAKING_PART + ADMINISTRATORS if key != "wang2"])
def test_others_keep_no_rubrics(town, programme, urban, draft, key):
    client = signed_in(town.everybody[key])
    before = list(Rubric.objects.order_by("pk").values("state", "sha256"))
    shown = 404 if key in ADMINISTRATORS else 403
    for name in ("rubric_publish", "rubric_discard"):
        statuses = [client.post(reverse(f"scoring:{name}", args=[row.pk])).status_code for row in (urban, draft)]
        assert statuses == [shown, 404]
    address = reverse("scoring:rubric_import")
    posted = client.post(address, upload(sample_rubrics(), programme=programme.pk))
    assert (client.get(address).status_code, posted.status_code) == (403, 403)
    assert list(Rubric.objects.order_by("pk").values("state", "sha256")) == before


# -- uploading


def test_an_upload_becomes_a_draft(town, programme):
    text = "\ufeff" + sample_rubrics().replace("人居环境整治", "人居环境", 1)
    response = signed_in(town.wang).post(
        reverse("scoring:rubric_import"), upload(text, programme=programme.pk), follow=True
    )
    draft = Rubric.objects.latest("pk")
    assert response.redirect_chain == [(reverse("scoring:rubric", args=[draft.pk]), 302)]
    assert (draft.track, draft.number, draft.state, f"{draft.first_month:%Y-%m}") == (
        "agricultural",
        2,
        "draft",
        "2026-12",
    )


def test_the_same_file_adds_nothing(town, programme):
    response = signed_in(town.wang).post(
        reverse("scoring:rubric_import"), upload(sample_rubrics(), programme=programme.pk), follow=True
    )
    assert "文件内容与现有最新一版相同，没有新增。" in response.content.decode()
    assert Rubric.objects.count() == 2


def test_all_faults_of_a_file_are_listed_and_nothing_changes(town, programme):
    broken = sample_rubrics().replace("points: 3.5", "points: 三分半").replace("window: state", "window: ever")
    entries = AuditEntry.objects.count()
    response = signed_in(town.wang).post(reverse("scoring:rubric_import"), upload(broken, programme=programme.pk))
    expected = sample_rubrics().count("    points: 3.5\n") + sample_rubrics().count("window: state")
    page = response.content.decode()
    assert response.status_code == 422
    assert page.count("须为最多两位小数的数字。") + page.count("只能是 state、month、quarter、year 之一。") == expected
    assert (Rubric.objects.count(), AuditEntry.objects.count()) == (2, entries)


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"first_month": "2026-13"}, "请写成 2026-10 的样式。"),
        ({"first_month": "2026年3"}, "请写成 2026-10 的样式。"),
        ({"first_month": ""}, "该字段是必填项。"),
        ({"programme": "0"}, "选择一个有效的选项"),
        ({"file": SimpleUploadedFile("a.yaml", b"")}, "提交的是空文件。"),
        ({"file": SimpleUploadedFile("a.yaml", "标题".encode("gb18030"))}, "文件不是 UTF-8 编码的文本。"),
        ({"file": SimpleUploadedFile("a.yaml", b"a" * (1024 * 1024 + 1))}, "文件超过 1 MB，不能导入。"),
        ({"file": SimpleUploadedFile("a.yaml", b"a: &x [1]\nb: *x")}, "不支持锚点、别名和类型标记。"),
        ({"file": SimpleUploadedFile("a.yaml", b"\x89PNG\r\n\x1a\n")}, "文件不是 UTF-8 编码的文本。"),
        ({"file": SimpleUploadedFile("a.yaml", b"x: \x00")}, "文件含有不能识别的字符"),
    ],
)
def test_a_form_that_cannot_be_used_says_why(town, programme, fields, message):
    for value in fields.values():
        if isinstance(value, SimpleUploadedFile):
            value.seek(0)
    given = upload(sample_rubrics(), programme=programme.pk) | fields
    response = signed_in(town.wang).post(reverse("scoring:rubric_import"), given)
    assert response.status_code == 422
    assert message in response.content.decode()
    assert Rubric.objects.count() == 2


def test_text_of_a_file_is_shown_as_text(town, programme):
    text = sample_rubrics().replace("人居环境整治", "<script>x()</script>{{7*7}}", 1)
    response = signed_in(town.wang).post(
        reverse("scoring:rubric_import"), upload(text, programme=programme.pk), follow=True
    )
    page = response.content.decode()
    assert "&lt;script&gt;x()&lt;/script&gt;{{7*7}}" in page
    assert "<script>x()" not in page
