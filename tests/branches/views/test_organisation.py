"""The tree page, one organisation, its upkeep and contacts."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from branches.models import Organisation
from branches.services.placing import move_organisation
from core import clock
from core.models import AuditEntry
from tests.people import Town, Unit, write_units

PAPER = {"starts_on": "2026-03-01", "document_no": "魏组〔2026〕5号", "reason": "区划调整"}
BACKEND = "django.contrib.auth.backends.ModelBackend"


def signed_in(client: Client, officer: object) -> Client:
    client.force_login(officer.user, backend=BACKEND)  # type: ignore[attr-defined]
    return client


def codes(html: str) -> set[str]:
    return set(re.findall(r'href="/organisations/([0-9A-Za-z-]+)/"', html))


def queries(client: Client, address: str) -> int:
    client.get(address)
    with CaptureQueriesContext(connection) as captured:
        client.get(address)
    return len(captured)


def grow(town: Town, count: int) -> None:
    known = {one.code: one for one in Organisation.objects.all()}
    units = [Unit(f"4110020011{n:02}", f"新{n}社区", "411002001", 3, track="urban") for n in range(10, 10 + count)]
    write_units(units, known)


def test_the_tree_shows_everything_that_stands(town: Town, client: Client) -> None:
    html = signed_in(client, town.lin).get("/organisations/").content.decode()
    assert codes(html) == set(Organisation.objects.values_list("code", flat=True))


def test_html_and_api_show_the_same_rows(town: Town, client: Client) -> None:
    day = clock.today() + timedelta(days=10)
    Organisation.objects.filter(pk=town.jindi.pk).update(closed_on=day)
    signed_in(client, town.reader)
    for when, count in ((clock.today(), 13), (day, 12)):
        html = client.get(f"/organisations/?day={when}").content.decode()
        rows = client.get(f"/api/v1/organisations/?as_of={when}").json()["results"]
        assert codes(html) == {row["code"] for row in rows}
        assert len(rows) == count


def test_as_at_another_day(town: Town, client: Client) -> None:
    later = clock.today() + timedelta(days=5)
    paper = {"document_no": "1号", "reason": "调整", "starts_on": later}
    move_organisation(actor=town.wang, organisation=town.fuhou, parent=town.wuyi, **paper)
    html = signed_in(client, town.lin).get(f"/organisations/?day={later}").content.decode()
    assert "这是" in html
    assert re.search(r"五一路街道 <span class=\"muted\">3 个社区", html)
    assert client.get("/organisations/?day=2026-02-30").status_code == 422
    assert codes(client.get("/organisations/?day=0001-01-01").content.decode()) == set()


@pytest.mark.parametrize("text", ["府后", "fh", "FH", "fuhou", "411002001006", "001006", " 府 后 "])
def test_search(town: Town, client: Client, text: str) -> None:
    answer = signed_in(client, town.lin).get("/organisations/", {"q": text}, headers={"HX-Request": "true"})
    assert codes(answer.content.decode()) == {"411002001006"}


@pytest.mark.parametrize("text", ["<script>", "%", "_", "{{7*7}}", "'; --", "x" * 60])
def test_search_for_nothing(town: Town, client: Client, text: str) -> None:
    html = signed_in(client, town.lin).get("/organisations/", {"q": text}).content.decode()
    assert codes(html) == set()
    assert "<script>" not in html.split("<main")[1]


@pytest.mark.parametrize("text", ["x" * 10_000, "\x00"])
def test_search_for_something_unusable(town: Town, client: Client, text: str) -> None:
    assert signed_in(client, town.lin).get("/organisations/", {"q": text}).status_code == 422


def test_the_same_queries_at_ten_times_the_rows(town: Town, client: Client) -> None:
    signed_in(client, town.lin)
    for address in ("/organisations/", "/organisations/411002001/", "/api/v1/organisations/?page_size=500"):
        client.get(address)
        with CaptureQueriesContext(
            connection,
        ) as small:
            client.get(address)
        grow(town, 40) if not Organisation.objects.filter(code="411002001110").exists() else None
        with CaptureQueriesContext(connection) as large:
            client.get(address)
        assert len(large) == len(small) <= 20


def test_strangers(town: Town, client: Client) -> None:
    assert client.get("/organisations/").status_code == 302
    assert client.get("/organisations/411002001/").status_code == 302
    assert client.get("/api/v1/organisations/").status_code == 401
    signed_in(client, town.lin)
    assert client.get("/organisations/999/").status_code == 404
    town.lin.appointment.ends_on = clock.today()
    town.lin.appointment.save()
    assert client.get("/organisations/411002001/").status_code == 404
    assert codes(client.get("/organisations/").content.decode()) == set()
    assert client.get("/api/v1/organisations/").json()["results"] == []


def test_history_with_the_last_day(town: Town, client: Client) -> None:
    signed_in(client, town.wang)
    form = {**PAPER, "name": "府后新社区"}
    assert client.post("/organisations/411002001006/rename/", form)["Location"] == "/organisations/411002001006/"
    html = client.get("/organisations/411002001006/").content.decode()
    assert "2026年2月28日" in html
    assert "魏组〔2026〕5号" in html
    assert "<h1>府后新社区</h1>" in html


def test_upkeep_by_the_office(town: Town, client: Client) -> None:
    signed_in(client, town.wang)
    move = client.post("/organisations/411002001006/move/", {**PAPER, "parent": "411002006"})
    assert move.status_code == 302
    assert town.fuhou in Organisation.objects.below(town.wuyi, clock.today())
    form = {**PAPER, "track": "agricultural", "form": "branch"}
    assert client.post("/organisations/411002001006/class/", form).status_code == 302
    now = Organisation.objects.as_of(clock.today()).get(pk=town.fuhou.pk)
    assert (now.track, now.form) == ("agricultural", "branch")
    founded = client.post(
        "/organisations/411002001/found/", {**PAPER, "name": "新社区", "code": "411002001099", "track": "urban"}
    )
    assert founded["Location"] == "/organisations/411002001099/"
    grid = client.post("/organisations/411002001099/found/", {**PAPER, "name": "第一网格党支部"})
    assert grid["Location"] == "/organisations/411002001099001/"
    closed = client.post(
        "/organisations/411002001001/close/", {**PAPER, "successor": "411002001006", "succession": "merge"}
    )
    assert closed.status_code == 302
    assert town.jindi not in Organisation.objects.standing_on(clock.today())


@pytest.mark.parametrize(
    ("path", "form", "words"),
    [
        ("411002001006/rename", {"name": ""}, "必填"),
        ("411002001006/rename", {"name": "府后社区"}, "没有变化"),
        ("411002001006/rename", {"name": "新", "starts_on": "2026-02-30"}, "有效的日期"),
        ("411002001006/rename", {"name": "新", "starts_on": "0001-01-01"}, "不能更早"),
        ("411002001006/rename", {"name": "新", "document_no": "\u200b"}, "请填写文号"),
        ("411002001006/move", {"parent": "411002001"}, "选择一个有效的选项"),
        ("411002001/close", {}, "还有2个党组织"),
        ("411002001/found", {"name": "新", "code": "411002001001", "track": "urban"}, "代码已被使用"),
    ],
)
def test_refusals_stand_at_the_form(town: Town, client: Client, path: str, form: dict, words: str) -> None:
    answer = signed_in(client, town.wang).post(f"/organisations/{path}/", {**PAPER, **form})
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not AuditEntry.objects.exists()


@pytest.mark.parametrize("act", ["found", "rename", "move", "class", "close"])
@pytest.mark.parametrize("who", ["lin", "zhou", "reader", "secadmin"])
def test_others_are_told_why_not(town: Town, client: Client, act: str, who: str) -> None:
    signed_in(client, getattr(town, who))
    for answer in (client.get(f"/organisations/411002001/{act}/"), client.post(f"/organisations/411002001/{act}/")):
        assert answer.status_code == 403
        assert "只有区创建办" in answer.content.decode()
    assert f"/{act}/" not in client.get("/organisations/411002001/").content.decode()


def test_phones_are_plain_in_the_own_subtree_only(town: Town, client: Client) -> None:
    signed_in(client, town.zhou)
    assert "0374-2988001" in client.get("/organisations/411002001006/").content.decode()
    other = client.get("/organisations/411002006006/").content.decode()
    assert "0374" not in other
    assert "＊＊＊＊01" in other


def test_unmasking_asks_why_and_leaves_a_trace(town: Town, client: Client) -> None:
    signed_in(client, town.zhou)
    address = f"/organisations/411002006006/contacts/{town.fan.appointment.pk}/"
    assert "0374" not in client.get(address).content.decode()
    refused = client.post(address, {"reason": " "})
    assert refused.status_code == 422
    assert "0374" not in refused.content.decode()
    shown = client.post(address, {"reason": "联系会议"})
    assert "0374-2988001" in shown.content.decode()
    assert shown["Cache-Control"] == "no-store"
    entry = AuditEntry.objects.get()
    assert (entry.verb, entry.actor_id) == ("branches.unmask_contact", town.zhou.user_id)
    assert "2988001" not in entry.payload
    assert client.get(f"/organisations/411002001006/contacts/{town.fan.appointment.pk}/").status_code == 404
